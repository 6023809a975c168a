"""The networks from inside: the LSTM's gates and states, and the way of the tensors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from hybridcore.encoder.encoder import SIDE
from hybridcore.layers.dot_product import DotProduct
from hybridcore.layers.flow import Step
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.media import Clip
from hybridcore.scene.groups import GROUPS
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
        order="most active at scene changes first",
        names=lambda unit: f"unit {unit}: {names[unit] if unit < len(names) else 'free'}",
        note=f"Each of the first {len(names)} units accumulates evidence for one scene, with "
             "weights that all scenes share; the others hold whatever the network found useful.",
        signals=_signals(result),
    )


def _signals(result: SceneResult) -> dict[str, np.ndarray]:
    """Probability of every scene that is the likeliest at some frame, of a cut, and of the groups.
    """
    track = result.track
    shown = np.unique(track.probabilities.argmax(1))
    return {
        **{result.scene_names[scene]: track.probabilities[:, scene] for scene in shown},
        "a scene change": track.cut_probability,
        **{group: result.groups[:, k] for k, group in enumerate(GROUPS)},
    }


def data_flow(answer: Answer[Clip, SceneResult], at: At) -> Sequence[Step]:
    """The way of this clip's tensors through the model chosen."""
    return answer.result.track.flow


@torch.inference_mode()
def attended_feature(answer: Answer[Clip, SceneResult], at: At) -> DotProduct:
    """The attended feature of this frame that speaks most for the scene it shows by itself."""
    result, model = answer.result, answer.model.models[answer.kind]
    (picture,) = answer.source.frames_at([float(result.times[at.frame])], (SIDE, SIDE))
    grid = answer.model.encoder.encode(picture[None], "scene_grid")["scene_grid"][0]  # [D, h, w]
    attended, weights = model.attention(grid.flatten(1).T)  # [D], [L]
    evidence = model.embed.evidence
    scene = int(evidence(attended).argmax())
    feature = int((evidence.weight[scene] * attended).argmax())
    return DotProduct(
        picture=picture, weights=weights.unflatten(-1, grid.shape[1:]).cpu().numpy(),
        values=grid[feature].cpu().numpy(), names=("attention a", f"feature x[{feature}]"),
        total_name=f"y[{feature}] = Σ a·x[{feature}]",
        note=f"On its own this frame looks most like {result.scene_names[scene]}; of all "
             f"{len(attended):,} attended features, number {feature} contributes most to that.",
    )


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
