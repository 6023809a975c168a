"""Losses and the training of one sound model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from hybridcore.sound.learn.data import NO_LABEL, Batch, Example, batches
from hybridcore.sound.learn.material import fit_material
from hybridcore.sound.model import SoundConfig, SoundModel, SoundOutput
from hybridcore.training.run import StepRun, seed_everything

EPS = 1 / 25**2  # of the robust loss


@dataclass(frozen=True)
class FitConfig:
    """How a model is trained; ``length`` is in frames; the rest are weights of the losses.

    blow: how much more a frame at a blow counts in the loss on sound than any other.
    """

    steps: int = 300
    batch: int = 16
    length: int = 128
    rate: float = 4e-3
    weight_decay: float = 0.05
    onset: float = 1.0
    strength: float = 0.1
    action: float = 0.1
    sound: float = 0.1
    blow: float = 0.0


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
    error = output.strength[:, lookahead:][at_blow] - true["strength"][at_blow]
    strength = F.smooth_l1_loss(error / SoundModel.RANGE, torch.zeros_like(error))
    sound = robust_loss(output.cochleagram[:, lookahead:], true["cochleagram"]).mean(-1)  # [B, T]
    counts = 1 + config.blow * at_blow
    sound = (counts * sound).sum() / counts.sum()
    total = config.onset * onset + config.strength * strength + config.sound * sound
    labels = true["action"].flatten()
    if (labels != NO_LABEL).any():
        total = total + config.action * F.cross_entropy(
            output.action_logits[:, lookahead:].flatten(0, 1), labels, ignore_index=NO_LABEL,
            label_smoothing=0.1)
    return total


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
        model.find_components(torch.from_numpy(
            np.concatenate([e.cochleagram for e in examples]).astype(np.float32)).flatten(0, 1))
    else:
        model.load_state_dict(start.state_dict())
    model.usual.learn(torch.from_numpy(np.concatenate([e.strokes for e in examples])))
    examples = [replace(e, strokes=model.usual(torch.from_numpy(e.strokes))[0].numpy())
                for e in examples]
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=config.rate, weight_decay=config.weight_decay)
    run = StepRun(model, optimiser, count=config.steps, average_decay=0.99, warmup=0.1)
    run.learn(
        batches(examples, size=config.batch, length=config.length, rng=rng),
        lambda batch: loss_of(
            model(batch.strokes, batch.appearance), batch, model.lookahead, config))
    fit_material(model, examples)
    return model.eval()
