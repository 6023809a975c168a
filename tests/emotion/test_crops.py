"""Faces cut out of frames: the right place, the right measures."""

import numpy as np
import pytest

from hybridcore.emotion.crops import (
    grey_crops,
    mouth_opening,
    qualities,
    regions_of,
    turns,
)
from tests.emotion.made_up import mesh, track


def test_a_face_lies_in_its_crop_as_in_the_data_it_was_learned_from() -> None:
    for roll in (0.0, 0.4):
        (region,) = regions_of(mesh(size=88.6, roll=roll)[None])
        assert region[2] == pytest.approx(100)
        assert region[3] == pytest.approx(roll)
        up = np.array([np.sin(roll), -np.cos(roll)])
        np.testing.assert_allclose(region[:2], np.array([200, 150]) + 3.8 * up, atol=1e-6)


def test_large_faces_are_averaged_not_sampled() -> None:
    frame = np.zeros((400, 400, 3), np.uint8)
    frame[::2] = 255  # lines of one pixel, which sampling would keep
    (crop,) = grey_crops(frame, np.array([[200, 200, 300, 0.0]]))
    assert crop.shape == (48, 48)
    assert crop.std() < 12
    assert crop.mean() == pytest.approx(127.5, abs=3)


def test_crops_are_level() -> None:
    frame = np.full((300, 400, 3), 200, np.uint8)
    face = mesh(roll=0.5).astype(int)
    for x, y in face[[33, 263]]:
        frame[y - 3 : y + 4, x - 3 : x + 4] = 0
    (crop,) = grey_crops(frame, regions_of(mesh(roll=0.5)[None]))
    rows, columns = np.nonzero(crop < 150)
    left, right = rows[columns < 24].mean(), rows[columns >= 24].mean()
    assert left == pytest.approx(right, abs=1)


def test_openings_and_turns_do_not_depend_on_size_or_roll() -> None:
    faces = np.stack([mesh(mouth=0.2, turn=0.3), mesh(mouth=0.2, turn=0.3, size=40, roll=0.7)])
    np.testing.assert_allclose(mouth_opening(faces), 0.2, atol=1e-5)
    np.testing.assert_allclose(turns(faces), 0.3, atol=1e-5)


def test_blur_and_dark_are_seen_in_a_crop() -> None:
    sharp = np.random.default_rng(0).integers(0, 256, (48, 48), np.uint8)
    smooth = np.tile(np.linspace(0, 255, 48).astype(np.uint8), (48, 1))
    dark = sharp // 100
    contrast, sharpness = np.exp(qualities(np.stack([[sharp, smooth], [dark, dark]]))).T
    assert sharpness[0, 0] > 10 * sharpness[1, 0]
    assert contrast[0, 0] > 30 * contrast[0, 1]


def test_what_a_crop_lacks_is_said() -> None:
    times = np.arange(3) / 25
    faces = np.stack([mesh(), mesh(size=20), mesh(turn=0.9)])
    seen = track(faces, times)
    assert seen.doubts["too small"].tolist() == [False, True, False]
    assert seen.doubts["turned aside"].tolist() == [False, False, True]
    assert seen.unsure.tolist() == [False, True, True]
    assert (seen.quality < 0.5).tolist() == seen.unsure.tolist()
    assert track(faces, times, crops=np.full((3, 48, 48), 9, np.uint8)).unsure.all()


def test_the_trace_is_held_between_steps() -> None:
    times = np.arange(9) / 30
    seen = track(np.stack([mesh()] * 9), times)
    assert seen.trace.h[:, 0].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
