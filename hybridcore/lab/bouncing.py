"""A digit that bounces about in a field: films whose next frame is to be foretold.

As the moving digits of Srivastava, Mansimov & Salakhutdinov 2015, with the 8 x 8 digits of
scikit-learn in a field of 16 x 16. One frame shows where the digit is, not where it goes.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from sklearn.datasets import load_digits

FIELD, DIGIT = 16, 8  # px of a side
_TESTS = 360  # of the 1,797 digits
_FASTEST = 2  # px a frame


@cache
def pictures(test: bool) -> tuple[np.ndarray, np.ndarray]:
    """Digits float32 ``[N, 8, 8]`` in 0..1 and which they are, int ``[N]``; those that test are not
    among those that teach."""
    found = load_digits()
    order = np.random.default_rng(0).permutation(len(found.target))
    part = order[:_TESTS] if test else order[_TESTS:]
    return found.images[part].astype(np.float32) / 16, found.target[part]


def films(
    rng: np.random.Generator, count: int, steps: int, *, test: bool = False,
    digit: int | None = None,
) -> np.ndarray:
    """Films float32 ``[count, steps, FIELD, FIELD]`` in 0..1 of one digit each; ``digit``: of this
    kind."""
    shapes, kinds = pictures(test)
    rows = np.arange(len(kinds)) if digit is None else np.flatnonzero(kinds == digit)
    made = np.zeros((count, steps, FIELD, FIELD), np.float32)
    for film in made:
        shape = shapes[rng.choice(rows)]
        y, x = (_path(rng, steps) for _ in range(2))
        for frame, top, left in zip(film, y, x, strict=True):
            frame[top : top + DIGIT, left : left + DIGIT] = shape
    return made


def _path(rng: np.random.Generator, steps: int) -> np.ndarray:
    """Where the digit is along one side, int ``[steps]``: it goes at one speed, and bounces."""
    room = FIELD - DIGIT
    speed = int(rng.integers(1, _FASTEST + 1))
    along = (int(rng.integers(2 * room)) + speed * np.arange(steps)) % (2 * room)
    return np.where(along > room, 2 * room - along, along)
