"""Labels of your own: mark stretches of clips, let a head learn them, see what it says of clips.

Everything is kept in the session: the marks of every clip, the head, and what it said of each clip.
What is marked and what is said are strips of the player.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from hybridcore.answers import finish, look, shared_model
from hybridcore.cards import load_card
from hybridcore.errors import HybridCoreError, TextError
from hybridcore.own_labels import (
    features_key,
    features_of,
    label_answer,
    new_head,
    open_head,
    stored_features,
)
from hybridcore.stages import JobProgress
from hybridcore.store import store
from hybridcore.studio.chosen import Chosen, kept, open_chosen
from hybridcore.studio.fingerprint import fingerprint
from hybridcore.studio.markdown import plain
from hybridcore.studio.player import position
from hybridcore.studio.problems import show_problem
from hybridcore.studio.progress import run_job
from hybridcore.studio.seeking import seek
from hybridcore.studio.widget_state import choice, event
from hybridcore.system import Answer, System
from hybridcore.tables import metric_text
from hybridcore.teach.fit import Lesson
from hybridcore.teach.head import Head
from hybridcore.teach.head_file import to_bytes
from hybridcore.teach.labelled import Labelled, marks_strip
from hybridcore.teach.marks import Mark, in_order, names_of, read_marks, to_csv, to_vtt
from hybridcore.text import clock_text
from hybridcore.view import PlayerView

_BEST = "what does best"
_BEST_WHEN = "Tries each on stretches held out; takes the first unless another is clearly better."
_LEARNING = 0.3  # of the time of the job, where features have to be computed


@dataclass
class Own:
    """What a session has of its own for one system.

    marks: by the digest of the clip. clips: what was chosen, likewise, and the options of its
    answer. head: what was taught or opened last. said: by the digest of the clip, of this head.
    asked: the key of the job that learns, while somebody waits for it; aspect: what it learns from,
    None for what does best. problem: what was wrong with what was asked last.
    """

    marks: dict[str, tuple[Mark, ...]] = field(default_factory=dict)
    clips: dict[str, tuple[Chosen, dict[str, Any], str]] = field(default_factory=dict)
    head: Head | None = None
    said: dict[str, Labelled] = field(default_factory=dict)
    asked: tuple[str, str] | None = None
    aspect: str | None = None
    problem: str = ""
    views: dict[tuple[int, ...], PlayerView] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """All labels of all clips."""
        return names_of(mark for marks in self.marks.values() for mark in marks)

    def take(self, head: Head) -> None:
        """Use a head from now on."""
        self.head, self.said, self.asked, self.problem = head, {}, None, ""


def own(system: System) -> Own:
    """That of this session."""
    kept: Own = st.session_state.setdefault(f"{system.key}.own", Own())
    return kept


def with_own_strips(view: PlayerView, answer: Answer[Any, Any]) -> PlayerView:
    """The view with what is marked and what the head says under its own strips; the same object
    while these stay the same."""
    if answer.system.teaching is None:
        return view
    mine, digest = own(answer.system), answer.source.digest
    marks, said = mine.marks.get(digest, ()), mine.said.get(digest)
    if not marks and said is None:
        return view
    key = (id(view), hash((marks, mine.names)), id(said))
    if key not in mine.views:
        strips = [*view.strips]
        if said is not None:
            strips.append(said.strip(view.times))
        if marks:
            strips.append(marks_strip(marks, view.times, mine.names))
        mine.views = {key: replace(view, strips=strips)}
    return mine.views[key]


def own_labels(
    system: System, chosen: Chosen, answer: Answer[Any, Any], times: Sequence[float]
) -> None:
    """The part of the page. ``times``: s, of the frames of the player."""
    mine = own(system)
    opened = f"{system.key}.own.open"
    with st.expander("Labels of your own", icon=":material/new_label:", key=opened,
                     on_change="rerun") as expander:
        if not (expander.open or mine.asked):
            return
        st.caption(
            "Mark stretches of one or more clips with names of your own, each name several times. "
            "A small recurrent network then learns them in seconds, on this machine, from what the "
            "frozen networks see, and labels the rest of the clip and other clips.")
        left, right = st.columns(2, gap="medium")
        with left:
            _marking(system, chosen, answer, times)
        with right:
            _learning(system, answer)


def _marking(
    system: System, chosen: Chosen, answer: Answer[Any, Any], times: Sequence[float]
) -> None:
    """The marks of this clip."""
    mine, digest, key = own(system), answer.source.digest, f"{system.key}.own"
    state, end = st.session_state, float(answer.source.duration or times[-1])
    frame = float(times[-1]) if len(times) < 2 else float(times[1] - times[0])

    def from_here() -> None:
        state[f"{key}.from"] = _here()

    def to_here() -> None:
        state[f"{key}.to"] = min(end, _here() + frame)  # the frame that is seen is in it

    def _here() -> float:
        return round(float(times[min(position(system.key), len(times) - 1)]), 3)

    def put(marks: Sequence[Mark]) -> None:
        mine.marks[digest] = in_order(marks)
        mine.clips[digest] = chosen, dict(answer.options), answer.kind
        _ = mine.names  # too many labels are refused
        mine.problem = ""

    def add() -> None:
        before = mine.marks.get(digest, ())
        try:
            put([*before, Mark(state[f"{key}.from"], state[f"{key}.to"],
                               (state[f"{key}.name"] or "").strip())])
        except TextError as error:
            mine.marks[digest] = before
            mine.problem = str(error)

    def remove() -> None:
        gone = set((event(f"{key}.table", "selection") or {}).get("rows", ()))
        mine.marks[digest] = tuple(
            m for k, m in enumerate(mine.marks.get(digest, ())) if k not in gone)

    def bring() -> None:
        file = state.get(f"{key}.file")
        before = mine.marks.get(digest, ())
        if file is None:
            return
        try:
            put(sorted({*before, *read_marks(file.getvalue(), file.name)}))
        except TextError as error:
            mine.marks[digest] = before
            mine.problem = str(error)

    st.markdown("**1 · Mark stretches** where the player stands")
    for name, value in ((f"{key}.from", 0.0), (f"{key}.to", end)):
        state[name] = min(max(0.0, float(state.get(name, value))), end)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        st.button("From here", icon=":material/line_start:", key=f"{key}.from here",
                  on_click=from_here)
        st.number_input("from (s)", 0.0, end, key=f"{key}.from", step=0.1, format="%.2f", width=120)
        st.button("To here", icon=":material/line_end:", key=f"{key}.to here", on_click=to_here)
        st.number_input("to (s)", 0.0, end, key=f"{key}.to", step=0.1, format="%.2f", width=120)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Label", mine.names, index=None, accept_new_options=True,
                     placeholder="choose or type a name", key=f"{key}.name")
        st.button("Add", icon=":material/add:", key=f"{key}.add", on_click=add, type="primary")
    if mine.problem:
        show_problem(plain(mine.problem))
    marks = mine.marks.get(digest, ())
    if marks:
        table = pd.DataFrame({
            "from": [clock_text(m.start) for m in marks], "to": [clock_text(m.end) for m in marks],
            "label": [m.label for m in marks], "seconds": [round(m.seconds, 2) for m in marks]})
        st.dataframe(table, key=f"{key}.table", hide_index=True, on_select="rerun", height=190,
                     selection_mode="multi-row")
    others = sum(len(marked) for other, marked in mine.marks.items() if other != digest)
    if others:
        st.caption(f"And {others} stretches of other clips, which it learns from too.")
    with st.container(horizontal=True):
        st.button("Remove selected", icon=":material/delete:", key=f"{key}.remove", on_click=remove,
                  disabled=not marks)
        st.download_button("CSV", to_csv(marks), "marks.csv", "text/csv", key=f"{key}.csv",
                           icon=":material/download:", on_click="ignore", disabled=not marks)
        st.download_button("VTT", to_vtt(marks), "marks.vtt", "text/vtt", key=f"{key}.vtt",
                           icon=":material/download:", on_click="ignore", disabled=not marks)
    st.file_uploader("Marks of this clip from a file: CSV with start, end, label, or VTT",
                     type=["csv", "vtt"], key=f"{key}.file", on_change=bring)


def _learning(system: System, answer: Answer[Any, Any]) -> None:
    """The head: taught, opened, kept, and what it says of this clip."""
    mine, key = own(system), f"{system.key}.own"
    assert system.teaching is not None

    def ask() -> None:
        mine.aspect = choice(f"{key}.aspect", whens)
        mine.asked = "teach", fingerprint([mine.marks, system.key, mine.aspect])
        mine.problem = ""

    def opened() -> None:
        file = st.session_state.get(f"{key}.head")
        if file is not None:
            _open(system, file.getvalue(), file.name)

    st.markdown("**2 · Learn**, or open a head that was taught before")
    whens = {aspect.title: aspect.when for aspect in system.teaching.aspects}
    if len(whens) > 1:
        said = {_BEST: _BEST_WHEN, **whens}
        title = st.selectbox("What to learn from", list(said), key=f"{key}.aspect",
                             format_func=lambda title: title[0].upper() + title[1:])
        st.caption(said[title])
    count = sum(len(marks) for marks in mine.marks.values())
    with st.container(horizontal=True, vertical_alignment="center"):
        ready = len(mine.names) > 1
        st.button("Learn", icon=":material/school:", key=f"{key}.learn", on_click=ask,
                  disabled=not ready, type="primary" if ready else "secondary")
        st.caption(f"{count} stretches of {len(mine.names)} labels"
                   + ("" if ready else "; at least two labels are needed"))
    if mine.asked:
        _teach(system, mine)
    st.file_uploader("A head: the safetensors file that was downloaded here", type=["safetensors"],
                     key=f"{key}.head", on_change=opened)
    for name in system.teaching.heads:
        _example(system, name)
    if mine.head is not None:
        _head(system, answer, mine.head)


def _example(system: System, name: str) -> None:
    """A head that ships: to be used, with what was measured and what it cannot do."""
    card = load_card(name)
    with st.container(border=True):
        st.button(card["title"], key=f"{system.key}.own.ready {name}", on_click=_open,
                  args=(system, Path(name), name), icon=":material/labs:")
        figures = "; ".join(metric_text(row) for row in card["metrics"] if row.get("headline"))
        st.caption(plain(f"{card['description']} Measured: {figures}."))
        st.caption(plain(f"Limits: {'. '.join(card['limits'])}."))


def _open(system: System, head: Path | bytes, name: str) -> None:
    mine = own(system)
    try:
        mine.take(open_head(system, head, name))
    except HybridCoreError as error:
        mine.problem = str(error)


def _teach(system: System, mine: Own) -> None:
    """The job that learns; the head is taken once it is done."""
    assert mine.asked is not None
    clips = {digest: (*mine.clips[digest], marks) for digest, marks in mine.marks.items() if marks}
    size = sum(marks[-1].end for *_, marks in clips.values())
    ready = all(store().holds(features_key(system, digest)) for digest in clips)
    head = run_job(mine.asked, partial(_lessons, system, clips, ready, mine.aspect), size=size)
    if head is not None:
        mine.take(head)
        st.rerun(scope="app")


def _lessons(
    system: System, clips: dict[str, tuple[Chosen, dict[str, Any], str, tuple[Mark, ...]]],
    ready: bool, aspect: str | None, progress: JobProgress,
) -> Head:
    """The job: features of every clip that is marked, then the head."""
    lessons = []
    for digest, (chosen, options, kind, marks) in clips.items():
        features = stored_features(system, digest)
        if features is None:
            stage = progress.stage(f"Looking at {chosen.name}", (1 - _LEARNING) / len(clips))
            with kept(system, chosen):
                reader, source = open_chosen(system, chosen)
                outputs = look(system, reader, source, options)
                answer = finish(system, shared_model(system), outputs, source, kind, options)
                features = features_of(answer, stage)
        lessons.append(Lesson(features, marks))
    return new_head(system, lessons, "Your labels", aspect, progress.stage(
        "Learning", 1.0 if ready else _LEARNING))


def _head(system: System, answer: Answer[Any, Any], head: Head) -> None:
    """What is known of a head, and what it says of this clip."""
    mine, digest, key = own(system), answer.source.digest, f"{system.key}.own"
    amounts = ", ".join(f"{plain(name)} {seconds:.0f} s"
                        for name, seconds in zip(head.names, head.marked, strict=True))
    st.markdown(f"**{plain(head.title)}**: {amounts}")
    st.info(plain(f"{head.held_out.verdict} {head.learned_from}"), icon=":material/fact_check:")
    st.download_button("Head", to_bytes(head), "head.safetensors", "application/octet-stream",
                       icon=":material/download:", key=f"{key}.keep", on_click="ignore")
    if digest not in mine.said:
        name = ("label", fingerprint([to_bytes(head), digest]))

        def work(progress: JobProgress) -> Labelled:
            return label_answer(head, answer, progress.stage("Looking again"))

        said = run_job(name, work, size=answer.source.duration or 1.0,
                       quick=store().holds(features_key(system, digest)))
        if said is None:
            return
        mine.said[digest] = said
        st.rerun(scope="app")  # its strip stands in the player
    _said(system, mine.said[digest])


def _said(system: System, said: Labelled) -> None:
    """What the head says of this clip, as a table and as files."""
    key = f"{system.key}.own.said"

    def go() -> None:
        rows = (event(key, "selection") or {}).get("rows", ())
        if rows and rows[0] < len(said.stretches):
            stretch = said.stretches[rows[0]]
            seek(system.key, stretch.start)

    table = pd.DataFrame(said.rows())
    table["probability"] = 100 * pd.to_numeric(table["probability"])
    st.dataframe(table, key=key, hide_index=True, height=190, on_select=go,
                 selection_mode="single-row", column_config={
                     "probability": st.column_config.NumberColumn(format="%.1f %%")})
    with st.container(horizontal=True):
        for ending, mime, content in (("csv", "text/csv", said.to_csv()),
                                      ("vtt", "text/vtt", said.to_vtt()),
                                      ("json", "application/json", said.to_json())):
            st.download_button(f"Labels as {ending.upper()}", content, f"labels.{ending}", mime,
                               key=f"{key}.{ending}", on_click="ignore",
                               icon=":material/download:")
