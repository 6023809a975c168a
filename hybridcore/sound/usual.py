"""What is usual in a clip: statistics of motion measured against those of the clip so far.

How much moves from frame to frame depends on the place: how far the camera is, how the light
falls, what stirs in the wind. So each number is standardised by a running mean and variance. They
begin as those of the training set, which count as ``prior`` frames, and become the clip's own with
every frame: the mean and variance of a normal under a conjugate prior. Only frames up to each one
count, so the causal networks stay causal.

How hard a blow is shows in the motion itself, which is lost when it is measured so. Beside them
stand the same numbers measured by the training set alone: their level.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

FAR = 5.0  # standard deviations; an input further out is clipped


@dataclass(frozen=True)
class Sums:
    """Of the frames so far: how many, and float64 ``[..., F]`` sums of the deviations from the
    training mean and of their squares.
    """

    count: int
    first: Tensor
    second: Tensor


class Usual(nn.Module):
    """``[..., T, F]`` statistics -> ``[..., T, 2 F]`` standard deviations, in -5..5: from what is
    usual, then from the training set."""

    mean: Tensor
    scale: Tensor

    def __init__(self, *, numbers: int, prior: float) -> None:
        super().__init__()
        self.prior = prior  # frames
        self.register_buffer("mean", torch.zeros(numbers))
        self.register_buffer("scale", torch.ones(numbers))

    @torch.no_grad()
    def learn(self, statistics: Tensor) -> None:
        """Take mean and scale from training frames ``[N, F]``."""
        self.mean.copy_(statistics.mean(0))
        self.scale.copy_(statistics.std(0) + 1e-3)

    def forward(self, statistics: Tensor, before: Sums | None = None) -> tuple[Tensor, Sums]:
        """The frames that follow those of ``before``; None at the start of a clip."""
        away = statistics.double() - self.mean.double()
        if before is None:
            nothing = torch.zeros_like(away[..., 0, :])
            before = Sums(0, nothing, nothing)
        first = before.first[..., None, :] + away.cumsum(-2)
        second = before.second[..., None, :] + away.square().cumsum(-2)
        steps = statistics.shape[-2]
        count = before.count + steps
        weight = self.prior + torch.arange(
            before.count + 1, count + 1, device=away.device, dtype=torch.float64)[:, None]
        middle = first / weight
        spread = (self.prior * self.scale.double().square() + second) / weight - middle.square()
        usual = (away - middle) / spread.clamp(min=1e-6).sqrt()
        both = torch.cat([usual, away / self.scale.double()], -1)
        return both.clamp(-FAR, FAR).to(statistics.dtype), Sums(
            count, first[..., -1, :], second[..., -1, :])

    def still(self) -> Tensor:
        """``[F]``: a frame in which nothing moves, where what is usual is the training set."""
        return (-self.mean / self.scale).clamp(-FAR, FAR)
