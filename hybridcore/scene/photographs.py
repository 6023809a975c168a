"""A camera that moves over photographs, and the sample that is made so.

The photographs come with scikit-learn and scikit-image; they are not ours to pass on, so the sample
is composed on first use.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from hybridcore.errors import MediaError
from hybridcore.media.files import whole_file
from hybridcore.media.picture import jpeg, picture_file
from hybridcore.scene.montage import DISSOLVE, HEIGHT, RATE, WIDTH, join, write

_CHOSEN = (  # package and file of each photograph
    ("sklearn", "datasets/images/china.jpg"), ("skimage", "data/coffee.png"),
    ("sklearn", "datasets/images/flower.jpg"), ("skimage", "data/rocket.jpg"),
)
_SEED = 3  # of the paths over the photographs
_THUMBNAIL_WIDTH = 320  # px


def camera_path(length: int, rng: np.random.Generator, *, shake: float = 1.0) -> np.ndarray:
    """A smooth move: float64 ``[T, 4]`` of centre x, centre y, window (all as a share of the
    photograph) and angle (degrees); the window stays inside the photograph.
    """
    zoom = np.sort(rng.uniform(0.55, 1.0, 2))[:: rng.choice([-1, 1])]
    if rng.random() < 0.35:
        zoom[:] = zoom.mean()
    t = np.linspace(0, 1, length)
    ease = t if rng.random() < 0.5 else t * t * (3 - 2 * t)
    window = zoom[0] + (zoom[1] - zoom[0]) * ease
    room = (1 - window) / 2
    start, end = rng.uniform(-1, 1, (2, 2))
    centre = 0.5 + (start + (end - start) * ease[:, None]) * room[:, None]
    angle = rng.uniform(-6, 6) + rng.uniform(-8, 8) * (ease - 0.5) * (rng.random() < 0.4)
    tremor = rng.normal(0, 1, (length + 8, 3))
    kernel = np.hanning(7)[:, None] / np.hanning(7).sum()
    tremor = np.stack([np.convolve(tremor[:, i], kernel[:, 0], "same") for i in range(3)], 1)
    amount = shake * rng.choice([0.0, 0.004, 0.015]) * np.array([1, 1, 60])
    path = np.concatenate([centre, window[:, None], np.full((length, 1), 0.0)], 1)
    path[:, 3] = angle
    path[:, [0, 1, 3]] += tremor[4 : 4 + length] * amount
    return path


def view(photo: np.ndarray, pose: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """What the camera sees at ``pose`` (a row of :func:`camera_path`): ``[*size, 3]``.

    size: (height, width); another aspect ratio than the photograph's squashes it.
    """
    height, width = photo.shape[:2]
    rows, columns = size
    cx, cy, window, angle = pose
    turn = np.deg2rad(angle)
    cos, sin = np.cos(turn), np.sin(turn)
    # Output pixel -> photograph pixel, so that the warp needs no inverse.
    scale = np.diag([window * width / columns, window * height / rows])
    linear = scale @ np.array([[cos, -sin], [sin, cos]])
    middle = np.array([cx * width, cy * height]) - 0.5
    offset = middle - linear @ np.array([(columns - 1) / 2, (rows - 1) / 2])
    matrix = np.concatenate([linear, offset[:, None]], 1)
    shrink = linear[0, 0] > 1.5
    if shrink:  # area interpolation is not to be had in a warp: shrink the photograph first
        factor = 1 / linear[0, 0]
        photo = cv2.resize(photo, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        matrix = matrix * factor
    return cv2.warpAffine(
        photo, matrix, (columns, rows), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT_101,
    )


def photographs() -> list[np.ndarray]:
    """Frames over the photographs, uint8 ``[360, 640, 3]``.

    Raises:
        MediaError: a package or one of its photographs is not installed.
    """
    rng = np.random.default_rng(_SEED)

    def shot(photo: np.ndarray) -> Iterator[np.ndarray]:
        for pose in camera_path(3 * RATE, rng, shake=0.5):
            yield view(photo, pose, (HEIGHT, WIDTH))

    return join([shot(_widescreen(_photograph(*c))) for c in _CHOSEN], (0, DISSOLVE, 0))


def film(folder: Path) -> Path:
    """The sample's file in ``folder``, composed when first asked for.

    Raises:
        MediaError: a package or one of its photographs is not installed.
    """
    path = folder / "photographs.mp4"
    if not path.is_file():
        write(photographs(), path)
    return path


def thumbnail(folder: Path) -> Path:
    """A small JPEG in ``folder`` that stands for the sample, made when first asked for.

    Raises:
        MediaError: its package or the photograph is not installed.
    """
    path = folder / "photographs.jpg"
    if not path.is_file():
        cover = jpeg(_widescreen(_photograph(*_CHOSEN[0])), _THUMBNAIL_WIDTH)
        with whole_file(path) as partial:
            partial.write_bytes(cover)
    return path


def _photograph(package: str, path: str) -> np.ndarray:
    """uint8 RGB ``[h, w, 3]``, from the installed files of ``package`` (which is not imported)."""
    photo = cv2.imread(str(picture_file(package, path)), cv2.IMREAD_COLOR_RGB)
    if photo is None:
        raise MediaError(
            f"The photograph {Path(path).name} of {package} is damaged; "
            "install the packages of requirements.txt again or choose another sample."
        )
    return photo


def _widescreen(photo: np.ndarray) -> np.ndarray:
    """The middle of ``photo`` in the shape of the clip, so that nothing is squashed."""
    height, width = photo.shape[:2]
    rows, columns = min(height, width * HEIGHT // WIDTH), min(width, height * WIDTH // HEIGHT)
    top, left = (height - rows) // 2, (width - columns) // 2
    return photo[top : top + rows, left : left + columns]
