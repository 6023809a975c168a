"""One number of a network, worked out: a map over a picture times what a feature says of its cells.

The way of CNN Explainer (Wang et al., *CNN Explainer: Learning Convolutional Neural Networks with
Interactive Visualization*, TVCG 2020, arXiv 2004.15004): from the picture to a map of it, and from
there to the sum behind a single number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class DotProduct:
    """``total = scale * sum(weights * values)`` over the cells of a grid.

    picture: uint8 RGB ``[h, w, 3]``, what was looked at. weights, values: float ``[gh, gw]``, each
    with its name, as total and scale have. note: which feature this is and why it is shown.
    """

    picture: np.ndarray
    weights: np.ndarray
    values: np.ndarray
    names: tuple[str, str]
    total_name: str
    scale: float = 1.0
    scale_name: str = ""
    note: str = ""

    @property
    def terms(self) -> np.ndarray:
        """What each cell adds to the total, float ``[gh, gw]``."""
        return self.scale * self.weights * self.values

    @property
    def total(self) -> float:
        """The number itself."""
        return float(self.terms.sum())

    def formula(self, most: int = 3) -> str:
        """The sum in figures, its ``most`` largest terms written out."""
        order = np.argsort(-np.abs(self.terms).ravel(), kind="stable")[:most]
        parts = [f"{_factor(self.weights.ravel()[k])}·{_factor(self.values.ravel()[k])}"
                 for k in order]
        rest = self.terms.size - len(parts)
        total = " + ".join([*parts, *([f"… ({rest} more cells)"] if rest else [])])
        if self.scale_name:
            total = f"{self.scale:.3f}·({total})"
        return f"{self.total_name} = {total} = {self.total:.3f}"


def _factor(value: float) -> str:
    return f"({value:.3f})" if value < 0 else f"{value:.3f}"
