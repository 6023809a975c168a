"""What a system gives a head to learn from: rows of numbers over time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Features:
    """n steps of d numbers.

    times: float64 ``[n]``, s, strictly increasing. values: float ``[n, d]``. parts: how many of
    the d columns are of what, in their order, such as ``{"appearance": 1280, "motion": 1280}``;
    each part is weighed by itself, so that a wide one does not drown a narrow one. duration: s, the
    end of the last step.

    Raises:
        ValueError: shapes do not agree, or times do not increase.
    """

    times: np.ndarray
    values: np.ndarray
    parts: Mapping[str, int]
    duration: float

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.times), sum(self.parts.values())):
            raise ValueError("features must be [n, d], as many rows as times, d that of the parts")
        if len(self.times) == 0 or np.any(np.diff(self.times) <= 0):
            raise ValueError("times must be [n], n > 0, strictly increasing")

    def __len__(self) -> int:
        return len(self.times)

    @property
    def step(self) -> float:
        """s from one step to the next, usually."""
        return float(np.median(np.diff(self.times))) if len(self) > 1 else self.duration or 1.0

    def only(self, parts: Collection[str]) -> Features:
        """The columns of some of its parts, in its own order.

        Raises:
            ValueError: it lacks one of them.
        """
        if missing := set(parts) - set(self.parts):
            raise ValueError(f"these features have no {' and no '.join(sorted(missing))}")
        if len(parts) == len(self.parts):
            return self
        kept = np.repeat([part in parts for part in self.parts], list(self.parts.values()))
        return replace(self, values=self.values[:, kept], parts={
            part: columns for part, columns in self.parts.items() if part in parts})

    def tensor(self) -> Tensor:
        """The values, float32 ``[n, d]``."""
        return torch.from_numpy(self.values.astype(np.float32, copy=False))
