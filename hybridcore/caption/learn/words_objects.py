"""Teach the word network the 80 objects once more, from photographs with boxes.

``python -m hybridcore.caption.learn.words_objects --data COCO --kept COCO --others DIR
--run RUN --minutes 4``

``--data`` and ``--kept`` hold photographs of COCO with boxes that people drew: ``images/ID.jpg``,
``labels/ID.txt`` (class number, centre and size of the box in shares of the sides; a line an
object). ``--others`` holds any photographs: what the network says of them itself is kept, so that
it forgets nothing (Li & Hoiem 2016). A quarter of all views are mosaics, four photographs shrunk
into one, so that objects are small and come in strange company.

Trunk and tops are frozen, so every view passes them once; only the objects' rows of both heads
learn. Learned and earlier weights are mixed (Wortsman et al. 2022), and the objects are calibrated
anew on ``--kept``: one slope and offset for all of them (Platt 1999), held back a little, since a
wrong object in a sentence costs more than one left out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from hybridcore.caption.grid import SIDE
from hybridcore.caption.learn.chair import OBJECTS
from hybridcore.caption.learn.words_train import noisy_or_loss, platt
from hybridcore.cards import load_card
from hybridcore.encoder.encoder import Encoder
from hybridcore.encoder.grids import pack_grid, unpack_grid
from hybridcore.encoder.words import MOST_LOGIT, WORDS_NAME, WordHead, WordNetwork, load_words
from hybridcore.media.picture import read_picture, resize
from hybridcore.training.options import script_parser
from hybridcore.training.run import ClockRun, log_to, seed_everything
from hybridcore.weights import save_weights

LEAST_SCALE = 0.4  # of a view's sides
TILE_SCALE = 0.75  # the same, of a tile of a mosaic
VIEWS, MOSAICS = 8, 1800  # of each photograph with boxes; in all
INSIDE, OUTSIDE = 0.4, 0.08  # share of a box in a view: it is there, it is not
PRESENT, ABSENT = 0.6, 0.08  # what the network says of others, as a target of a mosaic
HELD_BACK = 0.5  # nats; so that sentences name as few wrong objects as before, chosen on ``--kept``
LEARNED = 0.75  # share of the learned weights in the mixture
RATE, BATCH, PULL, DROPOUT = 2e-4, 48, 0.02, 0.15
FEATURES = ("grid16", "object_grid", "scene_grid")

logger = logging.getLogger("hybridcore.training")
Picture = NDArray[np.uint8]
Target = NDArray[np.float32]  # [80], nan: nobody said


@dataclass(frozen=True)
class Boxed:
    """A photograph with its boxes ``[B, 5]``: class number, centre and size in 0..1."""

    picture: Picture
    boxes: NDArray[np.float64]

    def target(self, left: float, top: float, width: float, height: float) -> Target:
        """What a view of these sides, in 0..1, holds."""
        number, x, y, w, h = self.boxes.T
        across = np.minimum(x + w / 2, left + width) - np.maximum(x - w / 2, left)
        down = np.minimum(y + h / 2, top + height) - np.maximum(y - h / 2, top)
        inside = across.clip(0) * down.clip(0) / np.maximum(w * h, 1e-9)
        most = np.zeros(len(OBJECTS))
        np.maximum.at(most, number.astype(int), inside)
        seen = np.where(most > INSIDE, 1, np.where(most > OUTSIDE, np.nan, 0))
        return seen.astype(np.float32)


@dataclass(frozen=True)
class Known:
    """A photograph without boxes, with what the network said of it."""

    picture: Picture
    target: Target


def read_boxed(root: Path) -> list[Boxed]:
    """The photographs of ``root`` in the order of their names."""
    found = []
    for path in sorted((root / "images").iterdir()):
        label = root / "labels" / f"{path.stem}.txt"
        rows = [line.split() for line in label.read_text().splitlines()] if label.exists() else []
        found.append(Boxed(read_picture(path), np.array(rows, float).reshape(-1, 5)))
    return found


def draw_view(photo: Boxed, least: float, side: int, rng: np.random.Generator) -> tuple[
    Picture, Target
]:
    """A random crop of at least ``least`` of each side, mirrored or not, and what is in it."""
    height, width = photo.picture.shape[:2]
    scale, ratio = rng.uniform(least, 1), np.exp(rng.uniform(-0.15, 0.15))
    across, down = min(1.0, scale * ratio), min(1.0, scale / ratio)
    left, top = rng.uniform(0, 1 - across), rng.uniform(0, 1 - down)
    rows = slice(int(top * height), int(np.ceil((top + down) * height)))
    columns = slice(int(left * width), int(np.ceil((left + across) * width)))
    view = resize(np.ascontiguousarray(photo.picture[rows, columns]), side)
    light = rng.uniform(0.8, 1.2) * rng.uniform(0.95, 1.05, 3)
    view = np.clip(view[:, :: rng.choice((-1, 1))] * light, 0, 255).astype(np.uint8)
    return view, photo.target(left, top, across, down)


def draw_mosaic(photos: Sequence[Boxed | Known], rng: np.random.Generator) -> tuple[
    Picture, Target
]:
    """Four photographs shrunk into one, which holds what any of them
    holds."""
    picks = [photos[k] for k in rng.integers(len(photos), size=4)]
    drawn = [
        draw_view(photo, TILE_SCALE, SIDE // 2, rng) if isinstance(photo, Boxed)
        else (resize(photo.picture, SIDE // 2), photo.target) for photo in picks]
    tiles, targets = zip(*drawn, strict=True)
    rows = [np.concatenate(tiles[at : at + 2], 1) for at in (0, 2)]
    return np.concatenate(rows), union(targets)


def union(targets: Sequence[Target]) -> Target:
    """1 where any target is, 0 where all are, nan elsewhere."""
    every = np.stack(targets)
    there, unknown = (every == 1).any(0), np.isnan(every).any(0)
    return np.where(there, 1, np.where(unknown, np.nan, 0)).astype(np.float32)


@dataclass(frozen=True)
class Cells:
    """Views after the frozen part: cells uint8 ``[N, 49, 3 * 1280]`` (object, scene and tuned
    grid), and targets ``[N, 80]``."""

    cells: NDArray[np.uint8]
    targets: NDArray[np.float32]


class Teacher:
    """The network as it is, and the rows of its heads that learn."""

    def __init__(self, encoder: Encoder, network: WordNetwork, words: Sequence[str]) -> None:
        self.encoder, self.network = encoder, network.to(encoder.device)
        self.columns = torch.tensor([words.index(name) for name in OBJECTS])
        self.heads = nn.ModuleList(self._rows(head) for head in (network.own, network.tuned))

    def _rows(self, head: WordHead) -> WordHead:
        """The objects' part of a head."""
        part = WordHead(words=len(OBJECTS), channels=head.whole.in_features)
        state = {name: value[self.columns] for name, value in head.state_dict().items()}
        part.load_state_dict(state)
        return part

    @torch.inference_mode()
    def cells(self, views: Sequence[Picture]) -> NDArray[np.uint8]:
        """``[N, 49, 3840]`` of views of 224 px."""
        features = self.encoder.encode(np.stack(views), *FEATURES)
        grids = [features["object_grid"], features["scene_grid"],
                 self.network.top(features["grid16"])]
        return pack_grid(torch.cat(grids, 1))

    def loss(self, cells: Tensor, targets: Tensor) -> Tensor:
        """Of both heads, each for itself."""
        losses = [noisy_or_loss(head(grid), targets)
                  for head, grid in zip(self.heads, _inputs(cells), strict=True)]
        return torch.stack(losses).sum()

    @torch.inference_mode()
    def logits(self, cells: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Mean log-odds of both heads, ``[N, 80]``."""
        both = [head(grid).logits()
                for head, grid in zip(self.heads, _inputs(unpack_grid(cells)), strict=True)]
        mean = (both[0] + both[1]) / 2
        return mean.clamp(-MOST_LOGIT, MOST_LOGIT).numpy()

    @torch.no_grad()
    def put_back(self, slope: float, offset: float) -> None:
        """Write the learned rows and their calibration into the network."""
        for head, part in zip((self.network.own, self.network.tuned), self.heads, strict=True):
            for name, value in head.state_dict().items():
                value[self.columns] = part.state_dict()[name]
        self.network.slope[self.columns] = slope
        self.network.offset[self.columns] = offset


def _inputs(cells: Tensor) -> tuple[Tensor, Tensor]:
    """What each head reads of ``cells [N, 49, 3840]``, ``[N, 2560, 7, 7]``."""
    side = round(cells.shape[1] ** 0.5)
    grids = cells.transpose(1, 2).unflatten(2, (side, side))
    objects, scenes, tuned = grids.chunk(3, 1)
    return torch.cat([objects, scenes], 1), torch.cat([tuned, scenes], 1)


def draw_views(
    teacher: Teacher, boxed: Sequence[Boxed], others: Sequence[Picture], rng: np.random.Generator
) -> Cells:
    """All views, through the frozen part once."""
    cells: list[NDArray[np.uint8]] = []
    targets: list[NDArray[np.float32]] = []
    known: list[Known] = []
    for at in range(0, len(others), BATCH):
        part = [resize(picture, SIDE) for picture in others[at : at + BATCH]]
        cells.append(teacher.cells(part))
        said = (1 / (1 + np.exp(-teacher.logits(cells[-1])))).astype(np.float32)
        targets.append(said)
        sure = np.where(said > PRESENT, 1, np.where(said < ABSENT, 0, np.nan))
        known += [Known(*pair) for pair in zip(part, sure.astype(np.float32), strict=True)]

    def draw() -> Iterator[tuple[Picture, Target]]:
        for photo in boxed:
            yield from (draw_view(photo, LEAST_SCALE, SIDE, rng) for _ in range(VIEWS))
        share = max(1, len(known) // max(1, len(boxed)))
        every: list[Boxed | Known] = [*known, *list(boxed) * share]
        yield from (draw_mosaic(every, rng) for _ in range(MOSAICS))

    drawn = draw()
    while views := list(islice(drawn, BATCH)):
        pictures, truths = zip(*views, strict=True)
        cells.append(teacher.cells(pictures))
        targets.append(np.stack(truths))
    return Cells(np.concatenate(cells), np.concatenate(targets))


def learn(
    teacher: Teacher, views: Cells, minutes: float, folder: Path, rng: np.random.Generator
) -> None:
    """Train the objects' rows, then mix them with what they were."""
    before = {name: value.clone() for name, value in teacher.heads.state_dict().items()}
    dropout = nn.Dropout(DROPOUT)
    optimiser = torch.optim.Adam(teacher.heads.parameters(), lr=RATE)
    run = ClockRun(teacher.heads, optimiser, minutes=minutes, directory=folder)

    def batches() -> Iterator[NDArray[np.int64]]:
        while True:
            order = rng.permutation(len(views.cells))
            yield from np.array_split(order, max(1, len(order) // BATCH))

    def loss(rows: NDArray[np.int64]) -> Tensor:
        cells = unpack_grid(views.cells[rows])
        cells = cells * dropout(torch.ones(len(rows), 1, cells.shape[2]))
        away = sum(((value - before[name]) ** 2).sum()
                   for name, value in teacher.heads.named_parameters())
        return teacher.loss(cells, torch.from_numpy(views.targets[rows])) + PULL * away

    run.learn(batches(), loss)
    teacher.heads.load_state_dict({
        name: before[name].lerp(value, LEARNED)
        for name, value in teacher.heads.state_dict().items()})


def main() -> None:
    parser = script_parser(
        __doc__, data="photographs with boxes", run="checkpoint and log", minutes=4, seed=True)
    parser.add_argument("--kept", type=Path, required=True, help="the same, to calibrate on")
    parser.add_argument("--others", type=Path, required=True, help="photographs without boxes")
    args = parser.parse_args()
    log_to(args.run / "objects.txt")
    rng = seed_everything(args.seed)
    network, words = load_words()
    teacher = Teacher(Encoder.load("cpu"), network, words)
    others = [read_picture(path) for path in sorted(args.others.iterdir())]
    learn(teacher, draw_views(teacher, read_boxed(args.data), others, rng), args.minutes,
          args.run, rng)
    kept = read_boxed(args.kept)
    logits = teacher.logits(teacher.cells([resize(photo.picture, SIDE) for photo in kept]))
    there = np.stack([photo.target(0, 0, 1, 1) for photo in kept]) == 1
    slope, offset = platt(logits.ravel(), there.ravel())
    teacher.put_back(slope, offset - HELD_BACK)
    logger.info("calibrated: slope %.3f, offset %.3f", slope, offset)
    save_weights(network, WORDS_NAME, load_card(WORDS_NAME))


if __name__ == "__main__":
    main()
