"""The page of a system: one skeleton for all of them, drawn from the system's description.

Sentence, files, model and options, the player with the charts that follow it,
downloads, and "Look inside". A system adds widgets that no other has at three places (``parts``):

=========  ==================================================================================
options    beside the option widgets; returns values for options
edit       below the player; returns values for options too, and what it returns is played
below      under everything
=========  ==================================================================================

Each is called with a :class:`Page` and returns a dict of options (or None).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from hybridcore.answers import finish, key_of, look, shared_model
from hybridcore.jobs import board
from hybridcore.media.inputs import Input
from hybridcore.media.mux import add_sound
from hybridcore.stages import JobProgress
from hybridcore.store import store
from hybridcore.studio.charts import draw_charts, look_inside, show_facts
from hybridcore.studio.exports import download_bar
from hybridcore.studio.fingerprint import fingerprint
from hybridcore.studio.header import page_header
from hybridcore.studio.items import choose_item, item_before
from hybridcore.studio.options import choose_kind, option_widgets
from hybridcore.studio.player import synced_player
from hybridcore.studio.problems import stop_on_problem
from hybridcore.studio.progress import run_job
from hybridcore.studio.routing import through_app
from hybridcore.studio.seeking import asked
from hybridcore.studio.sentence import sentence_picture
from hybridcore.studio.sources import Chosen, bring_back, choose_source, open_chosen, plain, spool
from hybridcore.system import Answer, At, Reader, System, lazy
from hybridcore.view import PlayerView


@dataclass(frozen=True)
class Looked:
    """What the job of a page gives: the outputs of the networks, and what a browser can play."""

    outputs: Any
    copy: Path | None


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
    page_header(system)
    chosen = choose_source(system)
    if chosen is None:
        st.stop()
    with stop_on_problem():
        reader, source = open_chosen(system, chosen)
    controls = st.container(horizontal=True, vertical_alignment="bottom")
    with controls:
        kind = choose_kind(system)
        options = option_widgets(system, kind, rerun=True)
    looked = _look(system, reader, source, options, chosen)
    if looked is None:
        st.stop()
    with stop_on_problem():
        model = shared_model(system)
    page = Page(system, chosen, source, kind, looked.outputs, model, options, looked.copy)
    with controls:
        page = _with_options(page, option_widgets(system, kind, rerun=False))
        page = _with_options(page, _part(page, "options"))
    stage, edit, inside = st.container(), st.container(), st.container()
    with edit:
        page = _with_options(page, _part(page, "edit"))
    with stop_on_problem():
        key = f"{key_of(system, reader, source, options)} {kind} {fingerprint(page.options)}"
        answer = _finished(key, page)
    page = replace(page, answer=answer)
    st.session_state[page.name("whole")] = True
    with stage:
        for note in (*source.notes, *system.notes(answer)):
            st.warning(plain(note), icon=":material/info:")
        at = _stage(key, page)
    with inside:
        _inside(key, page, at)
    _part(page, "below")


@st.fragment
def _stage(key: str, page: Page) -> At:
    """What follows the player: it, the sentence, facts, charts and files; where somebody looks."""
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
        frame = synced_player(view, key=system.key, video=video, seek=asked(system.key))
        time = float(view.times[frame])
    item = choose_item(system, items, time)
    at = At(frame=frame, item=item)
    at = replace(at, word=_sentence(page, answer, at))
    if not whole and state.get(page.name("place")) != (at.item, at.word):
        st.rerun()  # what stands below looks at another item or word now
    state[page.name("place")] = at.item, at.word
    show_facts(system, answer, at)
    draw_charts(system, answer, at, key)
    download_bar(answer, partial(bring_back, system, page.chosen), key=key)
    return at


@st.fragment
def _inside(key: str, page: Page, at: At) -> None:
    """Look inside; a tab that is opened draws nothing else anew."""
    assert page.answer is not None
    _keep(page)
    look_inside(page.system, page.answer, at, key)


def _keep(page: Page) -> None:
    """Put off the removal of what a part of the page shows; if something was removed since the
    whole page was drawn, draw it anew: it is made again there, or said to be gone."""
    files = [path for path in (page.chosen.path, page.copy) if path is not None]
    if not all([spool().touch(path) for path in files]):
        st.rerun()


def _sentence(page: Page, answer: Answer[Any, Any], at: At) -> int:
    """The sentence over its picture, if the system says one; the position of the word chosen."""
    system = page.system
    view = system.sentence_view(answer, at)
    if view is None:
        return 0

    def pick(word: int, label: str) -> None:
        for option, value in system.pick(answer, replace(at, word=word), label).items():
            st.session_state[page.name(option)] = value
        st.session_state.pop(page.name("item"), None)
        st.session_state[page.name("picked")] = True

    if st.session_state.pop(page.name("picked"), False):
        st.rerun()  # options stand outside this fragment
    return sentence_picture(view, key=page.name("sentence"), selected=view.selected, on_pick=pick)


def _look(
    system: System, reader: Reader, source: Input, options: Mapping[str, Any], chosen: Chosen
) -> Looked | None:
    """The job behind the page; None while it is not done."""
    key = key_of(system, reader, source, options)
    name, folder = ("look", key), spool().folder
    job = board().find(name)
    if job is not None and isinstance(job.result, Looked) and job.result.copy is not None \
            and not spool().touch(job.result.copy):
        board().forget(name)  # the copy was swept away: it is made again
    # A sample that was looked at before waits for nobody.
    return run_job(
        name, partial(_work, system, reader, source, dict(options), chosen, folder),
        size=source.duration or 1.0, quick=bool(chosen.sample) and store().holds(key))


def _work(
    system: System, reader: Reader, source: Input, options: Mapping[str, Any], chosen: Chosen,
    folder: Path, progress: JobProgress,
) -> Looked:
    bring_back(system, chosen)  # the job may have waited for long
    outputs = look(system, reader, source, options, progress.stage("Looking"))
    return Looked(outputs, source.browser_copy(folder, progress.stage("Preparing the video")))


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
    drawn: Mapping[str, Any] | None = lazy(page.system.parts[place])(page)
    return drawn
