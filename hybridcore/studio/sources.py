"""Choosing what to look at: a sample that works at once, files of one's own, or a still.

One person's file is not reached by another. A session opens what its own uploader brought (kept in
its own state) or a sample. The address of a page names a sample by its key, or a file by the
beginning of its hash; that is looked up among the files of this session alone, so no path or hash
given there opens anything that the visitor did not bring. Uploads lie in a folder that only the
server's user can read, which nothing lists, under the SHA-256 of their content. What a browser
loads has an address that is a 128-bit hash of the file's content: who can name it has the content
already, and there is no listing. The samples' files and addresses can be guessed; they are public.
People who bring the very same file share its copy and its result, which tells neither about the
other.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path, PurePath
from tempfile import TemporaryFile
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from hybridcore.errors import HybridCoreError, MediaError
from hybridcore.media.joining import join, joined_name
from hybridcore.studio.address import wanted
from hybridcore.studio.chosen import (
    FILE,
    SAMPLE,
    Chosen,
    bring_back,
    name_in_state,
    not_read,
    open_chosen,
    own_files,
    readable_endings,
    spool,
)
from hybridcore.studio.gallery import Thumb, gallery
from hybridcore.studio.headlines import headline
from hybridcore.studio.markdown import plain
from hybridcore.studio.options import forget_options
from hybridcore.studio.problems import show_problem
from hybridcore.studio.progress import show_queue
from hybridcore.studio.seeking import forget_seeks
from hybridcore.studio.thumbs import own_thumb, sample_thumb
from hybridcore.system import Sample, System

_RECORDED = 16_000  # samples a second
_CAMERA_ENDINGS = ("jpg", "jpeg", "png")
_PASTED = Path("pasted.fasta")  # what letters that are pasted are called
_NOT_HERE = ("The file behind this link is not here: an upload is shown only to the person who "
             "made it. Upload the same file again to see this view, or choose a sample.")


def choose_source(system: System, row: DeltaGenerator) -> Chosen | None:
    """Show what can be chosen, folded into ``row`` once something is; remember the choice across
    pages and reruns.

    Returns:
        The choice: at first what the address names, or else the first sample.
    """
    _forget_swept(system)
    chosen: Chosen | None = st.session_state.get(name_in_state(system, "source"))
    if chosen is None:
        chosen = _by_address(system)
    for problem in st.session_state.pop(name_in_state(system, "problems"), []):
        show_problem(problem)
    if chosen is None:
        st.markdown(system.sentence)
        _draw_choices(system, None)
        return None
    spool().touch(chosen.path)
    with row:
        with st.container(key="chips"):
            _draw_gallery(system, chosen, slim=True)
        # Another key after each choice, so that it closes.
        turn = st.session_state.get(name_in_state(system, "turn"), 0)
        with st.popover("Change", icon=":material/folder_open:",
                        key=name_in_state(system, f"change {turn}")):
            _draw_choices(system, chosen)
    return chosen


def _by_address(system: System) -> Chosen | None:
    """What the address names, or else the first sample; None: it is not here."""
    query, found = wanted(system), None
    if FILE in query and SAMPLE not in query:
        found = next((file for file in own_files(system.key)
                      if file.address[FILE] == query[FILE]), None)
        if found is None:
            st.info(_NOT_HERE, icon=":material/lock:")
    else:
        found = _sample(system, next(
            (s for s in system.samples if s.key == query.get(SAMPLE)), system.samples[0]))
    if found is not None:
        st.session_state[name_in_state(system, "source")] = found
    return found


def _draw_choices(system: System, chosen: Chosen | None) -> None:
    _draw_gallery(system, chosen)
    _draw_uploader(system)


def neighbour(system: System, step: int) -> dict[str, str]:
    """The query parameters of what lies ``step`` places further in the row, which goes round."""
    row = [file.address for file in own_files(system.key)]
    row += [{SAMPLE: sample.key} for sample in system.samples]
    chosen: Chosen | None = st.session_state.get(name_in_state(system, "source"))
    here = row.index(chosen.address) if chosen is not None and chosen.address in row else 0
    return row[(here + step) % len(row)]


def _draw_uploader(system: System) -> None:
    # A new widget key after each upload drops the widget's hold on the bytes in memory.
    turn = st.session_state.get(name_in_state(system, "round"), 0)
    widget = name_in_state(system, f"upload {turn}")
    st.file_uploader(
        "Your own files", type=readable_endings(system), key=widget, accept_multiple_files=True,
        max_upload_size=st.get_option("server.maxUploadSize"), on_change=_take,
        args=(widget, system))
    show_queue()
    if system.reader("sequence") is not None:
        _draw_text_area(system)
    if system.reader("sound") is not None:
        _draw_microphone(system, turn)
    if system.reader("picture") is None:
        return
    with st.expander("Take a picture", icon=":material/photo_camera:", on_change="rerun",
                     key=name_in_state(system, f"take {turn}")) as expander:
        # The browser asks for the camera as soon as the input is there, so only when opened.
        if expander.open:
            widget = name_in_state(system, f"camera {turn}")
            st.camera_input("Camera", key=widget, label_visibility="collapsed", on_change=_take,
                            args=(widget, system))


def _draw_microphone(system: System, turn: int) -> None:
    """A recording in place of a file."""
    with st.expander("Record", icon=":material/mic:", on_change="rerun",
                     key=name_in_state(system, f"record {turn}")) as expander:
        # The browser asks for the microphone as soon as the input is there, so only when opened.
        if expander.open:
            widget = name_in_state(system, f"microphone {turn}")
            st.audio_input("Microphone", key=widget, label_visibility="collapsed",
                           sample_rate=_RECORDED, on_change=_take, args=(widget, system))


def _draw_text_area(system: System) -> None:
    """Letters that are pasted in place of a file."""
    widget = name_in_state(system, "pasted")
    st.text_area("Or paste letters", key=widget, placeholder=">name\nACGT…", height=120)
    st.button("Read", icon=":material/arrow_forward:", on_click=_paste, args=(widget, system))


def _paste(widget: str, system: System) -> None:
    """Move what was pasted to the spool, as a file of its own, and choose it; what cannot be used
    stays, to be mended."""
    text = str(st.session_state.get(widget) or "")
    path = spool().add(BytesIO(text.encode()), _PASTED.suffix)
    if _choose_new(system, [Chosen(_PASTED.name, path, digest=path.stem)]):
        st.session_state[widget] = ""


def _draw_gallery(system: System, chosen: Chosen | None, *, slim: bool = False) -> None:
    own = own_files(system.key)
    thumbs = [Thumb(file.name, own_thumb(system, file), headline(system.key, file.path))
              for file in own]
    thumbs += [Thumb(s.name, sample_thumb(system, s), s.caption) for s in system.samples]
    names: list[Any] = [file.path for file in own] + [sample.key for sample in system.samples]
    here = None if chosen is None else chosen.sample or chosen.path

    def choose(at: int) -> None:
        st.session_state.pop(name_in_state(system, "swept"), None)
        file = own[at] if at < len(own) else _sample(system, system.samples[at - len(own)])
        if file is not None:
            _become(system, file)

    gallery(thumbs, key=name_in_state(system, "chips" if slim else "gallery"), on_choose=choose,
            slim=slim, selected=names.index(here) if here in names else None)


def _become(system: System, chosen: Chosen) -> None:
    """Another file is looked at: whatever was chosen inside the last one is forgotten."""
    state, turn = st.session_state, name_in_state(system, "turn")
    for place in ("item", "word", "place", "frame", "position"):
        state.pop(name_in_state(system, place), None)
    forget_seeks(system.key)
    forget_options(system)
    state[name_in_state(system, "source")] = chosen
    state[turn] = state.get(turn, 0) + 1


def _sample(system: System, sample: Sample) -> Chosen | None:
    try:
        return Chosen(sample.title, sample.path(spool().folder), sample.key)
    except HybridCoreError as error:
        _say(system, str(error))
        return None


def _take(widget: str, system: System) -> None:
    """Move uploads to the spool, leave out those that cannot be used, choose the first one."""
    value = st.session_state.get(widget)
    uploads = [u for u in (value if isinstance(value, list) else [value])
               if isinstance(u, UploadedFile)]
    if not uploads:
        return  # nothing chosen, or the widget of the last round reporting its dropped bytes
    turn = name_in_state(system, "round")
    st.session_state[turn] = st.session_state.get(turn, 0) + 1
    files = {}
    for upload in uploads:
        try:
            file = _spooled(system, upload)
            files[file.path] = file
        except HybridCoreError as error:
            _say(system, f"**{plain(upload.name)}**: {error}")
    _choose_new(system, [_joined([files[path] for path in paths])
                         for paths in system.inputs_of(list(files))])


def _choose_new(system: System, files: list[Chosen]) -> bool:
    """Add files that can be used to those of the visitor, and choose the first one; whether there
    is one."""
    st.session_state.pop(name_in_state(system, "swept"), None)
    good: list[Chosen] = []
    for file in files:
        try:
            open_chosen(system, file)
        except HybridCoreError as error:
            _say(system, f"**{plain(file.name)}**: {error}")
        else:
            good.append(file)
    if good:
        fresh = {file.path for file in good}
        kept = [file for file in own_files(system.key) if file.path not in fresh]
        st.session_state[name_in_state(system, "files")] = [*good, *kept]
        source = name_in_state(system, "source")
        if source not in st.session_state and st.query_params.get(FILE) == good[0].address[FILE]:
            st.session_state[source] = good[0]  # the file that the link waits for, and its view
        else:
            _become(system, good[0])
    return bool(good)


def _spooled(system: System, upload: UploadedFile) -> Chosen:
    """An upload as a file of the spool.

    Raises:
        MediaError: it is empty, or of a kind that is not read here.
    """
    suffix = PurePath(upload.name).suffix.lower()
    try:
        # The browser's file dialog is a convenience, not a check.
        if suffix.lstrip(".") not in readable_endings(system):
            raise MediaError(not_read(system, upload.name))
        if upload.size == 0:
            raise MediaError("This file is empty; please choose another one.")
        path = spool().add(upload, suffix)
        return Chosen(upload.name, path, digest=path.stem)
    finally:
        _drop(upload)


def _joined(files: list[Chosen]) -> Chosen:
    """Files that are one input, as a zip of the spool; a file that is one by itself stays so."""
    if len(files) == 1:
        return files[0]
    with TemporaryFile(dir=spool().folder) as whole:
        join({file.path: file.name for file in files}, whole)
        whole.seek(0)
        path = spool().add(whole, ".zip")
    return Chosen(joined_name([file.name for file in files]), path, digest=path.stem)


def _drop(upload: UploadedFile) -> None:
    """Free the bytes that the server would otherwise keep until the session ends."""
    context, manager = get_script_run_ctx(), get_instance().uploaded_file_mgr
    if context is not None and isinstance(manager, MemoryUploadedFileManager):
        manager.remove_file(context.session_id, upload.file_id)


def _forget_swept(system: System) -> None:
    """Make a sample again that the spool has swept away, and say which uploads are gone."""
    source, files = name_in_state(system, "source"), own_files(system.key)
    chosen: Chosen | None = st.session_state.get(source)
    if chosen is not None:
        try:
            bring_back(system, chosen)
        except HybridCoreError as error:
            del st.session_state[source]
            st.query_params.pop(FILE, None)  # it names what is gone
            if chosen.sample:
                _say(system, str(error))
    kept = [file for file in files if file.path.exists()]
    if len(kept) < len(files):
        st.session_state[name_in_state(system, "files")] = kept
        st.session_state[name_in_state(system, "swept")] = True
    if st.session_state.get(name_in_state(system, "swept")):  # until something else is chosen
        st.info("Some of your uploads have expired. Please choose them again.",
                icon=":material/schedule:")


def _say(system: System, problem: str) -> None:
    st.session_state.setdefault(name_in_state(system, "problems"), []).append(problem)
