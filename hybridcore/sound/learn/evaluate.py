"""How good the sound models are on places that they were not trained on.

Every example is judged by the model of the fold that it was kept out of. The threshold of a fold
and how much earlier its onsets are moved (metrics.lateness) are chosen on the held-out examples of
the other folds. Intervals are 95 % bootstrap intervals over places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.cochleagram import FRAME_RATE
from hybridcore.sound.features import FeatureChunk
from hybridcore.sound.learn.data import NO_LABEL, Example, quiet
from hybridcore.sound.learn.judged import Judged
from hybridcore.sound.learn.metrics import (
    TOLERANCE,
    Detections,
    average_precision,
    careful_threshold,
    class_average,
    correlation,
    counts,
    found,
    lateness,
    spectral_centroid,
)
from hybridcore.sound.learn.sureness import (
    coverage,
    likeliest_frames,
    material_answers,
    right_if_said,
    said,
    sure_from,
)
from hybridcore.sound.materials import ACTIONS
from hybridcore.sound.model import KNOWN_MATERIALS, SoundModel
from hybridcore.sound.networks import FramePrediction, predict_frames
from hybridcore.sound.onsets import pick_onsets
from hybridcore.training.metrics import f1

LOWEST = 0.02  # probability from which an onset is a candidate
_CHUNK = 256
_SAMPLES = 200
_OFTEN = 3  # videos that a material is in, so that one is judged by others
_STRIKE = 1  # cochleagram steps after the onset, where the sound is judged


def predict_example(model: SoundModel, example: Example) -> FramePrediction:
    """What ``model`` predicts from an example's stored features."""
    return predict_frames(model, (
        FeatureChunk(
            times=example.times[at : at + _CHUNK],
            strokes=example.strokes[at : at + _CHUNK],
            appearance=example.appearance[at : at + _CHUNK].astype(np.float32),
            done=min(at + _CHUNK, len(example.times)),
        )
        for at in range(0, len(example.times), _CHUNK)))


def detections(example: Example, scores: NDArray[np.float32]) -> Detections:
    """Onsets picked from ``scores [T]``, as far as the labels reach."""
    frames, times = pick_onsets(example.times, scores, LOWEST)
    inside = times <= example.labelled
    return Detections(times[inside], scores[frames[inside]], example.events)


def chosen(detected: Sequence[Detections]) -> tuple[float, float]:
    """Threshold and lateness, s, that are best for these examples."""
    threshold = careful_threshold(detected)
    late = lateness(detected, threshold)
    return careful_threshold([earlier(one, late) for one in detected]), late


def earlier(detected: Detections, late: float) -> Detections:
    """The same, ``late`` s before."""
    return replace(detected, times=detected.times - late)


def fold_choices(
    detected: Sequence[Detections], folds: Sequence[Sequence[int]]
) -> dict[int, tuple[float, float]]:
    """For each example, by its index, what is :func:`chosen` on those outside its fold."""
    choices = {}
    for fold in folds:
        choice = chosen([d for i, d in enumerate(detected) if i not in fold])
        choices.update(dict.fromkeys(fold, choice))
    return choices


def judge(
    examples: Sequence[Example], predictions: Sequence[FramePrediction],
    folds: Sequence[Sequence[int]],
) -> list[Judged]:
    """Each example with the prediction of the model that had not seen its place."""
    detected = [detections(e, p.onset) for e, p in zip(examples, predictions, strict=True)]
    choices = fold_choices(detected, folds)
    answers = [material_answers(e, p) for e, p in zip(examples, predictions, strict=True)]
    judged = []
    for index, (example, prediction) in enumerate(zip(examples, predictions, strict=True)):
        others = [answers[i] for fold in folds if index not in fold for i in fold]
        frame = likeliest_frames(example, prediction)
        step = np.round(prediction.times[frame] * FRAME_RATE).astype(int) + _STRIKE
        sound = prediction.cochleagram[np.clip(step, 0, len(prediction.cochleagram) - 1)]
        threshold, late = choices[index]
        judged.append(Judged(
            example, earlier(detected[index], late), threshold, prediction.strength[frame],
            spectral_centroid(sound), prediction.action[frame].argmax(1),
            prediction.material[frame].argmax(1), prediction.material[frame].max(1),
            sure_from(others)))
    return judged


def judge_scores(
    examples: Sequence[Example], scores: Sequence[NDArray[np.float32]],
    folds: Sequence[Sequence[int]],
) -> list[Judged]:
    """A baseline that gives onsets alone, from a score at every frame."""
    detected = [detections(e, s) for e, s in zip(examples, scores, strict=True)]
    choices = fold_choices(detected, folds)
    judged = []
    for index, example in enumerate(examples):
        number, label = np.full(len(example.events), np.nan), np.full(len(example.events), NO_LABEL)
        threshold, late = choices[index]
        judged.append(Judged(
            example, earlier(detected[index], late), threshold, number, number, label, label))
    return judged


