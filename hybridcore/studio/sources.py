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

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from hybridcore.errors import HybridCoreError, MediaError
from hybridcore.media.formats import endings, kind_of
from hybridcore.media.inputs import Input
from hybridcore.media.picture import jpeg
from hybridcore.media.spool import Spool
from hybridcore.studio.address import wanted
from hybridcore.studio.gallery import Thumb, gallery
from hybridcore.studio.headlines import headline
from hybridcore.studio.problems import show_problem
from hybridcore.studio.progress import show_queue
from hybridcore.studio.seeking import forget_seeks
from hybridcore.system import Reader, Sample, System

_CAMERA_ENDINGS = ("jpg", "jpeg", "png")
_PICTURE_SIDE, _THUMB_SIDE = 960, 320  # px
_SAMPLE, _FILE = "sample", "file"  # the query parameters that name one
_DIGITS = 16  # of a file's hash, in the address
_NOT_HERE = ("The file behind this link is not here: an upload is shown only to the person who "
             "made it. Upload the same file again to see this view, or choose a sample.")
_REMOVED = "This file has expired; please choose it again."


@dataclass(frozen=True)
class Chosen:
    """A file that was chosen.

    name: the sample's title or the name of the uploaded file. sample: its key, "" for a file of
    the visitor's own. digest: SHA-256 of the content where it is known already.
    """

    name: str
    path: Path
    sample: str = ""
    digest: str | None = None

    @property
    def address(self) -> dict[str, str]:
        """The query parameters that name it."""
        return {_SAMPLE: self.sample} if self.sample else {_FILE: (self.digest or "")[:_DIGITS]}


@st.cache_resource(show_spinner=False)
def spool() -> Spool:
    """The folder for uploads that all sessions of this server share."""
    return Spool()


def choose_source(system: System, row: DeltaGenerator) -> Chosen | None:
    """Show what can be chosen, folded into ``row`` once something is; remember the choice across
    pages and reruns.

    Returns:
        The choice: at first what the address names, or else the first sample.
    """
    _forget_swept(system)
    chosen: Chosen | None = st.session_state.get(_name(system, "source"))
    if chosen is None:
        chosen = _by_address(system)
    for problem in st.session_state.pop(_name(system, "problems"), []):
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
        turn = st.session_state.get(_name(system, "turn"), 0)
        with st.popover("Change", icon=":material/folder_open:",
                        key=_name(system, f"change {turn}")):
            _draw_choices(system, chosen)
    return chosen


def _by_address(system: System) -> Chosen | None:
    """What the address names, or else the first sample; None: it is not here."""
    query, found = wanted(system), None
    if _FILE in query and _SAMPLE not in query:
        found = next((file for file in own_files(system.key)
                      if file.address[_FILE] == query[_FILE]), None)
        if found is None:
            st.info(_NOT_HERE, icon=":material/lock:")
    else:
        found = _sample(system, next(
            (s for s in system.samples if s.key == query.get(_SAMPLE)), system.samples[0]))
    if found is not None:
        st.session_state[_name(system, "source")] = found
    return found


def _draw_choices(system: System, chosen: Chosen | None) -> None:
    _draw_gallery(system, chosen)
    _draw_uploader(system)


def bring_back(system: System, chosen: Chosen) -> None:
    """See to it that a file is there: its removal is put off, and a sample is made again.

    Raises:
        MediaError: it was an upload, and it was swept away.
    """
    if spool().touch(chosen.path):
        return
    sample = next((sample for sample in system.samples if sample.key == chosen.sample), None)
    if sample is None:
        raise MediaError(_REMOVED)
    sample.path(spool().folder)


@contextmanager
def kept(system: System, chosen: Chosen) -> Iterator[None]:
    """A file for as long as the block reads it: brought back first (`bring_back`).

    Raises:
        MediaError: it was an upload, and it was swept away, be it while it was read.
    """
    bring_back(system, chosen)
    try:
        yield
    except MediaError:
        bring_back(system, chosen)
        raise


def own_files(key: str) -> list[Chosen]:
    """What the visitor brought to the page of that key, the newest first."""
    files: list[Chosen] = st.session_state.get(f"{key}.files", [])
    return files


