"""The rendered clips of the scene page: ``python -m tools.scene.samples --out FOLDER``."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from hybridcore.scene.montage import DISSOLVE, HEIGHT, RATE, WIDTH, join, write
from hybridcore.training.spoil import (
    compression,
    defocus,
    exposure,
    motion_blur,
    noise,
    occlusion,
)
from tools.scene.mishaps import Mishap, spoil
from tools.scene.render.camera import Camera
from tools.scene.render.interior import Corridor
from tools.scene.render.shot import Shot
from tools.scene.render.terrain import coast, dunes, icebergs, mountains

_COVER, _THUMBNAIL = 5, (320, 180)  # the frame that stands for a clip; width, height
_SEED = 3  # of the grain of the hard footage


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
    return join([shot.frames(HEIGHT, WIDTH, RATE) for shot in shots], (0, DISSOLVE, 0))


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
    clean = join([shot.frames(HEIGHT, WIDTH, RATE) for shot in shots], (0, DISSOLVE))
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


def main() -> None:
    parser = argparse.ArgumentParser(description="Render the committed sample clips.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the clips")
    out = parser.parse_args().out
    for name, make in (("rendered-tour", tour), ("hard-footage", hard_footage)):
        frames = make()
        write(frames, out / f"{name}.mp4")
        small = cv2.resize(frames[_COVER], _THUMBNAIL, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(out / f"{name}.jpg"), small[..., ::-1])


if __name__ == "__main__":
    main()
