"""What the voice witness learns from, and how it is judged."""

from __future__ import annotations

import numpy as np
import pytest

from hybridcore.emotion.classes import EMOTIONS
from hybridcore.emotion.hearing import SAID, seven
from hybridcore.emotion.learn.other_sounds import KINDS, made
from hybridcore.emotion.learn.voice_activity import fitted
from hybridcore.emotion.learn.voice_data import Voice, batches, copies, windows
from hybridcore.emotion.learn.voice_evaluate import calibrated, temperature, uar
from hybridcore.emotion.learn.voice_train import folds
from hybridcore.emotion.spectrum import INPUTS, RATE
from hybridcore.emotion.voice import SPOKEN, WINDOW
from hybridcore.training.calibration import sure_from


@pytest.fixture(scope="module")
def voices() -> list[Voice]:
    rng = np.random.default_rng(0)
    return [Voice(rng.uniform(0.1, 2, (60 + 20 * k, INPUTS)).astype(np.float32), k % 8,
                  f"{k % 12:02d}", k % 2 == 1) for k in range(24)]


def test_nobody_is_on_both_sides_and_each_fold_has_women_and_men(voices: list[Voice]) -> None:
    parts = folds(voices, 3)
    assert sorted(name for part in parts for name in part) == [f"{k:02d}" for k in range(12)]
    for part in parts:
        women = {v.speaker for v in voices if v.woman} & part
        assert len(women) == len(part) / 2


def test_batches_are_balanced_and_copies_differ(voices: list[Voice]) -> None:
    rng = np.random.default_rng(0)
    made_copies = copies(voices, rng, 2)
    assert made_copies.shape == (2, 24, WINDOW, INPUTS)
    assert np.isfinite(made_copies).all()
    assert (made_copies[0] != made_copies[1]).any()
    frames, emotions = next(batches(made_copies, np.array([v.emotion for v in voices]), rng))
    assert frames.shape[1:] == (WINDOW, INPUTS)
    assert np.bincount(emotions.numpy()).tolist() == [len(emotions) // 8] * 8


def test_a_long_clip_is_judged_in_windows_that_reach_its_ends(voices: list[Voice]) -> None:
    assert windows(voices[0].frames).shape == (1, WINDOW, INPUTS)
    long = windows(voices[-1].frames)  # 520 frames
    assert len(long) == 5
    np.testing.assert_allclose(long[-1][-1, -2], voices[-1].frames[-1, -2], rtol=1e-5)


def test_temperature_and_limit_are_what_they_promise() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (4000, 8))
    p = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    spoken = (p.cumsum(1) > rng.random((4000, 1))).argmax(1)
    labels = np.array([EMOTIONS.index(SAID[SPOKEN[k]]) for k in spoken])
    assert temperature(3 * logits, labels) == pytest.approx(3, rel=0.1)
    log_p = seven(logits, 1.0)
    sure, right = np.exp(log_p.max(1)), log_p.argmax(1) == labels
    cut = sure_from(sure, right)
    assert 0.2 < (~right[sure >= cut]).mean() <= 0.3
    assert sure_from(sure, np.zeros(4000, bool)) == 1.0
    fold = np.arange(4000) % 4
    own, _ = calibrated(3 * logits, labels, fold)
    np.testing.assert_allclose(own, log_p, atol=1.5)
    assert uar(np.array([True, False, True, True]), np.array([0, 0, 1, 1])) == 0.75


def test_other_sounds_sound_and_a_detector_learns_to_tell_them() -> None:
    rng = np.random.default_rng(0)
    for kind in KINDS:
        sound = made(kind, 1.0, rng)
        assert len(sound) == RATE
        assert np.isfinite(sound).all()
        assert 0.009 < np.abs(sound).max() <= 1
    one, other = rng.normal(0, 1, (200, 10)), rng.normal(1.5, 1, (200, 10))
    unit = fitted(other, one)
    assert (unit.speech(other) >= 0.5).mean() > 0.9
    assert (unit.speech(one) >= 0.5).mean() < 0.1
