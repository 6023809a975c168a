"""Faces to learn from and to judge by: FER2013 and CK+48.

FER2013 (Goodfellow et al. 2013): ``DATA/fer/{train,validation,test}/EMOTION/*.jpg``, 48 px grey,
the official split. Judged by the test faces that lie in no other split and are not blank.
CK+48 (Lucey et al. 2010): ``DATA/ck/CK+48/EMOTION/PERSON_SEQUENCE_FRAME.png``, the last three
frames of every sequence. Contempt is not among the seven, so it is left out; no face is neutral.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.emotion.classes import EMOTIONS

SPLITS = ("train", "validation", "test")
SIDE = 48
_BLANK = 1.0  # grey levels: a picture that varies less shows nothing
_CK_NAMES = {"anger": "angry", "disgust": "disgust", "fear": "fear", "happy": "happy",
             "sadness": "sad", "surprise": "surprise"}


@dataclass(frozen=True, eq=False)
class Faces:
    """crops uint8 ``[N, 48, 48]``; labels int ``[N]``, in the order of :data:`EMOTIONS`."""

    crops: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, rows: NDArray) -> Faces:
        return Faces(self.crops[rows], self.labels[rows])


@dataclass(frozen=True, eq=False)
class Sequences:
    """CK+48: crops uint8 ``[M, 3, 48, 48]``, labels int ``[M]``, people ``[M]`` by name."""

    crops: NDArray[np.uint8]
    labels: NDArray[np.int64]
    people: NDArray[np.str_]


def load_fer(data: Path, cache: Path) -> dict[str, Faces]:
    """All three splits, blank faces left out; of test, only what is in no other split."""
    path = cache / "fer.npz"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(path, allow_pickle=False, **_read_fer(data))
    with np.load(path, allow_pickle=False) as own:
        splits = {split: Faces(own[f"{split}_crops"], own[f"{split}_labels"]) for split in SPLITS}
    return {"train": not_blank(splits["train"]), "validation": not_blank(splits["validation"]),
            "test": unseen(splits["test"], splits["train"], splits["validation"])}


def not_blank(faces: Faces) -> Faces:
    """Those that show something."""
    return faces[faces.crops.std((1, 2)) >= _BLANK]


def unseen(faces: Faces, *others: Faces) -> Faces:
    """Those that show something, once each, and lie in none of the others."""
    known = {crop.tobytes() for other in others for crop in other.crops}
    kept = []
    for row, crop in enumerate(faces.crops):
        content = crop.tobytes()
        if content not in known and crop.std() >= _BLANK:
            kept.append(row)
            known.add(content)
    return faces[np.array(kept)]


def load_ck(data: Path) -> Sequences:
    """Sequences of three frames, the last the strongest."""
    crops, labels, people = [], [], []
    for folder, name in _CK_NAMES.items():
        frames: dict[str, list[Path]] = {}
        for path in sorted((data / "ck" / "CK+48" / folder).iterdir()):
            frames.setdefault(path.stem.rsplit("_", 1)[0], []).append(path)
        for sequence, paths in frames.items():
            crops.append(np.stack([_grey(path) for path in paths]))
            labels.append(EMOTIONS.index(name))
            people.append(sequence.split("_")[0])
    return Sequences(np.stack(crops), np.array(labels), np.array(people))


def _read_fer(data: Path) -> dict[str, NDArray]:
    columns: dict[str, NDArray] = {}
    for split in SPLITS:
        paths = [(label, path) for label, name in enumerate(EMOTIONS)
                 for path in sorted((data / "fer" / split / name).iterdir())]
        columns[f"{split}_crops"] = np.stack([_grey(path) for _, path in paths])
        columns[f"{split}_labels"] = np.array([label for label, _ in paths])
    return columns


def _grey(path: Path) -> NDArray[np.uint8]:
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if picture is None or picture.shape != (SIDE, SIDE):
        raise ValueError(f"{path.name} is no grey picture of {SIDE} px")
    return np.asarray(picture, np.uint8)
