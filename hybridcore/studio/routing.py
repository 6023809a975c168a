"""Navigation over the systems; every page opens through ``app.py``.

A system's page is ``pages/KEY.py`` where there is such a script, otherwise it is drawn without one.

Streamlit still runs a script of a folder named ``pages`` by itself until some session has called
``st.navigation``. A page that finds itself run that way turns the old way off and starts again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.pages_manager import PagesManager

from hybridcore.studio.problems import stop_on_problem
from hybridcore.studio.warm_up import warm_up
from hybridcore.studio.watched import watch_only
from hybridcore.system import System, lazy
from hybridcore.systems import OWN, systems

LAB = "lab"
_ROUTED = "opened through app.py"
_HERE, _ARRIVED = "page", "arrived"


def run_app(root: Path) -> None:
    """Show the navigation, what runs on other pages, and the page that the address names.

    Args:
        root: the folder of ``app.py``, with ``pages/home.py``.
    """
    from hybridcore.studio.running import show_running

    watch_only(root)
    _name_own(sys.argv[1:])
    with stop_on_problem():  # a file of somebody's own may be wrong
        systems()
    home = st.Page(root / "pages" / "home.py", title="Home", icon=":material/home:", default=True)
    pages = {system.key: _page_of(system, root) for system in systems().values()}
    lab = st.Page(root / "pages" / "lab.py", title="Lab", icon=":material/science:", url_path=LAB)
    page = st.navigation([home, *pages.values(), lab], position="top")
    state = st.session_state
    state[_ROUTED] = {**pages, LAB: lab}
    if state.get(_HERE) != page.url_path:
        state[_HERE], state[_ARRIVED] = page.url_path, True
    show_running(page.url_path)
    try:
        page.run()
    finally:  # not before: it would take the processor from the first page
        warm_up()


def icon() -> str:
    """The picture of the application in a browser's tab, with nothing to be fetched for it."""
    return Path(__file__).with_name("icon.svg").read_text(encoding="utf-8")


def arrived() -> bool:
    """Whether the visitor has come to this page since that was asked last, from another page or
    from outside."""
    return bool(st.session_state.pop(_ARRIVED, False))


def page_of(system: System) -> StreamlitPage:
    """The page of a system, to link to."""
    return page_named(system.key)


def page_named(key: str) -> StreamlitPage:
    """The page of a system by its key, or the lab."""
    page: StreamlitPage = st.session_state[_ROUTED][key]
    return page


def through_app() -> None:
    """First line of a page: go through ``app.py`` if the page was run without it."""
    if not st.session_state.get(_ROUTED):
        # What st.navigation sets too; calling it here would announce "page not found".
        PagesManager.uses_pages_directory = False
        st.rerun()


def _name_own(arguments: Sequence[str]) -> None:
    """Take the files that ``streamlit run app.py -- --own FILE.py ...`` names."""
    if arguments[:1] == ["--own"] and arguments[1:]:
        os.environ[OWN] = os.pathsep.join(arguments[1:])


def _page_of(system: System, root: Path) -> StreamlitPage:
    script = root / "pages" / f"{system.key}.py"
    drawn = partial(lazy("hybridcore.studio.page:show"), system)
    return st.Page(
        script if script.exists() else drawn, title=system.title, icon=system.icon,
        url_path=system.key)
