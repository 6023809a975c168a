"""The page of a system: one skeleton for all of them, drawn from the system's description.

Files, model and options in one row, the player with the charts that follow it, downloads, and "Look
inside". A system adds widgets that no other has at three places (``parts``):

=========  ==================================================================================
options    beside the option widgets; returns values for options
edit       below the player; returns values for options too, and what it returns is played
below      under everything
=========  ==================================================================================

Each is called with a :class:`Page` and returns a dict of options (or None). Where nothing is
played, the figure that a part draws in a container with the key ``bench`` takes the place of the
player: it is what a stage shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from hybridcore.answers import finish, key_of, shared_model
from hybridcore.media.inputs import Input
from hybridcore.media.mux import add_sound
from hybridcore.studio import address
from hybridcore.studio.charts import draw_charts, look_inside, show_facts
from hybridcore.studio.chosen import Chosen, bring_back, open_chosen, spool
from hybridcore.studio.exports import download_bar
from hybridcore.studio.fingerprint import fingerprint
from hybridcore.studio.header import about, head_row, page_style
from hybridcore.studio.headlines import remember
from hybridcore.studio.items import choose_item, item_before
from hybridcore.studio.looking import draw_so_far, looked_at
from hybridcore.studio.markdown import plain
from hybridcore.studio.options import choose_kind, option_widgets
from hybridcore.studio.own_labels import own_labels, with_own_strips
from hybridcore.studio.pins import compare, with_pins
from hybridcore.studio.player import begun, synced_player
from hybridcore.studio.present import present_button, stage
from hybridcore.studio.problems import stop_on_problem
from hybridcore.studio.routing import through_app
from hybridcore.studio.seeking import asked, be_heard, seek
from hybridcore.studio.sentence import sentence_picture
from hybridcore.studio.sources import choose_source
from hybridcore.system import Answer, At, System, lazy
from hybridcore.view import PlayerView, all_events


@dataclass(frozen=True)
class Page:
    """What a part of a page is given.

    chosen: the file. outputs: those of the networks. options: values so far. answer: the
    answer, which is not there yet for the parts ``options`` and ``edit``. copy: what a browser can
    play of the input.
    """

    system: System
    chosen: Chosen
    source: Input
    kind: str
    outputs: Any
    model: Any
    options: Mapping[str, Any]
    copy: Path | None
    answer: Answer[Any, Any] | None = None

    def name(self, what: str) -> str:
        """The name under which a part keeps something in the session."""
        return f"{self.system.key}.{what}"


def show(system: System) -> None:
    """Draw the whole page."""
    through_app()
    page_style()
    address.restore(system)
    stage(system)
    row = head_row(system)
    chosen = choose_source(system, row)
    if chosen is None:
        st.stop()
    with row:
        kind = choose_kind(system)
        controls = _controls(system)
        about(system)
        present_button(system)
    address.begin(system, chosen.address)
    with stop_on_problem():
        reader, source = open_chosen(system, chosen)
    with controls:
        options = option_widgets(system, kind, rerun=True)
        settings = option_widgets(system, kind, rerun=False)
    # The player stands at the same place before and after the job, so that it plays on.
    shown, edit, inside = st.container(), st.container(), st.container(key="inside")
    with edit:
        looked = looked_at(system, reader, source, options, chosen)
    if looked is None:
        with shown:
            draw_so_far(system, reader, source, kind, options, settings)
        st.stop()
    with stop_on_problem():
        model = shared_model(system)
    page = Page(system, chosen, source, kind, looked.outputs, model, options, looked.copy)
    page = _with_options(page, settings)
    with controls:
        page = _with_options(page, _part(page, "options"))
    with edit:
        page = _with_options(page, _part(page, "edit"))
    with stop_on_problem():
        key = f"{key_of(system, reader, source, options)} {kind} {fingerprint(page.options)}"
        answer = _finished(key, page)
    if not chosen.sample and remember(system.key, chosen.path, system.headline(answer)):
        st.rerun()  # the row of small pictures stands above
    page = replace(page, answer=answer)
    st.session_state[page.name("whole")] = True
    with shown:
        at = _shown(key, page)
    if not address.presenting() or address.open_tab(system) is not None:
        with inside:
            _inside(key, page, at)
    if system.teaching is not None and not address.presenting():
        _own_labels(key, page, at)
    _part(page, "below")


def _controls(system: System) -> DeltaGenerator:
    """Where the options of the system stand, behind a button; nothing, where it has none."""
    if "options" in system.parts or any(option.widget for option in system.options):
        return st.popover("Options", icon=":material/tune:")
    return st.container()


@st.fragment
def _shown(key: str, page: Page) -> At:
    """What follows the player: it, the sentence, notes, facts, files and charts; where somebody
    looks."""
    system, answer, state = page.system, page.answer, st.session_state
    assert answer is not None
    _keep(page)
    whole = state.pop(page.name("whole"), False)  # whether the whole page is drawn
    items = system.items(answer)
    item, frame = item_before(system, items), 0
    view, time = _view(key, item, page), None
    if view is not None:
        with stop_on_problem():
            video = _video(key, view, page.copy)
        start = state.pop(page.name("frame"), None)
        if start is None and not begun(system.key, page.source.digest):
            start = view.start or None  # nobody knew it while the networks worked
        if start is not None:
            start = min(start, len(view.times) - 1)
            _begin(page, view, start)  # moves a video that is shown already
        events = all_events(view, system.events(answer))
        frame = synced_player(
            with_pins(with_own_strips(view, answer), answer), key=system.key, video=video,
            film=page.source.digest, seek=asked(system.key), events=events, start=start)
        time = float(view.times[frame])
    first = st.container() if view is None else None  # the picture, where there is no video
    row = st.container(horizontal=True, vertical_alignment="bottom", key="below-player")
    with row:
        item = choose_item(system, items, time)
    before = state.get(page.name("place"))
    if before is not None and before[0] != item:
        state.pop(page.name("word"), None)  # of another sentence
    at = At(frame=frame, item=item)
    with first or st.container():
        at = replace(at, word=_sentence(page, answer, at, alone=view is None))
    if not whole and before != (at.item, at.word):
        st.rerun()  # what stands below looks at another item or word now
    state[page.name("place")] = at.item, at.word
    with row:
        show_facts(system, answer, at)
    if not address.presenting():
        download_bar(answer, partial(bring_back, system, page.chosen), key=key, row=row)
        for note in answer.notes:
            st.warning(plain(note), icon=":material/info:")
        compare(answer, at, view, row)
        draw_charts(system, answer, at, key, None if view is None else view.span)
    address.write(system, page.chosen.address, "shown")
    return at


def _begin(page: Page, view: PlayerView, start: int) -> None:
    """Go to a frame; a card of the tour says whether it plays from there."""
    key, last = page.system.key, len(view.times) - 1
    until = st.session_state.pop(page.name("until"), None)
    end = None if until is None or until <= start else float(view.times[min(until, last)])
    play = None if address.card_of(page.system) is None else end is not None
    seek(key, float(view.times[start]), end, play=play)


@st.fragment
def _inside(key: str, page: Page, at: At) -> None:
    """Look inside; a tab that is opened draws nothing else anew."""
    assert page.answer is not None
    _keep(page)
    view = _view(key, at.item, page)
    if view is not None:
        be_heard(page.system.key)
    look_inside(page.system, page.answer, at, key, None if view is None else view.span)
    address.write(page.system, page.chosen.address, "inside")


@st.fragment
def _own_labels(key: str, page: Page, at: At) -> None:
    """Labels of somebody's own, where there is a player to mark stretches in."""
    assert page.answer is not None
    view = _view(key, at.item, page)
    if view is not None:
        be_heard(page.system.key)
        own_labels(page.system, page.chosen, page.answer, view.times.tolist())


