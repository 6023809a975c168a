"""Scene labelling: what every frame shows, with memory and without."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from hybridcore.errors import HybridCoreError
from hybridcore.figures import attention_bytes
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.media import Clip, browser_preview
from hybridcore.scene import figures
from hybridcore.scene.annotate import annotate
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.model import KINDS, Kind, SceneConfig
from hybridcore.scene.predict import load_model, lstm_internals, shared_labeler
from hybridcore.scene.result import SceneResult
from hybridcore.scene.samples import SAMPLES, sample_path, sample_thumbnail
from hybridcore.scene.store import load_result, stored_path, weights_digest
from hybridcore.studio import cards, exports, inputs, jobs
from hybridcore.studio.player import (
    Line,
    Overlay,
    Panel,
    PlayerView,
    Seek,
    Series,
    Strip,
    synced_player,
    timeline_layout,
)
from hybridcore.studio.routing import through_app
from hybridcore.weights import load_card

KEY = "scene"
TYPES = (*inputs.VIDEO_TYPES, "gif", "mpg", "mpeg", "ts", "wmv", "3gp", *inputs.PICTURE_TYPES)


@dataclass(frozen=True)
class Answer:
    """A labelled clip and the copy of it that browsers play."""

    clip: Clip
    result: SceneResult
    video: Path


def analyse(clip: Clip, folder: Path, progress: jobs.Progress) -> Answer:
    """The job behind the page; a sample's stored result is used where it fits."""
    result = load_result(stored_path(clip.sha256), clip.sha256) or shared_labeler().run(
        clip, lambda done, total: progress.update(done, total, "Labelling frames"))
    video = browser_preview(
        clip, folder, cancelled=progress.cancelled,
        progress=lambda part: progress.update(int(100 * part), 100, "Preparing the video"))
    return Answer(clip, result, video)


