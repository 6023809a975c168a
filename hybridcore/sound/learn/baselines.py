"""What the models must beat: baselines on the same examples and folds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.learn.data import NO_LABEL, Example
from hybridcore.sound.learn.evaluate import judge_scores
from hybridcore.sound.learn.judged import Judged
from hybridcore.sound.learn.metrics import Detections, spectral_centroid
from hybridcore.sound.strokes import STATISTICS


def random_onsets(
    examples: Sequence[Example], folds: Sequence[Sequence[int]], seed: int = 0
) -> list[Judged]:
    """A random score at every frame: what the one-to-one tolerance gives away."""
    rng = np.random.default_rng(seed)
    scores = [rng.random(len(e.times)).astype(np.float32) for e in examples]
    return judge_scores(examples, scores, folds)


def change_drop(examples: Sequence[Example], folds: Sequence[Sequence[int]]) -> list[Judged]:
    """The frame difference drops: something stopped. Measured against its spread in the clip."""
    at = STATISTICS.index("change, mean")
    scores = []
    for example in examples:
        change = example.strokes[:, at].astype(np.float64)
        drop = np.concatenate([[0.0], change[:-1] - change[1:]])
        scores.append((1 / (1 + np.exp(-drop / (change.std() + 1e-6)))).astype(np.float32))
    return judge_scores(examples, scores, folds)


def mean_sound(examples: Sequence[Example], folds: Sequence[Sequence[int]]) -> list[Judged]:
    """The mean blow and the commonest labels of the training places, at every true event."""
    judged = []
    for example, train in _with_training(examples, folds):
        count = len(example.events)
        judged.append(_at_true_events(
            example,
            strength=np.full(count, np.mean(_all(train, "event_strength"))),
            centroid=np.full(count, spectral_centroid(_all(train, "event_sound")).mean()),
            action=np.full(count, _commonest(_all(train, "event_action"))),
            material=np.full(count, _commonest(_all(train, "event_material"))),
        ))
    return judged


def image_match(examples: Sequence[Example], folds: Sequence[Sequence[int]]) -> list[Judged]:
    """At every true event, the labelled training event that looks most alike (cosine of the
    encoder's features where things move).
    """
    judged = []
    for example, train in _with_training(examples, folds):
        action, material = _all(train, "event_action"), _all(train, "event_material")
        labelled = np.flatnonzero((action != NO_LABEL) & (material != NO_LABEL))
        training = np.concatenate([_looks(e) for e in train])[labelled]
        match = labelled[(_looks(example) @ training.T).argmax(1)]
        judged.append(_at_true_events(
            example,
            strength=_all(train, "event_strength")[match],
            centroid=spectral_centroid(_all(train, "event_sound"))[match],
            action=action[match], material=material[match],
        ))
    return judged


def _with_training(
    examples: Sequence[Example], folds: Sequence[Sequence[int]]
) -> Iterator[tuple[Example, list[Example]]]:
    """Each example with those outside its fold."""
    for fold in folds:
        train = [e for i, e in enumerate(examples) if i not in fold]
        for index in fold:
            yield examples[index], train


def _all(examples: Sequence[Example], name: str) -> NDArray:
    return np.concatenate([getattr(e, name) for e in examples])


def _commonest(labels: NDArray[np.integer]) -> int:
    return int(np.bincount(labels[labels != NO_LABEL]).argmax())


def _looks(example: Example) -> NDArray[np.float32]:
    """Appearance at each event, ``[N, 1280]``, of length one."""
    frame = np.abs(example.times - example.events[:, None]).argmin(1)
    looks = example.appearance[frame].astype(np.float32)
    return looks / (np.linalg.norm(looks, axis=1, keepdims=True) + 1e-6)


def _at_true_events(
    example: Example, *, strength: NDArray, centroid: NDArray, action: NDArray, material: NDArray
) -> Judged:
    """Given the true events, so there are no onsets to be judged."""
    nothing = Detections(np.empty(0), np.empty(0), example.events)
    return Judged(example, nothing, 1.0, strength, centroid, action, material)
