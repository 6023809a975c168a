"""The family of recurrent cells: each equal to torch's own where there is one, else to its
equations."""

from __future__ import annotations

from itertools import groupby, pairwise, product

import numpy as np
import pytest
import torch
from torch import nn

from hybridcore.layers.abstraction_pyramid import AbstractionPyramid
from hybridcore.layers.bidirectional import Bidirectional
from hybridcore.layers.conv_lstm import ConvLSTM
from hybridcore.layers.ctc import BLANK, best_path, forward_lattice, occupancy, prefix_beam
from hybridcore.layers.elman import Elman
from hybridcore.layers.gru import GRU
from hybridcore.layers.hopfield import Hopfield
from hybridcore.layers.ind_rnn import IndRNN
from hybridcore.layers.jordan import Jordan
from hybridcore.layers.lstm import LSTM
from hybridcore.layers.recurrent_conv import RCNN, RCNNConfig, RecurrentConv
from hybridcore.layers.unrolled import unroll

FUSED = [(Elman, nn.RNN), (LSTM, nn.LSTM), (GRU, nn.GRU)]


def copy_into(cell: nn.Module, fused: nn.Module, suffix: str = "_l0") -> None:
    """Give a cell the weights of torch's layer."""
    own = dict(fused.named_parameters())
    with torch.no_grad():
        cell.from_input.weight.copy_(own[f"weight_ih{suffix}"])
        cell.from_input.bias.copy_(own[f"bias_ih{suffix}"])
        cell.from_hidden.weight.copy_(own[f"weight_hh{suffix}"])
        cell.from_hidden.bias.copy_(own[f"bias_hh{suffix}"])


@pytest.mark.parametrize(("own", "fused"), FUSED, ids=lambda t: t.__name__)
def test_a_cell_is_torch_s_with_the_same_weights(own: type, fused: type) -> None:
    torch.manual_seed(0)
    layer, cell, inputs = fused(3, 5, batch_first=True), own(inputs=3, hidden=5), \
        torch.randn(2, 7, 3)
    copy_into(cell, layer)
    hidden, state = unroll(cell, inputs)
    expected, last = layer(inputs)
    torch.testing.assert_close(hidden, expected)
    torch.testing.assert_close(state[0], (last[0] if isinstance(last, tuple) else last)[0])
    # In two chunks, the state handed on.
    first, between = unroll(cell, inputs[:, :3])
    second, _ = unroll(cell, inputs[:, 3:], between)
    torch.testing.assert_close(torch.cat([first, second], 1), expected)


def test_the_forget_gate_can_begin_open() -> None:
    torch.manual_seed(0)
    plain = LSTM(inputs=2, hidden=3)
    torch.manual_seed(0)
    opened = LSTM(inputs=2, hidden=3, forget_bias=2.0)
    difference = opened.from_input.bias - plain.from_input.bias
    torch.testing.assert_close(difference, torch.tensor([0.0] * 3 + [2.0] * 3 + [0.0] * 6))


def test_bidirectional_is_torch_s() -> None:
    torch.manual_seed(0)
    layer, inputs = nn.LSTM(3, 4, batch_first=True, bidirectional=True), torch.randn(2, 6, 3)
    both = [LSTM(inputs=3, hidden=4) for _ in range(2)]
    copy_into(both[0], layer)
    copy_into(both[1], layer, "_l0_reverse")
    torch.testing.assert_close(Bidirectional(*both)(inputs), layer(inputs)[0])


def test_jordan_remembers_what_it_said_and_nothing_else() -> None:
    torch.manual_seed(0)
    cell, inputs = Jordan(inputs=2, hidden=4, outputs=3, decay=0.3), torch.randn(1, 3, 2)
    said = torch.zeros(1, 3)
    hidden, _ = unroll(cell, inputs)
    for t in range(3):
        h = torch.tanh(cell.from_input(inputs[:, t]) + cell.from_said(said))
        torch.testing.assert_close(hidden[:, t], h)
        said = 0.3 * said + cell.say(h)