@st.cache_resource(max_entries=24, show_spinner=False)
def player_view(name: str, kind: Kind, _answer: Answer) -> PlayerView:
    """One view a clip and model, kept so that its arrays go to the browser once."""
    result, tracks = _answer.result, _answer.result.tracks
    colours = figures.scene_colours(result, kind)
    order: list[Kind] = [kind, *(k for k in KINDS if k != kind)]
    strips = [
        Strip(figures.MODEL_NAMES[k], tracks[k].top[0][:, 0], result.scene_names, colours,
              tracks[k].top[1][:, 0]) for k in order
    ]
    strips.append(Strip("Group", result.groups.argmax(1), GROUPS, figures.GROUP_COLOURS,
                        result.groups.max(1)))
    shown: list[Kind] = [kind] if kind == "frame" else [kind, "frame"]
    bars = [
        Series(figures.MODEL_NAMES[k], result.scene_names, *tracks[k].top,
               hollow=k == "frame", colours=colours) for k in shown
    ]
    objects = Series("ImageNet", result.object_names, result.objects, result.object_probability)
    return PlayerView(
        video=_answer.video, times=result.times, strips=strips,
        overlays=[Overlay("Attention", attention_bytes(tracks[kind].attention))],
        panels=[
            Panel("Scene", bars, [Line("Group", GROUPS, result.groups.argmax(1))]),
            Panel("Objects", [objects]),
        ],
        cuts=result.times[result.cut_frames(kind)], size=(result.width, result.height),
        alt=f"The clip {name}", sound=_answer.clip.info.has_sound,
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def internals(name: str, _result: SceneResult) -> LSTMTrace:
    return lstm_internals(load_model("lstm"), _result)


@st.cache_data(max_entries=8, show_spinner="Drawing the attention")
def attention_strip(name: str, kind: Kind, _answer: Answer) -> go.Figure:
    result = _answer.result
    at = np.unique(np.linspace(0, len(result) - 1, 10).round().astype(int))
    size = (90, max(40, round(90 * result.width / result.height)))
    track = result.tracks[kind]
    return figures.attention_strip(
        [_answer.clip.frame_at(float(result.times[t]), size) for t in at], track.attention[at],
        result.times[at], [result.scene_names[i] for i in track.top[0][at, 0]])


@st.fragment
def watch(answer: Answer, kind: Kind) -> None:
    """Player, timeline and segments: what follows the playhead."""
    result, name = answer.result, answer.clip.sha256
    segments = result.segments(kind)
    chosen = st.session_state.get(f"{KEY}.segments.{kind}", {}).get("selection", {}).get("rows", [])
    seek = Seek(segments[chosen[0]].start, st.session_state.get(f"{KEY}.seeks", 0)) \
        if chosen and chosen[0] < len(segments) else None
    frame = synced_player(player_view(name, kind, answer), key=KEY, seek=seek)
    st.plotly_chart(timeline_layout(figures.timeline(result, kind), KEY), key=f"{KEY}.timeline",
                    alt="Probability of the main scenes over time")
    table, votes = st.columns([3, 2])
    with table:
        st.markdown("**Segments** · choose a row to go there")
        st.dataframe(
            figures.segment_table(result, kind), hide_index=True, height=260,
            key=f"{KEY}.segments.{kind}", selection_mode="single-row", on_select=count_seek)
        exports.download_bar([
            exports.Export("CSV", "scenes.csv", "text/csv", lambda: result.to_csv(kind).encode()),
            exports.Export("JSON", "scenes.json", "application/json",
                           lambda: result.to_json_text(kind).encode()),
            exports.Export("annotated MP4", "scenes.mp4", "video/mp4", partial(
                write_annotated, answer, kind), slow=True),
        ], key=f"{name[:16]}.{kind}")
    with votes:
        st.markdown(f"**What voted for the group** · frame {frame}")
        st.plotly_chart(figures.object_votes(result, frame), key=f"{KEY}.votes",
                        alt="Objects of this frame and the groups that they speak for")


def count_seek() -> None:
    st.session_state[f"{KEY}.seeks"] = st.session_state.get(f"{KEY}.seeks", 0) + 1


def write_annotated(answer: Answer, kind: Kind, progress: jobs.Progress) -> Path:
    path = answer.video.with_name(f"{answer.clip.sha256}-{kind}-annotated.mp4")
    return annotate(answer.clip, answer.result, kind, path,
                    lambda done, total: progress.update(done, total, "Writing video"))


@st.fragment
def look_inside(answer: Answer, kind: Kind) -> None:
    """Attention, gates and states, the models side by side, groups, data flow."""
    result, name = answer.result, answer.clip.sha256
    attention, gates, models, groups, flow = st.tabs(
        ["Attention", "Gates and states", "Models side by side", "Groups", "Data flow"])
    with attention:
        st.caption("Brighter is where the network looked; the map sums to one over 5 x 5 cells.")
        st.plotly_chart(attention_strip(name, kind, answer), key=f"{KEY}.attention",
                        alt="Frames of the clip under their attention maps")
    with gates:
        st.caption("The first 100 units sum the evidence for one scene each, with weights that all "
                   "scenes share; the others are free to hold what the network found useful.")
        trace = internals(name, result)
        units = figures.units_by_cuts(trace, result.cut_frames("lstm"))
        left, right = st.columns([1, 3])
        unit = left.selectbox("Unit, those that change most at cuts first", units.tolist(),
                              key=f"{KEY}.unit", format_func=lambda u: figures.unit_name(u, result))
        shown = right.slider("Units shown", 8, 128, 48, step=8, key=f"{KEY}.units")
        st.plotly_chart(timeline_layout(figures.unit_lines(trace, result, unit), KEY),
                        key=f"{KEY}.unit.lines", alt=f"Gates and states of unit {unit} over time")
        st.plotly_chart(timeline_layout(figures.gate_maps(trace, result, units[:shown]), KEY),
                        key=f"{KEY}.gates", alt="Heat maps of gates and states over time")
    with models:
        st.caption("How sure each model is of the scene that the LSTM's segments name.")
        st.plotly_chart(timeline_layout(figures.comparison(result), KEY),
                        key=f"{KEY}.comparison",
                        alt="Probability of the segment's scene under each model")
    with groups:
        st.plotly_chart(timeline_layout(figures.group_areas(result), KEY),
                        key=f"{KEY}.groups",
                        alt="Share of indoor, outdoor natural and outdoor built over time")
    with flow:
        config = SceneConfig(**load_card(f"scene_{kind}")["config"])
        st.plotly_chart(figures.data_flow(result, kind, config), key=f"{KEY}.flow",
                        alt="Tensors of this clip on their way through the network")


through_app()
head, about = st.columns([5, 1], vertical_alignment="bottom")
head.title("Scene labelling")
head.caption("What each frame shows, remembered from the frames before: an EfficientNet-Lite "
             "looks, an LSTM remembers, and beside it stands the same network without memory.")
with about.popover("About", icon=":material/info:", width="stretch"):
    for card_name in ("scene_lstm", "encoder"):
        cards.show_card(load_card(card_name))

source = inputs.pick_clip(
    [inputs.Sample(s.title, s.caption, partial(sample_path, s, inputs.spool().folder),
                   sample_thumbnail(s, inputs.spool().folder)) for s in SAMPLES],
    key=f"{KEY}.source", types=TYPES)
if source is None:
    st.stop()
try:
    opened = Clip.open(source.path)
except HybridCoreError as error:
    st.error(str(error), icon=":material/error:")
    st.stop()
work = partial(analyse, opened, inputs.spool().folder)
found = jobs.show(jobs.submit((KEY, opened.sha256, weights_digest()), work))
if found is not None:
    model: Kind = st.segmented_control(
        "Model", KINDS, format_func=lambda k: figures.MODEL_NAMES[k], default="lstm", required=True,
        key=f"{KEY}.model", persist_state="session")
    watch(found, model)
    st.subheader("Look inside")
    look_inside(found, model)
