"""The letters of a sequence, each of which can be changed by a click."""

from __future__ import annotations

import streamlit as st

from hybridcore.dna.figures import BASE, bench
from hybridcore.dna.mutagenesis import MutationMap, mutation_map
from hybridcore.dna.mutations import parse_mutations, toggled
from hybridcore.dna.result import DnaResult
from hybridcore.dna.scan import windows_of
from hybridcore.dna.targets import TARGET_KEYS
from hybridcore.media.sequence import Sequences
from hybridcore.studio.page import Page
from hybridcore.studio.problems import stop_on_problem
from hybridcore.studio.timeline import CONFIG, height_of
from hybridcore.studio.widget_state import event, nearest_position


def show_letters(page: Page) -> None:
    """The bench, whose clicks set the options ``mutations`` and ``focus``."""
    assert isinstance(page.source, Sequences)
    records = page.source.records
    item = nearest_position(page.name("item"), len(records))
    with stop_on_problem():
        result: DnaResult = page.model.finish(page.outputs, page.source, page.kind, **page.options)
    changes = parse_mutations(page.options["mutations"], records)
    row = st.container(horizontal=True, vertical_alignment="center", key="bench-tools")
    row.caption("Click along the track to look there, or a cell to change its letter.")
    row.button("Undo", icon=":material/undo:", disabled=not changes, on_click=_set,
               args=(page, "mutations", " ".join(map(str, changes[:-1]))))
    row.button("As in the file", icon=":material/restart_alt:", disabled=not changes,
               on_click=_set, args=(page, "mutations", ""))
    figure = bench(result.sequences[item], _effects(page, result, item), result.threshold,
                   result.target.title)
    # Another chart after each change, in which nothing is selected yet.
    key = page.name(f"bench.{item}.{page.options['mutations']}.{page.options['focus']}")

    def click() -> None:
        points = (event(key, "selection") or {}).get("points", [])
        named = [point["customdata"] for point in points if point.get("customdata")]
        if not named:
            return
        what, position, *base = (
            named[0].values() if isinstance(named[0], dict) else named[0])
        if what == BASE:
            _set(page, "focus", str(result.looked_at(item) + 1))  # the window stays where it is
            _set(page, "mutations",
                 toggled(changes, records, item, int(position), str(base[0])))
        else:
            _set(page, "focus", str(int(position) + 1))

    with st.container(key="bench"):  # what a stage shows, as nothing is played here
        st.plotly_chart(
            figure, key=key, on_select=click, config=CONFIG, selection_mode="points",
            height=height_of(figure),
            alt=f"Probability of a {result.target.title} along both strands, and what each letter "
                "of a window is worth")


def _set(page: Page, option: str, value: str) -> None:
    st.session_state[page.name(option)] = value


def _effects(page: Page, result: DnaResult, item: int) -> MutationMap:
    letters, position = result.sequences[item].letters, result.looked_at(item)
    return _effects_of(letters, position, page.kind, result.target.key, page)


@st.cache_data(max_entries=64, show_spinner=False)
def _effects_of(
    letters: str, position: int, kind: str, target: str, _page: Page
) -> MutationMap:
    length = _page.model.length
    return mutation_map(_page.model.networks[kind], windows_of(letters, length)[position],
                        position - length // 2, TARGET_KEYS.index(target))
