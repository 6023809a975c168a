"""What the units of a network go with: the signal of an answer that each correlates with most.

It says what a unit did in one answer, not what it does: a correlation over one clip may be chance.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

LEAST = 0.6  # |r| from which a unit is said to go with a signal
FEWEST = 24  # steps; over fewer, some signal goes with anything


def correlations(states: np.ndarray, signals: np.ndarray) -> np.ndarray:
    """Pearson's r of every unit of ``states [T, H]`` with every one of ``signals [T, S]``:
    ``[H, S]``, 0 where one of the two does not vary."""
    return np.asarray(_standard(states).T @ _standard(signals) / len(states))


def goes_with(
    states: np.ndarray, signals: Mapping[str, np.ndarray]
) -> dict[int, tuple[str, float]]:
    """For each unit of ``states [T, H]`` that goes with one: the name of the signal ``[T]`` that
    it correlates with most, and r; only where |r| is at least :data:`LEAST`."""
    if not signals or len(states) < FEWEST:
        return {}
    names = list(signals)
    r = correlations(states, np.stack([signals[name] for name in names], 1))
    best = np.abs(r).argmax(1)
    return {unit: (names[k], float(r[unit, k])) for unit, k in enumerate(best.tolist())
            if abs(r[unit, k]) >= LEAST}


def _standard(values: np.ndarray) -> np.ndarray:
    """Mean 0 and deviation 1 over time ``[T, N]``; 0 where a column does not vary."""
    centred = values.astype(np.float64) - values.mean(0, dtype=np.float64)
    deviation = centred.std(0)
    flat = deviation < 1e-9
    return np.where(flat, 0.0, centred / np.where(flat, 1.0, deviation))
