"""When each mask of a walk was taken: the numbers in the names of the files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

_NUMBER = re.compile(r"\d+")
_COMMON = 0.25  # share of the distances between numbers that may be called the usual one
_LONGEST = 250  # frames; longer gaps are cut to it: what follows is another recording
_SPARSEST = 4  # frames a file on average, from which the numbers are no frame numbers


def sort_key(name: str) -> tuple[list[int], str]:
    """Sorts ``9.png`` before ``10.png``."""
    return _numbers(name), name


def frame_numbers(names: Sequence[str]) -> np.ndarray:
    """The frame of each file of one walk, int ``[n]``, increasing, from 0.

    names: in order. A file that is missing between two numbers leaves its frame empty. The step is
    the smallest distance that is common: ``10, 20, 40`` are frames 0, 1 and 3. Names without one
    number that counts the frames are taken for frames that follow one another.
    """
    consecutive = np.arange(len(names))
    found = [_numbers(name) for name in names]
    if len(names) < 3 or len({len(numbers) for numbers in found}) > 1 or not found[0]:
        return consecutive
    distances = np.diff(np.array(found, object), axis=0).T  # [numbers in a name, n - 1]
    counting = [row for row in distances if (row > 0).all()]
    if not counting:
        return consecutive
    row = counting[-1]
    values, counts = np.unique(row, return_counts=True)
    common = values[(counts >= _COMMON * len(row)) & ((counts > 1) | (values == 1))]
    if len(common) == 0:
        return consecutive
    steps = [min(max(1, round(distance / common[0])), _LONGEST) for distance in row]
    frames = np.concatenate([[0], np.cumsum(steps)])
    return frames if frames[-1] <= _SPARSEST * len(names) + _LONGEST else consecutive


def _numbers(name: str) -> list[int]:
    return [int(digits) for digits in _NUMBER.findall(PurePosixPath(name).stem)]
