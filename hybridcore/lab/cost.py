"""What a network costs that has learned: a whole sequence at once, and one new step of a stream.

A recurrent network hands its state on, a TCN the tails of its convolutions; a bidirectional one has
to begin anew with every step, so a stream costs it a whole sequence each time. Seconds are those of
the processor, whatever else runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import nn

from hybridcore.lab.racers import Fused, IndRacer, JordanRacer, TCNRacer

_SECONDS = 0.05  # that each is measured


@dataclass(frozen=True)
class Cost:
    """whole: s for a sequence that is there; step: s for each new step of one that comes."""

    whole: float
    step: float


@torch.inference_mode()
def cost_of(network: nn.Module, length: int, inputs: int) -> Cost:
    """Measured now, in this thread, for one sequence at a time."""
    sequence = torch.randn(1, length, inputs)
    whole = _median(lambda: network(sequence))
    step = _median(_stepper(network, sequence))
    return Cost(whole, step)


def _stepper(network: nn.Module, sequence: torch.Tensor) -> Callable[[], object]:
    """What has to be done at a new step."""
    one = sequence[:, :1]
    if isinstance(network, Fused) and not network.layer.bidirectional:
        return partial(_continue, network.layer, network.say, one, network.layer(sequence)[1])
    if isinstance(network, TCNRacer):
        return partial(_continue, network.layer, network.say, one, network.layer(sequence)[1])
    if isinstance(network, (JordanRacer, IndRacer)):
        return partial(network, one)  # a step costs the same with a state as without
    return partial(network, sequence)


def _continue(
    layer: nn.Module, say: nn.Module, one: torch.Tensor, state: object
) -> torch.Tensor:
    said: torch.Tensor = say(layer(one, state)[0])
    return said


def _median(work: Callable[[], object]) -> float:
    work()
    times: list[float] = []
    end = time.thread_time() + _SECONDS
    while not times or time.thread_time() < end:
        before = time.thread_time()
        work()
        times.append(time.thread_time() - before)
    return sorted(times)[len(times) // 2]
