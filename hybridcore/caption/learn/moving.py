"""Photographs as moving, spoilt shots: video of which it is known what people say.

A camera pans, zooms and shakes over a photograph; blur, darkness or glare, noise, something before
the lens and coarse compression come and go, and some frames are black. Of each shot there are only
the frames that a captioner reads. The same seed gives the same shot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from hybridcore.caption.grid import CELLS, SIDE, encode_grid, join_grids
from hybridcore.caption.learn.data import as_cells
from hybridcore.caption.see import FEATURES, Seer
from hybridcore.caption.shots import FRAMES, shares
from hybridcore.caption.sureness import contrast
from hybridcore.encoder.encoder import Encoder
from hybridcore.encoder.grids import pack_grid
from hybridcore.media.moving import camera_path, view
from hybridcore.media.picture import read_picture
from hybridcore.training.spoil import apply_events

EVENTS = (1, 4)  # frames that an event lasts, at least and less than
BLACK_SHARE, BLACK = 0.3, (1, 3)  # of the shots; frames, at least and less than
DEV_SEED, TRAIN_SEED = 1, 2


@dataclass(frozen=True)
class SeenShots:
    """What was read of S shots of F frames each.

    cells: uint8 ``[S, F, 49, 2560]``, as :mod:`hybridcore.encoder.grids` packs them; words float16
    ``[S, F, W]`` and classes float16 ``[S, F, 1000]``, as in :class:`hybridcore.caption.seen.Seen`.
    """

    cells: np.ndarray
    words: np.ndarray
    classes: np.ndarray


def shot(photo: np.ndarray, *, seed: tuple[int, int]) -> np.ndarray:
    """The frames that are read of a shot of ``photo``, uint8 ``[F, 224, 224, 3]``."""
    rng = np.random.default_rng(seed)
    cv2.setRNGSeed(int(rng.integers(2**31)))
    frames = np.stack([view(photo, pose, (SIDE, SIDE)) for pose in camera_path(FRAMES, rng)])
    for _ in range(2):
        apply_events(frames, EVENTS, rng)
    if rng.random() < BLACK_SHARE:
        begin = int(rng.integers(FRAMES))
        frames[begin : begin + int(rng.integers(*BLACK))] = 0
    return frames


def shots(photos: Sequence[Path], *, seed: int) -> Iterator[np.ndarray]:
    """The :func:`shot` of every photograph."""
    for number, path in enumerate(photos):
        yield shot(read_picture(path), seed=(seed, number))


def see_shots(photos: Sequence[Path], folder: Path) -> SeenShots:
    """Everything that a captioner reads of the shots of ``photos``, kept in ``folder``."""
    path = folder / "dev_shots.npz"
    if not path.exists():
        seer = Seer.load("cpu")
        cells = np.empty((len(photos), FRAMES, CELLS**2, 2560), np.uint8)
        words = np.empty((len(photos), FRAMES, len(seer.words)), np.float16)
        classes = np.empty((len(photos), FRAMES, 1000), np.float16)
        for s, frames in enumerate(shots(photos, seed=DEV_SEED)):
            features = seer.encoder.encode(frames, *FEATURES)
            seen = seer.read(features)
            cells[s] = pack_grid(join_grids(features))
            words[s], classes[s] = seen.words, seen.classes
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(path, cells=cells, words=words, classes=classes)
    with np.load(path) as saved:
        return SeenShots(**saved)


@dataclass(frozen=True)
class PooledShots:
    """The mean cell of every frame, float16 ``[S, F, 2560]``, and the frames' contrasts, float32
    ``[S, F]``."""

    cells: np.ndarray
    contrasts: np.ndarray

    def part(self, part: np.ndarray | slice) -> PooledShots:
        """Some of them."""
        return PooledShots(self.cells[part], self.contrasts[part])

    def then(self, others: PooledShots) -> PooledShots:
        """These and others after them."""
        return PooledShots(*(np.concatenate([vars(one)[name] for one in (self, others)])
                             for name in ("cells", "contrasts")))

    def mean(self) -> np.ndarray:
        """The mean over frames, weighted by contrast, float32 ``[S, 1, 2560]``."""
        return np.einsum(
            "sfc,sf->sc", self.cells.astype(np.float32), shares(self.contrasts))[:, None]


def pool(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean cells and contrasts of frames float32 ``[F, 49, 2560]``."""
    return cells.mean(1).astype(np.float16), np.array([contrast(frame) for frame in cells])


def pool_seen(shots: SeenShots) -> PooledShots:
    """Of shots that were seen already."""
    return _pooled(pool(as_cells(np.array(shot)).numpy()) for shot in shots.cells)


def pool_shots(photos: Sequence[Path], folder: Path) -> PooledShots:
    """Of the shots of ``photos``, kept in ``folder``."""
    path = folder / "train_shots.npz"
    if not path.exists():
        encoder = Encoder.load("cpu")
        folder.mkdir(parents=True, exist_ok=True)
        pooled = _pooled(
            pool(encode_grid(encoder, frames).flatten(2).transpose(1, 2).numpy())
            for frames in shots(photos, seed=TRAIN_SEED))
        np.savez(path, cells=pooled.cells, contrasts=pooled.contrasts)
    with np.load(path) as saved:
        return PooledShots(**saved)


def _pooled(frames: Iterable[tuple[np.ndarray, np.ndarray]]) -> PooledShots:
    cells, contrasts = zip(*frames, strict=True)
    return PooledShots(np.stack(cells), np.stack(contrasts).astype(np.float32))
