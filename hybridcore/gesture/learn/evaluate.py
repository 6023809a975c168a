"""How well the gesture networks do on people and recordings that they have never seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from hybridcore.gesture.calibration import THRESHOLD, averaged
from hybridcore.gesture.gestures import GESTURES, NOTHING, WORDS
from hybridcore.gesture.learn.compose import (
    ACROSS,
    PALM,
    attach,
    backwards,
    before_camera,
    paced,
    scaled,
)
from hybridcore.gesture.learn.folds import Sets
from hybridcore.gesture.learn.labels import IGNORED, UNKNOWN, gesture_labels, word_labels
from hybridcore.gesture.learn.recordings import SFINGE, SFINGE_RATE
from hybridcore.gesture.model import GestureNet
from hybridcore.gesture.points import BODY, RATE, SIDES, WRIST
from hybridcore.gesture.segments import find_segments
from hybridcore.people.readings import calibrated
from hybridcore.training.metrics import share_row

_VIEWS = ((0.0, 15.0, 0.0), (20.0, 45.0, 0.0), (-20.0, 0.0, 0.0))  # degrees, one after the other
_MARGIN = 20  # frames by which SFINGE3D's protocol lets a gesture be found early
_NOTHING = GESTURES.index(NOTHING)
_SWIPES = [GESTURES.index(f"swipe {side}") for side in SIDES]
_BINS = np.linspace(0, 1, 11)[1:-1]
SET_NAMES = ("words", "gestures", "sequences", "poses", "backwards")


@dataclass(frozen=True, eq=False)
class Heard:
    """What one network says of every step of one fold, one recording after the other.

    logits float32 ``[N, C]``; label int64 ``[N]``: position in GESTURES, IGNORED or UNKNOWN;
    item int64 ``[N]``: which recording; source int64 ``[N]``: position in SET_NAMES; group int64
    ``[N]``: position of the person in the sets, number of the gesture or of the long recording.
    """

    logits: np.ndarray
    label: np.ndarray
    item: np.ndarray
    source: np.ndarray
    group: np.ndarray

    def of(self, source: str) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        """Group, logits and labels of every recording of one set."""
        for item in np.unique(self.item[self.source == SET_NAMES.index(source)]):
            own = self.item == item
            yield int(self.group[own][0]), self.logits[own], self.label[own]


@torch.inference_mode()
def listen(model: GestureNet, sets: Sets, fold: int) -> Heard:
    """Run a network over the recordings of a fold."""
    columns: list[list[np.ndarray]] = [[] for _ in range(5)]
    for item, (source, group, points, labels) in enumerate(_recordings(sets, fold)):
        logits = model(torch.from_numpy(points.astype(np.float32))[None]).logits[0].numpy()
        count = len(labels)
        for column, values in zip(columns, (
                logits, labels, *(np.full(count, value) for value in
                                  (item, SET_NAMES.index(source), group))), strict=True):
            column.append(values)
    return Heard(*(np.concatenate(column) for column in columns))


def _recordings(sets: Sets, fold: int) -> Iterator[tuple[str, int, np.ndarray, np.ndarray]]:
    """Set, group, points and labels of everything in a fold."""
    people = [(k, person) for k, (own, person) in enumerate(sets.people) if own == fold]
    for number, person in people:
        for word, clip in zip(person.words, person.clips, strict=True):
            yield "words", number, clip, word_labels(word, clip)
    body = scaled(people[0][1].clips[0])[:1, :BODY]
    rng = np.random.default_rng(fold)
    for k, gesture in enumerate(own for place, own in sets.gestures if place == fold):
        hand, labels = paced(_seen(gesture.joints, k), gesture_labels(
            gesture.label, gesture.joints), SFINGE_RATE)
        yield "gestures", gesture.label, attach(hand, body, rng), labels
        if labels.max() in _SWIPES:
            other, labels = backwards(hand, labels)
            yield "backwards", gesture.label, attach(other, body, rng), labels
    for place, number, joints, marks in sets.sequences:
        if place == fold:
            labels = np.full(len(joints), _NOTHING)
            for label, first, last in marks:
                labels[first : last + 1] = IGNORED if label in SFINGE else UNKNOWN
            hand, labels = paced(_seen(joints, number), labels, SFINGE_RATE)
            yield "sequences", number, attach(hand, body, rng), labels
    for place, name, run in sets.poses:
        if place == fold:
            for start in range(0, len(run) - 20, 20):
                hand = run[start : start + 20] * PALM
                yield "poses", GESTURES.index(name), attach(hand, body, rng), np.full(
                    20, GESTURES.index(name))


def _seen(joints: np.ndarray, number: int) -> np.ndarray:
    flat = before_camera(joints, *_VIEWS[number % len(_VIEWS)]) / ACROSS
    return np.asarray(flat - flat[0, WRIST])


def fit_temperature(heard: Sequence[Heard]) -> float:
    """The temperature under which the labels of all steps are likeliest."""
    logits = np.concatenate([own.logits[own.label >= 0] for own in heard])
    labels = np.concatenate([own.label[own.label >= 0] for own in heard])

    def loss(temperature: float) -> float:
        p = calibrated(logits, temperature)[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(p, 1e-7)).mean())

    return round(float(min(np.geomspace(0.5, 4, 40), key=loss)), 3)


def rows_of(heard: Sequence[Heard], sets: Sets, *, average: bool = False) -> list[dict[str, Any]]:
    """Rows of a card: every recording by a network that never saw its fold. Each half of the folds
    has the temperature that fits the other; average: of the moving average."""
    halves = [heard[k::2] for k in (0, 1)]
    fits = [fit_temperature(half or heard) for half in halves]
    say = [(own, _probabilities(fits[1 - k % 2], average)) for k, own in enumerate(heard)]
    return [*_word_rows(say, sets), *_step_rows(say), *_gesture_rows(say), *_sequence_rows(
        say, sets)]


def _probabilities(temperature: float, average: bool) -> Any:
    def of(logits: np.ndarray) -> np.ndarray:
        p = calibrated(logits, temperature)
        return averaged(p) if average else p
    return of


def clip_answer(p: np.ndarray, steps: np.ndarray, among: Sequence[int]) -> int:
    """The likeliest of some gestures over the steps of a clip in which a hand is seen."""
    return int(np.array(among)[p[steps].mean(0)[list(among)].argmax()])


def _word_rows(say: Sequence[Any], sets: Sets) -> list[dict[str, Any]]:
    """Which word each clip says, over people."""
    every, three = range(1, len(GESTURES)), [GESTURES.index(word) for word in WORDS]
    hits = np.zeros((2, len(sets.people)))
    counts, unnamed = np.zeros(len(sets.people)), np.zeros(2)
    for own, probabilities in say:
        for person, logits, labels in own.of("words"):
            p = probabilities(logits)
            seen = (labels > 0) | (labels == UNKNOWN)
            if not seen.any():
                continue
            if (labels == UNKNOWN).any():
                unnamed += (p[seen].max(1) >= THRESHOLD).sum(), seen.sum()
                continue
            counts[person] += 1
            for row, among in zip(hits, (every, three), strict=True):
                row[person] += clip_answer(p, seen, among) == labels.max()
    rows = []
    there = counts > 0
    for row, name in zip(hits, ("word of a clip, of nine gestures", "word of a clip, of three"),
                         strict=True):
        shares = row[there] / counts[there]
        split = f"{there.sum()} unseen people"
        rows += [
            {**share_row(name, split, row[there], counts[there]), "headline": True},
            {"name": f"{name}, mean over people", "split": split, "count": int(there.sum()),
             "value": round(100 * float(shares.mean()), 2), "unit": "%"},
            {"name": f"{name}, worst person", "split": split, "count": int(counts.max()),
             "value": round(100 * float(shares.min()), 2), "unit": "%",
             "people": [round(100 * share, 1) for share in shares.tolist()]}]
    if unnamed[1]:
        rows.append({"name": f"named (likelier than {THRESHOLD}) where the word has no name here",
                     "split": "steps of 6 other words of unseen people", "count": int(unnamed[1]),
                     "value": round(float(100 * unnamed[0] / unnamed[1]), 2), "unit": "%"})
    return rows


def _step_rows(say: Sequence[Any]) -> list[dict[str, Any]]:
    """How often a step of a word is right, and how sure the network is."""
    right: dict[int, float] = {}
    counts: dict[int, float] = {}
    named: dict[int, float] = {}
    correct: dict[int, float] = {}
    sure_all, right_all = [], []
    for own, probabilities in say:
        for person, logits, labels in own.of("words"):
            kept = labels >= 0
            if not kept.any():
                continue
            p = probabilities(logits)[kept]
            hit, sure = p.argmax(1) == labels[kept], p.max(1)
            for table, value in ((right, hit.sum()), (counts, len(hit)),
                                 (named, (sure >= THRESHOLD).sum()),
                                 (correct, (hit & (sure >= THRESHOLD)).sum())):
                table[person] = table.get(person, 0) + float(value)
            sure_all.append(sure)
            right_all.append(hit)
    hits, total, said, good = (np.array([table[k] for k in sorted(counts)])
                               for table in (right, counts, named, correct))
    split = f"steps of words of {len(counts)} unseen people"
    sure, ok = np.concatenate(sure_all), np.concatenate(right_all)
    bins = np.digitize(sure, _BINS)
    error = sum(abs(sure[bins == k].mean() - ok[bins == k].mean()) * (bins == k).mean()
                for k in np.unique(bins))
    return [
        {**share_row("right at every step", split, hits, total), "headline": True},
        share_row(f"named (likelier than {THRESHOLD})", split, said, total),
        share_row("right where named", split, good, said),
        {"name": "expected calibration error", "split": split, "count": int(total.sum()),
         "value": round(100 * float(error), 2), "unit": "%"}]


def _gesture_rows(say: Sequence[Any]) -> list[dict[str, Any]]:
    """Which gesture each instance of SFINGE3D is, and each stretch of the hand poses."""
    splits = {"gestures": "unseen instances of SFINGE3D, before a drawn camera",
              "backwards": "the same played backwards",
              "poses": "unseen stretches of 20 hand poses"}
    found: dict[tuple[str, int], list[float]] = {}
    for own, probabilities in say:
        for source in splits:
            for _, logits, labels in own.of(source):
                label = int(labels.max())
                if label > 0:
                    answer = clip_answer(probabilities(logits), labels == label,
                                         range(1, len(GESTURES)))
                    found.setdefault((source, label), []).append(float(answer == label))
    return [share_row(f"{GESTURES[label]}, of nine gestures", splits[source], np.array(hits),
                      np.ones(len(hits)))
            for (source, label), hits in sorted(found.items())]


def _sequence_rows(say: Sequence[Any], sets: Sets) -> list[dict[str, Any]]:
    """Gestures found in the long recordings by the protocol of SFINGE3D, and false ones."""
    marks = {number: own for _, number, _, own in sets.sequences}
    found, wanted, wrong, seconds = [], [], [], 0.0
    for own, probabilities in say:
        for number, logits, _ in own.of("sequences"):
            times = np.arange(len(logits)) / RATE
            segments = [s for s in find_segments(probabilities(logits), times, THRESHOLD)
                        if s.label < len(GESTURES)]
            taken: set[int] = set()
            truth = [(GESTURES.index(SFINGE[label]), first, last)
                     for label, first, last in marks[number] if label in SFINGE]
            for gesture, first, last in truth:
                hit = next((k for k, s in enumerate(segments) if k not in taken
                            and s.label == gesture
                            and first - _MARGIN <= s.start * SFINGE_RATE <= last), None)
                if hit is not None:
                    taken.add(hit)
            found.append(float(len(taken)))
            wanted.append(float(len(truth)))
            wrong.append(float(len(segments) - len(taken)))
            seconds += len(logits) / RATE
    split = f"{len(found)} unseen long recordings of SFINGE3D"
    return [share_row("gestures found", split, np.array(found), np.array(wanted)),
            {"name": "false gestures a minute", "split": split, "count": len(found),
             "value": round(60 * sum(wrong) / seconds, 2), "unit": "a minute"}]


def keep(heard: Heard, path: Path) -> None:
    """Write what was heard."""
    np.savez(path, allow_pickle=False, **vars(heard))


def kept(path: Path) -> Heard:
    """What was written by :func:`keep`."""
    with np.load(path, allow_pickle=False) as own:
        return Heard(**{name: own[name] for name in own.files})