def neighbour(system: System, step: int) -> dict[str, str]:
    """The query parameters of what lies ``step`` places further in the row, which goes round."""
    row = [file.address for file in own_files(system.key)]
    row += [{_SAMPLE: sample.key} for sample in system.samples]
    chosen: Chosen | None = st.session_state.get(_name(system, "source"))
    here = row.index(chosen.address) if chosen is not None and chosen.address in row else 0
    return row[(here + step) % len(row)]


def open_chosen(system: System, chosen: Chosen) -> tuple[Reader, Input]:
    """What the system's reader makes of a file, opened and hashed once for all reruns.

    Raises:
        MediaError: the file cannot be used.
    """
    kind = kind_of(chosen.path)
    reader = system.reader(kind) if kind else None
    if reader is None:
        raise MediaError(_not_read(system, chosen.name))
    return reader, _opened(system.key, reader.kind, str(chosen.path), chosen.name, chosen.digest,
                           reader)


@st.cache_resource(max_entries=64, show_spinner=False)
def _opened(
    key: str, kind: str, path: str, name: str, digest: str | None, _reader: Reader
) -> Input:
    source: Input = _reader.open(Path(path), name=name, digest=digest)
    return source


@st.cache_resource(max_entries=16, show_spinner=False)
def first_picture(digest: str, _source: Input) -> NDArray[np.uint8] | None:
    """A picture of an input, uint8 RGB ``[h, w, 3]`` with sides of at most 960; None if there is
    nothing to see.

    Raises:
        MediaError: the input cannot be decoded any more.
    """
    return _source.thumbnail(_PICTURE_SIDE)


def _draw_uploader(system: System) -> None:
    # A new widget key after each upload drops the widget's hold on the bytes in memory.
    turn = st.session_state.get(_name(system, "round"), 0)
    widget = _name(system, f"upload {turn}")
    st.file_uploader(
        "Your own files", type=_endings(system), key=widget, accept_multiple_files=True,
        max_upload_size=st.get_option("server.maxUploadSize"), on_change=_take,
        args=(widget, system))
    show_queue()
    if system.reader("picture") is None:
        return
    with st.expander("Take a picture", icon=":material/photo_camera:", on_change="rerun",
                     key=_name(system, f"take {turn}")) as expander:
        # The browser asks for the camera as soon as the input is there, so only when opened.
        if expander.open:
            widget = _name(system, f"camera {turn}")
            st.camera_input("Camera", key=widget, label_visibility="collapsed", on_change=_take,
                            args=(widget, system))


def _draw_gallery(system: System, chosen: Chosen | None, *, slim: bool = False) -> None:
    own = own_files(system.key)
    thumbs = [Thumb(file.name, _own_thumb(system, file), headline(system.key, file.path))
              for file in own]
    thumbs += [Thumb(s.name, sample_thumb(system, s), s.caption) for s in system.samples]
    names: list[Any] = [file.path for file in own] + [sample.key for sample in system.samples]
    here = None if chosen is None else chosen.sample or chosen.path

    def choose(at: int) -> None:
        st.session_state.pop(_name(system, "swept"), None)
        file = own[at] if at < len(own) else _sample(system, system.samples[at - len(own)])
        if file is not None:
            _become(system, file)

    gallery(thumbs, key=_name(system, "chips" if slim else "gallery"), on_choose=choose, slim=slim,
            selected=names.index(here) if here in names else None)


def _become(system: System, chosen: Chosen) -> None:
    """Another file is looked at: whatever was chosen inside the last one is forgotten."""
    state, turn = st.session_state, _name(system, "turn")
    for place in ("item", "word", "place", "frame", "position"):
        state.pop(_name(system, place), None)
    forget_seeks(system.key)
    state[_name(system, "source")] = chosen
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
    st.session_state.pop(_name(system, "swept"), None)
    turn = _name(system, "round")
    st.session_state[turn] = st.session_state.get(turn, 0) + 1
    good: list[Chosen] = []
    for upload in uploads:
        try:
            file = _spooled(system, upload)
            open_chosen(system, file)
        except HybridCoreError as error:
            _say(system, f"**{plain(upload.name)}**: {error}")
        else:
            good.append(file)
    if good:
        fresh = {file.path for file in good}
        kept = [file for file in own_files(system.key) if file.path not in fresh]
        st.session_state[_name(system, "files")] = [*good, *kept]
        source = _name(system, "source")
        if source not in st.session_state and st.query_params.get(_FILE) == good[0].address[_FILE]:
            st.session_state[source] = good[0]  # the file that the link waits for, and its view
        else:
            _become(system, good[0])


