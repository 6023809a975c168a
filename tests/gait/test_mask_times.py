"""The numbers in the names of masks say when each was taken."""

import pytest

from hybridcore.gait.mask_times import frame_numbers


@pytest.mark.parametrize(("names", "expected"), [
    ([f"{k:03d}.png" for k in (1, 2, 3, 4, 5)], [0, 1, 2, 3, 4]),
    ([f"{k}.png" for k in (7, 8, 10, 11, 13)], [0, 1, 3, 4, 6]),
    ([f"walk/{k}.png" for k in (0, 3, 6, 9, 12)], [0, 1, 2, 3, 4]),  # numbered by threes
    ([f"{k}.png" for k in (0, 2, 4, 8, 10)], [0, 1, 2, 4, 5]),
    ([f"{k}.png" for k in (0, 33, 67, 100, 167, 200)], [0, 1, 2, 3, 5, 6]),  # ms
    ([f"001-nm-01-090-{k:03d}.png" for k in (31, 32, 34)], [0, 1, 3]),
    ([f"{k}_640x360.png" for k in (1, 2, 4, 5)], [0, 1, 3, 4]),
    (["a.png", "b.png", "c.png"], [0, 1, 2]),
    (["1a.png", "1b.png", "2a.png"], [0, 1, 2]),
    (["cam1_1.png", "cam1_2.png", "cam2_1.png"], [0, 1, 2]),
    (["x.png", "1.png", "3.png"], [0, 1, 2]),
    ([f"{k}.png" for k in (1, 50, 77, 203, 990)], [0, 1, 2, 3, 4]),  # no even step
    (["5.png"], [0]),
    (["1.png", "900000000.png"], [0, 1]),
])
def test_frames_of_files(names: list[str], expected: list[int]) -> None:
    assert frame_numbers(names).tolist() == expected


def test_a_leap_in_the_numbers_is_another_recording_not_hours_of_nothing() -> None:
    names = [f"{k}.png" for k in (*range(1, 51), *range(10**12, 10**12 + 50))]
    frames = frame_numbers(names)
    assert frames[49] == 49
    assert frames[50] == 49 + 250
    sparse = [f"{k}.png" for j in range(60) for k in (j * 10**6, j * 10**6 + 1)]
    assert frame_numbers(sparse).tolist() == list(range(120))
