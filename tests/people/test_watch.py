"""The whole floor, on a real person (NASA's portrait of an astronaut, which scikit-image ships)."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage.data import astronaut

from hybridcore import store
from hybridcore.media import Chunk
from hybridcore.people.points import BODY_POINTS
from hybridcore.people.result import People
from hybridcore.people.watch import Watch

FRAMES = 12


@pytest.fixture(scope="module")
def moving() -> np.ndarray:
    """Two people: the astronaut and, left of her, herself mirrored and smaller; both move."""
    frames = np.full((FRAMES, 360, 640, 3), 120, np.uint8)
    one = cv2.resize(astronaut(), (300, 300), interpolation=cv2.INTER_AREA)
    other = cv2.resize(one[:, ::-1], (240, 240), interpolation=cv2.INTER_AREA)
    for k, frame in enumerate(frames):
        frame[60:360, 330 - 2 * k:630 - 2 * k] = one
        frame[120:360, 10 + 3 * k:250 + 3 * k] = other
    return frames


def watched(frames: np.ndarray, sizes: list[int], **options: bool) -> People:
    watch, start = Watch(**options), 0
    for size in sizes:
        times = (start + np.arange(size)) / 10
        watch.update(Chunk(start, times, frames[start:start + size]))
        start += size
    return watch.result()


@pytest.fixture(scope="module")
def people(moving: np.ndarray) -> People:
    return watched(moving, [FRAMES], hands=True, faces=True)


def test_two_people_are_two_tracks(people: People, moving: np.ndarray) -> None:
    assert [len(person) for person in people.persons] == [FRAMES, FRAMES]
    one, other = sorted(people.persons, key=lambda person: -person.boxes[0, 0])
    nose, left, right = (BODY_POINTS.index(n) for n in ("nose", "left shoulder", "right shoulder"))
    # Where they are in the picture of 512 px, by eye: nose (227, 130), shoulders' heights 250.
    assert one.landmarks[0, nose, :2] == pytest.approx(
        [330 + 227 * 300 / 512, 60 + 130 * 300 / 512], abs=9)
    assert other.landmarks[0, nose, :2] == pytest.approx(
        [10 + (512 - 227) * 240 / 512, 120 + 130 * 240 / 512], abs=9)
    moved = one.landmarks[-1, nose, 0] - one.landmarks[0, nose, 0]
    assert moved == pytest.approx(-2 * (FRAMES - 1), abs=5)
    for person in (one, other):
        assert (person.landmarks[:, left, 0] > person.landmarks[:, right, 0]).all()
        assert (person.landmarks[:, [left, right], 3] > 0.9).all()


def test_what_is_outside_the_picture_is_not_called_visible(people: People) -> None:
    ankles = [BODY_POINTS.index(f"{side} ankle") for side in ("left", "right")]
    for person in people.persons:
        assert (person.landmarks[:, ankles, 3] < 0.1).all()


def test_masks_lie_on_the_people(people: People) -> None:
    for person in people.persons:
        mask = person.mask(0, people.size)
        nose = person.landmarks[0, 0, :2].astype(int)
        left, top, right, bottom = person.boxes[0]
        assert mask.shape == people.size
        assert mask[nose[1], nose[0]] > 200
        y, x = np.nonzero(mask > 127)
        assert [x.min(), y.min(), x.max(), y.max()] == pytest.approx(
            [left, top, right, bottom], abs=6)


def test_faces_are_where_the_noses_are(people: People) -> None:
    noses = sorted(person.landmarks[0, 0, :2].tolist() for person in people.persons)
    tips = sorted(face.landmarks[0, 1, :2].tolist() for face in people.faces)
    np.testing.assert_allclose(tips, noses, atol=12)


def test_the_size_of_chunks_changes_nothing(people: People, moving: np.ndarray) -> None:
    other = watched(moving, [1, 5, 6], hands=True, faces=True)
    assert len(other.persons) == len(people.persons)
    for one, same in zip(people.persons + people.faces, other.persons + other.faces, strict=True):
        np.testing.assert_array_equal(one.landmarks, same.landmarks)
        np.testing.assert_array_equal(one.frames, same.frames)


def test_a_result_comes_back_from_a_file(people: People, tmp_path: Path) -> None:
    store.save(people, tmp_path / "people.npz")
    loaded = store.load(tmp_path / "people.npz", People)
    assert loaded.size == people.size
    for one, same in zip(people.persons, loaded.persons, strict=True):
        np.testing.assert_array_equal(one.landmarks, same.landmarks)
        np.testing.assert_array_equal(one.masks[3], same.masks[3])


def test_an_empty_picture_has_nobody() -> None:
    grey = np.full((360, 640, 3), 120, np.uint8)
    noise = np.random.default_rng(0).integers(0, 256, grey.shape, np.uint8)
    people = watched(np.stack([grey, noise, grey]), [3], hands=True, faces=True)
    assert (people.persons, people.hands, people.faces) == ((), (), ())
    assert len(people.times) == 3


def test_a_still_picture_is_enough() -> None:
    people = watched(astronaut()[None], [1], masks=False)
    (person,) = people.persons
    assert len(person.masks) == 0
    assert person.frames.tolist() == [0]
