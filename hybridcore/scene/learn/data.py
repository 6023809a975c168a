"""Composed sequences as cached encoder grids, and batches of them.

The encoder is frozen, so every frame goes through it once. Its grid is kept as uint8, 32 kB a
frame.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from hybridcore.encoder.encoder import Encoder
from hybridcore.encoder.grids import pack_grid, unpack_grid
from hybridcore.encoder.learn.data import Photos
from hybridcore.scene.learn.compose import ComposeConfig, compose_many


@dataclass(frozen=True)
class SequenceSet:
    """All frames of all sequences, one after the other.

    grids uint8 ``[N, L, C]``; labels int64 ``[N]``; degraded bool ``[N]``; cuts bool ``[N]``, true
    where a new shot begins; starts int64 ``[S + 1]``, where each sequence begins.
    """

    grids: np.ndarray
    labels: np.ndarray
    degraded: np.ndarray
    cuts: np.ndarray
    starts: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def cells(self, sequence: int) -> Tensor:
        """Float grid of one sequence, ``[1, T, L, C]``."""
        grids = self.grids[self.starts[sequence] : self.starts[sequence + 1]]
        return unpack_grid(np.array(grids))[None]


def encode_sequences(
    photos: Photos, count: int, *, seed: int, folder: Path, encoder: Encoder,
    config: ComposeConfig | None = None,
) -> SequenceSet:
    """Compose ``count`` sequences, run the encoder over them and keep its grids in ``folder``."""
    done = folder / "sequences.json"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        labels, degraded, cuts, starts, shape = [], [], [], [0], []
        with (folder / "grids.u8").open("wb") as file:
            for sequence, frame_labels in compose_many(
                photos.pictures, photos.labels, count, seed=seed, config=config
            ):
                frames = sequence.frames
                for at in range(0, len(frames), 32):
                    part = encoder.encode(frames[at : at + 32], "scene_grid")["scene_grid"]
                    packed = pack_grid(part)
                    shape = list(packed.shape[1:])
                    file.write(packed.tobytes())
                begins = np.zeros(len(frames), bool)
                begins[sequence.cuts] = True
                labels.append(frame_labels)
                degraded.append(sequence.degraded)
                cuts.append(begins)
                starts.append(starts[-1] + len(frames))
        np.savez(
            folder / "frames.npz", labels=np.concatenate(labels),
            degraded=np.concatenate(degraded), cuts=np.concatenate(cuts), starts=np.array(starts),
        )
        done.write_text(json.dumps({"count": count, "seed": seed, "cell": shape}))
    recipe = json.loads(done.read_text())
    if (recipe["count"], recipe["seed"]) != (count, seed):
        raise ValueError(f"{folder} holds other sequences: {recipe}")
    frames_file = np.load(folder / "frames.npz")
    grids = np.memmap(folder / "grids.u8", np.uint8, "r").reshape(-1, *recipe["cell"])
    return SequenceSet(grids, *(frames_file[k] for k in ("labels", "degraded", "cuts", "starts")))


@dataclass(frozen=True)
class Batch:
    """Padded sequences: cells ``[B, T, L, C]``, labels ``[B, T]`` (-1 is padding), cuts."""

    cells: Tensor
    labels: Tensor
    cuts: Tensor


def batches(data: SequenceSet, size: int, *, seed: int) -> Iterator[Batch]:
    """Endless batches of ``size`` sequences, every pass in a new order, alike in length."""
    rng = np.random.default_rng(seed)
    lengths = np.diff(data.starts)
    while True:
        order = rng.permutation(len(data))
        # Sequences of one batch are alike in length, so that little is padded.
        for block in np.array_split(order, max(1, len(order) // (size * 8))):
            block = block[np.argsort(lengths[block], kind="stable")]
            groups = [block[k : k + size] for k in range(0, len(block), size)]
            for rows in rng.permutation(len(groups)):
                yield _pad(data, groups[rows])


def _pad(data: SequenceSet, rows: np.ndarray) -> Batch:
    spans = [(int(data.starts[r]), int(data.starts[r + 1])) for r in rows]
    length = max(b - a for a, b in spans)
    cells = np.zeros((len(rows), length, *data.grids.shape[1:]), np.uint8)
    labels = np.full((len(rows), length), -1, np.int64)
    cuts = np.zeros((len(rows), length), np.float32)
    for k, (a, b) in enumerate(spans):
        cells[k, : b - a] = data.grids[a:b]
        labels[k, : b - a] = data.labels[a:b]
        cuts[k, : b - a] = data.cuts[a:b]
    return Batch(
        unpack_grid(cells), torch.from_numpy(labels), torch.from_numpy(cuts),
    )
