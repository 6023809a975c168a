"""The race and its networks as Plotly figures. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from hybridcore.figures import GREY, PALETTE, lay_out
from hybridcore.lab.measured import Measured
from hybridcore.lab.race import Runner
from hybridcore.lab.racers import RACERS
from hybridcore.lab.tasks import TASKS

_LEAST, _SHOWN = 1e-10, 1.0  # gradients that are drawn at least
_LOWER, _UPPER = 236, 250  # px of the charts of a race, so that a screen holds both rows
COLOURS = {racer.key: colour for racer, colour in zip(RACERS, PALETTE, strict=False)}


def loss_curves(
    runners: Sequence[Runner], guess: float, over: Literal["steps", "seconds"]
) -> go.Figure:
    """Loss on training batches over steps or seconds; the dotted line is guessing."""
    figure = go.Figure()
    for runner in runners:
        laps = [lap for lap in runner.laps if np.isfinite(lap.loss)]
        figure.add_scatter(
            x=[getattr(lap, over) for lap in laps], y=[lap.loss for lap in laps],
            hovertemplate="%{y:.4f}", **_line(runner))
    figure.add_hline(y=guess, line={"color": GREY, "width": 1, "dash": "dot"})
    figure.add_scatter(x=[0], y=[guess], name="guessing", mode="lines",
                       line={"color": GREY, "width": 1, "dash": "dot"}, hoverinfo="skip")
    figure.update_yaxes(type="log", title="loss", exponentformat="power", dtick="D2")
    title = "seconds of its own" if over == "seconds" else "steps of training"
    figure.update_xaxes(title=title, rangemode="tozero")
    return lay_out(figure.update_layout(showlegend=True), height=_UPPER, over_time=True)


def gradient_lines(runners: Sequence[Runner], lap: int = -1) -> go.Figure:
    """What of the last step's loss reaches each step back, at one lap."""
    figure = go.Figure()
    for runner in runners:
        norms = runner.laps[lap].gradient
        figure.add_scatter(
            x=np.arange(1, len(norms) + 1), y=np.maximum(norms, _LEAST), hovertemplate="%{y:.1e}",
            **_line(runner))
    figure.update_xaxes(title="step of the sequence")
    return _gradients(figure, "gradient now")


def first_step(runners: Sequence[Runner]) -> go.Figure:
    """The gradient that reaches step 1, while the networks learn."""
    figure = go.Figure()
    for runner in runners:
        figure.add_scatter(
            x=[lap.steps for lap in runner.laps],
            y=[max(float(lap.gradient[0]), _LEAST) for lap in runner.laps],
            hovertemplate="%{y:.1e}", **_line(runner))
    figure.update_xaxes(title="steps of training", rangemode="tozero")
    return _gradients(figure, "gradient at step 1")


def _line(runner: Runner) -> dict[str, Any]:
    """How a network is drawn."""
    return {"name": runner.racer.title, "mode": "lines",
            "line": {"color": COLOURS[runner.racer.key], "width": 2}}


def _gradients(figure: go.Figure, title: str) -> go.Figure:
    """Below the loss, whose legend is theirs too."""
    values = [y for trace in figure.data for y in trace.y]
    top = np.log10(max([_SHOWN, *values]))
    figure.update_yaxes(type="log", title=title, exponentformat="power", nticks=6,
                        range=[np.log10(_LEAST), top + 0.5])
    return lay_out(figure.update_layout(showlegend=False), height=_LOWER, over_time=True)


def reached(found: Measured) -> go.Figure:
    """The loss of every network on every task, as a share of that of guessing: a dot a seed."""
    figure = go.Figure()
    for place, racer in enumerate(RACERS):
        runs = [(at, run) for at, task in enumerate(TASKS) for run in found.of(task.key, racer.key)]
        guesses = [TASKS[at].guess(found.lengths[run.task]) for at, run in runs]
        figure.add_scatter(
            x=[at + (place - len(RACERS) / 2) / (len(RACERS) + 2) for at, _ in runs],
            y=[run.loss / guess for (_, run), guess in zip(runs, guesses, strict=True)],
            mode="markers", name=racer.title, marker={"color": COLOURS[racer.key], "size": 9},
            hovertemplate="%{y:.2g} of guessing")
    figure.add_hline(y=1, line={"color": GREY, "width": 1, "dash": "dot"})
    figure.update_yaxes(type="log", title="loss / guessing", exponentformat="power", dtick=1)
    figure.update_xaxes(tickvals=list(range(len(TASKS))), ticktext=[task.title for task in TASKS])
    return lay_out(figure, height=300)


def costs(found: Measured) -> go.Figure:
    """What a new frame of a stream costs every network, µs; on the first task."""
    figure = go.Figure(go.Bar(
        x=[1e6 * found.median(TASKS[0].key, racer.key, "step") for racer in RACERS],
        y=[racer.title for racer in RACERS], orientation="h", hovertemplate="%{x:.0f} µs",
        marker={"color": [COLOURS[racer.key] for racer in RACERS]}))
    figure.update_xaxes(type="log", title="µs for a new frame", dtick=1)
    figure.update_yaxes(autorange="reversed")
    return lay_out(figure, height=300)
