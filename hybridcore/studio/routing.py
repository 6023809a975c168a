"""Every page opens through ``app.py``, also when its address is the first that a server hears.

Streamlit still runs a script of a folder named ``pages`` by itself until some session has called
``st.navigation``. A page that finds itself run that way turns the old way off and starts again.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.pages_manager import PagesManager

_ROUTED = "opened through app.py"


def run_pages(pages: Sequence[StreamlitPage]) -> None:
    """Show the navigation and run the page that the address names."""
    page = st.navigation(list(pages), position="top")
    st.session_state[_ROUTED] = True
    page.run()


def through_app() -> None:
    """First line of a page: go through ``app.py`` if the page was run without it."""
    if not st.session_state.get(_ROUTED):
        # What st.navigation sets too; calling it here would announce "page not found".
        PagesManager.uses_pages_directory = False
        st.rerun()
