"""Alignment: invariance to place and size; energy and entropy to the pixel."""

import cv2
import numpy as np
import pytest

from hybridcore.gait.align import HEIGHT, WIDTH, align
from hybridcore.gait.energy import gait_energy, gait_entropy


def figure(height: int, left: float = 0, top: float = 0, canvas: int = 420) -> np.ndarray:
    """A lopsided figure ``height`` pixels tall: head, body, one arm, two legs."""
    mask = np.zeros((canvas, canvas), np.uint8)
    size = height / 100
    parts = [(20, 8, 9, 8), (20, 40, 11, 30), (36, 30, 8, 4), (12, 80, 5, 20), (30, 80, 4, 20)]
    for x, y, rx, ry in parts:
        middle = round(left + x * size), round(top + y * size)
        cv2.ellipse(mask, middle, (round(rx * size), round(ry * size)), 0, 0, 360, 255, -1)
    return mask


def test_position_changes_nothing() -> None:
    places = [(0, 0), (57, 31), (200, 119), (3, 290)]
    aligned = align(np.stack([figure(120, x + 2, y + 1) for x, y in places]))
    assert aligned.shape == (4, HEIGHT, WIDTH)
    assert (aligned == aligned[0]).all()


@pytest.mark.parametrize("side", [80, 127, 150, 202, 255, 300, 420])
def test_scale_changes_little(side: int) -> None:
    large = figure(400, 60, 8)
    small = cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA)
    (one,), (other,) = align(large[None]), align((small > 127)[None])
    assert np.abs(one.astype(int) - other).mean() < 8  # of 255; a shift by one pixel is 16


def test_the_height_is_filled_and_the_median_column_is_in_the_middle() -> None:
    (aligned,) = align(figure(150, 100, 100)[None])
    rows = np.flatnonzero(aligned.max(1) > 127)
    assert (rows[0], rows[-1]) == (0, HEIGHT - 1)
    mass = aligned.sum(0).cumsum() / aligned.sum()
    assert abs(int(mass.searchsorted(0.5)) - WIDTH // 2) <= 1


def test_masks_of_zero_and_one_of_bool_and_none_at_all() -> None:
    mask = figure(80, 20, 20)
    expected = align(mask[None])
    assert (align((mask > 0)[None]) == expected).all()
    assert (align((mask > 0).astype(np.uint8)[None]) == expected).all()
    assert not align(np.zeros((2, 30, 40), np.uint8)).any()
    assert align(np.zeros((0, 30, 40), np.uint8)).shape == (0, HEIGHT, WIDTH)


def test_many_masks_come_back_in_order() -> None:
    one, other = figure(80), figure(80)[:, ::-1]
    masks = np.stack([one if k % 3 else other for k in range(300)])
    aligned = align(masks)
    assert (aligned[1::3] == align(one[None])).all()
    assert (aligned[0::3] == align(other[None])).all()


def test_other_arrays_are_refused() -> None:
    with pytest.raises(ValueError, match="float"):
        align(np.zeros((1, 8, 8)))
    with pytest.raises(ValueError, match=r"\(8, 8\)"):
        align(np.zeros((8, 8), np.uint8))


def test_energy_and_entropy_of_a_known_sequence_to_the_pixel() -> None:
    silhouettes = np.zeros((4, HEIGHT, WIDTH), np.uint8)
    silhouettes[:, :32] = 255  # always
    silhouettes[:2, 32:48] = 255  # half the time
    silhouettes[0, 48:, :10] = 255  # a quarter
    energy = gait_energy(silhouettes)
    expected = np.zeros((HEIGHT, WIDTH), np.float32)
    expected[:32], expected[32:48], expected[48:, :10] = 1, 0.5, 0.25
    assert energy.dtype == np.float32
    assert (energy == expected).all()
    entropy = gait_entropy(energy)
    assert (entropy[:32] == 0).all()
    assert (entropy[32:48] == 1).all()
    assert entropy[50, 5] == pytest.approx(0.811278, abs=1e-6)
    assert (entropy[48:, 10:] == 0).all()


def test_the_mean_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="N > 0"):
        gait_energy(np.zeros((0, HEIGHT, WIDTH), np.uint8))
