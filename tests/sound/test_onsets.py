"""Onset picking against cases worked out by hand."""

import numpy as np
import pytest

from hybridcore.sound.onsets import pick_onsets


def test_peaks_near_each_other_are_one_onset() -> None:
    times = np.arange(30) / 30
    probability = np.zeros(30, np.float32)
    probability[[5, 8, 20]] = 0.6, 0.9, 0.4
    frames, found = pick_onsets(times, probability, 0.3)
    assert frames.tolist() == [8, 20]
    np.testing.assert_allclose(found, times[[8, 20]])
    assert pick_onsets(times, probability, 0.5)[0].tolist() == [8]


def test_an_onset_lies_between_frames() -> None:
    times = np.arange(20) / 25
    true = 0.413
    probability = (1 - np.square((times - true) / 0.2)).clip(0).astype(np.float32)
    assert pick_onsets(times, probability, 0.5)[1] == pytest.approx([true], abs=1e-3)


def test_no_frames_no_onsets() -> None:
    assert len(pick_onsets(np.empty(0), np.empty(0, np.float32), 0.5)[0]) == 0
    assert len(pick_onsets(np.zeros(1), np.ones(1, np.float32), 0.5)[1]) == 0
    assert len(pick_onsets(np.arange(9.0), np.zeros(9, np.float32), 0.0)[1]) == 0
