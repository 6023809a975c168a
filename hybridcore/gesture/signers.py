"""Which hands belong to whom: points of everybody in a clip who shows a body or a hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hybridcore.gesture.points import BODY, COUNT, HANDS, LANDMARKS
from hybridcore.people.points import SHOULDERS, WRISTS
from hybridcore.people.result import Hand, People, Person

SEEN = 0.5  # visibility from which a landmark of the body is taken for seen
_NEAR = 0.7  # widths of the shoulders from a wrist of the body to that of a hand that is its own
_LEAST_SHARED = 0.5  # of a hand's frames in which the body is seen, too


@dataclass(frozen=True, eq=False)
class Found:
    """Somebody, or hands whose body is not seen: frames int64 ``[n]`` and times float64 ``[n]``, s,
    at which a part was seen; landmarks float32 ``[n, 49, 2]``, px of the frames looked at, and
    visibility float32 ``[n, 49]`` as of :class:`hybridcore.gesture.result.Signer`."""

    frames: np.ndarray
    times: np.ndarray
    landmarks: np.ndarray
    visibility: np.ndarray

    @cached_property
    def points(self) -> np.ndarray:
        """The landmarks that are seen; NaN where not, ``[n, 49, 2]``."""
        return visible(self.landmarks, self.visibility)


def visible(landmarks: np.ndarray, visibility: np.ndarray) -> np.ndarray:
    """Landmarks ``[..., 2]``, NaN where their visibility ``[...]`` is below :data:`SEEN`."""
    return np.where(visibility[..., None] >= SEEN, landmarks, np.float32(np.nan))


def signers(people: People) -> list[Found]:
    """Everybody with both shoulders or a hand in view, in the order of coming; hands that belong to
    no body are one more, left and right as their network says."""
    own: dict[int, list[tuple[float, int, Hand]]] = {}
    for hand in people.hands:
        person, side, distance = _owner(hand, people.persons)
        own.setdefault(person, []).append((distance, side, hand))
    found = [_joined(body, own.get(k, []), people.times)
             for k, body in enumerate(people.persons)]
    if -1 in own:
        found.append(_joined(None, own[-1], people.times))
    return sorted((one for one in found if one is not None), key=lambda one: int(one.frames[0]))


def _owner(hand: Hand, persons: tuple[Person, ...]) -> tuple[int, int, float]:
    """Position of the person (-1: nobody), side (0 left, 1 right), and how far the wrists are
    apart, widths of the shoulders."""
    best = -1, int(hand.right.mean() >= 0.5), np.inf
    for k, person in enumerate(persons):
        _, rows, others = np.intersect1d(hand.frames, person.frames, return_indices=True)
        if len(rows) < _LEAST_SHARED * len(hand):
            continue
        body = person.landmarks[others, :, :2]
        across = np.linalg.norm(body[:, SHOULDERS[0]] - body[:, SHOULDERS[1]], axis=-1)
        up = np.linalg.norm(body[:, 0] - body[:, list(SHOULDERS)].mean(1), axis=-1)
        wide = np.maximum(np.maximum(across, up).mean(), 1.0)
        for side, wrist in enumerate(WRISTS):
            gap = np.linalg.norm(hand.landmarks[rows, 0, :2] - body[:, wrist], axis=-1)
            distance = float(np.median(gap)) / wide
            if distance < min(best[2], _NEAR):
                best = k, side, distance
    return best


def _joined(
    body: Person | None, hands: list[tuple[float, int, Hand]], times: np.ndarray
) -> Found | None:
    """The landmarks of one body and its hands over all frames in which one of them is seen; of two
    hands on one side the nearer to the wrist."""
    landmarks = np.full((len(times), COUNT, 2), np.nan, np.float32)
    visibility = np.zeros((len(times), COUNT), np.float32)
    if body is not None:
        own = body.landmarks[:, list(LANDMARKS)]
        landmarks[body.frames, :BODY] = own[..., :2]
        visibility[body.frames, :BODY] = np.minimum(own[..., 3], own[..., 4])
    for _, side, hand in sorted(hands, key=lambda own: -own[0]):
        landmarks[hand.frames, HANDS[side]] = hand.landmarks[..., :2]
        visibility[hand.frames, HANDS[side]] = 1.0
    seen = visibility >= SEEN
    frames = np.flatnonzero(seen[:, 1:3].all(1) | seen[:, BODY:].any(1))
    if not len(frames):
        return None
    return Found(frames, times[frames], landmarks[frames], visibility[frames])
