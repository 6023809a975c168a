"""The networks from inside: the LSTM's gates and states, and the way of the tensors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from hybridcore.layers.flow import Step
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.media import Clip
from hybridcore.scene.model import SceneModel
from hybridcore.scene.result import SceneResult
from hybridcore.system import Answer, At, States

_AFTER_CUT = 2  # frames after the first of a new shot, when its evidence has arrived


def lstm_states(answer: Answer[Clip, SceneResult], at: At) -> States | None:
    """The LSTM over the clip; None where another model was chosen."""
    result = answer.result
    if result.kind != "lstm":
        return None
    names = result.scene_names
    trace = lstm_internals(answer.model.models["lstm"], result)
    return States(
        trace=trace, x=result.times, units=units_by_cuts(trace, result.cuts),
        order="those that change most at cuts first",
        names=lambda unit: f"unit {unit}: {names[unit] if unit < len(names) else 'free'}",
        note=f"The first {len(names)} units sum the evidence for one scene each, with weights that "
             "all scenes share; the others are free to hold what the network found useful.",
    )


def data_flow(answer: Answer[Clip, SceneResult], at: At) -> Sequence[Step]:
    """The way of this clip's tensors through the model chosen."""
    return answer.result.track.flow


def lstm_internals(model: SceneModel, result: SceneResult) -> LSTMTrace:
    """Gates, cell and hidden states of the LSTM over the clip, ``[T, H]`` each."""
    track = result.tracks["lstm"]
    device = model.classifier.weight.device
    return lstm_trace(
        model.lstm,
        torch.from_numpy(track.inputs).to(device), torch.from_numpy(track.hidden).to(device),
    )


def units_by_cuts(trace: LSTMTrace, cuts: np.ndarray) -> np.ndarray:
    """LSTM units, those first whose cell state changes most where a new shot begins.

    Without a cut, those first whose cell state varies most over the clip.
    """
    inside = cuts[cuts > 0]
    if len(inside):
        after = np.minimum(inside + _AFTER_CUT, len(trace.c) - 1)
        change = np.abs(trace.c[after] - trace.c[inside - 1]).mean(0)
    else:
        change = trace.c.std(0)
    return np.argsort(-change)
