"""Rendered walks: real skeletons, from eleven views in three conditions.

People, not clips, are split: nobody of the test or the validation part is seen in training. A
rendered set to measure on is written once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from hybridcore.gait.align import align
from hybridcore.gait.learn.body import CONDITIONS, Outfit, Shape, dress
from hybridcore.gait.learn.render import Camera, silhouettes
from hybridcore.gait.learn.skeleton import RATE, Walk, at_times, proportion, widen
from hybridcore.gait.learn.spoil import Segmentation, spoil
from hybridcore.gait.model import VIEWS

FRAMES = 32  # of a clip to learn from: a cycle or a little more
TEST, VALIDATION = 34, 12  # people
_CAMERA_RATE = 22.0, 32.0  # frames a second of a clip
_INSTALLED_RATE = 25.0
_SPLIT_SEED, _RENDER_SEED = 7, 0


@dataclass(frozen=True)
class Clips:
    """N rendered clips: silhouettes uint8 ``[N, T, 64, 44]``, 0..255; int ``[N]`` each: person (an
    index), number (of the walk, from 1), view and condition (indices)."""

    silhouettes: np.ndarray
    person: np.ndarray
    number: np.ndarray
    view: np.ndarray
    condition: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Split:
    """Names of the people of each part, disjoint."""

    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]


def split_people(people: Sequence[str], test: int = TEST, validation: int = VALIDATION) -> Split:
    """Draw the parts; the same for the same people."""
    order = np.random.default_rng(_SPLIT_SEED).permutation(sorted(set(people))).tolist()
    held = test + validation
    return Split(tuple(order[held:]), tuple(order[test:held]), tuple(order[:test]))


def shape_of(person: str, variant: int = 0, redraw: int = 0) -> Shape:
    """The invented body of someone: the same in every walk, unless ``redraw`` differs.

    ``variant`` 0 is the person, others are made-up people with the same walk.
    """
    return Shape.draw(np.random.default_rng([int(person), variant, redraw]))


def render_clip(
    walk: Walk, view: int, condition: int, *, variant: int = 0, redraw: int = 0,
    installed: int = 0, take: int = 0, frames: int = FRAMES, stride: int = 1,
    segmentation: Segmentation = "background",
) -> np.ndarray:
    """One clip, uint8 ``[T, 64, 44]``, with faults, clothes and camera of its own.

    Of ``frames`` frames, every ``stride``-th, before any camera; or of ``installed`` frames before
    the one camera that stands at that view, at 25 frames a second. Each ``take`` differs.
    """
    seed = [int(walk.person), walk.number, view, condition, variant, _RENDER_SEED, int(walk.back)]
    rng = np.random.default_rng(seed + [take] * (take > 0))
    shape = shape_of(walk.person, variant, redraw)
    frames = installed or frames
    step = RATE / (_INSTALLED_RATE if installed else rng.uniform(*_CAMERA_RATE)) * stride
    spare = len(walk.joints) - 1 - step * frames
    times = rng.uniform(0, max(spare, 0)) + step * np.arange(frames)
    joints = at_times(walk.joints, np.minimum(times, len(walk.joints) - 1.001))
    if variant:  # other legs on other shoulders: somebody else
        legs = np.random.default_rng([int(walk.person), variant]).uniform(0.90, 1.10)
        joints = proportion(joints, legs)
    joints = widen(joints, shape.shoulders)
    camera = Camera(VIEWS[view]) if installed else Camera(
        view=VIEWS[view] + rng.uniform(-4, 4), distance=rng.uniform(3.5, 8),
        height=rng.uniform(-0.2, 1.1),
    )
    masks = silhouettes(dress(joints, shape, Outfit.draw(CONDITIONS[condition], rng)), camera)
    return align(spoil(masks, rng, rng.uniform(0, 1), segmentation))


@dataclass(frozen=True)
class Recipe:
    """How a set is rendered.

    conditions: indices; ``plain_until``: walks up to this number are rendered in the first
    condition only. variants: each after the first is a person more, the same walk with another
    body and other legs. redrawn: the invented body is drawn anew for each walk. installed: 0, or
    the frames of a clip before cameras that stand still, one a view, of the walk's first pass, as
    CASIA-B was recorded; else either pass before cameras that differ from clip to clip.
    segmentation: whose faults the silhouettes have.
    """

    conditions: tuple[int, ...] = (0, 1, 2)
    plain_until: int = 0
    redrawn: bool = False
    installed: int = 0
    segmentation: Segmentation = "background"

    def looks(self, number: int) -> list[tuple[int, int]]:
        """Condition and view of every clip of a person's walk ``number``."""
        conditions = self.conditions[:1] if number <= self.plain_until else self.conditions
        return [(condition, view) for condition in conditions for view in range(len(VIEWS))]


def _render_walk(passes: list[Walk], recipe: Recipe) -> list[np.ndarray]:
    """Every view and condition of one walk, each from one of its straight passes."""
    walk = passes[0]
    rng = np.random.default_rng([int(walk.person), walk.number, 0])
    return [
        render_clip(
            walk if recipe.installed else passes[rng.integers(len(passes))], view, condition,
            redraw=walk.number if recipe.redrawn else 0, installed=recipe.installed,
            segmentation=recipe.segmentation)
        for condition, view in recipe.looks(walk.number)
    ]


def render_clips(
    walks: Sequence[Walk], people: Sequence[str], folder: Path, recipe: Recipe
) -> Clips:
    """Render some people's walks, or read them if ``folder`` holds them.

    Person indices follow ``people``.
    """
    names = ("silhouettes", "person", "number", "view", "condition")
    if not (folder / "condition.npy").exists():
        by_walk: dict[tuple[str, int], list[Walk]] = defaultdict(list)
        for walk in walks:
            if walk.person in people:
                by_walk[walk.person, walk.number].append(walk)
        silhouettes, labels = [], []
        with ProcessPoolExecutor(2) as pool:
            work = partial(_render_walk, recipe=recipe)
            clips = pool.map(work, by_walk.values(), chunksize=4)
            for (name, number), rendered in zip(by_walk, clips, strict=True):
                silhouettes += rendered
                labels += [(people.index(name), number, v, c) for c, v in recipe.looks(number)]
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in zip(names, (np.stack(silhouettes), *np.array(labels).T), strict=True):
            np.save(folder / f"{name}.npy", array)
    return Clips(*(np.load(folder / f"{name}.npy", mmap_mode="r") for name in names))
