"""The synthetic bank: materials differ as physics has it, and every sound is one of a kind."""

from itertools import pairwise

import numpy as np
import pytest

from hybridcore.sound.bank import BODIES, SPEEDS, TOUCHES, shipped_bank
from hybridcore.sound.cochleagram import RATE, Sound
from hybridcore.sound.materials import ACTIONS, MATERIALS
from hybridcore.sound.synthesis.bubbles import splash
from hybridcore.sound.synthesis.modes import Body, Modes, modes_of, ring
from hybridcore.sound.synthesis.synthesise import synthesise


def hits(material: str) -> list[Sound]:
    return [synthesise(material, "hit", 0.55, body) for body in range(BODIES)]


def decay(material: str) -> float:
    """Seconds in which what is left falls from -5 to -35 dB, twice: T60 after Schroeder 1965."""
    times = []
    for sound in hits(material):
        left = np.cumsum(np.square(sound, dtype=np.float64)[::-1])[::-1]
        level = 10 * np.log10(left / left[0] + 1e-12)
        times.append(2 * (np.argmax(level < -35) - np.argmax(level < -5)) / RATE)
    return float(np.mean(times))


def centroid(*sounds: Sound) -> float:
    """Mean frequency of the power, Hz."""
    power = sum(np.abs(np.fft.rfft(sound, RATE)) ** 2 for sound in sounds)
    return float((power * np.arange(len(power))).sum() / power.sum())


def test_materials_ring_in_the_order_of_their_damping() -> None:
    glass, metal, ceramic, wood, plastic, cloth = map(
        decay, ("glass", "metal", "ceramic", "wood", "plastic", "cloth"))
    assert min(glass, metal) > 1.5 * ceramic
    assert ceramic > 1.2 * wood
    assert wood > 1.1 * plastic
    assert plastic > 1.1 * cloth


def test_materials_are_bright_in_their_order() -> None:
    found = [centroid(*hits(m)) for m in ("glass", "ceramic", "plastic", "wood", "cardboard",
                                          "cloth")]
    assert found == sorted(found, reverse=True)
    assert found[0] > 10 * found[-1]


@pytest.mark.parametrize("material", MATERIALS)
def test_harder_is_louder_and_brighter_and_nothing_clips(material: str) -> None:
    soft, hard = (
        [synthesise(material, "hit", speed, body) for body in range(3)] for speed in (0.25, 1.0))
    scratch = synthesise(material, "scratch", 0.8, seed=3)
    for sound in (*soft, *hard, scratch):
        assert np.isfinite(sound).all()
        assert 0.005 < np.abs(sound).max() < 0.9
        assert np.abs(sound[-1]) < 1e-3
    assert np.abs(hard[0]).max() == pytest.approx(np.abs(soft[0]).max() * 4**1.2, rel=1e-3)
    assert centroid(*hard) > centroid(*soft)
    assert len(scratch) > 0.3 * RATE


def test_a_soft_blow_dies_out_sooner() -> None:
    soft, hard = (synthesise("metal", "hit", speed, 1) for speed in (0.25, 1.0))
    late = slice(RATE // 5, RATE // 4)
    left = [np.square(s[late]).sum() / np.square(s[: RATE // 20]).sum() for s in (soft, hard)]
    assert left[0] < 0.7 * left[1]


def test_no_two_sounds_are_alike_and_the_same_arguments_give_the_same() -> None:
    bank = shipped_bank()
    assert len(bank) == len(MATERIALS) * len(ACTIONS) * BODIES * TOUCHES * len(SPEEDS)
    assert {(e.material, e.action) for e in bank.exemplars} == {
        (m, a) for m in MATERIALS for a in ACTIONS}
    sounds = [bank[f"{material} {action} {variant}b"].sound
              for material in ("wood", "leaf") for action in ACTIONS for variant in range(1, 11)]
    shapes = [sound[:2000] / np.abs(sound[:2000]).max() for sound in sounds]
    alike = np.corrcoef(shapes)[~np.eye(len(shapes), dtype=bool)]
    assert alike.max() < 0.99
    again = synthesise("wood", "hit", SPEEDS[1], 1, touch=0)
    assert np.array_equal(bank["wood hit 3b"].sound, again)


def test_water_splashes_after_the_blow_and_drops_fall_later() -> None:
    sounds = [synthesise("water", "hit", 1.0, seed) for seed in range(6)]
    power = sum(np.square(np.pad(s, (0, RATE - len(s)))) for s in sounds)
    blow, after, later = (power[a * RATE // 1000 : b * RATE // 1000].mean()
                          for a, b in ((0, 12), (12, 90), (200, 600)))
    assert after > 0.5 * blow
    assert 1e-5 * after < later < 0.5 * after
    early = splash(1.0, RATE // 2, np.random.default_rng(1))[: round(0.004 * RATE)]
    assert np.abs(early).max() < 0.1


def test_modes_ring_at_their_frequencies_and_die_out_with_their_damping() -> None:
    sound = ring(Modes(np.array([1000.0]), np.array([20.0]), np.array([0.5])), RATE // 2)
    time = np.arange(RATE // 2) / RATE
    expected = 0.5 * np.exp(-20 * time) * np.sin(2 * np.pi * 1000 * time)
    np.testing.assert_allclose(sound, expected, atol=1e-4)


def test_each_shape_has_its_series_of_modes() -> None:
    def ratios(shape: str) -> np.ndarray:
        rngs = (np.random.default_rng(0), np.random.default_rng(1))
        frequency = modes_of(Body(shape, (100, 100.001), 6, 10, 1), *rngs).frequency
        return frequency / 100

    assert ratios("bar")[:3] == pytest.approx([1, 2.757, 5.404], rel=0.02)
    assert ratios("shell")[::2][:3] == pytest.approx([1, 2.828, 5.423], rel=0.02)
    assert ratios("membrane")[:4] == pytest.approx([1, 1.594, 2.136, 2.296], rel=0.02)
    assert all(a < b * 1.03 for a, b in pairwise(ratios("plate")))
