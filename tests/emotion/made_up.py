"""Faces without a picture: a mesh of which only the points that are measured matter."""

import numpy as np

from hybridcore.emotion.classes import EMOTIONS
from hybridcore.emotion.face_track import FaceTrack
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.people.points import FACE_POINTS


def mesh(*, size: float = 100.0, centre: tuple[float, float] = (200.0, 150.0), roll: float = 0.0,
         mouth: float = 0.0, turn: float = 0.0) -> np.ndarray:
    """``[468, 2]`` px: a face ``size`` high and wide, turned by ``roll`` rad in the picture.

    mouth: how far it is open, in distances of the eyes; turn: of the nose towards a cheek.
    """
    rng = np.random.default_rng(0)
    points = rng.uniform(-0.4, 0.4, (FACE_POINTS, 2))
    points[[10, 152, 234, 454]] = [[0, -0.5], [0, 0.5], [-0.5, 0], [0.5, 0]]
    points[[33, 133, 159, 145]] = [[-0.3, -0.2], [-0.1, -0.2], [-0.2, -0.23], [-0.2, -0.17]]
    points[[263, 362, 386, 374]] = [[0.3, -0.2], [0.1, -0.2], [0.2, -0.23], [0.2, -0.17]]
    points[[13, 14]] = [[0, 0.25 - 0.3 * mouth], [0, 0.25 + 0.3 * mouth]]
    points[1] = [0.5 * turn, 0]
    cos, sin = np.cos(roll), np.sin(roll)
    return np.asarray(centre) + size * points @ np.array([[cos, sin], [-sin, cos]])


def track(
    meshes: np.ndarray, times: np.ndarray, p: np.ndarray | None = None, *, number: int = 1,
    crops: np.ndarray | None = None, covered: np.ndarray | None = None,
) -> FaceTrack:
    """A track of meshes ``[T, 468, 2]``; p ``[T, 7]``: what the CNN says, by default nothing;
    covered ``[T]``: how probable it is that mouth and nose are."""
    count = len(times)
    log_p = np.log(np.full((count, len(EMOTIONS)), 1 / 7) if p is None else p).astype(np.float32)
    if crops is None:
        crops = np.random.default_rng(1).integers(0, 256, (count, 48, 48), np.uint8)
    states = np.arange(6, dtype=np.float32)[:, None].repeat(3, 1)
    return FaceTrack(
        number=number, frames=np.arange(count), times=times,
        boxes=np.concatenate([meshes.min(1), meshes.max(1)], 1).astype(np.float32),
        mesh=meshes.astype(np.float32), crops=crops, face=log_p, over_time=log_p, motion=log_p,
        covered=np.zeros(count, np.float32) if covered is None else covered,
        steps=np.arange(6) / 10, at=np.minimum(np.arange(count) // 3, 5),
        memory=LSTMTrace(*[states] * 6))
