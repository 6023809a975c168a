"""The sample clips of the scene page: ``python -m hybridcore.scene.samples --out FOLDER``.

Two are rendered and lie in ``assets/samples``. The third moves a camera over photographs that come
with scikit-learn and scikit-image; they are not ours to pass on, so it is composed on first use.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from hybridcore.errors import MediaError
from hybridcore.media import Clip, VideoWriter
from hybridcore.media.picture import picture_file
from hybridcore.scene.compose import (
    camera_path,
    compression,
    defocus,
    exposure,
    motion_blur,
    noise,
    occlusion,
    view,
)
from hybridcore.scene.montage import Mishap, join, spoil
from hybridcore.scene.render.camera import Camera
from hybridcore.scene.render.interior import Corridor
from hybridcore.scene.render.shot import Shot
from hybridcore.scene.render.terrain import coast, dunes, icebergs, mountains
from hybridcore.weights import ASSETS

COMMITTED = ASSETS / "samples"
HEIGHT, WIDTH, RATE = 360, 640, 25
_CHOSEN = (  # package and file of each photograph
    ("sklearn", "datasets/images/china.jpg"), ("skimage", "data/coffee.png"),
    ("sklearn", "datasets/images/flower.jpg"), ("skimage", "data/rocket.jpg"),
)
_DISSOLVE = 20  # frames
_COVER, _THUMBNAIL = 5, (320, 180)  # the frame that stands for a clip; width, height
_SEED = 3  # of the grain of the hard footage, and of the paths over the photographs
_CRF = 26  # of H.264; a minute of clips stays small enough for a repository


@dataclass(frozen=True)
class SampleClip:
    """name: of the file, without suffix; title and caption: for a person."""

    name: str
    title: str
    caption: str


TOUR = SampleClip(
    "rendered-tour", "Rendered tour",
    "Snowy mountains, dunes, icebergs and a corridor, rendered by this project: height fields and "
    "a ray-traced box, no photograph. Cuts, and one dissolve into the ice.",
)
HARD = SampleClip(
    "hard-footage", "Hard footage",
    "Rendered by this project and then spoilt on purpose: motion blur, defocus, darkness, noise, "
    "coarse compression and something passing before the lens.",
)
PHOTOGRAPHS = SampleClip(
    "photographs", "Photographs",
    "Photographs that come with scikit-learn and scikit-image, camera path composed by this "
    "project. Composed on first use; nothing is downloaded.",
)
SAMPLES: tuple[SampleClip, ...] = (TOUR, HARD, PHOTOGRAPHS)


def tour() -> list[np.ndarray]:
    """Frames of the rendered tour, uint8 ``[360, 640, 3]``."""
    shots = (
        Shot(partial(mountains, 8), Camera(9532, 12789, 1401, 355, -4.8),
             Camera(9480, 13350, 1390, 350, -4.8), 3.2, shake=0.08, seed=1),
        Shot(partial(dunes, 3), Camera(1941, 1505, 24, 179, -5.5),
             Camera(1944, 1465, 25, 174, -5), 3.0, shake=0.10, seed=2),
        Shot(partial(icebergs, 3), Camera(1200, 505, 11, -2, 0.5), Camera(1165, 550, 13, 5, 1),
             3.6, shake=0.12, seed=3),
        Shot(Corridor, Camera(0.1, 1.0, 1.6, 1.5, -2), Camera(-0.05, 8.0, 1.6, -2, -1.5), 3.2,
             shake=0.18, gain=1.7, seed=4),
    )
    return join([shot.frames(HEIGHT, WIDTH, RATE) for shot in shots], (0, _DISSOLVE, 0))


def hard_footage() -> list[np.ndarray]:
    """Frames of the hard footage, uint8 ``[360, 640, 3]``."""
    shots = (
        Shot(partial(coast, 6), Camera(2863, 2315, 64, 90, -6.5),
             Camera(2925, 2319, 60, 94, -6), 4.0, shake=0.2, seed=5),
        Shot(partial(Corridor, door_step=5.0, wall=(0.62, 0.70, 0.66), seed=5),
             Camera(-0.3, 9.0, 1.55, 4, -2), Camera(0.25, 17.0, 1.6, -3, -2), 4.0, shake=0.3,
             gain=1.7, seed=6),
        Shot(partial(icebergs, 3), Camera(1500, 1690, 20, 203, -2),
             Camera(1470, 1640, 17, 197, -1), 4.4, shake=0.2, seed=7),
    )
    clean = join([shot.frames(HEIGHT, WIDTH, RATE) for shot in shots], (0, _DISSOLVE))
    even = (0.5,) * 8
    mishaps = (
        Mishap(occlusion, 1.0, 1.0, 1.0, (0.5, 0.5, 0.9, 0.1, 0.1, 0.08, 0.06, 0.5)),
        Mishap(motion_blur, 2.6, 1.0, 1.0, (1.0, 0.03, *even[2:])),
        Mishap(exposure, 4.7, 1.2, 1.0, (0.1, 1.0, *even[2:])),
        Mishap(noise, 4.7, 1.2, 0.8, (0.8, *even[1:])),
        Mishap(compression, 6.4, 0.8, 1.0, (1.0, 1.0, *even[2:])),
        Mishap(defocus, 8.7, 1.0, 1.0, (1.0, *even[1:])),
        Mishap(occlusion, 10.2, 1.1, 1.0, (0.4, 0.55, 1.0, 0.4, 0.6, 0.65, 0.8, 0.5)),
    )
    return spoil(clean, mishaps, RATE, seed=_SEED)


def photographs() -> list[np.ndarray]:
    """Frames over the photographs, uint8 ``[360, 640, 3]``.

    Raises:
        MediaError: a package or one of its photographs is not installed.
    """
    rng = np.random.default_rng(_SEED)

    def shot(photo: np.ndarray) -> Iterator[np.ndarray]:
        for pose in camera_path(3 * RATE, rng, shake=0.5):
            yield view(photo, pose, (HEIGHT, WIDTH))

    return join([shot(_widescreen(_photograph(*c))) for c in _CHOSEN], (0, _DISSOLVE, 0))


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


_MAKERS: dict[str, Callable[[], list[np.ndarray]]] = {
    TOUR.name: tour, HARD.name: hard_footage, PHOTOGRAPHS.name: photographs,
}


def write(frames: Sequence[np.ndarray], path: Path) -> None:
    """Write H.264 at 25 frames a second; ``path`` appears only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial_path = path.with_suffix(f".{os.getpid()}.partial")
    with VideoWriter(partial_path, WIDTH, HEIGHT, RATE, crf=_CRF) as writer:
        for frame in frames:
            writer.write(frame)
    partial_path.replace(path)


