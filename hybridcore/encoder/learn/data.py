"""MiniPlaces as packed arrays, and the augmented views that the scene top is trained on.

Arrays: photographs are uint8 ``[N, 128, 128, 3]`` RGB, labels int64 ``[N]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from hybridcore.media.picture import resize

PHOTO_SIDE = 128


@dataclass(frozen=True)
class Photos:
    """Photographs with labels; ``pictures`` may be a memory map."""

    pictures: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


def read_miniplaces(root: Path, split: str, cache: Path) -> Photos:
    """The ``train`` or ``val`` part of MiniPlaces, packed once under ``cache``.

    ``root`` holds ``images/``, ``train.txt`` and ``val.txt`` (``path label`` a line; lines whose
    file is absent are skipped).
    """
    pictures, labels = cache / f"places_{split}.npy", cache / f"places_{split}_y.npy"
    if not labels.exists():
        lines = (root / f"{split}.txt").read_text().split("\n")
        rows = [line.split() for line in lines if line.strip()]
        rows = [row for row in rows if (root / "images" / row[0]).is_file()]
        cache.mkdir(parents=True, exist_ok=True)
        shape = (len(rows), PHOTO_SIDE, PHOTO_SIDE, 3)
        packed = np.lib.format.open_memmap(pictures, mode="w+", dtype=np.uint8, shape=shape)

        def read(i: int) -> None:
            picture = cv2.imread(str(root / "images" / rows[i][0]), cv2.IMREAD_COLOR_RGB)
            if picture is None:
                raise ValueError(f"{rows[i][0]} is not a picture")
            packed[i] = resize(picture, PHOTO_SIDE)

        with ThreadPoolExecutor() as pool:
            list(pool.map(read, range(len(rows))))
        packed.flush()
        np.save(labels, np.array([int(row[1]) for row in rows], np.int64))
    return Photos(np.load(pictures, mmap_mode="r"), np.load(labels))


def class_names(root: Path) -> list[str]:
    """The 100 scene names in label order: the folders of ``train.txt``, as words."""
    names: dict[int, str] = {}
    for line in (root / "train.txt").read_text().splitlines():
        path, label = line.split()
        names[int(label)] = " ".join(Path(path).parent.parts[2:]).replace("_", " ")
    return [names[i] for i in range(len(names))]


def augment(picture: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """A random view: crop (40 to 100 % of the area), mirror, colour, now and then blur or noise.

    The last two are mild versions of what video frames suffer, so that the scene top has met them.
    """
    height, width = picture.shape[:2]
    area, ratio = rng.uniform(0.4, 1.0), np.exp(rng.uniform(-0.2, 0.2))
    w = min(1.0, np.sqrt(area * ratio)) * width
    h = min(1.0, np.sqrt(area / ratio)) * height
    x, y = rng.uniform(0, width - w), rng.uniform(0, height - h)
    sx, sy = side / w, side / h
    matrix = np.array([[sx, 0, -x * sx], [0, sy, -y * sy]], np.float32)
    if rng.random() < 0.5:  # mirror
        matrix[0] = -matrix[0]
        matrix[0, 2] += side - 1
    view = cv2.warpAffine(
        picture, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    if rng.random() < 0.15:
        view = cv2.GaussianBlur(view, (0, 0), rng.uniform(0.5, 2.5))
    if rng.random() < 0.6:
        gain = rng.uniform(0.7, 1.3) * rng.uniform(0.9, 1.1, 3)
        view = np.clip(view * gain.astype(np.float32) + rng.uniform(-20, 20), 0, 255)
        grey = view.mean(2, keepdims=True)
        view = np.clip(grey + (view - grey) * rng.uniform(0.5, 1.3), 0, 255).astype(np.uint8)
    if rng.random() < 0.1:
        noise = np.empty(view.shape, np.int16)
        cv2.randn(noise, 0, rng.uniform(4, 20))
        view = np.clip(view + noise, 0, 255).astype(np.uint8)
    return view


class ViewLoader:
    """Endless batches of augmented views, prepared in threads ahead of the consumer.

    Yields ``(views uint8 [B, side, side, 3], labels int64 [B])``; every pass is a new permutation.
    """

    def __init__(self, photos: Photos, *, side: int, batch: int, seed: int) -> None:
        self.photos, self.side, self.batch = photos, side, batch
        self.rng = np.random.default_rng(seed)

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        with ThreadPoolExecutor(2) as pool:
            pending = []
            while True:
                order = self.rng.permutation(len(self.photos))
                for at in range(0, len(order) - self.batch + 1, self.batch):
                    seed = int(self.rng.integers(2**63))
                    rows = np.sort(order[at : at + self.batch])
                    pending.append(pool.submit(self._views, rows, seed))
                    if len(pending) > 4:
                        yield pending.pop(0).result()

    def _views(self, rows: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(seed)
        views = [augment(self.photos.pictures[i], self.side, rng) for i in rows]
        return np.stack(views), self.photos.labels[rows]
