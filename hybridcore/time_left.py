"""How long work takes still, as a number that a person can believe."""

from __future__ import annotations

_STEADY_SECONDS = 2.0  # for which estimates have to agree before one is said
_LEAST_FRACTION = 0.03  # of the work; before, its speed is not known
_AGREE = 0.35  # of the time left: estimates closer than this are the same
_LEAST_SECONDS = 3.0  # that are taken for the time left where it is less
_WEIGHT = 0.2  # of a new estimate in the mean


class TimeLeft:
    """The time left, from how much of the work is done.

    Nothing is said until the estimates agree for a while. A number that was said falls from then
    on; where the work turns out much slower it is taken back until the estimates agree again.

    Args:
        began: s, on the clock whose times are given later.
    """

    def __init__(self, began: float) -> None:
        self._began = began
        self._end: float | None = None  # mean of the estimates that agree
        self._since = began  # the first of these
        self._said: float | None = None

    def seconds(self, fraction: float, now: float) -> float | None:
        """The time left, s, where ``fraction`` of the work, 0..1, is done ``now``; None where it is
        not known."""
        if fraction < _LEAST_FRACTION or now <= self._began:
            return None
        end = self._began + (now - self._began) / fraction
        if self._end is None or \
                abs(end - self._end) > _AGREE * max(self._end - now, _LEAST_SECONDS):
            self._end, self._since, self._said = end, now, None
        else:
            self._end += _WEIGHT * (end - self._end)
        if now - self._since < _STEADY_SECONDS:
            return None
        left = max(0.0, self._end - now)
        self._said = left if self._said is None else min(left, self._said)
        return self._said
