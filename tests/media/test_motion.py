"""Camera motion of a textured picture that is moved by a known amount."""

import numpy as np
import pytest

from hybridcore.media.motion import CameraMotion, describe_motion
from hybridcore.scene.photographs import view


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 255, (32, 32, 3), np.uint8)
    import cv2

    return cv2.resize(coarse, (640, 640), interpolation=cv2.INTER_CUBIC)


def film(photo: np.ndarray, poses: np.ndarray) -> np.ndarray:
    return np.stack([view(photo, pose, (160, 160)) for pose in poses])


def poses(start: list[float], end: list[float], count: int = 21) -> np.ndarray:
    return np.linspace(start, end, count)


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