def report(judged: Sequence[Judged], split: str) -> list[dict[str, Any]]:
    """Rows of a model card: every metric with its interval, split and count."""
    places: dict[str, list[Judged]] = {}
    for one in judged:
        places.setdefault(one.example.place, []).append(one)
    events = sum(len(one.example.events) for one in judged)
    rows = []
    if any(len(one.detections.times) for one in judged):
        seconds = sum(b - a for one in judged for a, b in quiet(one.example))
        rows += [
            _row("onset F1 at 0.1 s", _onset_f1(TOLERANCE), places, split, events, 1, "",
                 headline=True),
            _row("onset F1 at 0.05 s", _onset_f1(TOLERANCE / 2), places, split, events, 1, ""),
            _row("onset average precision at 0.1 s", _precision, places, split, events, 1, "",
                 headline=True),
            {**_row("false onsets per minute where nothing is struck", _false_alarms, places, split,
                    len(judged), 1, "/min"), "seconds": round(seconds, 1)},
            *(_row(f"{name} recall at 0.1 s", _recall(code), places, split,
                   sum(int((one.example.event_action == code).sum()) for one in judged), 100, "%")
              for code, name in enumerate(ACTIONS)),
        ]
    if np.isfinite(judged[0].strength).all():
        rows += [
            _row("loudness r", _of("strength", "event_strength", correlation), places, split,
                 events, 1, "", headline=True),
            _row("loudness error", _of("strength", "event_strength", _error), places, split,
                 events, 1, "dB"),
            _row("spectral centroid r", _centroids(correlation), places, split, events, 1, ""),
            _row("spectral centroid error", _centroids(_error), places, split, events, 1, "bands"),
        ]
        actions, materials = (
            sum(int(np.isin(getattr(one.example, f"event_{name}"), classes).sum())
                for one in judged)
            for name, classes in (("action", range(len(ACTIONS))), ("material", often(judged))))
        rows += [
            _row("action, class-average accuracy", _classes("action", range(len(ACTIONS))), places,
                 split, actions, 100, "%"),
            _row(f"material, class-average accuracy of those in {_OFTEN} videos or more",
                 _classes("material", often(judged)), places, split, materials, 100, "%"),
        ]
    if len(judged[0].sureness):
        labelled = sum(int((one.example.event_material != NO_LABEL).sum()) for one in judged)
        named = sum(int(said(one).sum()) for one in judged)
        rows += [
            _row("material, share of blows of which one is said", coverage, places, split,
                 labelled, 100, "%"),
            _row("material, accuracy where one is said", right_if_said, places, split, named, 100,
                 "%"),
        ]
    return rows


def by_place(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Of each place: its materials, its events, and the F1 of its onsets at 0.1 s."""
    rows = []
    for place in sorted({one.example.place for one in judged}):
        there = [one for one in judged if one.example.place == place]
        materials = Counter(
            KNOWN_MATERIALS[label] for one in there for label in one.example.event_material
            if label != NO_LABEL)
        rows.append({
            "place": place, "materials": [name for name, _ in materials.most_common(2)],
            "events": sum(len(one.example.events) for one in there),
            "f1": round(_onset_f1(TOLERANCE)(there), 2)})
    return rows


def often(judged: Sequence[Judged]) -> list[int]:
    """Materials that occur in at least three videos."""
    videos = Counter(
        int(label) for one in judged for label in set(one.example.event_material) - {NO_LABEL})
    return sorted(label for label, count in videos.items() if count >= _OFTEN)


Metric = Callable[[Sequence[Judged]], float]


def _row(
    name: str, metric: Metric, places: Mapping[str, Sequence[Judged]], split: str, count: int,
    factor: float, unit: str, *, headline: bool = False,
) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    keys = sorted(places)
    drawn = [
        metric([one for key in rng.choice(keys, len(keys)) for one in places[key]])
        for _ in range(_SAMPLES)
    ]
    low, high = np.percentile(drawn, [2.5, 97.5]) * factor
    value = metric([one for key in keys for one in places[key]]) * factor
    row: dict[str, Any] = {
        "name": name, "split": split, "count": count, "value": round(value, 3), "unit": unit,
        "interval": [round(float(low), 3), round(float(high), 3)],
    }
    return {**row, "headline": True} if headline else row


def _onset_f1(tolerance: float) -> Metric:
    def value(judged: Sequence[Judged]) -> float:
        right, false, missed = np.sum(
            [counts(one.detections, one.threshold, tolerance) for one in judged], 0)
        return f1(int(right), int(false), int(missed))

    return value


def _recall(action: int) -> Metric:
    """Share of the events of an action that are found."""
    def value(judged: Sequence[Judged]) -> float:
        each = np.concatenate([
            found(one.detections, one.threshold)[one.example.event_action == action]
            for one in judged])
        return float(each.sum() / max(1, len(each)))

    return value


def _precision(judged: Sequence[Judged]) -> float:
    return average_precision([one.detections for one in judged])


def _false_alarms(judged: Sequence[Judged]) -> float:
    """A minute of the stretches in which nothing is struck."""
    seconds = alarms = 0.0
    for one in judged:
        times = one.detections.times[one.detections.scores >= one.threshold]
        for start, end in quiet(one.example):
            seconds += end - start
            alarms += ((times >= start) & (times <= end)).sum()
    return 60 * alarms / max(seconds, 1e-9)


def _error(predicted: NDArray, true: NDArray) -> float:
    return float(np.abs(predicted - true).mean())


def _of(name: str, true: str, metric: Callable[[NDArray, NDArray], float]) -> Metric:
    return lambda judged: metric(
        np.concatenate([getattr(one, name) for one in judged]),
        np.concatenate([getattr(one.example, true) for one in judged]))


def _centroids(metric: Callable[[NDArray, NDArray], float]) -> Metric:
    return lambda judged: metric(
        np.concatenate([one.centroid for one in judged]),
        np.concatenate([spectral_centroid(one.example.event_sound) for one in judged]))


def _classes(name: str, classes: Iterable[int]) -> Metric:
    def accuracy(judged: Sequence[Judged]) -> float:
        predicted = np.concatenate([getattr(one, name) for one in judged])
        true = np.concatenate([getattr(one.example, f"event_{name}") for one in judged])
        labelled = np.isin(true, list(classes))
        return class_average(predicted[labelled], true[labelled])

    return accuracy
