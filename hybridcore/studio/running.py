"""What still runs for this visitor on other pages, named at the top of every page."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from hybridcore.jobs import Job, board
from hybridcore.studio.routing import page_of
from hybridcore.system import System
from hybridcore.systems import systems

_EVERY = 2.0  # s between two looks
_NAME = "job"


def remember(system: System, key: Hashable) -> None:
    """The page of this system waits for the job of this key."""
    st.session_state[f"{system.key}.{_NAME}"] = key


def show_running(here: str) -> None:
    """Link to the pages of jobs that run; nothing is drawn where there are none.

    Args:
        here: key of the system whose page this is: it shows its own.
    """
    waited = [(system, job) for system in systems().values() if system.key != here
              if (job := board().find(st.session_state.get(f"{system.key}.{_NAME}"))) is not None
              and not job.finished]
    if waited:
        st.fragment(_links, run_every=_EVERY)(waited)


def _links(waited: list[tuple[System, Job[object]]]) -> None:
    with st.container(horizontal=True, key="running"):
        for system, job in waited:
            st.page_link(page_of(system), label=f"{system.title} · {_state(job)}",
                         icon=":material/hourglass_top:")


def _state(job: Job[object]) -> str:
    if job.finished:
        return "done" if job.state == "done" else job.state
    return "waiting" if job.state == "waiting" else f"{job.progress.current.fraction:.0%}".replace(
        "%", " %")
