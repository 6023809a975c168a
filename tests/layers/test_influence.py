from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from hybridcore.layers.influence import (
    Reading,
    influence,
    left_out,
    probabilities,
    probabilities_from,
    trace_of,
)
from hybridcore.layers.surgery import operate
from hybridcore.layers.temporal_conv import TemporalConvNet

DIM, UNITS, LABELS, STEPS = 5, 8, 3, 30


@pytest.fixture
def inputs() -> Tensor:
    return torch.randn(STEPS, DIM, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def lstm(inputs: Tensor) -> Reading:
    torch.manual_seed(0)
    lstm, head = nn.LSTM(DIM, UNITS, batch_first=True), nn.Linear(UNITS, LABELS)
    return Reading(
        title="LSTM", inputs=inputs, blank=torch.zeros(DIM), memory=lambda x: lstm(x)[0],
        head=lambda h: head(h).log_softmax(-1), lstm=lstm)


def test_without_a_memory_only_the_frame_itself_counts(inputs: Tensor) -> None:
    head = nn.Linear(DIM, LABELS)
    reading = Reading(title="Frame", inputs=inputs, blank=torch.zeros(DIM), memory=lambda x: x,
                      head=lambda h: head(h).log_softmax(-1))
    contribution = influence(reading, 12, 1).contribution
    assert contribution[12] != 0
    assert not np.delete(contribution, 12).any()


def test_no_frame_speaks_for_a_label_before_it_is_seen(lstm: Reading) -> None:
    contribution = influence(lstm, 12, 1).contribution
    assert contribution[:13].all()
    assert not contribution[13:].any()


def test_a_convolution_sees_no_further_than_its_field(inputs: Tensor) -> None:
    torch.manual_seed(0)
    net = TemporalConvNet(inputs=DIM, channels=LABELS, levels=2, kernel=2).eval()
    nn.init.normal_(net.blocks[0].first.conv.parametrizations.weight.original1)
    reading = Reading(title="TCN", inputs=inputs, blank=torch.zeros(DIM),
                      memory=lambda x: net(x)[0], head=lambda h: h.log_softmax(-1))
    contribution = influence(reading, 20, 0).contribution
    assert not contribution[: 21 - net.receptive_field].any()
    assert contribution[21 - net.receptive_field : 21].any()


def test_of_a_linear_network_gradient_times_input_is_what_leaving_out_does(
    inputs: Tensor
) -> None:
    weights = torch.rand(DIM)
    blank = torch.full((DIM,), 0.3)
    reading = Reading(title="Sum", inputs=inputs, blank=blank, memory=lambda x: x.cumsum(1),
                      head=lambda h: (h @ weights)[..., None])
    found = influence(reading, 20, 0)
    (whole,) = left_out(reading, 20, 0, [np.arange(0)])
    without = left_out(reading, 20, 0, [np.array([k]) for k in range(21)])
    np.testing.assert_allclose(
        found.contribution[:21], np.log(whole) - np.log(without), rtol=1e-3, atol=1e-4)
    np.testing.assert_array_equal(
        found.strongest(3), np.argsort(-found.contribution[:21])[:3])


def test_what_is_left_out_reads_as_blank(lstm: Reading) -> None:
    covered = lstm.inputs.clone()
    covered[[3, 11]] = lstm.blank
    expected = probabilities(replace(lstm, inputs=covered))[20, 2]
    many = [np.array([3, 11])] * 70  # more than one batch
    np.testing.assert_allclose(left_out(lstm, 20, 2, many), expected, atol=1e-6)


def test_an_unchanged_memory_says_exactly_the_same(lstm: Reading) -> None:
    unchanged = probabilities_from(lstm, operate(trace_of(lstm), []))
    np.testing.assert_array_equal(unchanged, probabilities(lstm))


def test_only_an_lstm_has_a_trace(lstm: Reading) -> None:
    with pytest.raises(ValueError, match="no LSTM"):
        trace_of(replace(lstm, lstm=None))


def test_a_network_that_reads_both_ways_knows_what_comes_later(lstm: Reading) -> None:
    torch.manual_seed(0)
    both = nn.LSTM(DIM, UNITS, batch_first=True, bidirectional=True)
    head = nn.Linear(2 * UNITS, LABELS)
    reading = replace(lstm, memory=lambda x: both(x)[0], head=lambda h: head(h).log_softmax(-1),
                      lstm=None, causal=False)
    assert influence(reading, 12, 1).contribution[13:].any()
