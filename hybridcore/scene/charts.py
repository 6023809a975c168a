"""The charts of a scene answer; pure functions to Plotly figures and tables.

The x axis of every figure over time is seconds, so a page can let it follow its player.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from hybridcore import figures
from hybridcore.figures import every, lay_out, seconds_axis
from hybridcore.media import Clip
from hybridcore.scene.colours import GROUP_COLOURS, main_scenes, model_colours, scene_colours
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.labels import names, title
from hybridcore.scene.result import SceneResult
from hybridcore.system import Answer, At
from hybridcore.text import percent

SceneAnswer = Answer[Clip, SceneResult]
_LINES = 5  # scenes of the timeline
_PICTURES = 10  # of the attention strip, each so high:
_PICTURE_HEIGHT, _LEAST_WIDTH = 90, 40  # px


def timeline(answer: SceneAnswer, at: At) -> go.Figure:
    """Probability of the main scenes over time; the model without memory dotted, cuts as lines,
    dashed the probability from which a scene is named."""
    result = answer.result
    shown = every(len(result))
    colours = scene_colours(result)
    twin = next((kind for kind in answer.system.kinds if not kind.memory), None)
    figure = go.Figure()
    for scene in main_scenes(result, _LINES):
        name = result.scene_names[scene]
        figure.add_scatter(
            x=result.times[shown], y=result.track.probabilities[shown, scene], name=name,
            mode="lines", line={"color": colours[scene], "width": 2.5},
        )
        if twin is not None and twin.key != result.kind:
            figure.add_scatter(
                x=result.times[shown], y=result.tracks[twin.key].probabilities[shown, scene],
                name=f"{name}, {twin.title.lower()}", mode="lines", showlegend=False, opacity=0.55,
                line={"color": colours[scene], "width": 1, "dash": "dot"},
            )
    for cut in result.cuts:
        figure.add_vline(x=float(result.times[cut]), line={"width": 1, "color": figures.GREY})
    figure.add_hline(y=result.threshold, line={"width": 1, "color": figures.GREY, "dash": "dash"})
    figure.update_yaxes(range=[0, 1.02], title="probability")
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=300, over_time=True)


def segment_table(answer: SceneAnswer, at: At) -> pd.DataFrame:
    """The segments: start and end (seconds), scene, mean probability, objects and camera."""
    result = answer.result
    return pd.DataFrame([
        {
            "start": segment.start, "end": segment.end,
            "scene": title(segment.label, segment.scene),
            "probability": percent(segment.probability), "contents": result.contents(segment),
        }
        for segment in result.segments
    ])


def object_votes(answer: SceneAnswer, at: At) -> go.Figure:
    """What each of the five likeliest objects of one frame voted for."""
    result = answer.result
    names = [result.object_names[i] for i in result.objects[at.frame]][::-1]
    figure = go.Figure()
    for k, group in enumerate(GROUPS):
        figure.add_bar(
            y=names, x=result.voices[at.frame, ::-1, k], name=group, orientation="h",
            marker={"color": GROUP_COLOURS[k]},
        )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title="probability, split by group")
    figure.update_yaxes(automargin=True)
    return lay_out(figure, height=240)


def attention_strip(answer: SceneAnswer, at: At) -> go.Figure:
    """Frames of the clip, evenly spread, under where the model looked."""
    result, track = answer.result, answer.result.track
    frames = np.unique(np.linspace(0, len(result) - 1, _PICTURES).round().astype(int))
    width = max(_LEAST_WIDTH, round(_PICTURE_HEIGHT * result.width / result.height))
    times = result.times[frames]
    captions = [
        f"{time:.1f} s<br>{names()[label]}"
        for time, label in zip(times, result.said(result.kind)[0][frames], strict=True)
    ]
    pictures = answer.source.frames_at(times.tolist(), (_PICTURE_HEIGHT, width))
    return figures.attention_strip(pictures, track.attention[frames], captions, lines=2)


def comparison(answer: SceneAnswer, at: At) -> go.Figure:
    """Probability, by each model, of the scene likeliest in the segments of the model chosen."""
    result = answer.result
    label = np.zeros(len(result), np.int64)
    for segment in result.segments:
        label[segment.first : segment.last + 1] = segment.scene
    shown, rows = every(len(result)), np.arange(len(result))
    colours = model_colours(answer.system.kinds)
    figure = go.Figure()
    for kind in reversed(answer.system.kinds):
        probability = result.tracks[kind.key].probabilities[rows, label]
        figure.add_scatter(
            x=result.times[shown], y=probability[shown], name=kind.title, mode="lines",
            text=[result.scene_names[i] for i in label[shown]], hovertemplate="%{text} %{y:.2f}",
            line={"color": colours[kind.key], "width": 2.5 if kind.key == result.kind else 1.5,
                  "dash": "solid" if kind.memory else "dot"},
        )
    figure.update_yaxes(range=[0, 1.02], title="probability of the segment's scene")
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=280, over_time=True)


def group_areas(answer: SceneAnswer, at: At) -> go.Figure:
    """Share of each group over time, as voted by the objects."""
    result = answer.result
    shown = every(len(result))
    figure = go.Figure()
    for k, name in enumerate(GROUPS):
        figure.add_scatter(
            x=result.times[shown], y=result.groups[shown, k], name=name, mode="lines",
            stackgroup="one", line={"width": 0, "color": GROUP_COLOURS[k]},
        )
    figure.update_yaxes(range=[0, 1], title="share of the vote")
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=240, over_time=True)
