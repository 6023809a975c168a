"""Camera motion of a textured picture that is moved by a known amount."""

import cv2
import numpy as np
import pytest

from hybridcore.media.motion import CameraMotion, describe_motion
from hybridcore.media.moving import view


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 255, (32, 32, 3), np.uint8)
    return cv2.resize(coarse, (640, 640), interpolation=cv2.INTER_CUBIC)


def film(photo: np.ndarray, poses: np.ndarray) -> np.ndarray:
    return np.stack([view(photo, pose, (160, 160)) for pose in poses])


def poses(start: list[float], end: list[float], count: int = 21) -> np.ndarray:
    return np.linspace(start, end, count)


def drive_through(frames: np.ndarray) -> np.ndarray:
    """Something with more texture than all else, 60 by 70 px of 160 by 160 at its largest, that
    comes in from the left and grows."""
    rng = np.random.default_rng(1)
    car = cv2.resize(rng.integers(0, 255, (14, 12, 3), np.uint8), (70, 60))
    changed = frames.copy()
    for k, frame in enumerate(changed):
        size = 0.6 + 0.4 * k / len(frames)
        height, width = round(60 * size), round(70 * size)
        left, top = 4 * k, 90 - height + k
        part = frame[top : top + height, left : left + width]
        part[:] = cv2.resize(car, (width, height))[: part.shape[0], : part.shape[1]]
    return changed


@pytest.mark.parametrize("contrast", [1.0, 0.25])  # a street; asphalt
def test_what_drives_through_a_fixed_picture_is_no_camera(
    photo: np.ndarray, contrast: float
) -> None:
    flatter = (128 + contrast * (photo.astype(float) - 128)).astype(np.uint8)
    still = film(flatter, poses([0.5, 0.5, 0.6, 0], [0.5, 0.5, 0.6, 0]))
    motion = CameraMotion().step(drive_through(still))
    assert describe_motion(motion, 1.0) == ""
    assert np.abs(motion.sum(0)).max() < 0.01


@pytest.mark.parametrize(("start", "end", "words"), [
    ([0.4, 0.5, 0.5, 0], [0.5, 0.5, 0.5, 0], "camera pans right"),
    ([0.5, 0.5, 0.5, 0], [0.5, 0.4, 0.5, 0], "camera tilts up"),
    ([0.5, 0.5, 0.6, 0], [0.5, 0.5, 0.5, 0], "camera zooms in"),
])
def test_a_camera_that_moves_is_seen_behind_what_drives_through(
    photo: np.ndarray, start: list[float], end: list[float], words: str
) -> None:
    motion = CameraMotion().step(drive_through(film(photo, poses(start, end))))
    assert describe_motion(motion, 1.0) == words


def test_a_slow_pan_is_no_standstill(photo: np.ndarray) -> None:
    motion = CameraMotion().step(film(photo, poses([0.4, 0.5, 0.5, 0], [0.45, 0.5, 0.5, 0], 61)))
    assert motion[:, 0].sum() == pytest.approx(-0.1, abs=0.02)  # 0.27 px a frame


def test_a_belt_below_a_blank_wall_is_no_camera(photo: np.ndarray) -> None:
    frames = film(photo, poses([0.4, 0.5, 0.5, 0], [0.5, 0.5, 0.5, 0]))
    frames[:, :128] = 200
    assert not CameraMotion().step(frames).any()


def test_a_pan_is_measured(photo: np.ndarray) -> None:
    # The window is half the photograph: 0.1 of it to the right moves the picture 0.2 to the left.
    motion = CameraMotion().step(film(photo, poses([0.4, 0.5, 0.5, 0], [0.5, 0.5, 0.5, 0])))
    assert motion[0].tolist() == [0, 0, 0]
    assert motion[:, 0].sum() == pytest.approx(-0.2, abs=0.03)
    assert abs(motion[:, 1].sum()) < 0.02
    assert describe_motion(motion, 1.0) == "camera pans right"


def test_a_zoom_is_measured(photo: np.ndarray) -> None:
    motion = CameraMotion().step(film(photo, poses([0.5, 0.5, 0.6, 0], [0.5, 0.5, 0.5, 0])))
    assert motion[:, 2].sum() == pytest.approx(np.log(0.6 / 0.5), abs=0.04)
    assert describe_motion(motion, 1.0) == "camera zooms in"


def test_a_still_camera_says_nothing(photo: np.ndarray) -> None:
    motion = CameraMotion().step(film(photo, poses([0.5, 0.5, 0.6, 0], [0.5, 0.5, 0.6, 0])))
    assert np.abs(motion).max() < 1e-3
    assert describe_motion(motion, 1.0) == ""


def test_a_flat_picture_and_a_cut_are_not_believed(photo: np.ndarray) -> None:
    flat = np.full((3, 160, 160, 3), 90, np.uint8)
    assert np.abs(CameraMotion().step(flat)).max() < 1e-3


def test_chunks_give_the_whole(photo: np.ndarray) -> None:
    frames = film(photo, poses([0.4, 0.5, 0.5, 0], [0.6, 0.5, 0.5, 0]))
    whole = CameraMotion().step(frames)
    camera = CameraMotion()
    np.testing.assert_array_equal(
        np.concatenate([camera.step(frames[:7]), camera.step(frames[7:])]), whole)
