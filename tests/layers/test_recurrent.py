"""Gates recovered from a fused run, against a cell that is stepped by hand."""

import numpy as np
import pytest
import torch
from torch import nn

from hybridcore.layers.recurrent import LSTMTrace, lstm_trace, unit_steps


def step_by_step(lstm: nn.LSTM, inputs: torch.Tensor) -> dict[str, np.ndarray]:
    """The equations of layers/recurrent.py, one step at a time: the oracle."""
    size = lstm.hidden_size
    h, c = torch.zeros(size), torch.zeros(size)
    history: dict[str, list[torch.Tensor]] = {name: [] for name in "ifgoch"}
    for x in inputs:
        z = (lstm.weight_ih_l0 @ x + lstm.bias_ih_l0 + lstm.weight_hh_l0 @ h + lstm.bias_hh_l0)
        i, f, g, o = z.split(size)
        i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        c = f * c + i * g
        h = o * c.tanh()
        for name, value in zip("ifgoch", (i, f, g, o, c, h), strict=True):
            history[name].append(value)
    return {name: torch.stack(values).detach().numpy() for name, values in history.items()}


@pytest.mark.parametrize(("dim", "hidden", "steps"), [(5, 7, 23), (16, 4, 1), (3, 32, 200)])
def test_gates_equal_a_stepped_cell(dim: int, hidden: int, steps: int) -> None:
    torch.manual_seed(0)
    lstm = nn.LSTM(dim, hidden, batch_first=True)
    inputs = torch.randn(steps, dim) * 2
    output, (_, cell) = lstm(inputs[None])
    trace = lstm_trace(lstm, inputs, output[0])
    for name, expected in step_by_step(lstm, inputs).items():
        np.testing.assert_allclose(getattr(trace, name), expected, atol=2e-6, err_msg=name)
    np.testing.assert_allclose(trace.c[-1], cell[0, 0].detach(), atol=2e-6)


def test_a_trace_goes_on_from_a_state() -> None:
    torch.manual_seed(1)
    lstm = nn.LSTM(6, 9, batch_first=True)
    inputs = torch.randn(30, 6)
    whole, _ = lstm(inputs[None])
    _, (h, c) = lstm(inputs[None, :11])
    rest = lstm_trace(lstm, inputs[11:], whole[0, 11:], first_h=h[0, 0], first_c=c[0, 0])
    expected = lstm_trace(lstm, inputs, whole[0])
    np.testing.assert_allclose(rest.c, expected.c[11:], atol=2e-6)
    np.testing.assert_allclose(rest.f, expected.f[11:], atol=2e-6)


def test_the_sums_of_a_unit_are_those_of_a_stepped_cell() -> None:
    torch.manual_seed(2)
    lstm = nn.LSTM(6, 9, batch_first=True)
    inputs = torch.randn(30, 6)
    whole, _ = lstm(inputs[None])
    _, (h, c) = lstm(inputs[None, :11])
    trace = lstm_trace(lstm, inputs[11:], whole[0, 11:], first_h=h[0, 0], first_c=c[0, 0])
    expected = step_by_step(lstm, inputs)
    for unit in (0, 8):
        steps = unit_steps(trace, unit)
        sums = steps.from_input + steps.from_hidden + steps.bias  # [19, 4]
        gates = 1 / (1 + np.exp(-sums))
        gates[:, 3] = np.tanh(sums[:, 3])
        for k, name in enumerate("ifog"):
            np.testing.assert_allclose(gates[:, k], expected[name][11:, unit], atol=2e-6)
        np.testing.assert_allclose(steps.gates, gates, atol=2e-6)
        i, f, o, g = gates.T
        np.testing.assert_allclose(steps.c_before, expected["c"][10:-1, unit], atol=2e-6)
        cell = f * steps.c_before + i * g
        np.testing.assert_allclose(steps.c, cell, atol=2e-6)
        np.testing.assert_allclose(steps.h, o * np.tanh(cell), atol=2e-6)
        by_hand = lstm.weight_ih_l0[unit] @ inputs[11]  # of the input gate
        assert steps.from_input[0, 0] == pytest.approx(float(by_hand.detach()), abs=2e-6)


def test_a_trace_without_weights_has_no_sums() -> None:
    with pytest.raises(ValueError, match="no weights"):
        unit_steps(LSTMTrace(*(np.zeros((3, 2), np.float32) for _ in "ifgoch")), 0)
