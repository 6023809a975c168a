"""HybridCore: page configuration and navigation; everything else is in ``pages/``."""

import streamlit as st

from hybridcore.studio.routing import run_pages

st.set_page_config(page_title="HybridCore", page_icon=":material/neurology:", layout="wide")

run_pages([
    st.Page("pages/home.py", title="Home", icon=":material/home:", default=True),
    st.Page("pages/scene_labeling.py", title="Scene labelling", icon=":material/landscape:"),
    st.Page("pages/image_captioning.py", title="Image captioning", icon=":material/image_search:"),
    st.Page("pages/gait_recognition.py", title="Gait recognition",
            icon=":material/directions_walk:"),
    st.Page("pages/sound_matching.py", title="Silent video to sound",
            icon=":material/graphic_eq:"),
])
