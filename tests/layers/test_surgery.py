from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.layers.surgery import ClampCell, ClampGate, Cover, Freeze, Wipe, operate

DIM, UNITS, STEPS = 6, 9, 40


@pytest.fixture
def lstm() -> nn.LSTM:
    torch.manual_seed(0)
    return nn.LSTM(DIM, UNITS, batch_first=True)


@pytest.fixture
def inputs() -> torch.Tensor:
    return torch.randn(STEPS, DIM, generator=torch.Generator().manual_seed(1)) * 2


def run(lstm: nn.LSTM, inputs: torch.Tensor) -> LSTMTrace:
    return lstm_trace(lstm, inputs, lstm(inputs[None])[0][0])


def assert_same(one: LSTMTrace, other: LSTMTrace) -> None:
    for name in "ifgoch":
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=2e-6)


def test_without_a_change_it_is_the_run_itself(lstm: nn.LSTM, inputs: torch.Tensor) -> None:
    trace = run(lstm, inputs)
    assert operate(trace, []) is trace


def test_a_change_that_changes_nothing_gives_the_same_run(
    lstm: nn.LSTM, inputs: torch.Tensor
) -> None:
    trace = run(lstm, inputs)
    assert_same(operate(trace, [Cover(0, 0, blank=inputs[0].numpy())]), trace)
    assert_same(operate(trace, [ClampCell(17, 17, 3, float(trace.c[17, 3]))]), trace)


def test_what_comes_before_a_change_stays_to_the_bit(lstm: nn.LSTM, inputs: torch.Tensor) -> None:
    trace = run(lstm, inputs)
    changed = operate(trace, [Wipe(20, 20)])
    for name in "ifgoch":
        np.testing.assert_array_equal(getattr(changed, name)[:20], getattr(trace, name)[:20])
    assert not np.allclose(changed.h[20], trace.h[20])


def test_a_wiped_memory_is_one_that_starts_there(lstm: nn.LSTM, inputs: torch.Tensor) -> None:
    changed = operate(run(lstm, inputs), [Wipe(20, 20)])
    np.testing.assert_allclose(changed.h[20:], run(lstm, inputs[20:]).h, atol=2e-6)


def test_covered_frames_are_other_inputs(lstm: nn.LSTM, inputs: torch.Tensor) -> None:
    blank = torch.full((DIM,), 0.5)
    covered = inputs.clone()
    covered[10:13] = blank
    assert_same(operate(run(lstm, inputs), [Cover(10, 12, blank=blank.numpy())]),
                run(lstm, covered))


def test_a_frozen_memory_forgets_what_it_saw_meanwhile(
    lstm: nn.LSTM, inputs: torch.Tensor
) -> None:
    trace = run(lstm, inputs)
    changed = operate(trace, [Freeze(10, 24)])
    np.testing.assert_array_equal(changed.h[10:25], np.repeat(trace.h[9:10], 15, 0))
    skipped = run(lstm, torch.cat([inputs[:10], inputs[25:]]))
    np.testing.assert_allclose(changed.h[25:], skipped.h[10:], atol=2e-6)


def test_a_clamped_gate_and_a_clamped_unit_keep_their_value(
    lstm: nn.LSTM, inputs: torch.Tensor
) -> None:
    trace = run(lstm, inputs)
    shut = operate(trace, [ClampGate(5, 9, "o", 0.0)])
    assert not shut.h[5:10].any()
    assert shut.h[10:].all()
    one = operate(trace, [ClampGate(5, 9, "f", 1.0, unit=2)])
    np.testing.assert_allclose(np.diff(one.c[4:10, 2]), (one.i * one.g)[5:10, 2], atol=2e-6)
    held = operate(trace, [ClampCell(5, 9, 4, 1.5)])
    np.testing.assert_array_equal(held.c[5:10, 4], np.float32(1.5))
    np.testing.assert_allclose(held.h[5:10, 4], held.o[5:10, 4] * np.tanh(1.5), atol=2e-6)


@pytest.mark.parametrize("change", [Wipe(-1, -1), Freeze(30, STEPS), Freeze(5, 4)])
def test_a_change_outside_the_run_is_refused(
    lstm: nn.LSTM, inputs: torch.Tensor, change: Freeze | Wipe
) -> None:
    with pytest.raises(ValueError, match="outside"):
        operate(run(lstm, inputs), [change])
