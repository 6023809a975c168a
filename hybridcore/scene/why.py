"""What the scene models read, to be asked again: why a scene is said, and where it was seen."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from torch import Tensor

from hybridcore.encoder.encoder import SIDE
from hybridcore.layers.influence import Reading
from hybridcore.media import Clip
from hybridcore.scene.calibration import card_temperature
from hybridcore.scene.colours import label_colours
from hybridcore.scene.labels import names, said_in_turn
from hybridcore.scene.model import FrameEmbedding, SceneModel
from hybridcore.scene.result import SceneResult
from hybridcore.system import Answer, At
from hybridcore.why import Glance, Said, Why

_HEIGHT = 132  # px of a glance


def scene_why(answer: Answer[Clip, SceneResult], at: At) -> Why:
    """All models over this clip, the one chosen first."""
    result, kinds = answer.result, answer.system.kinds
    readings = [
        scene_reading(answer.model.models[kind.key], result.tracks[kind.key].inputs, kind.title)
        for kind in sorted(kinds, key=lambda kind: kind.key != result.kind)]
    return Why(
        times=result.times, frame=at.frame, labels=result.scene_names,
        asked=result.track.probabilities.argmax(1), readings=readings, share=result.known,
        look=partial(_look, answer),
        said=Said(names(), label_colours(result), lambda p: said_in_turn(
            p, result.known, result.threshold)[0]),
        note="A covered frame finds every scene equally likely.",
    )


def scene_reading(model: SceneModel, read: np.ndarray, title: str) -> Reading:
    """A model over the inputs ``read [T, D]`` that it had; its probabilities are calibrated.

    A frame that says nothing finds all scenes equally likely; its free features are the clip's
    mean.
    """
    kind = model.config.kind
    temperature = card_temperature(kind)
    inputs = torch.from_numpy(read).to(model.classifier.weight.device)
    blank = inputs.mean(0)
    blank[: model.config.classes] = FrameEmbedding.scaled(
        -torch.log(torch.tensor(float(model.config.classes))))
    return Reading(
        title=title, inputs=inputs, blank=blank, memory=model.remember,
        head=lambda hidden: (model.classifier(hidden) / temperature).log_softmax(-1),
        lstm=model.lstm if kind == "lstm" else None,
    )


def _look(
    answer: Answer[Clip, SceneResult], frames: np.ndarray, gradient: np.ndarray
) -> list[Glance]:
    """The frames, encoded again: what each cell adds to the label through the frame's input."""
    result, model = answer.result, answer.model.models[answer.kind]
    times = result.times[frames].tolist()
    grids = answer.model.encoder.encode(
        np.stack(answer.source.frames_at(times, (SIDE, SIDE))), "scene_grid")["scene_grid"]
    maps = cell_maps(model, grids, torch.from_numpy(gradient).to(grids.device))
    width = round(_HEIGHT * result.width / result.height)
    pictures = answer.source.frames_at(times, (_HEIGHT, width))
    return [Glance(picture, weights) for picture, weights in zip(
        pictures, maps.cpu().numpy(), strict=True)]


def cell_maps(model: SceneModel, grids: Tensor, gradient: Tensor) -> Tensor:
    """What each cell of ``grids [n, D, h, w]`` adds to a label, of which ``gradient [n, dim]`` is
    the gradient by the inputs x_t: cell times its gradient, where that speaks for the label,
    ``[n, h, w]``."""
    cells = grids.clone().flatten(2).transpose(1, 2).requires_grad_()  # [n, L, D]
    with torch.enable_grad():
        total = (model.embed(model.attention(cells)[0]) * gradient).sum()
        (slopes,) = torch.autograd.grad(total, cells)
    weights = (cells * slopes).sum(-1).clamp(min=0).detach()
    return weights.unflatten(1, grids.shape[2:])