def test_in_an_independent_network_units_do_not_hear_each_other() -> None:
    torch.manual_seed(0)
    cell = IndRNN(inputs=2, hidden=4, length=10)
    with torch.no_grad():
        cell.memory[0] = 3.0  # more than is allowed
    state = torch.rand(1, 4).requires_grad_()
    (after,) = cell(torch.full((1, 2), 0.5), (state,))
    jacobian = torch.stack([torch.autograd.grad(after[0, k], state, retain_graph=True)[0][0]
                            for k in range(4)])
    assert (jacobian - torch.diag(torch.diag(jacobian))).abs().max() == 0
    on = after[0] > 0
    expected = cell.memory.clamp(max=2 ** 0.1)
    torch.testing.assert_close(torch.diag(jacobian)[on], expected[on])
    assert on[0]
    assert expected[0].item() == pytest.approx(2 ** 0.1)


def test_a_hopfield_network_recalls_and_its_energy_never_rises() -> None:
    rng = np.random.default_rng(0)
    patterns = rng.choice([-1, 1], (5, 100)).astype(np.int8)
    memory = Hopfield(patterns)
    damaged = patterns[2].copy()
    damaged[:20] *= -1
    states = list(memory.recall(damaged, rng))
    energies = [memory.energy(state) for state in (damaged, *states)]
    assert (np.diff(energies) <= 1e-12).all()
    assert memory.nearest(states[-1]) == (2, 1.0)
    assert memory.nearest(damaged) == (2, 0.8)
    assert np.diag(memory.weights).max() == 0


def test_patterns_that_are_alike_need_the_pseudo_inverse() -> None:
    rng = np.random.default_rng(1)
    base = rng.choice([-1, 1], 100)
    patterns = np.stack([base * np.where(rng.random(100) < 0.15, -1, 1) for _ in range(12)])
    for rule, kept in (("hebb", False), ("pseudo-inverse", True)):
        memory = Hopfield(patterns.astype(np.int8), rule)  # type: ignore[arg-type]
        stays = [not list(memory.recall(pattern, rng)) for pattern in patterns]
        assert all(stays) is kept, rule


def test_conv_lstm_with_one_pixel_is_an_lstm() -> None:
    torch.manual_seed(0)
    cell, maps = ConvLSTM(inputs=3, channels=4, kernel=3, peepholes=False), LSTM(inputs=3, hidden=4)
    with torch.no_grad():
        maps.from_input.weight.copy_(cell.from_input.weight[:, :, 1, 1])
        maps.from_hidden.weight.copy_(cell.from_hidden.weight[:, :, 1, 1])
        maps.from_hidden.bias.copy_(cell.from_hidden.bias)
        maps.from_input.bias.zero_()
    inputs = torch.randn(2, 5, 3)
    own, _ = unroll(cell, inputs[..., None, None])
    torch.testing.assert_close(own[..., 0, 0], unroll(maps, inputs)[0])


def test_peepholes_look_at_the_cell() -> None:
    torch.manual_seed(0)
    cell = ConvLSTM(inputs=1, channels=2, kernel=1)
    x, state = torch.randn(1, 1, 2, 2), (torch.randn(1, 2, 2, 2), torch.randn(1, 2, 2, 2))
    with torch.no_grad():
        plain = cell(x, state)
        cell.peepholes[1] = 1.0  # of the forget gate
        _, c = cell(x, state)
    z = (cell.from_input(x) + cell.from_hidden(state[0])).chunk(4, 1)
    expected = (z[1] + state[1]).sigmoid() * state[1] + z[0].sigmoid() * z[2].tanh()
    torch.testing.assert_close(c, expected)
    assert not torch.allclose(c, plain[1])
    with pytest.raises(ValueError, match="odd"):
        ConvLSTM(inputs=1, channels=1, kernel=4)


def test_the_paper_s_conv_lstm_has_its_number_of_parameters() -> None:
    """Moving MNIST: 4 x 4 patches as channels, 5 x 5 kernels, encoder and forecaster, all of whose
    states give the answer."""
    for widths, published in (((256,), 13_524_496), ((128, 128), 10_042_896),
                              ((128, 64, 64), 7_585_296)):
        with torch.device("meta"):
            layers = [ConvLSTM(inputs=below, channels=channels) for first in (16, 0)
                      for below, channels in zip((first, *widths), widths, strict=False)]
            output = nn.Conv2d(sum(widths), 16, 1)
        count = sum(p.numel() for part in (*layers, output) for p in part.parameters())
        assert count == published, widths


@pytest.mark.parametrize(("channels", "count"), [(96, 672_202), (128, 1_191_178),
                                                 (160, 1_857_610)])
def test_the_papers_rcnns_have_their_numbers_of_parameters(channels: int, count: int) -> None:
    with torch.device("meta"):
        model = RCNN(config=RCNNConfig(channels=channels))
    assert sum(parameter.numel() for parameter in model.parameters()) == count


