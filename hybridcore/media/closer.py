"""Some frames of a film at another size too."""

from __future__ import annotations

from dataclasses import dataclass

_TOLERANCE = 1e-3  # s, of stamps


@dataclass(frozen=True)
class Closer:
    """Wanted at ``size`` (height, width) too: the first frame, and then the first of those that
    come at least so many ``seconds`` after the last one wanted."""

    size: tuple[int, int]
    seconds: float

    def is_next(self, time: float, last: float | None) -> bool:
        """Whether the frame at ``time`` is wanted, ``last`` being the one before it that was."""
        return last is None or time >= last + self.seconds - _TOLERANCE
