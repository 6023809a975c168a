"""The charts of an answer: whose they are is chosen by the place that somebody looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from hybridcore.figures import GREY, PALETTE, every, lay_out, seconds_axis
from hybridcore.layers.flow import Step
from hybridcore.pose.actions import ACTIONS, COLOURS, NOT_SURE
from hybridcore.pose.measures import BODY, angles, joints_of, speeds
from hybridcore.pose.result import Body, PoseResult
from hybridcore.pose.view import PoseAnswer
from hybridcore.system import At, Fact, States
from hybridcore.text import percent

_LINES = 6  # actions of the timeline
_KIND_COLOURS = {"lstm": "#7B6FD0", "tcn": "#C2564B", "speed": "#3F9C95", "pose": GREY}
_DASHES = ("solid", "dot", "dash")  # of actions that share a colour
_SIDES = {"left": "solid", "right": "dot"}


def body_at(answer: PoseAnswer, at: At) -> Body | None:
    """The person who is looked at; None where nobody is seen."""
    bodies = answer.result.offered
    return bodies[at.item] if at.item < len(bodies) else None


def facts(answer: PoseAnswer, at: At) -> tuple[Fact, ...]:
    """What one person does now, and over all of the time."""
    body, result = body_at(answer, at), answer.result
    if body is None:
        return ()
    action, probability = body.action(result.kind)
    return (
        Fact("People", str(len(result.bodies)),
             f"{result.crowd} at once" if len(result.bodies) > 1 else ""),
        Fact("In view", f"{body.times[-1] - body.times[0]:.1f} s"),
        Fact("Mostly", action, percent(probability)) if probability >= result.threshold else
        Fact("Mostly", NOT_SURE, f"{action}? {percent(probability)}"),
    )


def timeline(answer: PoseAnswer, at: At) -> go.Figure | None:
    """Probability of the main actions of one person; dashed, from where an action is named."""
    body, result = body_at(answer, at), answer.result
    if body is None:
        return None
    p, shown = body.probabilities(result.kind), every(len(body.frames))
    figure = go.Figure()
    for action in _main(p):
        same = sum(COLOURS[action] == line.line.color for line in figure.data)
        figure.add_scatter(
            x=body.times[shown], y=p[shown, action], name=ACTIONS[action], mode="lines",
            line={"width": 2.5, "color": COLOURS[action], "dash": _DASHES[same % len(_DASHES)]})
    figure.add_hline(y=result.threshold, line={"width": 1, "color": GREY, "dash": "dash"})
    figure.update_yaxes(range=[0, 1.02], title="probability")
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=280, over_time=True)


def angle_lines(answer: PoseAnswer, at: At) -> go.Figure | None:
    """Angles at elbows, shoulders, hips and knees of one person, degrees."""
    body, result = body_at(answer, at), answer.result
    if body is None:
        return None
    return _sided(angles(_joints(body, result)), body, result, "degrees, 180 is stretched")


def speed_lines(answer: PoseAnswer, at: At) -> go.Figure | None:
    """Speeds of wrists, ankles and the whole body of one person, torsos a second."""
    body, result = body_at(answer, at), answer.result
    if body is None or len(body.frames) < 2:
        return None
    return _sided(speeds(_joints(body, result), body.times), body, result, "torso lengths a second")


def segment_table(answer: PoseAnswer, at: At) -> pd.DataFrame | None:
    """What one person does, stretch by stretch."""
    body, result = body_at(answer, at), answer.result
    if body is None:
        return None
    return pd.DataFrame([
        {"start": s.start, "end": s.end, "action": s.title, "probability": percent(s.probability)}
        for s in result.segments(body)])


def comparison(answer: PoseAnswer, at: At) -> go.Figure | None:
    """Probability, by each network, of what the network chosen finds likeliest stretch by
    stretch."""
    body, result = body_at(answer, at), answer.result
    if body is None:
        return None
    action = np.zeros(len(body.steps), np.int64)
    for segment in result.segments(body):
        action[segment.first : segment.last + 1] = segment.action
    rows, shown = np.arange(len(action)), every(len(action))
    figure = go.Figure()
    for kind in reversed(answer.system.kinds):
        p = body.readings[kind.key].probabilities[rows, action]
        figure.add_scatter(
            x=body.steps[shown], y=p[shown], name=kind.title, mode="lines",
            text=[ACTIONS[k] for k in action[shown]], hovertemplate="%{text} %{y:.2f}",
            line={"color": _KIND_COLOURS[kind.key], "dash": "solid" if kind.memory else "dot",
                  "width": 2.5 if kind.key == result.kind else 1.5})
    figure.update_yaxes(range=[0, 1.02], title="probability of the stretch's action")
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=280, over_time=True)


def visibility(answer: PoseAnswer, at: At) -> go.Figure | None:
    """How well each part of one person is seen, over time."""
    body, result = body_at(answer, at), answer.result
    if body is None:
        return None
    parts = {"head": range(11), "arms": range(13, 17), "torso": (11, 12, 23, 24),
             "legs": range(25, 29)}
    shown, figure = every(len(body.frames)), go.Figure()
    for k, (name, points) in enumerate(parts.items()):
        figure.add_scatter(
            x=body.times[shown], y=body.visibility[:, list(points)].mean(1)[shown], name=name,
            mode="lines", line={"color": PALETTE[k], "width": 2})
    figure.update_yaxes(range=[0, 1.02], title="visibility")
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=220, over_time=True)


def states(answer: PoseAnswer, at: At) -> States | None:
    """The LSTM over one person; None of the networks that have none."""
    body = body_at(answer, at)
    if body is None or (trace := answer.model.trace(body, answer.kind)) is None:
        return None
    p = body.readings[answer.kind].probabilities
    return States(
        trace, body.steps, np.argsort(-trace.h.std(0)), "most active first",
        note="The network looks 15 times a second, whatever the frame rate of the video.",
        signals={ACTIONS[k]: p[:, k] for k in np.unique(p.argmax(1))})


def flow(answer: PoseAnswer, at: At) -> Sequence[Step]:
    """The way of one person's joints through the network."""
    body = body_at(answer, at)
    return () if body is None else body.readings[answer.kind].flow


def _joints(body: Body, result: PoseResult) -> np.ndarray:
    return joints_of(body.landmarks, body.visibility, (result.height, result.width))


def _main(p: np.ndarray) -> list[int]:
    """The actions worth a line: those that lead somewhere, then the likeliest."""
    led = np.bincount(p.argmax(1), minlength=p.shape[1])
    return np.argsort(-(led + p.mean(0)))[:_LINES].tolist()


def _sided(
    lines: Mapping[str, np.ndarray], body: Body, result: PoseResult, title: str
) -> go.Figure | None:
    """A line each over the times of a body, gaps where it is not seen; left solid, right dotted in
    one colour; None where nothing is known."""
    shown, figure = every(len(body.frames)), go.Figure()
    names = list(dict.fromkeys(name.split(" ", 1)[1] for name in lines if name != BODY))
    for name, values in lines.items():
        if not np.isfinite(values).any():
            continue
        side, _, part = name.partition(" ")
        figure.add_scatter(
            x=body.times[shown], y=values[shown], name=name, mode="lines",
            line={"width": 2, "dash": _SIDES.get(side, "solid"),
                  "color": GREY if name == BODY else PALETTE[names.index(part)]})
    if not figure.data:
        return None
    figure.update_yaxes(title=title, rangemode="tozero")
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=260, over_time=True)
