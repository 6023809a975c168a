"""The sample that is made of photographs under a moving camera.

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
from hybridcore.media.moving import camera_path, view
from hybridcore.media.picture import jpeg, picture_file
from hybridcore.scene.montage import DISSOLVE, HEIGHT, RATE, WIDTH, join, write

_CHOSEN = (  # package and file of each photograph
    ("sklearn", "datasets/images/china.jpg"), ("skimage", "data/coffee.png"),
    ("sklearn", "datasets/images/flower.jpg"), ("skimage", "data/rocket.jpg"),
)
_SEED = 3  # of the paths over the photographs
_THUMBNAIL_WIDTH = 320  # px


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
