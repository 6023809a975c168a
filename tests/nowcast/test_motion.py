"""Rain that is known to move: the flow finds it, and carrying it brings it where it is."""

from __future__ import annotations

import numpy as np
import pytest

from hybridcore.nowcast.advect import advect, origins, read_at
from hybridcore.nowcast.motion import motion
from hybridcore.nowcast.moving import LEADS, PAST, field_at, past_fields, repeated


def showers(minute: float, velocity: tuple[float, float], size: int = 128) -> np.ndarray:
    """Showers of up to 8 mm/h that have moved for some minutes, float32 ``[size, size]``."""
    rng = np.random.default_rng(4)
    y, x = np.mgrid[:size, :size]
    field = np.zeros((size, size))
    for cx, cy, width, rate in zip(*rng.uniform(
            [[-20], [-20], [3], [2]], [[size + 20], [size + 20], [9], [8]], (4, 40)), strict=True):
        cx, cy = cx + velocity[0] * minute, cy + velocity[1] * minute
        field += rate * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * width**2))
    return np.where(field < 0.1, 0, field).astype(np.float32)


@pytest.mark.parametrize("velocity", [(0.5, -0.3), (-0.2, 0.6)])
@pytest.mark.parametrize("step", [2.0, 5.0, 10.0])
def test_the_flow_is_that_of_the_showers(velocity: tuple[float, float], step: float) -> None:
    rates = np.stack([showers(k * step, velocity) for k in range(6)])
    found = motion(rates, step)[:, 16:-16, 16:-16]
    assert found.mean((1, 2)) == pytest.approx(velocity, abs=0.06)


def test_nothing_moves_where_nothing_is_seen() -> None:
    dry = np.zeros((4, 64, 64), np.float32)
    assert not motion(dry, 5.0).any()
    assert not motion(dry * np.nan, 5.0).any()
    assert not motion(showers(0, (0, 0), 64)[None], 5.0).any()


def test_no_data_does_not_move_the_rain() -> None:
    """A radar that sees the right half alone tells the same motion there."""
    rates = np.stack([showers(k * 5.0, (0.5, 0.0)) for k in range(5)])
    rates[:, :, :64] = np.nan
    assert motion(rates, 5.0)[0, 32:-32, 80:-16].mean() == pytest.approx(0.5, abs=0.08)


def test_rain_is_carried_where_it_moves_and_back() -> None:
    velocity = np.zeros((2, 128, 128), np.float32)
    velocity[0], velocity[1] = 0.5, -0.25
    carried = advect(showers(0, (0.5, -0.25)), velocity, 20)
    inside = np.s_[8:-8, 16:-16]
    assert np.abs(carried - showers(20, (0.5, -0.25)))[inside].max() < 0.05
    assert np.isnan(carried[:, :9]).all()  # comes from outside
    assert np.isnan(carried[-4:]).all()
    assert not np.isnan(carried[inside]).any()
    back = advect(carried, velocity, -20)
    assert np.abs(back - showers(0, (0, 0)))[inside].max() < 0.05


def test_what_turns_is_followed_round() -> None:
    """A quarter of a turn in an hour: straight steps would leave the circle by px."""
    y, x = np.mgrid[:101, :101] - 50.0
    turn = np.pi / 2 / 60
    place = origins(np.stack([-y, x]).astype(np.float32) * turn, 60)
    # What arrives at the bottom (0, 30) was at the right (30, 0).
    assert place[:, 80, 50] == pytest.approx([80, 50], abs=0.2)


def test_half_a_map_without_data_stays_so() -> None:
    velocity = np.zeros((2, 32, 32), np.float32)
    velocity[0] = 1
    field = np.ones((32, 32), np.float32)
    field[:, :10] = np.nan
    carried = advect(np.stack([field, 2 * field]), velocity, 5.25)
    assert np.isnan(carried[:, :, :15]).all()
    assert carried[:, 4, 20].tolist() == [1, 2]
    assert read_at(field, origins(velocity, 5.25)).shape == (32, 32)


def test_in_the_moving_frame_showers_stand_still() -> None:
    velocity, minutes = (0.4, 0.2), np.arange(0, 65, 5.0)
    rates = np.stack([showers(minute, velocity) for minute in minutes])
    flow = np.ones((2, 128, 128), np.float32) * np.array(velocity, np.float32)[:, None, None]
    past = past_fields(rates, minutes, flow)
    assert past.shape == (len(PAST), 128, 128)
    inside = np.s_[:, 20:-20, 24:-24]
    assert np.abs(past - rates[-1])[inside].max() < 0.06
    fixed = past_fields(rates, minutes, 0 * flow)
    assert np.abs(fixed - rates[-1])[inside].max() > 2
    assert len(LEADS) == 6


def test_a_minute_between_two_fields_is_blended_along_the_motion() -> None:
    velocity = (0.6, 0.0)
    minutes = np.arange(0, 46, 15.0)
    rates = np.stack([showers(minute, velocity) for minute in minutes])
    flow = np.zeros((2, 128, 128), np.float32)
    flow[0] = 0.6
    blended = field_at(rates, minutes, flow, 25, 25)
    inside = np.s_[20:-20, 24:-24]
    assert np.abs(blended - showers(25, velocity))[inside].max() < 0.1
    still = field_at(rates, minutes, 0 * flow, 25, 25)
    assert np.abs(still - showers(25, velocity))[inside].max() > 1


def test_what_is_older_than_the_file_repeats_its_first_field() -> None:
    minutes = np.array([0.0, 5, 10, 15])
    rates = np.stack([np.full((8, 8), k, np.float32) for k in range(4)])
    assert repeated(minutes) == 2
    assert past_fields(rates, minutes, np.zeros((2, 8, 8)))[:, 0, 0].tolist() == [0, 0, 1, 3]
    assert repeated(np.arange(0, 31, 5.0)) == 0
