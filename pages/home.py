"""Home: what the application is, its systems, this device, and the models by their cards."""

from __future__ import annotations

import streamlit as st

from hybridcore.device import describe
from hybridcore.model_table import model_rows
from hybridcore.scene.predict import shared_labeler
from hybridcore.studio import cards
from hybridcore.studio.routing import through_app
from hybridcore.weights import all_cards

SYSTEMS = [
    ("Scene labelling", "pages/scene_labeling.py", ":material/landscape:",
     "Upload a video: for every frame the scene, the objects, where the network looked, and what "
     "its LSTM remembers, beside the same network without memory."),
    ("Image captioning", "pages/image_captioning.py", ":material/image_search:",
     "Drop a photo or a video: a sentence appears word by word, and on each word where the network "
     "looked, what else it could have said, and what its LSTM held."),
    ("Gait recognition", "pages/gait_recognition.py", ":material/directions_walk:",
     "Upload a video of people walking past a fixed camera: silhouettes, steps, the gait energy "
     "image, and who of the walkers that you enrolled it is, or nobody known."),
    ("Silent video to sound", "pages/sound_matching.py", ":material/graphic_eq:",
     "A stick strikes things without a sound: the network says when, how hard and on what, the "
     "sound is made and played in time, and a game asks you which of two is real."),
]


@st.cache_resource(show_spinner="Measuring this device")
def device_speed() -> tuple[str, float]:
    """The device in words, and how many frames a second the shared encoder reads on it."""
    encoder = shared_labeler().encoder
    return describe(encoder.device), encoder.frames_per_second()


through_app()
st.title("HybridCore")
st.markdown(
    "A convolutional network sees one frame; a recurrent network remembers the ones before. "
    "Here you watch both at work on your own footage, frame by frame: predictions, attention maps, "
    "LSTM gates and states. Everything runs on this machine, with weights that ship with the "
    "project and numbers that were measured on data they had not seen."
)
cells = [*st.columns(2), *st.columns(2)]
for cell, (title, page, icon, text) in zip(cells, SYSTEMS, strict=True):
    with cell.container(border=True, height="stretch"):
        st.markdown(f"**{title}**")
        st.markdown(text)
        st.page_link(page, label="Open", icon=icon)

st.subheader("This device")
name, speed = device_speed()
left, right, _ = st.columns([2, 1, 1])
left.metric("Runs on", name)
right.metric("Shared encoder", f"{speed:.0f} frames/s")

st.subheader("Models")
st.caption("Every figure is read from the card beside the weights.")
st.table(model_rows(all_cards()))
for card in all_cards():
    with st.expander(card.get("title", card["name"])):
        cards.show_card(card)
