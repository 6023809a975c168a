"""From frames to tracks: when each witness looks, and where he has nothing to say."""

import numpy as np

from hybridcore.emotion.c3d import FRAMES
from hybridcore.emotion.faces import _in_the_middle, at_even_pace


def test_steps_take_the_last_look_before_them() -> None:
    times = np.concatenate([np.arange(10) / 20, 2 + np.arange(5) / 20])
    steps, rows, seen = at_even_pace(times)
    np.testing.assert_allclose(np.diff(steps), 0.1)
    assert rows[:5].tolist() == [0, 2, 4, 6, 8]
    assert seen[:7].all()
    assert not seen[8:20].any()  # nobody was there
    assert seen[20]
    assert (times[rows] <= steps + 1e-6).all()


def test_a_single_picture_is_one_step() -> None:
    steps, rows, seen = at_even_pace(np.zeros(1))
    assert (steps.tolist(), rows.tolist(), seen.tolist()) == ([0.0], [0], [True])


def test_motion_speaks_of_the_middle_of_its_clips() -> None:
    times = np.arange(75) / 25
    steps, _, _ = at_even_pace(times)
    clips = np.arange(len(steps) - FRAMES + 1, dtype=np.float32)[:, None].repeat(7, 1)
    said = _in_the_middle(clips, steps, times)
    assert np.isnan(said[times < 0.74]).all()
    assert said[20, 0] == 0
    assert said[25, 0] == 2
    assert np.isnan(said[-15:]).all()
    assert np.isnan(_in_the_middle(clips[:0], steps[:3], times[:6])).all()
