"""Gait: silhouettes, steps and energy images of everybody who walks by, and who they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st

from hybridcore.errors import HybridCoreError
from hybridcore.figures import unit_lines
from hybridcore.gait import figures
from hybridcore.gait.annotate import annotate, film_of_masks, place_of
from hybridcore.gait.background import METHODS, Method
from hybridcore.gait.gallery import Gallery
from hybridcore.gait.masks import RATE, MaskWalk, open_masks
from hybridcore.gait.model import VIEWS
from hybridcore.gait.predict import shared_recognizer
from hybridcore.gait.result import GaitResult, Walk
from hybridcore.gait.samples import SAMPLES, sample_path, sample_thumbnail
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.media import Clip, browser_preview
from hybridcore.studio import cards, exports, inputs, jobs
from hybridcore.studio.player import (
    Line,
    Panel,
    PlayerView,
    Sprites,
    Strip,
    synced_player,
    timeline_layout,
)
from hybridcore.studio.routing import through_app
from hybridcore.weights import load_card

KEY = "gait"
METHOD_NAMES: dict[Method, str] = {
    "auto": "Automatic", "median": "Median", "knn": "KNN", "mog2": "MOG2",
}
STATES = ("counts", "cut off")
STATE_COLOURS = ("#009E73", "#B8B8B8")
PRIVACY = (
    "A gait is biometric data: it can tell who somebody is. Ask people before you enrol them. "
    "Everything stays on this machine, and nothing is kept unless you enrol a walk: then its name, "
    "128 numbers, its energy image and the day, and no picture. A gallery lives in this browser "
    "session until you export it."
)


@dataclass(frozen=True)
class Answer:
    """Walks, and the videos that browsers play: one of the clip, or one of each mask walk."""

    key: str
    clip: Clip | None
    result: GaitResult
    videos: dict[str, Path]

    def video(self, walk: Walk | None) -> Path:
        """The video in which a walk is seen."""
        return self.videos[walk.name if self.clip is None and walk else ""]

    def times(self, walk: Walk | None) -> np.ndarray:
        """Times of the frames of that video, s."""
        if self.clip is None and walk:
            return np.arange(int(walk.frames[-1]) + 1) / RATE
        return self.result.times

    def duration(self, walk: Walk) -> float:
        """Its length, s."""
        return self.result.duration if self.clip else float(self.times(walk)[-1]) + 1 / RATE


def analyse_clip(clip: Clip, method: Method, folder: Path, progress: jobs.Progress) -> Answer:
    """The job behind the page, for a video."""
    result = shared_recognizer().run(
        clip, None, lambda done, total: progress.update(done, total, "Following people"),
        method=method)
    video = browser_preview(
        clip, folder, cancelled=progress.cancelled,
        progress=lambda part: progress.update(int(100 * part), 100, "Preparing the video"))
    return Answer(f"{clip.sha256}.{method}", clip, result, {"": video})


def analyse_masks(path: Path, folder: Path, progress: jobs.Progress) -> Answer:
    """The job behind the page, for a zip of masks."""
    sets: list[MaskWalk] = open_masks(path)
    result = shared_recognizer().run(
        sets, None, lambda done, total: progress.update(done, total, "Reading masks"))
    shown = {walk.name for walk in result.walks}
    videos = {
        masks.name: film_of_masks(masks, folder / f"{path.stem}-{number}.mp4")
        for number, masks in enumerate(sets) if masks.name in shown
    }
    return Answer(path.stem, None, result, videos)


def session_gallery() -> Gallery:
    """The gallery of this browser session: in memory until it is exported."""
    if f"{KEY}.gallery" not in st.session_state:
        st.session_state[f"{KEY}.gallery"] = shared_recognizer().open_gallery(None)
    gallery: Gallery = st.session_state[f"{KEY}.gallery"]
    return gallery


@st.cache_resource(max_entries=24, show_spinner=False)
def player_view(key: str, chosen: int, known: str, _answer: Answer, _gallery: Gallery
                ) -> PlayerView:
    """One view an answer, walker and content of the gallery, so that its arrays go out once."""
    walk = next((w for w in _answer.result.walks if w.id == chosen), None)
    times = _answer.times(walk)
    shown = [w for w in _answer.result.walks if _answer.clip or w is walk]
    strips, sprites = [], []
    for each in shown:
        codes = np.full(len(times), -1)
        codes[each.frames] = np.where(each.usable, 0, 1)
        colours = (figures.colour_of(each), STATE_COLOURS[1])
        strips.append(Strip(each.name, codes, STATES, colours))
        sprites.append(Sprites(
            each.name, figures.colour_of(each), each.frames, each.silhouettes,
            place_of(each, (_answer.result.height, _answer.result.width)), each.boxes,
            each.usable))
    panels = []
    if walk is not None:
        panels.append(Panel(walk.name, sprites=[shown.index(walk)],
                            lines=said_so_far(walk, _gallery, len(times))))
    return PlayerView(
        video=_answer.video(walk), times=times, strips=strips[:6], panels=panels, sprites=sprites,
        size=(_answer.result.width, _answer.result.height), alt="People walking")


def said_so_far(walk: Walk, gallery: Gallery, count: int) -> list[Line]:
    """What the network says at every frame: who, and from which angle."""
    identity = walk.identity
    if identity is None:
        return []
    at = walk.frames[walk.usable][identity.at]
    last = np.searchsorted(at, np.arange(count), side="right") - 1  # -1 before the first
    views = np.where(last < 0, -1, identity.views.argmax(1)[last])
    lines = [Line("View so far", [f"{view}°" for view in VIEWS], views)]
    names, apart = figures.distances_to(identity, gallery)
    if names:
        who = np.where(apart.min(1) <= gallery.threshold, apart.argmin(1), len(names))
        lines.insert(0, Line("Who so far", [*names, "nobody known"],
                             np.where(last < 0, -1, who[last])))
    return lines


@st.cache_resource(max_entries=8, show_spinner=False)
def internals(key: str, chosen: int, _walk: Walk) -> LSTMTrace:
    assert _walk.identity is not None
    return shared_recognizer().trace(_walk.identity)


@st.fragment
def watch(answer: Answer, walk: Walk | None, gallery: Gallery) -> None:
    """Player, silhouettes, steps and energy images: what follows the playhead."""
    if walk is None and answer.clip is None:
        return
    synced_player(
        player_view(answer.key, walk.id if walk else 0, gallery.fingerprint(), answer, gallery),
        key=KEY)
    if walk is None:
        return
    duration = answer.duration(walk)
    show_numbers(walk)
    st.plotly_chart(timeline_layout(figures.silhouette_strip(walk, duration), KEY),
                    key=f"{KEY}.strip", alt="Silhouettes at their times")
    st.plotly_chart(timeline_layout(figures.width_signal(walk, duration), KEY),
                    key=f"{KEY}.width", alt="Width of the lower half over time, with steps")
    st.markdown("**Gait energy image**, entropy image, and the energy image of each cycle")
    st.plotly_chart(figures.energies(walk), key=f"{KEY}.energies", alt="Gait energy images")
    st.markdown("**Identity at every frame**, from all silhouettes so far")
    st.plotly_chart(timeline_layout(figures.evidence(walk, gallery, duration), KEY),
                    key=f"{KEY}.evidence", alt="Distance to the enrolled names over time")


def choose_walker(walks: dict[int, Walk]) -> int:
    """The id of the walker to look at."""
    options, key = list(walks), f"{KEY}.walker"
    if len(walks) > 6:
        return st.selectbox("Walker", options, format_func=lambda k: walks[k].name, key=key)
    return st.segmented_control("Walker", options, format_func=lambda k: walks[k].name, key=key,
                                default=options[0], required=True)


def show_numbers(walk: Walk) -> None:
    """Steps, view and identity of one walker in a row."""
    rhythm, best = walk.rhythm, walk.matches[0] if walk.matches else None
    who = "nobody enrolled" if best is None else best.name if best.accepted else "nobody known"
    cells = st.columns(5)
    cadence = rhythm.cadence
    cells[0].metric("Cadence", "unknown" if cadence is None else f"{cadence:.0f} steps/min")
    cells[1].metric("Cycles", len(rhythm.cycles))
    cells[2].metric("Left-right symmetry",
                    "unknown" if rhythm.symmetry is None else f"{rhythm.symmetry:.2f}")
    cells[3].metric("View", "unknown" if walk.view is None else f"{walk.view}°")
    cells[4].metric("Who", who, None if best is None else f"distance {best.distance:.2f}",
                    delta_color="off", delta_arrow="off")
    for note in walk.notes:
        st.caption(f":material/info: {note}")


def enrol(walk: Walk, gallery: Gallery) -> None:
    try:
        walk.enrol(gallery, st.session_state[f"{KEY}.name"])
    except HybridCoreError as error:
        st.session_state[f"{KEY}.problem"] = str(error)
    st.session_state[f"{KEY}.name"] = ""


def open_file() -> None:
    """Take a gallery file that was exported before; its content is read, the file is not kept."""
    upload = st.session_state.get(f"{KEY}.upload")
    if upload is None:
        return
    try:
        st.session_state[f"{KEY}.gallery"] = session_gallery().restored(upload.getvalue())
    except HybridCoreError as error:
        st.session_state[f"{KEY}.problem"] = str(error)


def gallery_panel(walk: Walk | None, gallery: Gallery) -> None:
    """Enrol, open, export, delete."""
    st.subheader("Gallery")
    st.caption(PRIVACY)
    if problem := st.session_state.pop(f"{KEY}.problem", None):
        st.error(problem, icon=":material/error:")
    left, right = st.columns([3, 2])
    with left:
        row = st.container(horizontal=True, vertical_alignment="bottom")
        row.text_input("Name of this walker", key=f"{KEY}.name", max_chars=80)
        row.button("Enrol", icon=":material/person_add:", on_click=enrol, args=(walk, gallery),
                   disabled=walk is None or walk.identity is None)
        if walk is not None and walk.matches:
            st.dataframe([
                {"name": m.name, "distance": round(m.distance, 3),
                 "decision": "accepted" if m.accepted else "not close enough"}
                for m in walk.matches
            ], hide_index=True)
        if stranger := gallery.strangers():
            st.caption(f":material/info: {stranger} walks were enrolled with another version of "
                       "the network and cannot be compared.")
    with right:
        for person in gallery.names():
            row = st.container(horizontal=True, vertical_alignment="center")
            row.markdown(f"{person.name} · {person.walks} "
                         f"{'walk' if person.walks == 1 else 'walks'}")
            row.button("Forget", icon=":material/person_remove:", key=f"{KEY}.forget.{person.name}",
                       on_click=gallery.forget, args=(person.name,))
        if len(gallery):
            row = st.container(horizontal=True)
            row.download_button("Export gallery", gallery.export, "gait-gallery.sqlite",
                                "application/vnd.sqlite3", icon=":material/download:",
                                on_click="ignore")
            row.button("Delete everything", icon=":material/delete:", on_click=gallery.delete)
        else:
            st.caption("Nobody is enrolled.")
        st.file_uploader("Open a gallery that you exported", type=["sqlite"], key=f"{KEY}.upload",
                         on_change=open_file)


@st.fragment
def look_inside(answer: Answer, walk: Walk, gallery: Gallery) -> None:
    """Gates and states, embedding map, view, stance, comparison, data flow."""
    duration = answer.duration(walk)
    gates, where, view, floor, against, flow = st.tabs(
        ["Gates and states", "Embedding map", "View", "Stance and swing", "Compare two walks",
         "Data flow"])
    with gates:
        if walk.identity is None:
            st.caption("The network did not read this walk; the notes above say why.")
        else:
            trace = internals(answer.key, walk.id, walk)
            times = walk.used_times[walk.identity.at]
            units = figures.busiest_units(trace)
            unit = st.selectbox("Unit, those that swing most first", units.tolist(),
                                key=f"{KEY}.unit")
            st.plotly_chart(timeline_layout(unit_lines(trace, times, unit), KEY),
                            key=f"{KEY}.unit.lines", alt=f"Gates and states of unit {unit}")
            st.plotly_chart(timeline_layout(figures.gate_maps(trace, times, units[:48]), KEY),
                            key=f"{KEY}.gates", alt="Heat maps of gates and states over time")
    with where:
        st.caption("Walks that lie close walk alike; a star is a walk of this clip.")
        st.plotly_chart(figures.embedding_map(answer.result, gallery), key=f"{KEY}.map",
                        alt="Enrolled walks and those of this clip in a plane")
    with view:
        st.plotly_chart(figures.view_bars(walk), key=f"{KEY}.view", alt="Probability of each angle")
    with floor:
        st.caption("What touches the ground, over time: level streaks are a foot that stands, "
                   "slopes are a foot that swings.")
        st.plotly_chart(timeline_layout(figures.stance(walk, duration), KEY), key=f"{KEY}.stance",
                        alt="Where feet touch the ground over time")
    with against:
        others = {w.id: w for w in answer.result.walks if w.id != walk.id}
        if others:
            other = st.selectbox("Compare with", list(others), key=f"{KEY}.other",
                                 format_func=lambda number: others[number].name)
            st.plotly_chart(figures.compare(walk, others[other]), key=f"{KEY}.compare",
                            alt="Two gait energy images and their difference")
        else:
            st.caption("There is only one walk here.")
    with flow:
        st.plotly_chart(figures.data_flow(walk, shared_recognizer().model.config),
                        key=f"{KEY}.flow", alt="Tensors of this walk on their way")


def downloads(answer: Answer, result: GaitResult) -> None:
    """JSON, CSV, energy images, annotated video; `result` was compared with the gallery."""
    files = [
        exports.Export("JSON", "gait.json", "application/json",
                       lambda: result.to_json_text().encode()),
        exports.Export("CSV", "gait.csv", "text/csv", lambda: result.to_csv().encode()),
        exports.Export("energy images", "gait-energy.png", "image/png",
                       lambda: figures.png(figures.energy_sheet(result))),
    ]
    if answer.clip is not None:
        files.append(exports.Export("annotated MP4", "gait.mp4", "video/mp4",
                                    partial(write_annotated, answer.clip, answer), slow=True))
    exports.download_bar(files, key=answer.key[:24])


def write_annotated(clip: Clip, answer: Answer, progress: jobs.Progress) -> Path:
    return annotate(clip, answer.result, answer.video(None).with_name(f"{answer.key}-gait.mp4"),
                    lambda done, total: progress.update(done, total, "Writing video"))


through_app()
head, about = st.columns([5, 1], vertical_alignment="bottom")
head.title("Gait recognition")
head.caption("People who walk past a fixed camera: silhouettes come off the background, steps are "
             "counted, the gait energy image builds up, and an LSTM says who it is, or that it is "
             "nobody known. Trained briefly on rendered bodies: take a name for a guess.")
with about.popover("About", icon=":material/info:", width="stretch"):
    cards.show_card(load_card("gait_lstm"))

source = inputs.pick_clip(
    [inputs.Sample(s.title, s.caption, partial(sample_path, s), sample_thumbnail(s))
     for s in SAMPLES],
    key=f"{KEY}.source", types=(*inputs.VIDEO_TYPES, "gif", "mpg", "mpeg", "ts", "wmv", "zip"))
if source is None:
    st.stop()
folder = inputs.spool().folder
method: Method = st.segmented_control(
    "Background", METHODS, format_func=METHOD_NAMES.__getitem__, default="auto", required=True,
    key=f"{KEY}.method", persist_state="session", help="Automatic takes the temporal median, and "
    "KNN where much of the picture never rests.")
network = shared_recognizer().network
if source.path.suffix == ".zip":
    job = jobs.submit((KEY, source.path.name, network),
                      partial(analyse_masks, source.path, folder))
else:
    try:
        opened = Clip.open(source.path)
    except HybridCoreError as error:
        st.error(str(error), icon=":material/error:")
        st.stop()
    job = jobs.submit((KEY, opened.sha256, method, network),
                      partial(analyse_clip, opened, method, folder))
found = jobs.show(job)
if found is not None:
    known = session_gallery()
    matched = found.result.matched(known)
    for sentence in matched.notes:
        st.warning(sentence, icon=":material/info:")
    walks = {walk.id: walk for walk in matched.walks}
    picked = walks[choose_walker(walks)] if walks else None
    watch(found, picked, known)
    downloads(found, matched)
    gallery_panel(picked, known)
    if picked is not None:
        st.subheader("Look inside")
        look_inside(found, picked, known)