def sample_path(sample: SampleClip, cache: Path) -> Path:
    """The clip's file: a committed one, or one composed into the folder ``cache`` on first use.

    Raises:
        MediaError: the photographs that it needs are not installed.
    """
    committed = COMMITTED / f"{sample.name}.mp4"
    if committed.is_file():
        return committed
    path = cache / f"{sample.name}.mp4"
    if not path.is_file():
        write(_MAKERS[sample.name](), path)
    return path


def sample_thumbnail(sample: SampleClip, cache: Path) -> Path:
    """A small picture of the clip, made in the folder ``cache`` on first use.

    Raises:
        MediaError: the photographs that it needs are not installed.
    """
    path = cache / f"{sample.name}.jpg"
    if not path.is_file():
        size = (180, 320)
        committed = COMMITTED / f"{sample.name}.mp4"
        if committed.is_file():
            picture = Clip.open(committed).frame_at(1.0, size)
        else:
            photo = _widescreen(_photograph(*_CHOSEN[0]))
            picture = cv2.resize(photo, size[::-1], interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="Render the committed sample clips.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the clips")
    out = parser.parse_args().out
    for sample in (TOUR, HARD):
        frames = _MAKERS[sample.name]()
        write(frames, out / f"{sample.name}.mp4")
        small = cv2.resize(frames[_COVER], _THUMBNAIL, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(out / f"{sample.name}.jpg"), small[..., ::-1])


if __name__ == "__main__":
    main()
