"""Home: what the application is, its systems, this device, and the models by their cards."""

from __future__ import annotations

import streamlit as st

from hybridcore.cards import all_cards
from hybridcore.device import describe
from hybridcore.encoder.encoder import shared_encoder
from hybridcore.studio import cards
from hybridcore.studio.routing import page_of, through_app
from hybridcore.systems import systems
from hybridcore.tables import model_rows


@st.cache_resource(show_spinner="Measuring this device")
def device_speed() -> tuple[str, float]:
    """The device in words, and how many frames a second the shared encoder reads on it."""
    encoder = shared_encoder()
    return describe(encoder.device), encoder.frames_per_second()


through_app()
st.title("HybridCore")
st.markdown(
    "A convolutional network sees one frame; a recurrent network remembers the ones before. "
    "Here you watch both at work on your own footage, frame by frame: predictions, attention maps, "
    "LSTM gates and states. Everything runs on this machine, with weights that ship with the "
    "project and numbers that were measured on data they had not seen."
)
for at, system in enumerate(systems().values()):
    if at % 2 == 0:
        row = st.columns(2)
    with row[at % 2].container(border=True, height="stretch"):
        st.markdown(f"**{system.title}**")
        st.markdown(system.sentence)
        st.page_link(page_of(system), label="Open", icon=system.icon)

st.subheader("This device")
name, speed = device_speed()
left, right, _ = st.columns([2, 1, 1])
left.metric("Runs on", name)
right.metric("Shared encoder", f"{speed:.0f} frames/s")

st.subheader("Models")
st.caption("Every figure is read from the card beside the weights.")
st.table(model_rows(all_cards()))
for card in all_cards():
    with st.expander(str(card.get("title", card["name"]))):
        cards.show_card(card)
