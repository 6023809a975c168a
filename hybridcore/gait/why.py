"""What the gait networks read, to be asked again: which silhouettes carried a view."""

from __future__ import annotations

from functools import partial

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from hybridcore.figures import PALETTE
from hybridcore.gait.charts import GaitAnswer, walk_at
from hybridcore.gait.model import VIEWS, GaitNet
from hybridcore.layers.influence import Reading
from hybridcore.system import At
from hybridcore.why import Glance, Said, Why

_ENLARGED = 3  # pixels of the picture for one of the silhouette
_CELL = 4  # pixels of the silhouette for one of the map


def gait_why(answer: GaitAnswer, at: At) -> Why | None:
    """The networks over one walk, the one chosen first; None before it begins, and where the
    energy image is read, in which the frames are lost."""
    walk, kind = walk_at(answer, at), answer.kind
    if walk is None or walk.identity is None or kind == "gei":
        return None
    read = walk.identity.at
    seen = np.flatnonzero(walk.frames[walk.usable][read] <= at.frame)
    if not len(seen):
        return None
    silhouettes = torch.from_numpy(walk.used[read]).float() / 255
    titles = {one.key: one.title for one in answer.system.kinds if one.key != "gei"}
    models = {key: answer.model.networks[key].model for key in titles}
    readings = [
        gait_reading(models[key], silhouettes, titles[key])
        for key in sorted(titles, key=lambda key: key != kind)]
    views = [f"a view of {view}°" for view in VIEWS]
    return Why(
        times=walk.used_times[read], frame=int(seen[-1]), labels=views,
        asked=walk.identity.views.argmax(1), readings=readings,
        share=np.ones(len(read), np.float32), look=partial(_look, models[kind], silhouettes),
        said=Said(views, [PALETTE[k % len(PALETTE)] for k in range(len(views))],
                  lambda p: p.argmax(1)),
        note="In a covered frame there is no silhouette. All silhouettes so far are averaged, so "
             "that each carries a little.",
    )


def gait_reading(model: GaitNet, silhouettes: Tensor, title: str) -> Reading:
    """A network over silhouettes ``[T, 64, 44]`` in 0..1: from where the walk is seen."""
    device = model.view.weight.device
    with torch.inference_mode():
        inputs = model.frames(silhouettes[None].to(device))[0]
        blank = model.frames(torch.zeros_like(silhouettes[None, :1]).to(device))[0, 0]
    return Reading(
        title=title, inputs=inputs.clone(), blank=blank.clone(), memory=model.remember,
        head=lambda hidden: model.view(model.pool(hidden, None)[0]).log_softmax(-1),
        lstm=model.lstm if model.config.kind == "lstm" else None)


def _look(
    model: GaitNet, silhouettes: Tensor, frames: np.ndarray, gradient: np.ndarray
) -> list[Glance]:
    """Silhouettes and which of their pixels spoke for the label: pixel times its gradient."""
    device = model.view.weight.device
    pixels = silhouettes[frames].to(device).requires_grad_()
    with torch.enable_grad():
        total = (model.frames(pixels[:, None])[:, 0] * torch.from_numpy(gradient).to(device)).sum()
        (slopes,) = torch.autograd.grad(total, pixels)
    weights = avg_pool2d((pixels * slopes).clamp(min=0).detach(), _CELL).cpu().numpy()
    pictures = (silhouettes[frames].numpy() * 255).astype(np.uint8)
    return [Glance(_enlarged(picture), one) for picture, one in zip(
        pictures, weights, strict=True)]


def _enlarged(silhouette: np.ndarray) -> np.ndarray:
    large = cv2.resize(silhouette, None, fx=_ENLARGED, fy=_ENLARGED,
                       interpolation=cv2.INTER_NEAREST)
    return cv2.cvtColor(large, cv2.COLOR_GRAY2RGB)
