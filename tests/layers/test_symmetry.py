"""Tied layers commute with every renumbering of the classes."""

import torch
from torch import nn

from hybridcore.layers.symmetry import symmetrise, tie


def test_the_projection_commutes_and_is_one() -> None:
    torch.manual_seed(0)
    matrix = symmetrise(torch.randn(8, 9), 5, rows=True, columns=True)
    order = torch.randperm(5)
    rows = torch.cat([order, torch.arange(5, 8)])
    columns = torch.cat([order, torch.arange(5, 9)])
    torch.testing.assert_close(matrix[rows][:, columns], matrix)
    torch.testing.assert_close(symmetrise(matrix, 5, rows=True, columns=True), matrix)


def test_it_is_the_mean_over_all_renumberings() -> None:
    torch.manual_seed(0)
    matrix = torch.randn(4, 4, 2)
    orders = [torch.tensor(o) for o in
              ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))]
    mean = torch.stack([
        matrix[torch.cat([o, torch.tensor([3])])][:, torch.cat([o, torch.tensor([3])])]
        for o in orders]).mean(0)
    torch.testing.assert_close(symmetrise(matrix, 3, rows=True, columns=True), mean)


def test_a_tied_parameter_stays_tied() -> None:
    torch.manual_seed(0)
    layer = nn.Linear(6, 5)
    tie(layer.weight, 4)
    tie(layer.bias, 4)
    optimiser = torch.optim.Adam(layer.parameters(), lr=0.1)
    for _ in range(3):
        layer(torch.randn(7, 6)).square().sum().backward()
        optimiser.step()
        optimiser.zero_grad()
    again = symmetrise(layer.weight.detach(), 4, rows=True, columns=True)
    torch.testing.assert_close(layer.weight.detach(), again)
    assert layer.bias[:4].std() < 1e-6
