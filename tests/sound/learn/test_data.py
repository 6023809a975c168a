"""Targets from sound and labels, and folds by place."""

from pathlib import Path

import numpy as np
import pytest

from hybridcore.media import VideoWriter
from hybridcore.sound.heard import sound_onsets, strengths
from hybridcore.sound.learn.baselines import change_drop, random_onsets
from hybridcore.sound.learn.data import (
    NO_LABEL,
    Example,
    codes,
    folds,
    load_example,
    make_example,
    save_example,
)
from hybridcore.sound.learn.evaluate import by_place, fold_choices, report
from hybridcore.sound.learn.metrics import Detections
from hybridcore.sound.learn.targets import refine, soft_onsets, unlabelled
from hybridcore.sound.materials import ACTIONS
from hybridcore.sound.strokes import STATISTICS
from tests.sound.grey import GreyEncoder

RATE = 44_100


def knocks(times: list[float], levels: list[float], seconds: float = 4.0) -> np.ndarray:
    rng = np.random.default_rng(0)
    sound = rng.normal(0, 1e-3, round(seconds * RATE))
    for time, level in zip(times, levels, strict=True):
        at = round(time * RATE)
        length = round(0.1 * RATE)
        sound[at : at + length] += level * rng.normal(0, 1, length) * np.exp(
            -np.arange(length) / (0.02 * RATE))
    return sound.astype(np.float32)


def example(name: str, events: np.ndarray) -> Example:
    frames = 240
    times = np.arange(frames) / 30
    strokes = np.zeros((frames, len(STATISTICS)), np.float32)
    # What moves stops at each event.
    strokes[:, STATISTICS.index("change, mean")] = (
        (times[:, None] < events) & (times[:, None] > events - 0.15)).any(1)
    count = len(events)
    return Example(
        name=name, times=times, strokes=strokes,
        appearance=np.zeros((frames, 1280), np.float16), onset=soft_onsets(times, events),
        weight=np.ones(frames, np.float32), strength=np.full(frames, np.nan, np.float32),
        action=np.full(frames, NO_LABEL), material=np.full(frames, NO_LABEL),
        cochleagram=np.zeros((frames, 3, 42), np.float16), events=events,
        event_strength=np.zeros(count, np.float32), event_action=np.zeros(count, np.int64),
        event_material=np.zeros(count, np.int64), event_sound=np.ones((count, 42), np.float32),
        labelled=8.0)


def test_onsets_are_heard_where_they_are() -> None:
    true = [0.7, 1.503, 2.9]
    heard = sound_onsets(knocks(true, [0.3, 0.05, 0.3]), RATE)
    np.testing.assert_allclose(heard.times, true, atol=0.016)
    assert heard.rises[1] < heard.rises[0]


def test_noise_alone_has_no_strong_onset() -> None:
    heard = sound_onsets(knocks([], []), RATE)
    assert not len(unlabelled(np.empty(0), heard))


def test_labels_move_to_the_sound_and_no_further() -> None:
    heard = sound_onsets(knocks([1.05, 3.0], [0.3, 0.3]), RATE)
    refined = refine(np.array([1.0, 2.0]), heard)
    np.testing.assert_allclose(refined, [1.05, 2.0], atol=0.016)
    np.testing.assert_allclose(unlabelled(refined, heard), [3.0], atol=0.016)


def test_strength_is_in_decibels() -> None:
    sound = np.full(RATE, 0.1, np.float32)
    np.testing.assert_allclose(strengths(sound, RATE, np.array([0.2, 0.5])), -20, atol=1e-3)
    assert strengths(sound, RATE, np.array([9.0]))[0] == -100


def test_soft_targets_peak_at_the_onset() -> None:
    times = np.arange(30) / 30
    target = soft_onsets(times, np.array([0.5]))
    assert target.argmax() == 15
    assert target[15] == pytest.approx(1)
    assert target[10] < 0.01
    assert not soft_onsets(times, np.empty(0)).any()


def test_a_place_is_in_one_fold_only() -> None:
    names = [f"2015-01-01-10-00-0{k // 2}-{k}" for k in range(10)]
    examples = [example(n, np.arange(1.0, 7.0)) for n in names]
    dealt = folds(examples, 3)
    assert sorted(i for fold in dealt for i in fold) == list(range(10))
    places = [{examples[i].place for i in fold} for fold in dealt]
    assert not places[0] & places[1]
    assert not places[0] & places[2]
    assert not places[1] & places[2]


def test_a_clip_without_events(tmp_path: Path) -> None:
    path = tmp_path / "still.mp4"
    with VideoWriter(path, 96, 64, 25, knocks([], [], 0.8), RATE) as writer:
        for _ in range(20):
            writer.write(np.zeros((64, 96, 3), np.uint8))
    one = make_example("still", path, [], GreyEncoder(), labelled=0.8, exact=True)
    assert not one.onset.any()
    assert np.isnan(one.strength).all()
    assert (one.action == NO_LABEL).all()
    assert one.cochleagram.shape == (20, 3, 42)


def test_names_become_codes() -> None:
    assert codes(["scratch", None, "hit", "kick"], ACTIONS).tolist() == [1, NO_LABEL, 0, NO_LABEL]


def test_an_example_survives_the_cache(tmp_path: Path) -> None:
    one = example("2015-01-01-10-00-00-1", np.array([1.0, 2.0]))
    save_example(one, tmp_path / "one.npz")
    other = load_example(tmp_path / "one.npz")
    assert (other.name, other.labelled) == (one.name, one.labelled)
    np.testing.assert_array_equal(other.onset, one.onset)


def test_a_threshold_does_not_see_its_own_fold() -> None:
    easy = Detections(np.array([1.0, 2.0]), np.array([0.9, 0.3]), np.array([1.0]))
    other = Detections(np.array([1.0, 2.0]), np.array([0.6, 0.5]), np.array([1.0]))
    found = fold_choices([easy, other], [[0], [1]])
    (first, _), (second, _) = found[0], found[1]
    assert 0.5 < first <= 0.6
    assert 0.3 < second <= 0.9
    assert fold_choices([easy, easy], [[0], [1]])[0][0] == second


def test_onsets_are_moved_by_how_late_the_other_folds_are() -> None:
    late = Detections(np.array([1.04, 2.04]), np.array([0.9, 0.9]), np.array([1.0, 2.0]))
    early = Detections(np.array([0.97, 1.97]), np.array([0.9, 0.9]), np.array([1.0, 2.0]))
    found = fold_choices([late, early], [[0], [1]])
    assert found[0][1] == pytest.approx(-0.03)
    assert found[1][1] == pytest.approx(0.04)


def test_stopping_is_found_where_chance_is_not() -> None:
    rng = np.random.default_rng(1)
    examples = [
        example(f"2015-01-01-10-00-0{k}", np.arange(0.8, 7.8) + rng.uniform(-0.2, 0.2, 7))
        for k in range(4)]
    dealt = folds(examples, 2)
    found = report(change_drop(examples, dealt), "test")
    chance = report(random_onsets(examples, dealt), "test")
    assert found[0]["value"] == 1
    assert chance[0]["value"] < 0.7
    assert found[0]["count"] == 28
    rows = {row["name"]: row["value"] for row in found}
    assert rows["onset F1 at 0.05 s"] == 1
    assert rows["false onsets per minute where nothing is struck"] == 0
    places = by_place(change_drop(examples, dealt))
    assert [(row["events"], row["f1"]) for row in places] == [(7, 1)] * 4
