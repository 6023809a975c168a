"""Timing helpers that the benchmarks share."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np


def median_seconds(run: Callable[[], object], repeats: int = 5) -> float:
    """Median wall-clock time of ``run`` after one call to warm up."""
    run()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def line(name: str, value: str, bar: str = "") -> None:
    """One line of the report, with the bar it is held to."""
    print(f"{name:<58} {value:>18}  {bar}")
