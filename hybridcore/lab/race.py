"""Networks trained on the same task side by side, watched while they learn.

Every network gets the same batches in the same order and the same time, in one thread. So a curve
over steps says what a step teaches, and one over seconds what it costs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from hybridcore.device import one_thread
from hybridcore.lab.racers import Racer, Start, parameters_of, with_budget
from hybridcore.lab.tasks import Task

BATCH = 32
_TESTED = 256  # sequences that judge
_PROBED = 16  # sequences through which the gradient is followed
_SMOOTH = 0.9  # of the loss, a step


@dataclass(frozen=True)
class RaceConfig:
    """length: steps of a sequence. budget: parameters of each network. clip: the largest norm of
    its gradient; None: as it comes."""

    length: int
    budget: int = 5000
    clip: float | None = 1.0
    start: Start = field(default_factory=Start)
    seed: int = 0


@dataclass(frozen=True)
class Lap:
    """Where a network is: steps taken and s spent training; loss on training batches, a running
    mean; gradient float32 ``[T]``: the norm, on average over sequences, of the slope of the last
    step's loss with respect to the input of each step."""

    steps: int
    seconds: float
    loss: float
    gradient: np.ndarray


@dataclass
class Runner:
    """A network in the race. laps: from its start on."""

    racer: Racer
    network: nn.Module
    optimiser: torch.optim.Optimizer
    seconds: float = 0.0
    steps: int = 0
    loss: float = float("nan")
    laps: list[Lap] = field(default_factory=list)

    @property
    def parameters(self) -> int:
        """How many numbers it learns."""
        return parameters_of(self.network)


class Race:
    """A race of ``racers`` on a task."""

    def __init__(self, task: Task, racers: Sequence[Racer], config: RaceConfig) -> None:
        self.task, self.config = task, config
        self.runners = []
        for racer in racers:
            torch.manual_seed(config.seed)
            network = with_budget(
                racer, inputs=task.inputs, outputs=task.outputs, length=config.length,
                budget=config.budget, start=config.start)
            self.runners.append(
                Runner(racer, network, torch.optim.Adam(network.parameters(), lr=racer.rate)))
        self._probe = self._batch(-1, _PROBED)

    def run(
        self, seconds: float, every: float = 0.5, *, cores: int = 1,
        clock: Callable[[], float] = time.perf_counter,
    ) -> Iterator[float]:
        """Train for ``seconds`` in all, shared alike; yields the share that is done, 0..1, each
        time that every runner has a new lap, about ``every`` s.

        Args:
            cores: so many networks are trained at once.
        """
        cores = min(cores, len(self.runners))
        share = seconds * cores / len(self.runners)
        with ThreadPoolExecutor(cores) as pool:
            for due in np.linspace(0.0, share, 1 + max(1, round(seconds / every))):
                list(pool.map(lambda runner, due=due: self._train(runner, due, clock),
                              self.runners))
                yield float(due) / share

    def begin(self) -> None:
        """The first lap of everybody, before anything is learned."""
        for runner in self.runners:
            self._train(runner, 0.0, time.perf_counter)

    @one_thread()
    def _train(self, runner: Runner, due: float, clock: Callable[[], float]) -> None:
        """Until it has spent ``due`` s, then a lap."""
        while runner.seconds < due:
            before = clock()
            self._step(runner)
            runner.seconds += clock() - before
        runner.laps.append(
            Lap(runner.steps, runner.seconds, runner.loss, self.gradient(runner.network)))

    def _batch(self, number: int, size: int = BATCH) -> tuple[Tensor, Tensor]:
        rng = np.random.default_rng((self.config.seed, number + 1))
        return self.task.batch(rng, size, self.config.length)

    def _step(self, runner: Runner) -> None:
        inputs, targets = self._batch(runner.steps)
        loss = self.task.loss(runner.network(inputs), targets)
        runner.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if self.config.clip is not None:
            nn.utils.clip_grad_norm_(runner.network.parameters(), self.config.clip)
        runner.optimiser.step()
        value, first = loss.item(), runner.steps == 0
        runner.loss = value if first else _SMOOTH * runner.loss + (1 - _SMOOTH) * value
        runner.steps += 1

    def gradient(self, network: nn.Module) -> np.ndarray:
        """What of the loss at the last step reaches the input of every step, float32 ``[T]``."""
        inputs = self._probe[0].clone().requires_grad_()
        targets = self._probe[1][:, -1:]
        (slope,) = torch.autograd.grad(self.task.loss(network(inputs), targets), inputs)
        norms: np.ndarray = slope.norm(dim=2).mean(0).numpy() * len(inputs)
        return norms

    @torch.no_grad()
    def judged(self, network: nn.Module) -> tuple[float, float]:
        """Loss and share of right answers on sequences that nobody trained on."""
        make = self.task.test or self.task.batch
        rng = np.random.default_rng((self.config.seed + 1, 0))
        inputs, targets = make(rng, _TESTED, self.config.length)
        said = network(inputs)
        return float(self.task.loss(said, targets)), self.task.right(said, targets)
