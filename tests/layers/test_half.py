"""Layers that keep float16 weights decode what the layers whose weights they share would."""

import pytest
import torch
from torch import Tensor, nn

from hybridcore.layers.half import HalfLinear, HalfLSTMCell, HalfMatrix, halve, lstm_state


def rounded(module: nn.Module) -> nn.Module:
    """With weights as they are after they were saved in float16."""
    for parameter in module.parameters():
        parameter.data = parameter.data.half().float()
    return module


@pytest.mark.parametrize("shape", [(1, 7), (3, 7), (2, 3, 7)])
@torch.inference_mode()
def test_a_matrix_gives_what_float32_gives(shape: tuple[int, ...]) -> None:
    layer, x = rounded(nn.Linear(7, 5)), torch.randn(*shape)
    matrix = HalfMatrix(layer.weight, layer.bias)
    torch.testing.assert_close(matrix(x), layer(x), atol=1e-5, rtol=1e-5)


@torch.inference_mode()
def test_without_fbgemm_it_is_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hybridcore.layers.half.HALF", False)
    layer, x = nn.Linear(7, 5), torch.randn(3, 7)  # not rounded: float16 would show
    torch.testing.assert_close(
        HalfMatrix(layer.weight, layer.bias)(x), layer(x), atol=1e-7, rtol=1e-7)


def test_all_layers_of_a_network_are_found_and_share_its_weights() -> None:
    network = nn.ModuleDict({"deep": nn.Sequential(nn.Linear(4, 6), nn.ReLU()),
                             "lstm": nn.LSTMCell(6, 8)})
    rounded(network)
    before = network.state_dict()
    deep, lstm = network["deep"][0], network["lstm"]
    x, state = torch.randn(3, 4), (torch.randn(3, 8), torch.randn(3, 8))
    with torch.no_grad():
        expected = lstm(deep(x), state)
    halve(network)
    assert isinstance(network["deep"][0], HalfLinear)
    assert isinstance(network["lstm"], HalfLSTMCell)
    assert all(network.state_dict()[name].data_ptr() == value.data_ptr()
               for name, value in before.items())
    with torch.no_grad():
        found = network["lstm"](network["deep"][0](x), state)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


def test_gradients_go_through_float32() -> None:
    layer, cell = nn.Linear(4, 6), nn.LSTMCell(6, 8)
    x, state = torch.randn(3, 4, requires_grad=True), (torch.randn(3, 8), torch.randn(3, 8))

    def gradient(first: nn.Module, second: nn.Module) -> Tensor:
        return torch.autograd.grad(second(first(x), state)[0].sum(), x)[0]

    torch.testing.assert_close(
        gradient(HalfLinear(layer), HalfLSTMCell(cell)), gradient(layer, cell))


@torch.inference_mode()
def test_a_step_is_that_of_torch() -> None:
    cell, x, h, c = nn.LSTMCell(3, 4), torch.randn(2, 3), torch.randn(2, 4), torch.randn(2, 4)
    gates = x @ cell.weight_ih.T + cell.bias_ih + h @ cell.weight_hh.T + cell.bias_hh
    for found, expected in zip(lstm_state(gates, c), cell(x, (h, c)), strict=True):
        torch.testing.assert_close(found, expected)
