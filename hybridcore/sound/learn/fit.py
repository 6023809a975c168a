"""Losses and the training of one sound model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from hybridcore.sound.learn.data import NO_LABEL, Batch, Example, batches, quiet
from hybridcore.sound.learn.material import fit_material
from hybridcore.sound.model import SUBSTEPS, SoundConfig, SoundModel, SoundOutput
from hybridcore.training.run import StepRun, seed_everything

EPS = 1 / 25**2  # of the robust loss


@dataclass(frozen=True)
class FitConfig:
    """How a model is trained; ``length`` is in frames; the rest are weights of the losses.

    blow: of the squared error of the sound at a blow. quiet: how much more a frame counts in the
    loss on onsets where nothing is struck for a while.
    """

    steps: int = 600
    batch: int = 16
    length: int = 128
    rate: float = 4e-3
    weight_decay: float = 0.05
    onset: float = 1.0
    strength: float = 0.1
    action: float = 0.1
    sound: float = 0.1
    blow: float = 0.5
    quiet: float = 1.0


def robust_loss(predicted: Tensor, true: Tensor) -> Tensor:
    """Owens et al. 2016, equation 2: ``log(eps + r^2)`` of the distance over bands, shifted to be
    zero where the two agree. ``[..., 42]`` each; ``[...]``.
    """
    distance = (predicted - true).square().sum(-1)
    return torch.log1p(distance / EPS)


def loss_of(output: SoundOutput, batch: Batch, lookahead: int, config: FitConfig) -> Tensor:
    """The sum of all losses; output step ``t`` is held against frame ``t - lookahead``."""
    steps = batch.onset.shape[1] - lookahead
    true = {name: getattr(batch, name)[:, :steps] for name in (
        "onset", "weight", "strength", "action", "cochleagram")}
    onset = F.binary_cross_entropy_with_logits(
        output.onset_logits[:, lookahead:], true["onset"], true["weight"])
    at_blow = torch.isfinite(true["strength"])
    blows = at_blow.sum().clamp(min=1)
    error = output.strength[:, lookahead:][at_blow] - true["strength"][at_blow]
    strength = F.smooth_l1_loss(
        error / SoundModel.RANGE, torch.zeros_like(error), reduction="sum") / blows
    heard = torch.isfinite(true["cochleagram"]).all(-1).all(-1)  # [B, T]
    said = output.cochleagram[:, lookahead:]
    sound = robust_loss(said[heard], true["cochleagram"][heard]).sum() / (
        heard.sum().clamp(min=1) * SUBSTEPS)
    apart = (said[at_blow] - true["cochleagram"][at_blow]).square()  # [N, 3, 42]
    blow = apart.sum() / (blows * SUBSTEPS)
    total = (config.onset * onset + config.strength * strength + config.sound * sound
             + config.blow * blow)
    labels = true["action"].flatten()
    if (labels != NO_LABEL).any():
        total = total + config.action * F.cross_entropy(
            output.action_logits[:, lookahead:].flatten(0, 1), labels, ignore_index=NO_LABEL,
            label_smoothing=0.1)
    return total


def weights(example: Example, config: FitConfig) -> NDArray[np.float32]:
    """How much each frame ``[T]`` counts in the loss on onsets."""
    times, more = example.times, np.ones(len(example.times))
    for start, end in quiet(example):
        more[(times >= start) & (times <= end)] += config.quiet
    return (more * example.weight).astype(np.float32)


def fit(
    examples: Sequence[Example], model_config: SoundConfig, config: FitConfig, *, seed: int,
    start: SoundModel | None = None,
) -> SoundModel:
    """A model trained on ``examples``, with its averaged weights, in eval mode.

    start: a model of the same configuration to begin from; the input is normalised anew.
    """
    rng = seed_everything(seed)
    model = SoundModel(config=model_config)
    if start is None:
        sounds = np.concatenate([e.cochleagram for e in examples]).astype(np.float32)
        heard = np.isfinite(sounds).all((1, 2))
        model.find_components(torch.from_numpy(sounds[heard]).flatten(0, 1))
    else:
        model.load_state_dict(start.state_dict())
    model.usual.learn(torch.from_numpy(np.concatenate([e.strokes for e in examples])))
    examples = [replace(e, strokes=model.usual(torch.from_numpy(e.strokes))[0].numpy(),
                        weight=weights(e, config)) for e in examples]
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=config.rate, weight_decay=config.weight_decay)
    run = StepRun(model, optimiser, count=config.steps, average_decay=0.99, warmup=0.1)
    run.learn(
        batches(examples, size=config.batch, length=config.length, rng=rng),
        lambda batch: loss_of(
            model(batch.strokes, batch.appearance), batch, model.lookahead, config))
    fit_material(model, examples)
    return model.eval()
