"""The networks of heads: features -> a fixed projection -> GRU -> labels, and the twin without.

The projection is fitted to what was marked, not learned: principal components of each part, so
that a few hundred steps suffice. The GRU (Cho et al., EMNLP 2014) reads both ways: a head labels
whole clips. The twin has a layer of the same width in its place, which sees one step at a time.

Several networks learn at once, side by side in one tensor: the one that is kept, and one for each
part of the marks that is held out to test it. They share nothing, and cost hardly more than one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class HeadConfig:
    """inputs: d of the features; classes: how many labels; width: of the projection; hidden: of the
    GRU, each way; memory: whether it has any; dropout: while it learns; groups: how many networks
    lie side by side."""

    inputs: int
    classes: int
    width: int
    hidden: int = 32
    memory: bool = True
    dropout: float = 0.3
    groups: int = 1


class Rows(nn.Module):
    """A linear layer for each of G groups: ``[G, ..., inputs]`` -> ``[G, ..., outputs]``."""

    def __init__(self, *, groups: int, inputs: int, outputs: int) -> None:
        super().__init__()
        bound = inputs**-0.5
        self.weight = nn.Parameter(torch.empty(groups, inputs, outputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(groups, 1, outputs).uniform_(-bound, bound))

    def forward(self, inputs: Tensor) -> Tensor:
        flat = inputs.flatten(1, -2)
        return torch.baddbmm(self.bias, flat, self.weight).view(*inputs.shape[:-1], -1)


class SteadyDropout(nn.Module):
    """Leaves out the same numbers at every step of a row ``[G, B, T, d]`` (Gal & Ghahramani, NIPS
    2016), while it learns."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, inputs: Tensor) -> Tensor:
        if not self.training:
            return inputs
        kept = torch.full_like(inputs[:, :, :1], 1 - self.share).bernoulli()
        return inputs * (kept / (1 - self.share))


class TwoWayGRU(nn.Module):
    """A GRU of H units in each direction of time, for each of G groups.

    ``[G, B, T, inputs]`` -> ``[G, B, T, 2 H]``: what was read forward, then what was read backward.
    Groups and directions are one axis of ``2 G``: step by step it is as long as one of them. Gates
    are in the order of ``nn.GRU``: reset, update, candidate.
    """

    def __init__(self, *, groups: int, inputs: int, hidden: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.inputs = Rows(groups=2 * groups, inputs=inputs, outputs=3 * hidden)
        self.recurrent = Rows(groups=2 * groups, inputs=hidden, outputs=3 * hidden)

    def forward(self, inputs: Tensor) -> Tensor:
        groups, batch = inputs.shape[:2]
        both = torch.stack([inputs, inputs.flip(2)], 1).flatten(0, 1)  # [2 G, B, T, inputs]
        gates = self.inputs(both)  # [2 G, B, T, 3 H]
        state = gates.new_zeros(2 * groups, batch, self.hidden)
        states = []
        for now in gates.unbind(2):
            past = self.recurrent(state)  # [2 G, B, 3 H]
            reset, update = torch.sigmoid(
                now[..., : 2 * self.hidden] + past[..., : 2 * self.hidden]).chunk(2, -1)
            candidate = torch.tanh(
                now[..., 2 * self.hidden :] + reset * past[..., 2 * self.hidden :])
            state = torch.lerp(candidate, state, update)
            states.append(state)
        forward, backward = torch.stack(states, 2).unflatten(0, (groups, 2)).unbind(1)
        return torch.cat([forward, backward.flip(2)], -1)


class HeadNetwork(nn.Module):
    """Features ``[G, B, T, d]`` -> logits ``[G, B, T, C]``."""

    def __init__(self, *, config: HeadConfig) -> None:
        super().__init__()
        self.config = config
        groups, outputs = config.groups, 2 * config.hidden
        self.project = Rows(
            groups=groups, inputs=config.inputs, outputs=config.width).requires_grad_(False)
        self.drop = SteadyDropout(config.dropout)
        self.centres: Tensor
        self.register_buffer("centres", torch.zeros(groups, config.classes, config.width))
        if config.memory:
            self.gru = TwoWayGRU(groups=groups, inputs=config.width, hidden=config.hidden)
        else:
            self.still = Rows(groups=groups, inputs=config.width, outputs=outputs)
        self.classifier = Rows(groups=groups, inputs=outputs, outputs=config.classes)

    def forward(self, values: Tensor) -> Tensor:
        return self.from_projected(self.project(values))

    def from_projected(self, projected: Tensor) -> Tensor:
        """``[G, B, T, width]`` -> logits ``[G, B, T, C]``; what learning repeats."""
        inputs = self.drop(projected)
        hidden = self.gru(inputs) if self.config.memory else self.still(inputs).relu()
        return self.classifier(self.drop(hidden))

    def only(self, group: int) -> HeadNetwork:
        """One of the networks, by itself."""
        alone = HeadNetwork(config=replace(self.config, groups=1))
        count = self.config.groups
        alone.load_state_dict({
            name: value.unflatten(0, (count, -1))[group] for name, value in
            self.state_dict().items()})
        return alone.eval()

    def strangeness(self, projected: Tensor) -> Tensor:
        """How far ``[G, B, T, width]`` lies from the nearest mean of a label, ``[G, B, T]``: the
        squared distance a component."""
        flat = projected.flatten(1, 2)  # [G, B T, width]
        nearest = torch.cdist(flat, self.centres).amin(-1)
        return nearest.square().view(projected.shape[:-1]) / self.config.width
