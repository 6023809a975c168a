"""What radars measure, to rain rates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hybridcore.media.radar.field import Rates

MARSHALL_PALMER = (200.0, 1.6)  # Z = a R^b, Z in mm6/m3 and R in mm/h (Marshall & Palmer 1948)

NOTE = ("Reflectivity is turned into rain by the Marshall-Palmer relation Z = 200 R^1.6, which "
        "holds for steady rain; hail and snow are read wrongly.")


def rate_of_reflectivity(dbz: NDArray[np.floating]) -> Rates:
    """Reflectivity in dBZ -> mm/h by the relation of Marshall and Palmer; minus infinity is dry."""
    a, b = MARSHALL_PALMER
    return (10 ** (np.asarray(dbz, np.float32) / (10 * b)) * a ** (-1 / b)).astype(np.float32)


def rate_of_amount(amount: NDArray[np.floating], minutes: float) -> Rates:
    """Rain in mm that fell within so many minutes -> mm/h."""
    return (np.asarray(amount, np.float32) * np.float32(60 / minutes)).astype(np.float32)