def test_a_recurrent_convolution_feeds_the_same_picture_at_every_step() -> None:
    torch.manual_seed(0)
    layer, picture = RecurrentConv(channels=8), torch.randn(1, 8, 6, 6)
    with torch.no_grad():
        states = layer.states(picture)
        fed = layer.feed(picture)
        for before, after in pairwise(states):
            torch.testing.assert_close(
                after, layer.norm(torch.relu(fed + layer.recur(before))))
        torch.testing.assert_close(states[0], layer.norm(torch.relu(fed)))
        assert len(states) == 4
    logits = RCNN(config=RCNNConfig(channels=8, inputs=1))(torch.randn(2, 1, 8, 8))
    assert logits.shape == (2, 10)


def collapse(path: tuple[int, ...]) -> list[int]:
    return [label for label, _ in groupby(path) if label != BLANK]


def test_prefix_search_sums_all_paths_and_the_lattice_is_the_loss() -> None:
    rng = np.random.default_rng(0)
    log_p = np.log(rng.dirichlet([0.5] * 3, 5))
    sums: dict[tuple[int, ...], float] = {}
    for path in product(range(3), repeat=5):
        key = tuple(collapse(path))
        value = sum(log_p[t, label] for t, label in enumerate(path))
        sums[key] = np.logaddexp(sums.get(key, -np.inf), value)
    found = prefix_beam(log_p, width=500)
    possible = {tuple(labels): value for labels, value in found if value > -np.inf}
    assert possible == pytest.approx(sums)
    best = max(sums, key=sums.__getitem__)
    assert tuple(found[0][0]) == best
    lattice = forward_lattice(log_p, (1, 1))
    assert np.logaddexp(*lattice[-1, -2:]) == pytest.approx(sums[1, 1])
    loss = nn.CTCLoss(reduction="sum")(
        torch.tensor(log_p)[:, None], torch.tensor([[1, 1]]), torch.tensor([5]), torch.tensor([2]))
    assert loss.item() == pytest.approx(-sums[1, 1])


def test_occupancy_is_the_share_of_the_paths() -> None:
    """Of every path that says the labels, with how much probability it is in a label at a step."""
    rng = np.random.default_rng(1)
    log_p = np.log(rng.dirichlet([0.5] * 3, 5))
    shares, total = occupancy(log_p, [1, 2])
    in_first, whole = np.zeros(5), 0.0
    for path in product(range(3), repeat=5):
        if collapse(path) == [1, 2]:
            p = float(np.exp(sum(log_p[t, label] for t, label in enumerate(path))))
            whole += p
            in_first += p * (np.array(path) == 1)
    assert total == pytest.approx(np.log(whole))
    np.testing.assert_allclose(shares[:, 1], in_first / whole)
    np.testing.assert_allclose(shares.sum(1), 1)
    assert [row[0] for row in prefix_beam(log_p, least=-30)] == [
        row[0] for row in prefix_beam(log_p)]


def test_the_best_path_joins_repeats_and_leaves_blanks_out() -> None:
    path = [0, 1, 1, 0, 1, 2, 2]
    labels, starts = best_path(np.log(np.eye(3)[path] * 0.9 + 0.03))
    assert labels == collapse(tuple(path)) == [1, 1, 2]
    assert starts == [1, 4, 5]


def test_in_a_pyramid_a_pixel_needs_a_step_for_each_level_and_comes_back_down() -> None:
    torch.manual_seed(0)
    pyramid = AbstractionPyramid(inputs=1, channels=(4, 5, 6), steps=6)
    pictures = torch.randn(1, 1, 16, 16).requires_grad_()
    history = pyramid(pictures)
    assert [tuple(level.shape[1:]) for level in history[-1]] == [(4, 8, 8), (5, 4, 4), (6, 2, 2)]

    def heard(step: int, level: int) -> bool:
        (slope,) = torch.autograd.grad(
            history[step][level].sum(), pictures, retain_graph=True, allow_unused=True)
        return slope is not None and bool(slope.abs().sum() > 0)

    assert [heard(0, level) for level in range(3)] == [True, False, False]
    assert [heard(2, level) for level in range(3)] == [True, True, True]
    # Through the top, one corner of the lowest level hears of the other corner.
    (slope,) = torch.autograd.grad(history[5][0][0, 0, 0, 0], pictures)
    assert slope[0, 0, 15, 15].abs() > 0
