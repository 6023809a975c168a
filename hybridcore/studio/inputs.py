"""Choosing what to look at: a sample that works at once, or an upload."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from hybridcore.errors import HybridCoreError
from hybridcore.media import endings
from hybridcore.media.spool import Spool
from hybridcore.studio.problems import show_problem

_CARDS_A_ROW = 5


@dataclass(frozen=True)
class Sample:
    """A file the application brings along.

    Attributes:
        name: shown on its card; unique among the samples.
        caption: one short line on what is in it.
        path: where it is, or a function that makes it when it is first chosen.
        thumbnail: a small picture for the card.
    """

    name: str
    caption: str
    path: Path | Callable[[], Path]
    thumbnail: Path | None = None


@dataclass(frozen=True)
class Source:
    """What was chosen.

    Attributes:
        name: the sample's name or the name of the uploaded file.
        path: a readable file.
        is_sample: whether the application brought it along.
        digest: hexadecimal SHA-256 of the content, where it is known already.
    """

    name: str
    path: Path
    is_sample: bool
    digest: str | None = None


def pick_clip(
    samples: Sequence[Sample],
    *,
    key: str,
    types: Sequence[str] = endings("video"),
) -> Source | None:
    """Show the samples and an uploader; remember the choice across pages and reruns.

    Args:
        samples: cards, in this order.
        key: names this choice in the session.
        types: file name endings that are taken, without the dot.

    Returns:
        The choice, or None before there is one.
    """
    chosen = cast(Source | None, st.session_state.get(key))
    if chosen is not None and not chosen.path.exists():
        chosen = st.session_state[key] = None
        st.info(
            "The file you uploaded was removed after a long time without use. "
            "Please choose a file again.",
            icon=":material/schedule:",
        )
    *cards, own = _cells(len(samples) + 1)
    for card, sample in zip(cards, samples, strict=True):
        with card:
            _sample_card(sample, chosen, key)
    with own:
        _uploader(types, key)
    if problem := st.session_state.pop(f"{key} problem", None):
        show_problem(problem)
        return None
    chosen = cast(Source | None, st.session_state.get(key))
    if chosen is not None and not chosen.is_sample:
        spool().touch(chosen.path)
        st.caption(f":material/check_circle: Looking at your file **{plain(chosen.name)}**")
    return chosen


@st.cache_resource(show_spinner=False)
def spool() -> Spool:
    """The folder for uploads that all sessions of this server share."""
    return Spool()


def _cells(count: int) -> list[DeltaGenerator]:
    """`count` equal cells of a grid; columns would squeeze more than five into a row."""
    cells: list[DeltaGenerator] = []
    while len(cells) < count:
        for column in st.columns(min(_CARDS_A_ROW, count)):
            if len(cells) < count:
                cells.append(column.container(border=True, height="stretch", gap="small"))
    return cells


def _sample_card(sample: Sample, chosen: Source | None, key: str) -> None:
    here = chosen is not None and chosen.is_sample and chosen.name == sample.name
    if sample.thumbnail is not None:
        st.image(sample.thumbnail, width="stretch", alt=sample.caption)
    st.button(
        sample.name,
        key=f"{key} sample {sample.name}",
        type="primary" if here else "secondary",
        icon=":material/check:" if here else ":material/play_circle:",
        width="stretch",
        on_click=_choose_sample,
        args=(sample, key),
    )
    st.caption(sample.caption)


def _choose_sample(sample: Sample, key: str) -> None:
    try:
        path = sample.path if isinstance(sample.path, Path) else sample.path()
    except HybridCoreError as error:
        st.session_state[f"{key} problem"] = str(error)
        return
    st.session_state[key] = Source(sample.name, path, is_sample=True)


def _uploader(types: Sequence[str], key: str) -> None:
    # A new widget key after each upload drops the widget's hold on the bytes in memory.
    widget = f"{key} upload {st.session_state.get(f'{key} round', 0)}"
    st.file_uploader(
        "Your own file",
        type=list(types),
        key=widget,
        max_upload_size=st.get_option("server.maxUploadSize"),
        on_change=_take,
        args=(widget, key, tuple(types)),
    )


def _take(widget: str, key: str, types: tuple[str, ...]) -> None:
    """Make an upload the choice."""
    for found in uploaded(widget, key, types):
        if isinstance(found, str):
            st.session_state[f"{key} problem"] = found
        else:
            st.session_state[key] = found


def uploaded(widget: str, key: str, types: tuple[str, ...]) -> list[Source | str]:
    """Move what a widget was given from memory to the spool; a sentence where that cannot be.

    The next widget must have a new name: `st.session_state[f"{key} round"]` counts.
    """
    value = st.session_state.get(widget)
    uploads = [u for u in (value if isinstance(value, list) else [value])
               if isinstance(u, UploadedFile)]
    if not uploads:
        return []  # nothing chosen, or the widget of the last round reporting its dropped bytes
    st.session_state[f"{key} round"] = st.session_state.get(f"{key} round", 0) + 1
    return [_spooled(upload, types) for upload in uploads]


def _spooled(upload: UploadedFile, types: tuple[str, ...]) -> Source | str:
    suffix = PurePath(upload.name).suffix.lower()
    try:
        # The browser's file dialog is a convenience, not a check.
        if suffix.lstrip(".") not in types:
            return (f"Files ending in “{suffix or upload.name}” are not read here; "
                    f"please use one of {', '.join(types)}.")
        if upload.size == 0:
            return "This file is empty; please choose another one."
        path = spool().add(upload, suffix)
        return Source(upload.name, path, is_sample=False, digest=path.stem)
    finally:
        _drop(upload)


def _drop(upload: UploadedFile) -> None:
    """Free the bytes that the server would otherwise keep until the session ends."""
    context, manager = get_script_run_ctx(), get_instance().uploaded_file_mgr
    if context is not None and isinstance(manager, MemoryUploadedFileManager):
        manager.remove_file(context.session_id, upload.file_id)


def plain(text: str) -> str:
    """`text` with the characters escaped that Markdown would read."""
    return "".join(f"\\{mark}" if mark in r"\`*_[]<>#$:~" else mark for mark in text)
