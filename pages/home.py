"""Home: what the application is, its systems at work, the models by their cards, this device."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from hybridcore.cards import ASSETS, all_cards
from hybridcore.jobs import Job, board
from hybridcore.stages import JobProgress
from hybridcore.studio import cards
from hybridcore.studio.header import page_style
from hybridcore.studio.present import start
from hybridcore.studio.previews import find_preview, preview_job, show_preview
from hybridcore.studio.routing import LAB, page_named, page_of, through_app
from hybridcore.system import System
from hybridcore.systems import systems
from hybridcore.tables import model_rows

_EVERY = 1.0  # s between two looks at what is being made

def device_speed(progress: JobProgress) -> tuple[str, float]:
    """The device in words, and how many frames a second the shared encoder reads on it."""
    progress.stage("Measuring this device")
    # The text of this page is there before torch is.
    from hybridcore.device import describe
    from hybridcore.encoder.encoder import shared_encoder

    encoder = shared_encoder()
    return describe(encoder.device), encoder.frames_per_second()


def at_work() -> None:
    """A card for every system, with it at work; what is not ready yet comes by itself."""
    shown = list(systems().values())
    drawn: list[Callable[[], None]] = [partial(system_card, system) for system in shown]
    drawn.append(lab_card)
    a_row = 3 if len(drawn) % 3 == 0 else 4
    for at, draw in enumerate(drawn):
        if at % a_row == 0:
            row = st.columns(a_row)
        with row[at % a_row].container(border=True, height="stretch"):
            draw()
    making, seen = st.session_state["home.making"], st.session_state.get("home.seen")
    st.session_state["home.seen"] = True
    if making and not seen:
        return  # the browser gets all cards before the networks take the processor
    jobs = [preview_job(system) for system in shown]
    measured = board().submit("device", device_speed)
    if making and measured.finished and all(job.finished for job in jobs):
        st.rerun()  # once more, without looking again and again
    if measured.result is not None:
        name, speed = measured.result
        st.caption(f":material/memory: Runs on {name}; the shared encoder reads {speed:.0f} "
                   "frames/s.")


def system_card(system: System) -> None:
    """A system at work, and the way to its page."""
    job = find_preview(system)
    if show_preview(system, None if job is None else job.result):
        st.switch_page(page_of(system))
    st.page_link(page_of(system), label=f"**{system.title}**", icon=system.icon)
    st.caption(system.sentence)


def lab_card() -> None:
    """The lab, which needs no file: a memory that finds the digit it was shown damaged."""
    st.image(ASSETS / "samples" / "lab.png", width="stretch",
             alt="A Hopfield network turns a damaged digit into the one that it stored")
    st.page_link(page_named(LAB), label="**The lab**", icon=":material/science:")
    st.caption("Recurrent networks race on the same task while you watch; what a memory holds; and "
               "the smallest CNN + RNN, with your own shapes, to take home.")


@st.fragment
def show_closed(card: dict[str, Any]) -> None:
    """A card under its title; what it says is sent once it is opened."""
    key = f"home.card.{card['name']}"
    with st.expander(str(card.get("title", card["name"])), on_change="rerun", key=key) as expander:
        if expander.open:
            cards.show_card(card)


through_app()
page_style()
head = st.container(horizontal=True, vertical_alignment="center")
head.title("HybridCore")
first = next(iter(systems().values()))
if head.button("Start the demo", type="primary", icon=":material/play_arrow:"):
    st.switch_page(page_of(first), query_params=start(first))
st.markdown(
    "A convolutional network sees one frame; a recurrent network remembers the frames before it. "
    "Watch both at work on your own footage, frame by frame: predictions, attention maps, LSTM "
    "gates and states. Everything runs on this machine, with weights that ship with the project; "
    "every figure was measured on data that the models had not seen."
)
made: list[Job[Any] | None] = [
    *(find_preview(system) for system in systems().values()), board().find("device")]
making = not all(job is not None and job.finished for job in made)
st.session_state["home.making"] = making
st.fragment(at_work, run_every=_EVERY if making else None)()
st.header("Models")
st.caption("Every figure comes from the model card beside the weights.")
with st.container(key="models"):
    st.table(model_rows(all_cards()), hide_index=True)
for card in all_cards():
    show_closed(card)
