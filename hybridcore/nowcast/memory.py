"""The ConvLSTM from inside: its states and gates as maps, and at the place as numbers."""

from __future__ import annotations

import numpy as np

from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.nowcast.moving import LEADS, PAST
from hybridcore.nowcast.networks import SHRINK, Memory
from hybridcore.nowcast.view import NowcastAnswer

_TINY = 1e-3  # an input gate below that lets nothing through, so what it holds back is unknown


def memory_of(answer: NowcastAnswer) -> Memory | None:
    """What the upper layer holds at every step; None where there is no network."""
    if not answer.result.has_chances:
        return None
    network = answer.model.networks[answer.kind]
    top: Memory = network.states(answer.model.past(answer.source, answer.outputs, answer.kind))[-1]
    return top


def steps_of(memory: Memory) -> list[str]:
    """What every step is called: the past that is read, then the leads."""
    past = PAST[len(PAST) + len(LEADS) - len(memory.hidden) :]
    return [*(f"{minute} min" if minute else "now" for minute in past),
            *(f"+{minute} min" for minute in LEADS)]


def liveliest(memory: Memory) -> np.ndarray:
    """Its units, the one whose state moves most over the map and the steps first."""
    return np.argsort(-memory.hidden.std((0, 2, 3)), kind="stable")


def trace_at(memory: Memory, row: int, column: int) -> LSTMTrace:
    """Gates and states at a pixel of the rain, ``[steps, C]`` each. The candidate is what the sum
    ``c = f c_before + i g`` leaves for it."""
    h, w = memory.hidden.shape[2:]
    at = min(row // SHRINK, h - 1), min(column // SHRINK, w - 1)
    hidden, cell, i, f, o = (
        np.ascontiguousarray(part[:, :, at[0], at[1]], np.float32) for part in (
            memory.hidden, memory.cell, memory.input, memory.forget, memory.output))
    before = np.concatenate([np.zeros_like(cell[:1]), cell[:-1]])
    g = np.clip((cell - f * before) / np.maximum(i, _TINY), -1, 1)
    return LSTMTrace(i=i, f=f, g=g, o=o, c=cell, h=hidden)
