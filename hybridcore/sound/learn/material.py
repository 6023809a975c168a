"""What was struck: multinomial logistic regression on what the shared encoder sees there.

It is fitted to the labelled events alone, after the rest of the model, with a strong prior: 28
videos have few things of a material, so what distinguishes two of them may be the two rooms. Events
of a video, and materials, count less the more there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F

from hybridcore.sound.learn.data import NO_LABEL, Example
from hybridcore.sound.model import SoundModel

_PENALTY = 0.01  # of the squared weights, inputs standardised and of length about 4
_LENGTH = 4.0
_ITERATIONS = 60


def fit_material(model: SoundModel, examples: Sequence[Example]) -> None:
    """Give ``model`` its weights for materials, in place; with no labelled event, none."""
    looks, labels, videos = [], [], []
    for number, example in enumerate(examples):
        frame = np.abs(example.times[:, None] - example.events).argmin(0)
        for at, label in zip(frame, example.event_material, strict=True):
            if label != NO_LABEL:
                looks.append(example.appearance[at])
                labels.append(int(label))
                videos.append(number)
    if not labels:
        return
    inputs = torch.from_numpy(np.stack(looks).astype(np.float32))
    mean, scale = inputs.mean(0), (inputs.std(0) + 1e-2) * inputs.shape[1] ** 0.5 / _LENGTH
    by_label, by_video = Counter(labels), Counter(zip(videos, labels, strict=True))
    weight = torch.tensor([
        (by_label[label] * by_video[video, label]) ** -0.5
        for video, label in zip(videos, labels, strict=True)])
    head = torch.nn.Linear(*model.material.weight.shape[::-1])
    torch.nn.init.zeros_(head.weight)
    torch.nn.init.zeros_(head.bias)
    level, target = (inputs - mean) / scale, torch.tensor(labels)
    optimiser = torch.optim.LBFGS(
        head.parameters(), max_iter=_ITERATIONS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        error = F.cross_entropy(head(level), target, reduction="none")
        total = (weight * error).sum() / weight.sum() + _PENALTY * head.weight.square().sum()
        total.backward()
        return total

    optimiser.step(loss)
    with torch.no_grad():
        model.material.weight.copy_(head.weight / scale)
        model.material.bias.copy_(head.bias - (head.weight / scale) @ mean)