def _keep(page: Page) -> None:
    """Put off the removal of what a part of the page shows; if something was removed since the
    whole page was drawn, draw it anew: it is made again there, or said to be gone."""
    files = [path for path in (page.chosen.path, page.copy) if path is not None]
    if not all([spool().touch(path) for path in files]):
        st.rerun()


def _sentence(page: Page, answer: Answer[Any, Any], at: At, *, alone: bool) -> int:
    """The sentence over its picture, if the system says one; the position of the word chosen."""
    system = page.system
    view = system.sentence_view(answer, at)
    if view is None:
        return 0

    def pick(word: int, label: str) -> None:
        for option, value in system.pick(answer, replace(at, word=word), label).items():
            st.session_state[page.name(option)] = value
        for place in ("item", "word"):
            st.session_state.pop(page.name(place), None)
        st.session_state[page.name("picked")] = True

    if st.session_state.pop(page.name("picked"), False):
        st.rerun()  # options stand outside this fragment
    name = page.name("word")
    word = min(st.session_state.get(name, view.selected), len(view.words) - 1)
    sentence_picture(view, key=page.name("sentence"), selected=word, on_pick=pick, alone=alone,
                     on_word=partial(st.session_state.__setitem__, name))
    return word


@st.cache_resource(max_entries=32, show_spinner=False)
def _finished(key: str, _page: Page) -> Answer[Any, Any]:
    return finish(_page.system, _page.model, _page.outputs, _page.source, _page.kind, _page.options)


@st.cache_resource(max_entries=32, show_spinner=False)
def _view(key: str, item: int, _page: Page) -> PlayerView | None:
    """One view an answer and item, kept so that its arrays go to the browser once."""
    assert _page.answer is not None
    return _page.system.view(_page.answer, item)


@st.cache_resource(max_entries=32, show_spinner=False,
                   validate=lambda video: not isinstance(video, Path) or spool().touch(video))
def _video(key: str, _view: PlayerView, _copy: Path | None) -> Path | str | None:
    """What is played: the view's own video or the input's, with the view's sound in it."""
    video = _view.video or _copy
    if _view.track is None or not isinstance(video, Path):
        return video
    path = spool().folder / f"{fingerprint(_view.track)[:40]}-{video.stem[:40]}.mp4"
    return add_sound(video, _view.track.samples, _view.track.rate, path)


def _with_options(page: Page, values: Mapping[str, Any] | None) -> Page:
    return replace(page, options={**page.options, **(values or {})})


def _part(page: Page, place: str) -> Mapping[str, Any] | None:
    """Draw the system's own widgets at a place."""
    if place not in page.system.parts:
        return None
    with st.container(key=f"part-{place}"):
        drawn: Mapping[str, Any] | None = lazy(page.system.parts[place])(page)
    return drawn
