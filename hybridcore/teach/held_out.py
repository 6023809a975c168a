"""How a head does on stretches that it was not taught: cross-validation, by stretch.

Neighbouring steps are all but alike, so a head is never tested on a stretch of which it saw a part.
Stretches of one label are dealt to the parts by turns; a label that is marked once is never held
out, since nothing would be left to learn it from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hybridcore.shares import wilson
from hybridcore.teach.fit import Lesson
from hybridcore.text import percent

PARTS = 5  # at most
ENOUGH = 6  # stretches held out from which a figure says anything


@dataclass(frozen=True)
class Score:
    """right: stretches whose label was said for most of them; seconds: those with the right
    label."""

    right: int
    seconds: float


@dataclass(frozen=True)
class HeldOut:
    """What was found on stretches held out.

    stretches, seconds: how many and how long they are; most: those of the most frequent label,
    which is what guessing gets. memory, still: of the head and of its twin without memory. once:
    labels that were marked once and could not be tested.
    """

    stretches: int
    seconds: float
    most: int
    memory: Score
    still: Score
    once: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """What a person should make of it, in a sentence or two."""
        said = ""
        if self.once:
            said = f" Marked once, so not tested: {', '.join(self.once)}."
        if self.stretches < ENOUGH:
            return (f"Too little to say how good it is: {self.stretches} stretches could be held "
                    f"out, and {ENOUGH} are the least. Mark each label at least three times.{said}")
        low, high = wilson(self.memory.right, self.stretches)
        text = (f"Right on {self.memory.right} of {self.stretches} stretches that it had not seen "
                f"({percent(low)} to {percent(high)} with 95 % confidence) and on "
                f"{percent(self.memory.seconds / self.seconds)} of their {self.seconds:.0f} s; the "
                f"same head without memory on {self.still.right} and "
                f"{percent(self.still.seconds / self.seconds)}.")
        if low <= self.most / self.stretches:
            text += (" That is too little to say that it beats always naming the most frequent "
                     f"label ({self.most} of {self.stretches}).")
        return text + said


def deal(lessons: Sequence[Lesson]) -> list[np.ndarray]:
    """The part in which each mark of each lesson is held out, int ``[marks]``; -1: in none."""
    met: dict[str, int] = {}
    for lesson in lessons:
        for mark in lesson.marks:
            met[mark.label] = met.get(mark.label, 0) + 1
    turn = dict.fromkeys(met, 0)
    parts = []
    for lesson in lessons:
        dealt = []
        for mark in lesson.marks:
            dealt.append(-1 if met[mark.label] == 1 else turn[mark.label] % PARTS)
            turn[mark.label] += 1
        parts.append(np.array(dealt, np.int64))
    return parts


def taught(
    lessons: Sequence[Lesson], names: Sequence[str], dealt: Sequence[np.ndarray] | None = None
) -> list[np.ndarray]:
    """What each network is told of each step of each lesson, int ``[1 + parts, n]``: the first of
    everything, each other of all but one part. dealt: the parts; None: as :func:`deal` does."""
    if dealt is None:
        dealt = deal(lessons)
    count = 1 + max((int(part.max(initial=-1)) for part in dealt), default=-1)
    told = []
    for lesson, part in zip(lessons, dealt, strict=True):
        labels = lesson.labels(names)
        at_step = np.append(part, -1)[lesson.at]
        told.append(np.stack([labels, *(np.where(at_step == k, -1, labels)
                                        for k in range(count))]))
    return told


def score(
    lessons: Sequence[Lesson], names: Sequence[str], said: Sequence[np.ndarray],
    still: Sequence[np.ndarray], dealt: Sequence[np.ndarray] | None = None,
) -> HeldOut:
    """What the networks of :func:`taught` said, dealt alike.

    said, still: probabilities ``[1 + parts, n, C]`` of each lesson, with memory and without.
    """
    counts = np.zeros(len(names), np.int64)
    length = 0.0
    right, seconds = [0, 0], [0.0, 0.0]
    marked = {name: 0 for name in names}
    for lesson, part, *both in zip(
            lessons, deal(lessons) if dealt is None else dealt, said, still, strict=True):
        step = lesson.features.step
        for number, mark in enumerate(lesson.marks):
            marked[mark.label] += 1
            steps = np.flatnonzero(lesson.at == number)
            if part[number] < 0 or not len(steps):
                continue
            label = names.index(mark.label)
            counts[label] += 1
            length += step * len(steps)
            for k, probabilities in enumerate(both):
                there = probabilities[1 + part[number], steps]
                right[k] += int(there.mean(0).argmax() == label)
                seconds[k] += step * float((there.argmax(1) == label).sum())
    return HeldOut(
        stretches=int(counts.sum()), seconds=length, most=int(counts.max(initial=0)),
        memory=Score(right[0], seconds[0]), still=Score(right[1], seconds[1]),
        once=tuple(name for name, count in marked.items() if count == 1))
