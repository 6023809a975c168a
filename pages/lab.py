"""The lab: the family of recurrent networks on one bench."""

import streamlit as st

from hybridcore.studio.header import page_style
from hybridcore.studio.routing import through_app
from pages.lab.counting import counting
from pages.lab.future import what_it_adds
from pages.lab.hopfield import hopfield
from pages.lab.maps import memory_as_a_map
from pages.lab.pattern import pattern
from pages.lab.race import race

VIEWS = {
    "race": ("Race", race),
    "hopfield": ("Hopfield", hopfield),
    "counting": ("Counting", counting),
    "maps": ("Memory as a map", memory_as_a_map),
    "future": ("The future", what_it_adds),
    "pattern": ("Build your own", pattern),
}

through_app()
page_style()
head = st.container(horizontal=True, vertical_alignment="center", key="head")
head.container(key="title", width="content").title("The lab")
view = head.segmented_control(
    "What is shown", list(VIEWS), default="race", required=True, key="view",
    format_func=lambda key: VIEWS[key][0], label_visibility="collapsed", bind="query-params")
VIEWS[view][1]()
