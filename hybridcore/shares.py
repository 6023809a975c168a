"""Shares that were counted, and how far they can be trusted."""

from __future__ import annotations

from scipy.stats import binomtest


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson, JASA 1927); 0..1 without trials."""
    if trials == 0:
        return 0.0, 1.0
    interval = binomtest(hits, trials).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)