def _spooled(system: System, upload: UploadedFile) -> Chosen:
    """An upload as a file of the spool.

    Raises:
        MediaError: it is empty, or of a kind that is not read here.
    """
    suffix = PurePath(upload.name).suffix.lower()
    try:
        # The browser's file dialog is a convenience, not a check.
        if suffix.lstrip(".") not in _endings(system):
            raise MediaError(_not_read(system, upload.name))
        if upload.size == 0:
            raise MediaError("This file is empty; please choose another one.")
        path = spool().add(upload, suffix)
        return Chosen(upload.name, path, digest=path.stem)
    finally:
        _drop(upload)


def _drop(upload: UploadedFile) -> None:
    """Free the bytes that the server would otherwise keep until the session ends."""
    context, manager = get_script_run_ctx(), get_instance().uploaded_file_mgr
    if context is not None and isinstance(manager, MemoryUploadedFileManager):
        manager.remove_file(context.session_id, upload.file_id)


def _forget_swept(system: System) -> None:
    """Make a sample again that the spool has swept away, and say which uploads are gone."""
    source, files = _name(system, "source"), own_files(system.key)
    chosen: Chosen | None = st.session_state.get(source)
    if chosen is not None:
        try:
            bring_back(system, chosen)
        except HybridCoreError as error:
            del st.session_state[source]
            st.query_params.pop(_FILE, None)  # it names what is gone
            if chosen.sample:
                _say(system, str(error))
    kept = [file for file in files if file.path.exists()]
    if len(kept) < len(files):
        st.session_state[_name(system, "files")] = kept
        st.session_state[_name(system, "swept")] = True
    if st.session_state.get(_name(system, "swept")):  # until something else is chosen
        st.info("Some of your uploads have expired. Please choose them again.",
                icon=":material/schedule:")


def _own_thumb(system: System, file: Chosen) -> bytes:
    try:
        return _thumb(str(file.path), system, file)
    except HybridCoreError:
        return b""  # swept away just now; said when it is chosen


def sample_thumb(system: System, sample: Sample) -> bytes:
    """A small JPEG of a sample; nothing, where it cannot be made."""
    try:
        if callable(sample.thumbnail):
            return _read(str(sample.thumbnail(spool().folder)))
        if sample.thumbnail is not None:
            return _read(str(sample.thumbnail))
        path = sample.path(spool().folder)
        return _thumb(str(path), system, Chosen(sample.title, path, sample.key))
    except HybridCoreError:
        return b""  # reported when it is chosen


@st.cache_data(max_entries=512, show_spinner=False)
def _thumb(path: str, _system: System, _file: Chosen) -> bytes:
    """A small JPEG of a file."""
    _, source = open_chosen(_system, _file)
    picture = first_picture(source.digest, source)
    return b"" if picture is None else jpeg(picture, _THUMB_SIDE)


@st.cache_data(max_entries=64, show_spinner=False)
def _read(path: str) -> bytes:
    return Path(path).read_bytes()


def _endings(system: System) -> list[str]:
    return list(endings(*(reader.kind for reader in system.reads)))


def _not_read(system: System, name: str) -> str:
    suffix = PurePath(name).suffix.lower()
    return (f"Files ending in “{suffix or name}” are not read here; please use one of "
            f"{', '.join(_endings(system))}.")


def _say(system: System, problem: str) -> None:
    st.session_state.setdefault(_name(system, "problems"), []).append(problem)


def _name(system: System, what: str) -> str:
    return f"{system.key}.{what}"


def plain(text: str) -> str:
    """``text`` with the characters escaped that Markdown would read."""
    return "".join(f"\\{mark}" if mark in r"\`*_[]<>#$:~" else mark for mark in text)


