"""How happy a group looks: the faces of one picture together.

The contests of 2016 to 2018 (Dhall et al., *EmotiW 2016*, ICMI 2016) ask for the happiness of a
group from 0 (neutral) to 5 (thrilled). Here a face counts five times its probability of "happy".
Faces are weighted as in Dhall, Goecke & Gedeon, *Automatic Group Happiness Intensity Analysis*,
IEEE Transactions on Affective Computing 2015: more if they are larger, less if they are far from
the others. The LSTM reads the faces of a picture one after another, as in Li, Roy, Feng & Sim,
*Happiness Level Prediction with Sequential Inputs via Multiple Regressions*, ICMI 2016; here it is
the one that follows a single face over time.

Nothing here was trained or tested on groups: no such pictures with labels were at hand. It adds up
faces; what a group does together is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hybridcore.emotion.classes import EMOTIONS
from hybridcore.emotion.result import EmotionResult, Person

HIGHEST = 5.0
_HAPPY = EMOTIONS.index("happy")


@dataclass(frozen=True, eq=False)
class GroupMood:
    """n faces of one picture.

    people: theirs; rows: of each in the arrays of its person. intensity: float ``[n]``, 0..5;
    weights: float ``[n]``, adding up to 1.
    """

    people: tuple[Person, ...]
    rows: tuple[int, ...]
    intensity: NDArray[np.float64]
    weights: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """All faces alike, 0..5."""
        return float(self.intensity.mean())

    @property
    def weighted(self) -> float:
        """By size and place, 0..5."""
        return float(self.intensity @ self.weights)

    @property
    def crops(self) -> NDArray[np.uint8]:
        """The faces, from the one that counts least to the one that counts most, ``[n, S, S]``."""
        return np.stack([self.people[k].crops[self.rows[k]] for k in np.argsort(self.weights)])


def group_mood(result: EmotionResult, frame: int) -> GroupMood | None:
    """The faces of a frame together; None where fewer than two are seen well enough for the CNN
    to say anything."""
    found = [(person, int(row)) for person in result.people
             for row in np.flatnonzero(person.frames == frame)
             if np.isfinite(person.log_p["face"][row]).all()]
    if len(found) < 2:
        return None
    boxes = np.stack([person.boxes[row] for person, row in found]) * np.tile(result.outputs.size, 2)
    log_p = np.stack([person.log_p["face"][row] for person, row in found])
    people, rows = zip(*found, strict=True)
    return GroupMood(people, rows, intensities(log_p), face_weights(boxes))


def intensities(log_p: NDArray) -> NDArray[np.float64]:
    """Happiness 0..5 of each of n faces, from log probabilities ``[n, 7]``."""
    return np.asarray(HIGHEST * np.exp(log_p[:, _HAPPY].astype(np.float64)))


def face_weights(boxes: NDArray) -> NDArray[np.float64]:
    """How much each of n faces counts, ``[n]``, adding up to 1.

    boxes ``[n, 4]``: its size over the mean size, over one and its distance from the middle of all
    faces in mean sizes.
    """
    boxes = boxes.astype(np.float64)
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    sizes = np.maximum(np.linalg.norm(boxes[:, 2:] - boxes[:, :2], axis=1), 1e-6)
    away = np.linalg.norm(centres - centres.mean(0), axis=1) / sizes.mean()
    weights = sizes / sizes.mean() / (1 + away)
    return np.asarray(weights / weights.sum())
