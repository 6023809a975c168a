"""The pace: speeds in heights a second whatever the frame rate, disorder, repeated and still
frames."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from hybridcore.media.pace import COLUMNS, NAMES, Pace, numbers

NOTHING = np.log(0.01)


def texture(seed: int = 0) -> np.ndarray:
    """uint8 ``[128, 160]`` of soft blobs."""
    noise = np.random.default_rng(seed).random((128, 160)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 3)
    return cv2.normalize(soft, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)


def film(shifts: list[float]) -> list[np.ndarray]:
    """A square of another texture moves to the right over a still one, by so many px."""
    ground, thing = texture(), texture(1)[:60, :60]
    frames = []
    for x in np.cumsum(shifts).round().astype(int):
        grey = ground.copy()
        grey[34:94, 10 + x : 70 + x] = thing
        frames.append(np.repeat(grey[..., None], 3, 2))
    return frames


def watched(frames: list[np.ndarray], rate: float) -> dict[str, float]:
    """Means around the middle, by name."""
    pace = Pace()
    for k, frame in enumerate(frames):
        pace.step(frame, k / rate)
    row = pace.around(np.array([len(frames) / rate / 2]))[0]
    assert row.shape == (COLUMNS,)
    return dict(zip(NAMES, np.exp(row[: len(NAMES)]) - 0.01, strict=True))


def test_speed_is_in_heights_a_second_at_every_frame_rate() -> None:
    fast = watched(film([4] * 10), rate=30)
    slow = watched(film([4] * 10), rate=15)
    assert fast["speed, fastest 2 %"] == pytest.approx(
        4 * 30 / 128, rel=0.25)
    assert slow["speed, fastest 2 %"] == pytest.approx(fast["speed, fastest 2 %"] / 2, rel=0.05)
    assert fast["moving together"] == pytest.approx(0.99, abs=0.06)
    assert fast["largest thing, height"] == pytest.approx(60 / 128, abs=0.15)


def test_repeated_frames_change_nothing() -> None:
    once = film([4] * 10)
    twice = [frame for frame in once for _ in range(2)]
    assert watched(twice, 60) == pytest.approx(watched(once, 30), rel=0.05, abs=0.02)


def test_what_stands_still_is_still_and_one_frame_too() -> None:
    for frames in (film([0.0] * 20), film([0.0])):
        pace = Pace()
        for k, frame in enumerate(frames):
            pace.step(frame, k / 30)
        row = pace.around(np.arange(3) / 10)
        assert row.shape == (3, COLUMNS)
        speeds = row[:, [NAMES.index("speed, mean"), NAMES.index("change, most")]]
        np.testing.assert_allclose(speeds, NOTHING, atol=0.01)


def test_disorder_is_seen_and_the_size_of_it_is_not() -> None:
    rng = np.random.default_rng(0)
    orderly = np.zeros((64, 80, 2), np.float32)
    orderly[20:40, 30:50, 0] = 1.0
    unruly = orderly * rng.normal(size=orderly.shape).astype(np.float32) + 0
    unruly[20:40, 30:50, 1] = rng.normal(size=(20, 20))
    rows = {name: dict(zip(NAMES, numbers(flow, flow, 0.0), strict=True))
            for name, flow in (("orderly", orderly), ("unruly", unruly), ("twice", 2 * unruly))}
    for name in ("within cells by speed", "boundaries by speed", "disorder of directions"):
        assert rows["unruly"][name] > rows["orderly"][name] + 0.3, name
        assert rows["twice"][name] == pytest.approx(rows["unruly"][name], abs=0.05), name
    assert rows["unruly"]["moving together"] < rows["orderly"]["moving together"] - 0.5
    assert rows["twice"]["speed, mean"] > rows["unruly"]["speed, mean"] + 0.5


def test_around_looks_a_second_to_both_sides() -> None:
    pace = Pace()
    for k, frame in enumerate(film([0.0] * 60 + [4] * 10)):
        pace.step(frame, k / 20)
    speed = pace.around(np.array([0.5, 1.8, 3.2]))[:, NAMES.index("speed, mean")]
    assert speed[0] == pytest.approx(NOTHING, abs=0.01)
    assert speed[1] == pytest.approx(NOTHING, abs=0.01)
    assert speed[2] > NOTHING + 0.5
