"""From which probability on a material is said: where half of what is said so is right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.learn.data import NO_LABEL, Example
from hybridcore.sound.learn.judged import Judged
from hybridcore.sound.learn.metrics import TOLERANCE
from hybridcore.sound.networks import FramePrediction

_FEWEST = 20  # answers that a limit rests on
_HALF = 0.5  # of the answers that are said are to be right

Answers = tuple[NDArray[np.floating], NDArray[np.bool_]]


def material_answers(example: Example, prediction: FramePrediction) -> Answers:
    """Of each event whose material is labelled: the probability of the likeliest material at the
    likeliest frame, and whether it is the true one."""
    shares = prediction.material[likeliest_frames(example, prediction)]
    labelled = example.event_material != NO_LABEL
    right = shares.argmax(1) == example.event_material
    return shares.max(1)[labelled], right[labelled]


def sure_from(answers: Sequence[Answers]) -> float:
    """The lowest probability of 0.10, 0.11 .. 0.95 from which on half of the answers are right, of
    at least :data:`_FEWEST`; 1 where there is none."""
    sureness, right = (np.concatenate(part) for part in zip(*answers, strict=True))
    for limit in np.arange(0.10, 0.96, 0.01):
        sure = sureness >= limit
        if sure.sum() >= _FEWEST and right[sure].mean() >= _HALF:
            return float(limit)
    return 1.0


def likeliest_frames(example: Example, prediction: FramePrediction) -> NDArray[np.intp]:
    """The frame within 0.1 s of each event ``[N]`` at which an onset is likeliest."""
    near = np.abs(prediction.times - example.events[:, None]) <= TOLERANCE  # [N, T]
    return np.where(near, prediction.onset, -1).argmax(1)


def said(one: Judged) -> NDArray[np.bool_]:
    """Of which events a material is said, among those that have a label."""
    return (one.sureness >= one.sure) & (one.example.event_material != NO_LABEL)


def coverage(judged: Sequence[Judged]) -> float:
    """Share of the labelled events, 0..1, of which a material is said."""
    """Share of the labelled events, 0..1, of which a material is said."""
    labelled = np.concatenate([one.example.event_material != NO_LABEL for one in judged])
    return float(np.concatenate([said(one) for one in judged]).sum() / max(1, labelled.sum()))


def right_if_said(judged: Sequence[Judged]) -> float:
    """Share of these, 0..1, of which the true one is said; 0 where there are none."""
    right = np.concatenate([
        (one.material == one.example.event_material)[said(one)] for one in judged])
    return float(right.mean()) if len(right) else 0.0
