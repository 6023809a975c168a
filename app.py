"""HybridCore: page configuration and navigation; everything else is in ``pages/``."""

import sys
from pathlib import Path

import streamlit as st

from hybridcore.studio.routing import icon, name_own, run_app

st.set_page_config(page_title="HybridCore", page_icon=icon(), layout="wide")
name_own(sys.argv[1:])
run_app(Path(__file__).parent)
