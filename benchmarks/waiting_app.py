"""The application as it would be without partial results, for `benchmarks.streaming`."""

from pathlib import Path

import streamlit as st

from hybridcore.studio import page
from hybridcore.studio.routing import run_app


def show_nothing(*_: object) -> None:
    """Nothing is shown before the job is done."""


setattr(page, "show_so_far", show_nothing)  # noqa: B010
st.set_page_config(page_title="HybridCore", layout="wide")
run_app(Path(__file__).parents[1])
