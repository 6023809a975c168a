"""Choosing among many pictures: samples, uploads and stills from the camera, as one gallery."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

import streamlit as st

from hybridcore.errors import HybridCoreError
from hybridcore.studio.gallery import Thumb, gallery
from hybridcore.studio.inputs import Sample, Source, plain, spool, uploaded
from hybridcore.studio.problems import show_problem

_CAMERA_TYPES = ("jpg", "jpeg", "png")

MakeThumb = Callable[[Path], bytes]


def pick_picture(
    samples: Sequence[Sample], *, key: str, types: Sequence[str], thumb: MakeThumb,
    on_change: Callable[[], None],
) -> Source | None:
    """Show an uploader for many files, a camera and the gallery; remember what was brought.

    The gallery itself is drawn by :func:`show_gallery`, once the page knows what to write under
    its pictures.

    Args:
        samples: they stand behind the visitor's own files; the first one is chosen at first.
        key: names this choice in the session.
        types: file name endings that are taken, without the dot.
        thumb: a small JPEG of a file; raises HybridCoreError for one that cannot be used, which is
            then said and left out.
        on_change: called when another picture is chosen.

    Returns:
        The choice, or None if there is none.
    """
    kept = [source for source in own_files(key) if source.path.exists()]
    if len(kept) < len(own_files(key)):
        st.info("Files that you uploaded were removed after a long time without use. "
                "Please choose them again.", icon=":material/schedule:")
        st.session_state[f"{key} files"] = kept
    turn = st.session_state.get(f"{key} round", 0)
    arguments = (key, thumb, on_change)
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with left:
        widget = f"{key} upload {turn}"
        st.file_uploader(
            "Your own pictures or a video", type=list(types), key=widget,
            accept_multiple_files=True, max_upload_size=st.get_option("server.maxUploadSize"),
            on_change=_take, args=(widget, tuple(types), *arguments),
        )
    with right, st.popover(
        "Take a picture", icon=":material/photo_camera:", width="stretch", on_change="rerun"
    ) as popover:
        # The browser asks for the camera as soon as the input is there, so only when opened.
        if popover.open:
            widget = f"{key} camera {turn}"
            st.camera_input("Camera", key=widget, label_visibility="collapsed",
                            on_change=_take, args=(widget, _CAMERA_TYPES, *arguments))
    for problem in st.session_state.pop(f"{key} problems", []):
        show_problem(problem)
    chosen = cast(Source | None, st.session_state.get(key))
    if chosen is None or not chosen.path.exists():
        chosen = _sample_source(samples[0], key) if samples else None
        st.session_state[key] = chosen
    for source in kept:
        spool().touch(source.path)
    return chosen


def own_files(key: str) -> list[Source]:
    """What the visitor brought, the newest first."""
    return cast(list[Source], st.session_state.get(f"{key} files", []))


def show_gallery(
    samples: Sequence[Sample], *, key: str, thumb: MakeThumb, notes: Mapping[str, str],
    on_change: Callable[[], None],
) -> None:
    """Own files and samples in a row; ``notes`` holds what stands under a name."""
    own, chosen = own_files(key), cast(Source | None, st.session_state.get(key))
    thumbs = [Thumb(s.name, thumb(s.path), notes.get(s.name, "")) for s in own]
    thumbs += [
        Thumb(s.name, s.thumbnail.read_bytes() if s.thumbnail else thumb(cast(Path, s.path)),
              notes.get(s.name, s.caption))
        for s in samples
    ]
    names = [source.path for source in own] + [sample.name for sample in samples]
    here = None if chosen is None else chosen.name if chosen.is_sample else chosen.path
    selected = names.index(here) if here in names else None

    def choose(at: int) -> None:
        if at < len(own):
            st.session_state[key] = own[at]
        elif (source := _sample_source(samples[at - len(own)], key)) is not None:
            st.session_state[key] = source
        on_change()

    gallery(thumbs, key=f"{key}.gallery", selected=selected, on_choose=choose)


def _sample_source(sample: Sample, key: str) -> Source | None:
    try:
        path = sample.path if isinstance(sample.path, Path) else sample.path()
    except HybridCoreError as error:
        st.session_state.setdefault(f"{key} problems", []).append(str(error))
        return None
    return Source(sample.name, path, is_sample=True)


def _take(
    widget: str, types: tuple[str, ...], key: str, thumb: MakeThumb,
    on_change: Callable[[], None],
) -> None:
    """Move uploads to the spool, leave out those that cannot be used, choose the first one."""
    good: list[Source] = []
    problems: list[str] = []
    for found in uploaded(widget, key, types):
        if isinstance(found, str):
            problems.append(found)
            continue
        try:
            thumb(found.path)
        except HybridCoreError as error:
            problems.append(f"**{plain(found.name)}**: {error}")
            continue
        good.append(found)
    st.session_state[f"{key} problems"] = problems
    if good:
        fresh = {source.path for source in good}
        kept = [source for source in own_files(key) if source.path not in fresh]
        st.session_state[f"{key} files"] = [*good, *kept]
        st.session_state[key] = good[0]
        on_change()
