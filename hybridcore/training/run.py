"""Training runs, logged: by the clock and resumable, or of so many steps.

By the clock, the learning rate follows the time spent, not the number of steps, so a run ends
annealed on whatever machine it started. A checkpoint holds model, optimiser, averaged weights,
step and time spent; a run that was stopped goes on from its last one when it is started again.
"""

from __future__ import annotations

import logging
import math
import random
import sys
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn

B = TypeVar("B")

logger = logging.getLogger("hybridcore.training")


def seed_everything(seed: int) -> np.random.Generator:
    """Seed Python, NumPy and torch; returns a generator for the data."""
    random.seed(seed)
    torch.manual_seed(seed)
    return np.random.default_rng(seed)


def log_to(path: Path) -> None:
    """Send the training log to ``path`` and to standard error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S",
        handlers=[logging.FileHandler(path), logging.StreamHandler(sys.stderr)], force=True,
    )


def cosine(progress: float, *, warmup: float = 0.03) -> float:
    """Factor of the learning rate at ``progress`` in 0..1: linear warm-up, then half a cosine."""
    if progress < warmup:
        return progress / warmup
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warmup) / (1 - warmup))))


class WeightAverage:
    """Exponential moving average of a module's state (Polyak & Juditsky 1992)."""

    def __init__(self, module: nn.Module, decay: float = 0.999) -> None:
        self.decay = decay
        self.steps = 0
        self.values = {k: v.detach().clone() for k, v in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: nn.Module) -> None:
        """Move the average towards the module; early steps weigh more."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for name, value in module.state_dict().items():
            if value.is_floating_point():
                self.values[name].lerp_(value, 1 - decay)
            else:
                self.values[name].copy_(value)


class Run(ABC):
    """What every run does: the learning rate, the steps, the average of the weights.

    >>> run.learn(batches, loss_of)  # or step by step:
    >>> for step in run.steps():
    ...     run.apply(loss_of(next(batches)))

    Parameter groups keep their ratio of learning rates: each is scaled from its initial value.
    """

    def __init__(
        self, module: nn.Module, optimiser: torch.optim.Optimizer, *,
        average_decay: float = 0.999, clip_norm: float = 1.0, warmup: float = 0.03,
    ) -> None:
        self.module, self.optimiser = module, optimiser
        self.clip_norm, self.warmup = clip_norm, warmup
        self.average = WeightAverage(module, average_decay)
        self._initial = [group["lr"] for group in optimiser.param_groups]
        self._losses: list[float] = []

    @abstractmethod
    def steps(self) -> Iterator[int]:
        """Yield step numbers to the end of the run, the learning rate set before each."""

    def learn(self, batches: Iterable[B], loss: Callable[[B], torch.Tensor]) -> None:
        """Apply the ``loss`` of each of endless ``batches`` until the run ends, then give the
        module its averaged weights."""
        for _, batch in zip(self.steps(), batches, strict=False):
            self.apply(loss(batch))
        self.module.load_state_dict(self.average.values)

    def apply(self, loss: torch.Tensor) -> None:
        """Back-propagate ``loss``, clip the gradient's norm, take a step, update the average."""
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.module.parameters(), self.clip_norm)
        self.optimiser.step()
        self.average.update(self.module)
        self._losses.append(loss.item())

    def _set_rate(self, progress: float) -> None:
        factor = max(cosine(progress, warmup=self.warmup), 1e-3)
        for group, initial in zip(self.optimiser.param_groups, self._initial, strict=True):
            group["lr"] = initial * factor

    def _mean_loss(self) -> float:
        """Of the steps since this was last asked for."""
        mean = float(np.mean(self._losses))
        self._losses.clear()
        return mean


class StepRun(Run):
    """``count`` steps, wherever it runs: short, and not resumable."""

    def __init__(
        self, module: nn.Module, optimiser: torch.optim.Optimizer, *, count: int,
        average_decay: float = 0.999, clip_norm: float = 1.0, warmup: float = 0.03,
        log_every: int = 100,
    ) -> None:
        super().__init__(module, optimiser, average_decay=average_decay, clip_norm=clip_norm,
                         warmup=warmup)
        self.count, self.log_every = count, log_every

    def steps(self) -> Iterator[int]:
        for step in range(self.count):
            self._set_rate(step / self.count)
            yield step
            if (step + 1) % self.log_every == 0:
                logger.info("step %d  loss %.4f", step + 1, self._mean_loss())


class ClockRun(Run):
    """Steps until ``minutes`` are spent; goes on from the checkpoint in ``directory``."""

    def __init__(
        self, module: nn.Module, optimiser: torch.optim.Optimizer, *, minutes: float,
        directory: Path, average_decay: float = 0.999, clip_norm: float = 1.0,
        log_every: float = 20.0, save_every: float = 300.0,
    ) -> None:
        super().__init__(module, optimiser, average_decay=average_decay, clip_norm=clip_norm)
        self.seconds = minutes * 60
        self.path = directory / "checkpoint.safetensors"
        self.step, self.spent = 0, 0.0
        self.log_every, self.save_every = log_every, save_every
        if self.path.exists():
            self._resume()

    def _resume(self) -> None:
        groups: dict[str, dict[str, torch.Tensor]] = {"module": {}, "average": {}}
        state: dict[int, dict[str, torch.Tensor]] = defaultdict(dict)
        with safe_open(self.path, "pt") as saved:
            about = saved.metadata()
            for key in saved.keys():  # noqa: SIM118 (not a mapping)
                kind, name = key.split(":", 1)
                if kind in groups:
                    groups[kind][name] = saved.get_tensor(key)
                else:
                    state[int(kind)][name] = saved.get_tensor(key)
        self.module.load_state_dict(groups["module"])
        # The learning rate is set before every step, the other settings are those of this run.
        self.optimiser.load_state_dict({**self.optimiser.state_dict(), "state": state})
        self.step, self.spent = int(about["step"]), float(about["spent"])
        self.average.values, self.average.steps = groups["average"], self.step
        logger.info("resumed at step %d, %.1f min", self.step, self.spent / 60)

    def save(self) -> None:
        """Write the checkpoint; the old one stays until the new one is whole."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        groups = {
            "module": self.module.state_dict(), "average": self.average.values,
            **self.optimiser.state_dict()["state"],
        }
        partial = self.path.with_suffix(".partial")
        save_file(
            {f"{kind}:{name}": value.clone(memory_format=torch.contiguous_format)
             for kind, group in groups.items() for name, value in group.items()
             if value is not None},
            partial, {"step": str(self.step), "spent": repr(self.spent)})
        partial.replace(self.path)

    def steps(self) -> Iterator[int]:
        """Yield step numbers until the time is spent; saves on the way and at the end."""
        last = logged = saved = time.monotonic()
        while self.spent < self.seconds:
            self._set_rate(self.spent / self.seconds)
            yield self.step
            self.step += 1
            now = time.monotonic()
            self.spent += now - last
            last = now
            if now - logged > self.log_every and self._losses:
                logger.info("step %d  %.1f of %.1f min  loss %.4f", self.step, self.spent / 60,
                            self.seconds / 60, self._mean_loss())
                logged = now
            if now - saved > self.save_every:
                self.save()
                saved = now
        self.save()
