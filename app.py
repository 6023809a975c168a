"""HybridCore: page configuration and navigation; everything else is in ``pages/``."""

from pathlib import Path

import streamlit as st

from hybridcore.studio.routing import icon, run_app

st.set_page_config(page_title="HybridCore", page_icon=icon(), layout="wide")
run_app(Path(__file__).parent)
