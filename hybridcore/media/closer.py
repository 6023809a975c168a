"""Some frames of a film at another size too."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Closer:
    """One frame in ``every``, from the first on, is wanted at ``size`` (height, width) too."""

    size: tuple[int, int]
    every: int
