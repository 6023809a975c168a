"""The charts of an answer: whose they are is chosen by the place that somebody looks at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from hybridcore.figures import GREY, PALETTE, every, lay_out, seconds_axis
from hybridcore.gesture.gestures import COLOURS, GESTURES, NOTHING
from hybridcore.gesture.points import SIDES
from hybridcore.gesture.result import Signer
from hybridcore.gesture.view import GestureAnswer
from hybridcore.layers.flow import Step
from hybridcore.system import At, Fact, States
from hybridcore.text import percent

_LINES = 5  # gestures of the timeline, beside nothing
_KIND_COLOURS = {"lstm": "#7B6FD0", "average": "#3F9C95", "frame": GREY}
_NOTHING = GESTURES.index(NOTHING)


def signer_at(answer: GestureAnswer, at: At) -> Signer | None:
    """The person who is looked at; None where no hands and no shoulders are seen."""
    people = answer.result.offered
    return people[at.item] if at.item < len(people) else None


def facts(answer: GestureAnswer, at: At) -> tuple[Fact, ...]:
    """What one person says, and how well the hands are seen."""
    signer, result = signer_at(answer, at), answer.result
    if signer is None:
        return ()
    named = [s for s in result.segments(signer) if s.label < len(GESTURES)]
    seen = signer.hands.any(1).mean()
    return (
        Fact("Gestures", str(len(named)), ", ".join(dict.fromkeys(s.title for s in named))),
        Fact("A hand in view", percent(float(seen))),
    )


def timeline(answer: GestureAnswer, at: At) -> go.Figure | None:
    """Probability of the main gestures of one person; dashed, from where one is named."""
    signer, result = signer_at(answer, at), answer.result
    if signer is None:
        return None
    p, shown = signer.probabilities(result.kind), every(len(signer.steps))
    best = [k for k in np.argsort(-p.max(0), kind="stable") if k != _NOTHING][:_LINES]
    figure = go.Figure()
    for gesture in [_NOTHING, *sorted(best)]:
        figure.add_scatter(
            x=signer.steps[shown], y=p[shown, gesture], name=GESTURES[gesture], mode="lines",
            line={"width": 2.5, "color": COLOURS[gesture],
                  "dash": "dot" if gesture == _NOTHING else "solid"})
    figure.add_hline(y=result.threshold, line={"width": 1, "color": GREY, "dash": "dash"})
    figure.update_yaxes(range=[0, 1.02], title="probability")
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=280, over_time=True)


def segment_table(answer: GestureAnswer, at: At) -> pd.DataFrame | None:
    """The gestures of one person."""
    signer, result = signer_at(answer, at), answer.result
    segments = () if signer is None else result.segments(signer)
    if not segments:
        return None
    return pd.DataFrame([
        {"start": s.start, "end": s.end, "gesture": s.title, "probability": percent(s.probability)}
        for s in segments])


def comparison(answer: GestureAnswer, at: At) -> go.Figure | None:
    """Probability, by each kind, of what the kind chosen finds likeliest gesture by gesture."""
    signer, result = signer_at(answer, at), answer.result
    if signer is None:
        return None
    gesture = np.full(len(signer.steps), _NOTHING)
    for segment in result.segments(signer):
        gesture[segment.first : segment.last + 1] = segment.gesture
    rows, shown = np.arange(len(gesture)), every(len(gesture))
    figure = go.Figure()
    for kind in reversed(answer.system.kinds):
        p = signer.probabilities(kind.key)[rows, gesture]
        figure.add_scatter(
            x=signer.steps[shown], y=p[shown], name=kind.title, mode="lines",
            text=[GESTURES[k] for k in gesture[shown]], hovertemplate="%{text} %{y:.2f}",
            line={"color": _KIND_COLOURS[kind.key], "dash": "solid" if kind.memory else "dot",
                  "width": 2.5 if kind.key == result.kind else 1.5})
    figure.update_yaxes(range=[0, 1.02], title="probability of the gesture")
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=280, over_time=True)


def paths(answer: GestureAnswer, at: At) -> go.Figure | None:
    """Where the wrists of one person are: across and up, shares of the picture; gaps where a hand
    is not seen."""
    signer, result = signer_at(answer, at), answer.result
    if signer is None or not signer.hands.any():
        return None
    shown, figure = every(len(signer.frames)), go.Figure()
    wrists = signer.points[:, [7, 28]]
    for side, name in enumerate(SIDES):
        for axis, (way, dash) in enumerate((("from the left", "solid"), ("from the top", "dot"))):
            if signer.hands[:, side].any():
                figure.add_scatter(
                    x=signer.times[shown], y=wrists[shown, side, axis], name=f"{name}, {way}",
                    mode="lines", line={"color": PALETTE[side], "width": 2, "dash": dash})
    figure.update_yaxes(title="share of the picture")
    seconds_axis(figure, result.duration)
    return lay_out(figure, height=240, over_time=True)


def states(answer: GestureAnswer, at: At) -> States | None:
    """The LSTM over one person; None of the kinds that have none."""
    signer = signer_at(answer, at)
    if signer is None or (trace := answer.model.trace(signer, answer.kind)) is None:
        return None
    p = signer.probabilities(answer.kind)
    return States(
        trace, signer.steps, np.argsort(-trace.h.std(0)), "most active first",
        note="The network looks 15 times a second, whatever the frame rate of the video.",
        signals={GESTURES[k]: p[:, k] for k in np.unique(p.argmax(1))})


def flow(answer: GestureAnswer, at: At) -> Sequence[Step]:
    """The way of one person's points through the network."""
    signer = signer_at(answer, at)
    return () if signer is None else signer.reading(answer.kind).flow
