"""Heads learn: from features over time and marks to networks, in a few seconds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from hybridcore.progress import Progress
from hybridcore.teach.features import Features
from hybridcore.teach.marks import Mark, marks_at
from hybridcore.teach.network import HeadConfig, HeadNetwork
from hybridcore.teach.projection import COMPONENTS, Projection

WINDOW = 32  # steps that are learned from at once
BATCH = 24
ROUNDS = 120
LEARNING_RATE = 8e-3
_SMOOTHING = 0.05  # of the labels, so that it does not become sure of what it saw twice


@dataclass(frozen=True, eq=False)
class Lesson:
    """One clip and what is marked in it."""

    features: Features
    marks: tuple[Mark, ...]

    @cached_property
    def at(self) -> np.ndarray:
        """Position of the mark that each step lies in, int ``[n]``; -1: in none."""
        return marks_at(self.marks, self.features.times)

    def only(self, parts: Collection[str]) -> Lesson:
        """The same marks, with some parts of the features."""
        return Lesson(self.features.only(parts), self.marks)

    def labels(self, names: Sequence[str]) -> np.ndarray:
        """Position in ``names`` of the label of each step, int ``[n]``; -1: none."""
        return np.array([*(names.index(mark.label) for mark in self.marks), -1])[self.at]


def fit(
    lessons: Sequence[Lesson], labels: Sequence[np.ndarray], classes: int, *,
    projection: Projection, memory: bool, seed: int = 0, progress: Progress | None = None,
) -> HeadNetwork:
    """G networks that have learned, side by side.

    Args:
        labels: int ``[G, n]`` of each lesson, in [0, classes), what each network is told of each
            step; -1: nothing. Each is told something.
        projection: fitted to these features and labels.
        progress: called with (done, total) rounds; it stops the work by raising.
    """
    with _alone(seed):
        rng = np.random.default_rng(seed)
        groups = len(labels[0])
        network = HeadNetwork(config=HeadConfig(
            inputs=lessons[0].features.values.shape[1], classes=classes, groups=groups,
            width=COMPONENTS * len(lessons[0].features.parts), memory=memory))
        network.project.load_state_dict({"weight": projection.weight, "bias": projection.bias})
        projected = [
            network.project(lesson.features.tensor().expand(groups, -1, -1))
            for lesson in lessons]
        wanted = [torch.from_numpy(label) for label in labels]
        weights = torch.stack([
            _weights(torch.cat([label[g] for label in wanted]), classes) for g in range(groups)])
        for group in range(groups):
            for label in range(classes):
                rows = torch.cat([
                    all_rows[group][told[group] == label]
                    for all_rows, told in zip(projected, wanted, strict=True)])
                if len(rows):
                    network.centres[group, label] = rows.mean(0)
        learned = [p for p in network.parameters() if p.requires_grad]
        optimiser = torch.optim.AdamW(learned, LEARNING_RATE, weight_decay=1e-2)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, ROUNDS)
        places = [_places([label[g] for label in labels], classes) for g in range(groups)]
        network.train()
        for done in range(ROUNDS):
            inputs, targets = _batch(projected, wanted, places, rng)
            logits = network.from_projected(inputs)
            optimiser.zero_grad()
            torch.stack([functional.cross_entropy(
                logits[g].flatten(0, 1), targets[g].flatten(), weights[g], ignore_index=-1,
                label_smoothing=_SMOOTHING) for g in range(groups)]).sum().backward()
            optimiser.step()
            schedule.step()
            if progress is not None:
                progress(done + 1, ROUNDS)
        return network.eval()


def _weights(labels: Tensor, classes: int) -> Tensor:
    """float ``[C]``: rare labels count more, by the root of how rare they are."""
    counts = torch.stack([(labels == c).sum() for c in range(classes)])
    return (counts.sum() / (classes * counts.clamp(min=1))).sqrt()


def _places(labels: Sequence[np.ndarray], classes: int) -> list[np.ndarray]:
    """Lesson and step of every step of each class that is there, int ``[m, 2]`` each."""
    places = [np.concatenate([
        np.stack([np.full((label == c).sum(), k), np.flatnonzero(label == c)], 1)
        for k, label in enumerate(labels)]) for c in range(classes)]
    return [place for place in places if len(place)]


def _batch(
    projected: Sequence[Tensor], wanted: Sequence[Tensor],
    places: Sequence[Sequence[np.ndarray]], rng: np.random.Generator,
) -> tuple[Tensor, Tensor]:
    """Windows around steps of the classes by turns, for every group: inputs ``[G, B, T, width]``
    and labels ``[G, B, T]``."""
    groups = len(places)
    inputs = torch.zeros(groups, BATCH, WINDOW, projected[0].shape[-1])
    targets = torch.full((groups, BATCH, WINDOW), -1)
    for group, there in enumerate(places):
        for row in range(BATCH):
            place = there[row % len(there)]
            lesson, step = place[rng.integers(len(place))]
            steps = projected[lesson].shape[1]
            start = max(0, min(step - int(rng.integers(WINDOW)), steps - WINDOW))
            part = slice(start, start + WINDOW)
            length = min(WINDOW, steps)
            inputs[group, row, :length] = projected[lesson][group, part]
            targets[group, row, :length] = wanted[lesson][group, part]
    return inputs, targets


@contextmanager
def _alone(seed: int) -> Iterator[None]:
    """Random numbers of its own, and one thread: the tensors are so small that several only wait
    for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            yield
    finally:
        torch.set_num_threads(threads)
