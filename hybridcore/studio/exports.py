"""The download bar: quick files at once, slow ones (an annotated video) as a job."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import streamlit as st

from hybridcore.errors import BusyError, MediaError
from hybridcore.jobs import board
from hybridcore.media.files import whole_file
from hybridcore.stages import JobProgress
from hybridcore.studio.progress import show_job, visitor
from hybridcore.studio.sources import spool
from hybridcore.system import Answer, Export

_REMOVED = ("This file was removed after a long time without use; "
            "reload the page to prepare it again.")


def download_bar(
    answer: Answer[Any, Any], bring_back: Callable[[], None], key: str
) -> None:
    """One button for every export of the system, in a row; the progress of slow ones below it.

    Args:
        bring_back: sees to it that the input is there still, or raises `MediaError`.
        key: names the answer: a slow export is made once for all sessions.
    """
    row = st.container(horizontal=True)
    for export in answer.system.exports:
        if not export.fits(answer):
            continue
        if export.slow:
            _slow(export, answer, bring_back, key, row)
        else:
            with row:
                _button(export, partial(_content, export, answer, bring_back), answer)


def _slow(
    export: Export, answer: Answer[Any, Any], bring_back: Callable[[], None], key: str,
    row: st.delta_generator.DeltaGenerator,
) -> None:
    name = ("export", key, export.key)
    job = board().find(name)
    if job is not None and isinstance(job.result, Path) and spool().touch(job.result):
        with row:
            _button(export, partial(_prepared, job.result), answer)
    elif job is not None and job.state != "done":
        show_job(job)
    else:
        row.button(
            f"Prepare {_in_sentence(export.title)}", icon=":material/movie:", on_click=_prepare,
            args=(name, export, answer, bring_back),
            key=f"{answer.system.key}.prepare.{export.key}")


def _prepare(
    name: tuple[str, str, str], export: Export, answer: Answer[Any, Any],
    bring_back: Callable[[], None],
) -> None:
    board().forget(name)  # a file that has been swept away is made anew
    digest = hashlib.sha256(" ".join(name).encode()).hexdigest()
    path = spool().folder / f"{digest}-{export.file_name}"

    def write(progress: JobProgress) -> Path:
        bring_back()
        with whole_file(path) as partial:
            export.write(answer, partial, progress.stage(f"Writing {_in_sentence(export.title)}"))
        return path

    try:
        board().submit(name, write, owner=visitor(), size=answer.source.duration or 1.0)
    except BusyError as error:
        st.toast(str(error), icon=":material/error:")


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
    export: Export, data: Callable[[], bytes | BinaryIO], answer: Answer[Any, Any]
) -> None:
    st.download_button(
        export.title, data=data, file_name=export.file_name, mime=export.mime,
        icon=":material/download:", on_click="ignore",
        key=f"{answer.system.key}.export.{export.key}")
