"""Recordings of hands of three public sets.

- ``words/*.tar``: words before webcams, one person a file, as ``git archive COMMIT MP_Data`` of a
  repository writes it: ``MP_Data/WORD/CLIP/FRAME.npy`` with 33 x 4 values of the body, 468 x 3 of
  the face and 21 x 3 of each hand, left before right, as shares of the picture's sides.
- ``sfinge``: SFINGE3D, version 1: finger joints of a sensor, 20 frames a second, metres.
- ``poses/keypoint.csv``: single hands of Kazuhito Takahashi's set, from the wrist, in the picture.
"""

from __future__ import annotations

import csv
import io
import re
import tarfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hybridcore.gesture.points import COUNT, HAND, LANDMARKS, MIDDLE

WORD_FRAMES = 30
SFINGE_RATE = 20.0  # frames a second
SFINGE = {1: "point", 6: "pinch", 7: "grab", 8: "open", 10: "swipe left", 11: "swipe right"}
POSES = {0: "open", 1: "grab", 2: "point"}
_ASPECT = 4 / 3  # of the webcams
_SEEN = 0.5  # visibility of a landmark of the body
_WORDS = {"hello": "hello", "thanks": "thanks", "iloveyou": "I love you"}
_BODY_VALUES, _HAND_VALUES = 33 * 4, HAND * 3
_VALUES = 1662


@dataclass(frozen=True, eq=False)
class Person:
    """Somebody before a webcam.

    name: of the repository, owner+name; commit: of it; clips float32 ``[n, 30, 49, 2]``, heights of
    the picture; words: what each says: one of WORDS, or a word without a name here.
    """

    name: str
    commit: str
    clips: np.ndarray
    words: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Gesture3D:
    """One gesture of SFINGE3D, or a stretch between two: its number, 0 for none; joints float32
    ``[T, 21, 3]``, metres: x to the right of the person, y up, z ahead; number of the instance."""

    label: int
    joints: np.ndarray
    instance: int


def read_person(path: Path) -> Person:
    """The clips of one archive that are whole."""
    frames: defaultdict[tuple[str, int], dict[int, np.ndarray]] = defaultdict(dict)
    with tarfile.open(path) as archive:
        commit = archive.pax_headers.get("comment", "")
        for member in archive:
            parts = member.name.split("/")
            stem = parts[-1].removesuffix(".npy")
            if len(parts) != 4 or stem == parts[-1] or not (stem + parts[2]).isdigit():
                continue
            file = archive.extractfile(member)
            if file is None:
                continue
            values = np.load(io.BytesIO(file.read()), allow_pickle=False)
            if values.shape == (_VALUES,):
                frames[parts[1], int(parts[2])][int(stem)] = points_of(values)
    whole = {key: own for key, own in sorted(frames.items())
             if all(k in own for k in range(WORD_FRAMES))}
    clips = [np.stack([own[k] for k in range(WORD_FRAMES)]) for own in whole.values()]
    return Person(path.stem, commit, np.array(clips, np.float32).reshape(-1, 30, COUNT, 2),
                  tuple(_WORDS.get(word, word) for word, _ in whole))


def points_of(values: np.ndarray) -> np.ndarray:
    """One frame of 1,662 values -> ``[49, 2]``."""
    body = values[:_BODY_VALUES].reshape(33, 4)
    points = np.concatenate([
        np.where(body[list(LANDMARKS), 3:] >= _SEEN, body[list(LANDMARKS), :2], np.nan),
        *(np.where(hand.any(), hand[:, :2], np.nan)
          for hand in values[-2 * _HAND_VALUES :].reshape(2, HAND, 3))])
    return (points * (_ASPECT, 1)).astype(np.float32)


def read_words(folder: Path, cache: Path) -> list[Person]:
    """Everybody who says all three words; read once and kept in ``cache``."""
    people = []
    for path in sorted((folder / "words").glob("*.tar")):
        kept = cache / f"{path.stem}.npz"
        if not kept.exists():
            cache.mkdir(parents=True, exist_ok=True)
            person = read_person(path)
            np.savez(kept, clips=person.clips, words=np.array(person.words), commit=person.commit)
        with np.load(kept, allow_pickle=False) as own:
            person = Person(path.stem, str(own["commit"]), own["clips"],
                            tuple(own["words"].tolist()))
        if set(_WORDS.values()) <= set(person.words):
            people.append(person)
    return people


def read_sfinge(folder: Path) -> list[Gesture3D]:
    """The segmented gestures."""
    return [Gesture3D(int(path.parent.name), _joints(path), int(path.stem))
            for path in sorted((folder / "sfinge" / "Dictionary").glob("*/*.txt"))]


def read_sequences(folder: Path) -> dict[int, tuple[np.ndarray, list[tuple[int, int, int]]]]:
    """Long recordings by number: joints ``[T, 21, 3]``, and (gesture, first, last frame) of what is
    in each."""
    found = {}
    table = (folder / "sfinge" / "Sequences" / "sequencesGT.csv").read_text().split()
    for row in csv.reader(table):
        number, count, *rest = (int(value) for value in row if value)
        marks = [(rest[3 * k], rest[3 * k + 1], rest[3 * k + 2]) for k in range(count)]
        found[number] = _joints(folder / "sfinge" / "Sequences" / f"{number}.txt"), marks
    return found


def _joints(path: Path) -> np.ndarray:
    """Palm, three joints of the thumb and four of every finger, each with a quaternion that is
    dropped -> the 21 points of a hand. What the set calls palm lies just above the wrist."""
    rows = [[float(value) for value in re.split("[;,]", line.strip()) if value]
            for line in path.read_text().split("\n") if line.strip()]
    joints = np.array(rows, np.float32).reshape(len(rows), 20, 7)[..., :3]
    palm, thumb, fingers = joints[:, :1], joints[:, 1:4], joints[:, 4:]
    knuckles = fingers[:, ::4].mean(1, keepdims=True)
    wrist = palm + 0.15 * (palm - knuckles)
    base = 0.6 * wrist + 0.4 * thumb[:, :1]  # where the thumb begins, which the sensor leaves out
    return np.concatenate([wrist, base, thumb, fingers], 1)


def read_poses(folder: Path) -> list[tuple[str, np.ndarray]]:
    """Hands in the order in which they were recorded: label and points ``[21, 2]``, palms from the
    wrist."""
    found = []
    with (folder / "poses" / "keypoint.csv").open() as file:
        for label, *values in csv.reader(file):
            points = np.array(values, np.float32).reshape(HAND, 2)
            found.append((POSES[int(label)], points / np.linalg.norm(points[MIDDLE]).clip(1e-3)))
    return found
