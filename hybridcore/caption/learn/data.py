"""Flickr8k: photographs as cached encoder grids, captions as numbers, and batches of both.

The encoder is frozen, so every view of a photograph goes through it once. Views of training
photographs: as it is, mirrored, then random crops, every other one mirrored. The two tops' grids
lie side by side, ``[49, 2560]`` bytes a view.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from hybridcore.caption.grid import CELLS, SIDE, encode_grid
from hybridcore.caption.vocabulary import END, PADDING, Vocabulary
from hybridcore.encoder.encoder import Encoder
from hybridcore.encoder.grids import pack_grid, unpack_grid
from hybridcore.media.picture import read_picture, resize

CAPTIONS = 5  # a photograph
MOST_WORDS = 20  # of a training caption; what is longer is learned up to there
SMALLEST_CROP = 0.75  # of each side


@dataclass(frozen=True)
class Flickr8k:
    """One split: photograph paths, and the five captions of each."""

    photos: tuple[Path, ...]
    captions: tuple[tuple[str, ...], ...]


def read_flickr8k(root: Path, split: str) -> Flickr8k:
    """The ``train`` or ``dev`` part of the folder that ``flickr8k.zip`` unpacks to."""
    names = (root / f"{split}.txt").read_text().split()
    captions: dict[str, list[str]] = {name: [] for name in names}
    for line in (root / "captions.tsv").read_text().splitlines():
        name, caption = line.split("\t")
        if name in captions:
            captions[name].append(caption)
    return Flickr8k(
        tuple(root / "images" / name for name in names), tuple(map(tuple, captions.values()))
    )


def view(photo: np.ndarray, number: int, rng: np.random.Generator) -> np.ndarray:
    """View ``number`` of a photograph, uint8 ``[224, 224, 3]``; see above."""
    if number > 1:
        height, width = photo.shape[:2]
        h, w = (round(s * rng.uniform(SMALLEST_CROP, 1)) for s in (height, width))
        y, x = int(rng.integers(height - h + 1)), int(rng.integers(width - w + 1))
        photo = photo[y : y + h, x : x + w]
    photo = resize(photo, SIDE)
    return np.ascontiguousarray(photo[:, ::-1]) if number % 2 else photo


def encode_view(
    photos: Sequence[Path], number: int, *, path: Path, encoder: Encoder, batch: int = 32
) -> np.ndarray:
    """Grids uint8 ``[P, 49, 2560]`` of one view of every photograph, kept in the file ``path``."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng(number)
        partial = path.with_suffix(".partial")
        with partial.open("wb") as file:
            for at in range(0, len(photos), batch):
                frames = np.stack([
                    view(read_picture(p), number, rng)
                    for p in photos[at : at + batch]
                ])
                file.write(pack_grid(encode_grid(encoder, frames)).tobytes())
        partial.replace(path)
    grids = np.memmap(path, np.uint8, "r")
    return grids.reshape(len(photos), CELLS**2, -1)


def encode_views(photos: Sequence[Path], count: int, folder: Path) -> list[np.ndarray]:
    """The first ``count`` views of the training photographs, kept in ``folder``."""
    encoder = Encoder.load("cpu")
    return [
        encode_view(photos, k, path=folder / f"train_view{k}.u8", encoder=encoder)
        for k in range(count)
    ]


def encode_dev(photos: Sequence[Path], folder: Path) -> np.ndarray:
    """Grids uint8 ``[P, 49, 2560]`` of the dev split's photographs as they are, kept in
    ``folder``."""
    return encode_view(photos, 0, path=folder / "dev_view0.u8", encoder=Encoder.load("cpu"))


def encode_captions(captions: Sequence[Sequence[str]], vocabulary: Vocabulary) -> np.ndarray:
    """Target words, int16 ``[P, 5, MOST_WORDS + 1]``: the caption, END, then padding.

    A caption that is too long is cut, and its end is not learned.
    """
    words = np.full((len(captions), CAPTIONS, MOST_WORDS + 1), PADDING, np.int16)
    for p, group in enumerate(captions):
        for k, caption in enumerate(group):
            numbers = [*vocabulary.encode(caption), END][: MOST_WORDS + 1]
            words[p, k, : len(numbers)] = numbers
    return words


def draw_views(
    views: Sequence[np.ndarray], rows: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Each of the photographs ``rows [N]`` in one of its ``views``: ``[N, ...]``."""
    picks = rng.integers(len(views), size=len(rows))
    return np.stack([views[v][row] for v, row in zip(picks, rows, strict=True)])


def as_cells(cells: np.ndarray) -> Tensor:
    """float32 of bytes as :mod:`hybridcore.encoder.grids` packs them, or of numbers as they are."""
    return unpack_grid(cells) if cells.dtype == np.uint8 else torch.from_numpy(cells).float()


@dataclass(frozen=True)
class Batch:
    """cells float32 ``[N, 49, 2560]``, or ``[N, F, 2560]``, the mean cells of F frames; target
    words int64 ``[N, 5, T]``, PADDING after the end."""

    cells: Tensor
    words: Tensor


def batches(
    views: Sequence[np.ndarray], words: np.ndarray, size: int, *, seed: int,
) -> Iterator[Batch]:
    """Endless batches of ``size`` photographs with all their captions, every pass in a new order.

    Each photograph comes in one of its ``views``. Photographs of one batch are alike in their
    longest caption, so that little is padded.
    """
    rng = np.random.default_rng(seed)
    longest = (words != PADDING).sum(2).max(1)
    while True:
        order = rng.permutation(len(words))
        for block in np.array_split(order, max(1, len(order) // (size * 16))):
            block = block[np.argsort(longest[block], kind="stable")]
            groups = [block[k : k + size] for k in range(0, len(block), size)]
            for g in rng.permutation(len(groups)):
                rows = groups[g]
                cells = draw_views(views, rows, rng)
                chosen = words[rows, :, : longest[rows].max()].astype(np.int64)
                yield Batch(as_cells(cells), torch.from_numpy(chosen))
