"""Rendered clips: repeatable, true to their events, silent where nothing is struck."""

import numpy as np
import pytest

from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.heard import sound_onsets, strengths
from hybridcore.sound.learn.render.motion import StickPath, Stroke, ball_height, bounces
from hybridcore.sound.learn.rendered import KINDS, render_clip

SIZE = (36, 64)


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_gives_one_clip_and_another_seed_another(kind: str) -> None:
    def frames(seed: int) -> np.ndarray:
        return np.stack(list(render_clip(seed, kind, seconds=0.5, size=SIZE).frames))

    first = frames(1)
    assert first.shape == (15, *SIZE, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, frames(1))
    assert not np.array_equal(first, frames(2))
    assert 20 < first.mean() < 235


def test_onsets_are_where_the_sound_begins() -> None:
    for seed in range(5):
        clip = render_clip(seed, "stick", size=SIZE, materials=("wood",))
        times = np.array([o.time for o in clip.onsets])
        assert len(clip.sound) == 6 * RATE
        assert np.abs(clip.sound).max() <= 0.9
        loud = strengths(clip.sound, RATE, times)
        assert [o.strength for o in clip.onsets] == pytest.approx(loud, abs=0.1)
        hits = [o.time for o in clip.onsets if o.action == "hit" and o.strength > -30]
        heard = sound_onsets(clip.sound, RATE).times
        for time in hits:
            assert np.abs(heard - time).min() < 0.03


def test_nothing_struck_makes_no_sound() -> None:
    for seed in range(3):
        clip = render_clip(seed, "still", size=SIZE)
        assert clip.onsets == ()
        assert not clip.sound.any()


def test_the_stick_touches_at_a_hit_and_stays_away_at_a_miss() -> None:
    place = np.array([0.1, 0.05, 0.0], np.float32)
    strokes = [Stroke(1.0, "hit", place, 0.8, "wood"), Stroke(2.0, "miss", place, 0.8, "wood")]
    path = StickPath(strokes, np.array([0, 0.3, 0], np.float32), np.random.default_rng(0))
    height = np.array([path.tip(t)[1] - 0.05 for t in np.arange(0.5, 3, 0.005)])
    assert height.min() > -1e-3
    assert abs(path.tip(1.0)[1] - 0.05) < 1e-3
    assert abs(path.tip(0.999)[1] - 0.05) < 0.006
    assert height[200:].min() > 0.03
    # Down fast and stopped at once, but turning gently at a miss.
    speed = np.diff([path.tip(t)[1] for t in (0.98, 0.99, 1.0)]) / 0.01
    assert speed.max() < -1
    gentle = np.diff([path.tip(t)[1] for t in (1.99, 2.0, 2.01)]) / 0.01
    assert np.abs(gentle).max() < 0.8


def test_a_ball_bounces_where_it_touches() -> None:
    touches = bounces(0.45, 0.7, 0.3, 5.0)
    assert touches[0].time == pytest.approx(0.3 + np.sqrt(2 * 0.45 / 9.81))
    assert touches[1].speed == pytest.approx(0.7 * touches[0].speed)
    for touch in touches:
        assert ball_height(touch.time, 0.45, 0.3, touches, 0.7) == pytest.approx(0, abs=1e-6)
        assert ball_height(touch.time + 0.02, 0.45, 0.3, touches, 0.7) > 0
