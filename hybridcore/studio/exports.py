"""The download bar: every file by one click; slow ones (an annotated video) are made by a job.

The click that asks for a slow file begins its job. The bar shows how far it is, and the browser
gets the file when it is done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hybridcore.errors import BusyError, HybridCoreError, MediaError
from hybridcore.jobs import Job, board
from hybridcore.media.files import whole_file
from hybridcore.stages import JobProgress
from hybridcore.studio.chosen import spool
from hybridcore.studio.progress import show_job, visitor
from hybridcore.system import Answer, Export

# s; a browser waits three minutes for a download. What is made later is there at the next click.
_PATIENCE = 170.0
_LONG = "This is taking a while; click again once it is ready."
_REMOVED = "This file has expired; reload the page to prepare it again."
_NOT_WRITTEN = "This file could not be written; click again to retry."


def download_bar(
    answer: Answer[Any, Any], bring_back: Callable[[], None], key: str, row: DeltaGenerator
) -> None:
    """A button for every export of the system, in a list that opens; the progress of slow ones
    below it.

    Args:
        bring_back: sees to it that the input is there still, or raises `MediaError`.
        key: names the answer: a slow export is made once for all sessions.
        row: where the list stands.
    """
    menu = row.popover("Download", icon=":material/download:")
    for export in answer.system.exports:
        if not export.fits(answer):
            continue
        if export.slow:
            _slow(export, answer, bring_back, key, menu)
        else:
            with menu:
                _button(export, partial(_content, export, answer, bring_back), answer)


def _slow(
    export: Export, answer: Answer[Any, Any], bring_back: Callable[[], None], key: str,
    menu: DeltaGenerator,
) -> None:
    name = ("export", key, export.key)
    begin = partial(_begin, name, export, answer, bring_back, visitor())
    with menu:
        _button(export, partial(_when_written, begin), answer, on_click=partial(_asked, begin))
    job = board().find(name)
    if job is not None and job.state != "done":
        show_job(job)


def _begin(
    name: tuple[str, str, str], export: Export, answer: Answer[Any, Any],
    bring_back: Callable[[], None], owner: str,
) -> Job[Path]:
    """The job that writes a file: the one that did, or does, or else a new one.

    Raises:
        BusyError: too many of the owner's jobs wait already.
    """
    before = board().find(name)
    if before is not None and before.finished and not (
            isinstance(before.result, Path) and spool().touch(before.result)):
        board().forget(name)  # it failed, or the file was swept away
    digest = hashlib.sha256(" ".join(name).encode()).hexdigest()
    path = spool().folder / f"{digest}-{export.file_name}"

    def write(progress: JobProgress) -> Path:
        bring_back()
        with whole_file(path) as partial:
            export.write(answer, partial, progress.stage(f"Writing {_in_sentence(export.title)}"))
        return path

    return board().submit(name, write, owner=owner, size=answer.source.duration or 1.0)


def _asked(begin: Callable[[], Job[Path]]) -> None:
    """Begin at once, so that the bar shows it while the browser waits."""
    try:
        begin()
    except BusyError as error:
        st.toast(str(error), icon=":material/error:")


def _when_written(begin: Callable[[], Job[Path]]) -> BinaryIO:
    """The file, as soon as it is written.

    Raises:
        HybridCoreError: it could not be written, or not soon enough for a browser.
    """
    job = begin()
    if not job.wait(_PATIENCE):
        raise MediaError(_LONG)
    if job.result is None:
        raise job.error if isinstance(job.error, HybridCoreError) else MediaError(_NOT_WRITTEN)
    return _prepared(job.result)


def _prepared(path: Path) -> BinaryIO:
    """The file, at the time when somebody presses.

    Raises:
        MediaError: it was swept away since the button was drawn.
    """
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise MediaError(_REMOVED) from error


def _content(
    export: Export, answer: Answer[Any, Any], bring_back: Callable[[], None]
) -> bytes:
    bring_back()
    with TemporaryDirectory(dir=spool().folder) as folder:
        path = Path(folder) / export.file_name
        export.write(answer, path, None)
        return path.read_bytes()


def _in_sentence(title: str) -> str:
    """"Annotated video" -> "annotated video", but "MP4" stays."""
    return title[0].lower() + title[1:] if title[1:2].islower() else title


def _button(
    export: Export, data: Callable[[], bytes | BinaryIO], answer: Answer[Any, Any],
    on_click: Callable[[], None] | Literal["ignore"] = "ignore",
) -> None:
    st.download_button(
        export.title, data=data, file_name=export.file_name, mime=export.mime,
        icon=":material/download:", on_click=on_click,
        key=f"{answer.system.key}.export.{export.key}")
