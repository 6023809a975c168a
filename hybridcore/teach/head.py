"""A head: what was learned of somebody's labels, and how it labels a clip."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch

from hybridcore.errors import TextError
from hybridcore.layers.chain import best_labels
from hybridcore.progress import Progress
from hybridcore.teach.features import Features
from hybridcore.teach.fit import Lesson, fit
from hybridcore.teach.held_out import ENOUGH, HeldOut, Score, score, taught
from hybridcore.teach.labelled import Labelled
from hybridcore.teach.marks import names_of
from hybridcore.teach.network import HeadNetwork
from hybridcore.teach.projection import Projection
from hybridcore.text import percent

THRESHOLD = 0.5  # probability from which a label is said
LEAST_SECONDS = 1.0  # of marks of a label
_CHANGE_SECONDS = 0.3  # how long one nat must favour another label
_CALM_SECONDS = 1.0  # over which strangeness is averaged
_STRANGE_FROM = 1.5  # times what nearly all marked steps stay below
_NEARLY_ALL = 0.98
_DOUBT = 5.0  # nats by which "none of these" is preferred where it looks like nothing marked
_FLOOR = 1e-6


@dataclass(frozen=True, eq=False)
class Head:
    """A network of one group, and all that is needed to use it.

    title: its name. system: key of the system whose features it reads. recipe: the name of these.
    basis: hash of the weights that they depend on. aspect: what of them it learned from, by title;
    parts: those that this is. names: C labels. strange: from how strange a step is none of these.
    marked: s of marks of each label. held_out: how good it is. compared: how good heads were that
    learned the same from each aspect, by title; empty where only one was tried.
    """

    title: str
    system: str
    recipe: str
    basis: str
    aspect: str
    parts: Mapping[str, int]
    names: tuple[str, ...]
    network: HeadNetwork
    strange: float
    marked: tuple[float, ...]
    held_out: HeldOut
    compared: Mapping[str, Score] = field(default_factory=dict)

    @property
    def learned_from(self) -> str:
        """What it learned from and why, in a sentence."""
        if not self.compared:
            return f"Learned from {self.aspect}."
        held = self.held_out
        if held.stretches < ENOUGH:
            return f"Learned from {self.aspect}: too little is marked to see what does best."
        shares = ", ".join(f"{title} {percent(score.seconds / held.seconds)}"
                           for title, score in self.compared.items())
        return f"Learned from {self.aspect}. Right on the time held out: {shares}."


def teach(
    lessons: Sequence[Lesson], *, title: str, system: str, recipe: str, basis: str,
    aspects: Mapping[str, Collection[str]], progress: Progress | None = None, seed: int = 0,
    dealt: Sequence[np.ndarray] | None = None,
) -> Head:
    """Learn what is marked, and test it on stretches held out.

    Args:
        aspects: parts of the features to learn from, by title. Of several, the first one is taken
            unless another does better on stretches held out by more than a standard error.
        progress: called with (done, total) rounds; it stops the work by raising.
        dealt: the part in which each mark of each lesson is held out, where stretches of one
            source have to be held out together; None: as :func:`held_out.deal` does.

    Raises:
        TextError: there is too little to learn from; the sentence says what is missing.
    """
    names = names_of(mark for lesson in lessons for mark in lesson.marks)
    if len(names) < 2:
        raise TextError("Mark stretches of at least two labels: one alone is told from nothing.")
    marked = tuple(
        sum(lesson.features.step * float((lesson.labels(names) == label).sum())
            for lesson in lessons) for label in range(len(names)))
    if short := [name for name, seconds in zip(names, marked, strict=True)
                 if seconds < LEAST_SECONDS - 1e-6]:
        raise TextError(f"There is less than {LEAST_SECONDS:g} s of {' and '.join(short)}: mark "
                        "more of it.")
    labels = taught(lessons, names, dealt)
    every = sorted({part for parts in aspects.values() for part in parts})
    projection = Projection.fitted([lesson.features.only(every) for lesson in lessons], labels)

    def learn(number: int, aspect: str) -> Head:
        known = [lesson.only(aspects[aspect]) for lesson in lessons]
        networks = [
            fit(known, labels, len(names), memory=memory, seed=seed,
                projection=projection.only(aspects[aspect]),
                progress=_part_of(progress, 2 * number + k, 2 * len(aspects)))
            for k, memory in enumerate((True, False))]
        said, still = ([probabilities(network, lesson.features) for lesson in known]
                       for network in networks)
        return Head(
            title=title, system=system, recipe=recipe, basis=basis, aspect=aspect,
            parts=known[0].features.parts, names=names, network=networks[0].only(0),
            strange=_limit(networks[0], known, labels), marked=marked,
            held_out=score(known, names, said, still, dealt))

    heads = [learn(number, aspect) for number, aspect in enumerate(aspects)]
    if len(heads) == 1:
        return heads[0]
    best = heads[0]
    held = best.held_out
    if held.stretches >= ENOUGH:
        other = max(heads, key=lambda head: head.held_out.memory.seconds)
        share = other.held_out.memory.seconds / held.seconds
        error = (share * (1 - share) / held.stretches) ** 0.5
        if share - error > held.memory.seconds / held.seconds:
            best = other
    return replace(best, compared={head.aspect: head.held_out.memory for head in heads})


def label(head: Head, features: Features) -> Labelled:
    """What a head says of a clip.

    A label is said where it is likely enough and the clip looks there like something that was
    marked; of all sequences of labels the one is taken that agrees best with the probabilities,
    where a change has a price (:mod:`hybridcore.layers.chain`).

    Raises:
        ValueError: the features lack a part that it learned from.
    """
    features = features.only(head.parts)
    likely = probabilities(head.network, features)[0]
    none = len(head.names)
    scores = np.log(np.maximum(likely, _FLOOR))
    scores = np.append(scores, np.full((len(scores), 1), np.log(THRESHOLD)), 1)
    strange = _strangeness(head.network, features)[0] > head.strange
    scores[strange, none] += _DOUBT
    codes = best_labels(scores, _CHANGE_SECONDS / features.step)
    return Labelled(head.title, head.names, features.times, features.duration, likely, codes)


def _part_of(progress: Progress | None, number: int, count: int) -> Progress | None:
    """The progress of one of ``count`` equal pieces of work."""
    return None if progress is None else lambda done, total: progress(
        number * total + done, count * total)


@torch.inference_mode()
def probabilities(network: HeadNetwork, features: Features) -> np.ndarray:
    """Of each label at each step, ``[G, n, C]``."""
    values = features.tensor().expand(network.config.groups, 1, -1, -1)
    return network(values)[:, 0].softmax(-1).numpy()


@torch.inference_mode()
def _strangeness(network: HeadNetwork, features: Features) -> np.ndarray:
    """``[G, n]``, calmed over time."""
    values = features.tensor().expand(network.config.groups, 1, -1, -1)
    raw = network.strangeness(network.project(values))[:, 0].numpy()
    half = max(0, round(_CALM_SECONDS / features.step / 2))
    padded = np.pad(raw, ((0, 0), (half, half)), mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1, 1).mean(-1)


def _limit(
    network: HeadNetwork, lessons: Sequence[Lesson], labels: Sequence[np.ndarray]
) -> float:
    """From how strange a step is none of these: a margin above what marked steps are to the
    networks that were not told of them, or else to the one that was."""
    seen = []
    for lesson, told in zip(lessons, labels, strict=True):
        strange = _strangeness(network, lesson.features)
        held = (told[1:] < 0) & (told[:1] >= 0)
        seen.append(strange[1:][held] if held.any() else strange[0][told[0] >= 0])
    return _STRANGE_FROM * float(np.quantile(np.concatenate(seen), _NEARLY_ALL))
