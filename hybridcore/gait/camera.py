"""When the camera moves: not for a whole clip because of one moment, but from when to when."""

from __future__ import annotations

import cv2
import numpy as np
from scipy.ndimage import median_filter

from hybridcore.layers.chain import runs

SECONDS = 1.0  # between two samples that are compared
_MOVED = 0.0075  # of the picture's longer side, from one to the other
_BLOCKS = 6  # along the longer side; each has one vote
_LEAST = 5  # blocks that can vote; fewer say nothing
_ALIKE = 1.5  # px, between the ways of two blocks that move as one
_VOTERS = 5  # comparisons in a row of which most must say that it moves
_CORNERS = 120
_PEOPLE = 0.5  # of the picture; if more of it differs from the background, that is not people


def moving_stretches(
    samples: np.ndarray, times: np.ndarray, people: np.ndarray
) -> np.ndarray:
    """From when to when the camera moves, s: float64 ``[k, 2]``.

    samples: grey uint8 ``[N, H, W]`` in order, at ``times`` s; people: bool ``[N, H, W]``, what
    differs from the background and so has no vote.
    """
    if len(samples) < _VOTERS:
        return np.zeros((0, 2))
    lag = max(1, round(SECONDS / float(np.median(np.diff(times)))))
    votes = np.array([
        _moves(samples[k - lag], samples[k], people[k - lag] | people[k])
        for k in range(lag, len(samples))])
    if len(votes) == 0:
        return np.zeros((0, 2))
    agreed = median_filter(votes.astype(np.uint8), min(_VOTERS, len(votes) | 1), mode="nearest")
    return np.array([
        (times[a], times[b - 1 + lag]) for a, b, moves in runs(agreed) if moves]).reshape(-1, 2)


def _moves(before: np.ndarray, after: np.ndarray, people: np.ndarray) -> bool:
    """Whether most blocks of the picture, each by the median of its corners, moved as one."""
    everywhere = bool(people.mean() > _PEOPLE)
    free = None if everywhere else np.where(people, np.uint8(0), np.uint8(255))
    corners = cv2.goodFeaturesToTrack(before, _CORNERS, 0.01, 5, mask=free)
    if corners is None:
        return everywhere
    moved, found, _ = cv2.calcOpticalFlowPyrLK(before, after, corners, None)
    seen = found.ravel() == 1
    at, ways = corners[seen, 0], (moved - corners)[seen, 0]
    blocks = (at // (max(before.shape) / _BLOCKS)).astype(int) @ np.array([1, _BLOCKS])
    votes = np.array([np.median(ways[blocks == block], axis=0) for block in np.unique(blocks)])
    if len(votes) < _LEAST:
        return everywhere
    way = np.median(votes, axis=0)
    if (np.linalg.norm(votes - way, axis=1) < _ALIKE).mean() <= 0.5:
        return everywhere  # too fast to be followed, or nothing but noise
    return bool(np.linalg.norm(way) > _MOVED * max(before.shape))
