"""Period, steps and cycles on signals and silhouettes whose answer is known."""

import numpy as np
import pytest

from hybridcore.gait.align import align
from hybridcore.gait.measures import autocorrelation, find_period, find_rhythm, find_steps
from tests.gait.walkers import Actor, masks

INTERVAL = 1 / 30


def signal(step: float, seconds: float = 5.0, noise: float = 0.0) -> np.ndarray:
    time = np.arange(0, seconds, INTERVAL)
    wave = np.cos(2 * np.pi * time / step) + noise * np.random.default_rng(0).normal(size=len(time))
    return wave


@pytest.mark.parametrize("step", [0.35, 0.5, 0.613, 0.75])
@pytest.mark.parametrize("noise", [0.0, 0.4])
def test_the_period_of_a_wave(step: float, noise: float) -> None:
    lag, strength = find_period(signal(step, noise=noise), INTERVAL)
    assert lag is not None
    assert lag * INTERVAL == pytest.approx(step, rel=0.04)
    assert strength > 0.5


def test_uneven_legs_do_not_double_the_step() -> None:
    time = np.arange(0, 6, INTERVAL)
    wave = np.cos(2 * np.pi * time / 0.5) + 0.3 * np.cos(2 * np.pi * time / 1.0)
    lag, _ = find_period(wave, INTERVAL)
    assert lag is not None
    assert lag * INTERVAL == pytest.approx(0.5, rel=0.04)


def test_noise_and_a_constant_have_no_period() -> None:
    noise = np.random.default_rng(1).normal(size=200)
    assert find_period(noise, INTERVAL)[1] < 0.3
    assert find_period(np.ones(200), INTERVAL) == (None, 0.0)


def test_autocorrelation_is_unbiased() -> None:
    wave = signal(0.5, 5.0)
    assert autocorrelation(wave, 30)[[0, 15, 30]] == pytest.approx([1, 1, 1], abs=0.02)


def test_steps_lie_on_the_maxima() -> None:
    assert find_steps(signal(0.5, 3.0, noise=0.1), 15.0) == pytest.approx(
        [15, 30, 45, 60, 75], abs=2)


@pytest.mark.parametrize("step", [0.4, 0.52, 0.7])
def test_cadence_cycles_and_symmetry_of_drawn_legs(step: float) -> None:
    silhouettes = align(masks(Actor(step=step), 4.0))
    rhythm = find_rhythm(silhouettes, np.arange(len(silhouettes)) / 25)
    assert rhythm.cadence == pytest.approx(60 / step, rel=0.03)
    assert len(rhythm.cycles) >= int(4.0 / (2 * step)) - 2
    for cycle in rhythm.cycles:
        assert cycle.end - cycle.start == pytest.approx(2 * step, abs=0.09)
    assert rhythm.symmetry == pytest.approx(1, abs=0.2)


def test_gaps_between_frames_do_not_change_the_step() -> None:
    silhouettes = align(masks(Actor(step=0.5), 5.0))
    keep = np.r_[0:40, 52:125]
    rhythm = find_rhythm(silhouettes[keep], keep / 25)
    assert rhythm.cadence == pytest.approx(120, rel=0.05)


def test_who_stands_has_no_cadence() -> None:
    silhouettes = align(masks(Actor(step=0), 4.0))
    rhythm = find_rhythm(silhouettes, np.arange(len(silhouettes)) / 25)
    assert rhythm.cadence is None
    assert rhythm.cycles == ()


def test_a_few_frames_have_no_cadence() -> None:
    silhouettes = align(masks(Actor(), 0.3))
    assert find_rhythm(silhouettes, np.arange(len(silhouettes)) / 25).cadence is None
