"""The download bar: quick files at once, slow ones (an annotated video) as a job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import streamlit as st

from hybridcore import jobs
from hybridcore.studio.progress import show_job


@dataclass(frozen=True)
class Export:
    """One file a visitor can take along.

    Attributes:
        label: on the button.
        file_name: proposed name of the download.
        mime: its type, such as "text/csv".
        make: makes the file. Quick ones take nothing and return the bytes, and are called only
            when the button is pressed. Slow ones take the job's `JobProgress` and return the path
            of a file that stays.
        slow: whether `make` is of the slow kind.
    """

    label: str
    file_name: str
    mime: str
    make: Callable[[], bytes] | Callable[[jobs.JobProgress], Path]
    slow: bool = False


def download_bar(exports: Sequence[Export], key: str) -> None:
    """Show one button an export, in a row; the progress of slow ones appears below it.

    Args:
        exports: in this order.
        key: names the content (file hash, model, ...): a slow export is made once a key and label,
            for all sessions.
    """
    row = st.container(horizontal=True)
    for export in exports:
        if export.slow:
            _slow(export, key, row)
        else:
            with row:
                _button(export, cast(Callable[[], bytes], export.make), key)


def _slow(export: Export, key: str, row: st.delta_generator.DeltaGenerator) -> None:
    make = cast(Callable[[jobs.JobProgress], Path], export.make)
    name = ("export", key, export.label)
    job = cast(jobs.Job[Path] | None, jobs.find(name))
    if job is not None and job.result is not None and job.result.exists():
        path = job.result
        with row:
            _button(export, lambda: path.open("rb"), key)
    elif job is not None and job.state != "done":
        show_job(job)
    else:
        row.button(
            f"Prepare {_in_sentence(export.label)}",
            key=f"{key} {export.label} prepare",
            icon=":material/movie:",
            on_click=_prepare,
            args=(name, make),
        )


def _prepare(name: tuple[str, str, str], make: Callable[[jobs.JobProgress], Path]) -> None:
    jobs.board().forget(name)  # a file that has been swept away is made anew
    jobs.submit(name, make)


def _in_sentence(label: str) -> str:
    """ "Annotated video" -> "annotated video", but "MP4" stays."""
    return label[0].lower() + label[1:] if label[1:2].islower() else label


def _button(export: Export, data: Callable[[], bytes | BinaryIO], key: str) -> None:
    st.download_button(
        export.label,
        data=data,
        file_name=export.file_name,
        mime=export.mime,
        icon=":material/download:",
        key=f"{key} {export.label}",
        on_click="ignore",
    )
