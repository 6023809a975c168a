"""A job as a page shows it: how far it is and how long it takes, or what became of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from hybridcore.errors import BusyError, HybridCoreError
from hybridcore.jobs import Job, board
from hybridcore.stages import JobProgress
from hybridcore.studio.problems import show_problem
from hybridcore.waiting import Wait

T = TypeVar("T")

_POLL_SECONDS = 1.0
_AT_ONCE = 1.0  # s that a page waits for what takes no time, before it shows how that stands
_QUEUE_SECONDS = 5.0  # between two looks at the queue


def visitor() -> str:
    """Whose turn the work of this session takes."""
    context = get_script_run_ctx()
    return "" if context is None else context.session_id


def run_job(
    key: Hashable, work: Callable[[JobProgress], T], *, size: float, quick: bool = False
) -> T | None:
    """Begin this visitor's job unless it is there (`JobBoard.submit`), and show how it stands.

    Returns:
        The result once the job is done, None until then.
    """
    try:
        job = board().submit(key, work, owner=visitor(), size=size, quick=quick)
    except BusyError as error:
        show_problem(error)
        st.button("Try again", icon=":material/refresh:", key=f"retry {key!r}")
        return None
    if quick:
        job.wait(_AT_ONCE)
    return show_job(job)


@st.fragment(run_every=_QUEUE_SECONDS)
def show_queue() -> None:
    """Say what a new file of this visitor would wait for, where that is anything."""
    wait = board().wait_of_next(visitor())
    if wait.ahead:
        st.caption(f":material/hourglass_top: A new file will wait for {_describe(wait)}.")


def show_job(job: Job[T]) -> T | None:
    """Show how a job stands, in place: progress with Stop, or what went wrong with Run again.

    While the job lives only this element refreshes; at its end the page runs again once.

    Returns:
        The result once the job is done, None until then (and after a failure or a stop).
    """
    if job.state == "done":
        return job.result
    if job.finished:
        _show_end(job)
    else:
        st.fragment(_watch, run_every=_POLL_SECONDS)(job)
    return None


def describe(job: Job[T]) -> str:
    """One line on a waiting or running job: "Reading · 120 / 900 · about 12 s left"."""
    if job.state == "waiting":
        wait = board().wait_of(job)
        return f"Waiting for {_describe(wait)}" if wait.ahead else "Starting"
    stage = job.progress.current
    parts = [stage.message or "Working"]
    if stage.total > 0:
        parts.append(f"{stage.done:,} / {stage.total:,}")
    if (left := job.progress.seconds_left) is not None:
        parts.append(f"about {_duration(left)} left")
    return " · ".join(parts)


def _watch(job: Job[T]) -> None:
    if job.finished:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(job.progress.current.fraction, text=describe(job))
        stopping = job.progress.cancelled()
        st.button(
            "Stopping" if stopping else "Stop",
            icon=":material/stop_circle:",
            disabled=stopping,
            key=f"stop {job.key!r}",
            on_click=board().stop,
            args=(job,),
        )


def _show_end(job: Job[T]) -> None:
    row = st.container(horizontal=True, vertical_alignment="center")
    if job.state == "stopped":
        row.caption("This was stopped before it finished.", width="content")
    elif isinstance(job.error, HybridCoreError):
        row.error(str(job.error), icon=":material/error:")
    else:
        row.error(
            "Something went wrong inside the program. Running it again may help; "
            "the details below say what happened.",
            icon=":material/error:",
        )
        with st.expander("Details"):
            st.code(job.details, language=None)
    row.button(
        "Run again",
        icon=":material/refresh:",
        key=f"again {job.key!r}",
        on_click=_again,
        args=(job,),
    )


def _again(job: Job[T]) -> None:
    try:
        board().again(job, owner=visitor())
    except BusyError as error:
        st.toast(str(error), icon=":material/error:")


def _describe(wait: Wait) -> str:
    """"2 others, about 40 s"."""
    others = "1 other" if wait.ahead == 1 else f"{wait.ahead} others"
    return others if wait.seconds is None else f"{others}, about {_duration(wait.seconds)}"


def _duration(seconds: float) -> str:
    whole = max(1, math.ceil(seconds))
    return f"{whole} s" if whole < 90 else f"{round(whole / 60)} min"
