"""The sample clips of the gesture page: ``python -m tools.gesture.samples --out FOLDER``.

Hands of tubes that move along paths written here; nothing of a recording is in them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from hybridcore.gesture.learn import puppet as h
from hybridcore.gesture.learn.puppet import Pose, between
from hybridcore.media import VideoWriter
from tools.gesture.render import RATE, Scene, arm_tubes, body_tubes, hand_tubes, wall

_CRF = 30
_THUMBNAIL = (320, 240)
_REST = (-0.27, 0.52, 0.0)  # m: beside the hip, outside the picture
_MOVE = 0.45  # s from one pose to the next


@dataclass(frozen=True)
class Key:
    """A pose that is reached in ``move`` seconds and held for ``hold``; wave: degrees by which the
    hand rocks from side to side while it is held."""

    pose: Pose
    hold: float
    move: float = _MOVE
    wave: float = 0.0


def _at(pose: Pose, x: float, y: float, z: float = -0.3, **held: float) -> Pose:
    return replace(pose, place=(x, y, z), **held)  # type: ignore[arg-type]


_DOWN = Key(replace(h.LOOSE, place=_REST, roll=170.0), 0.3, move=0.4)
WORDS = (
    _DOWN,
    Key(_at(h.OPEN, -0.24, -0.04, roll=-8), 1.3, wave=16), _DOWN,
    Key(_at(h.FLAT, -0.03, -0.03, -0.19, roll=8, pitch=18, turn=160), 0.3),
    Key(_at(h.FLAT, -0.08, 0.16, -0.40, roll=4, pitch=-50, turn=170), 0.5, move=0.5), _DOWN,
    Key(_at(h.LOVE, -0.22, -0.02), 1.3), _DOWN,
)
COMMANDS = (
    _DOWN,
    Key(_at(h.OPEN, -0.20, 0.12), 0.4), Key(_at(h.FIST, -0.20, 0.14), 0.9, move=0.35),
    Key(_at(h.OPEN, -0.20, 0.12), 0.9, move=0.35), _DOWN,
    Key(_at(h.POINT, -0.20, 0.14), 1.2), _DOWN,
    Key(_at(replace(h.PINCH, bends=(0.15, 0.2, 0.2, 0.2, 0.15)), -0.20, 0.12), 0.3),
    Key(_at(h.PINCH, -0.20, 0.12), 0.9, move=0.3), _DOWN,
)
SWIPES = (
    _DOWN,
    Key(_at(h.FLAT, -0.34, 0.16, roll=-6), 0.3), Key(_at(h.FLAT, 0.10, 0.14, roll=8), 0.4, 0.35),
    _DOWN,
    Key(_at(h.FLAT, 0.06, 0.14, roll=6), 0.3), Key(_at(h.FLAT, -0.40, 0.16, roll=-8), 0.4, 0.35),
    _DOWN,
)
UNNAMED = (
    _DOWN,
    Key(_at(h.VICTORY, -0.22, 0.0), 1.3), _DOWN, Key(_at(h.THUMB_UP, -0.2, 0.12, roll=70), 1.3),
    _DOWN,
)
CLIPS: dict[str, tuple[Sequence[Key], float]] = {  # path; when the thumbnail is taken, s
    "gesture-words": (WORDS, 6.6), "gesture-commands": (COMMANDS, 4.6),
    "gesture-swipes": (SWIPES, 2.0), "gesture-unnamed": (UNNAMED, 1.9),
}


def path(keys: Sequence[Key]) -> Callable[[float], Pose]:
    """The pose at every second of a path, and what lasts: speeding up and slowing down."""
    ends = np.cumsum([key.move + key.hold for key in keys])

    def at(time: float) -> Pose:
        k = min(int(np.searchsorted(ends, time, side="right")), len(keys) - 1)
        key, before = keys[k], keys[max(k - 1, 0)]
        since = time - (ends[k] - key.move - key.hold)
        share = (1 - np.cos(np.pi * min(since / key.move, 1))) / 2
        pose = between(before.pose, key.pose, float(share))
        held = max(since - key.move, 0)
        rock = key.wave * np.sin(2 * np.pi * 1.6 * held)
        tremble = 0.002 * np.sin(5.1 * time + np.arange(3))
        x, y, z = np.array(pose.place) + tremble
        return replace(pose, roll=pose.roll + float(rock), place=(float(x), float(y), float(z)))

    return at


def make(name: str, out: Path) -> None:
    """Write clip and thumbnail of the sample ``name`` into the folder ``out``."""
    keys, cover = CLIPS[name]
    scene = Scene(wall(1), [*body_tubes(), *arm_tubes(np.array([0.24, 0.56, 0.0]), left=True)])
    at = path(keys)
    count = round(sum(key.move + key.hold for key in keys) * RATE)
    with VideoWriter(out / f"{name}.mp4", 640, 480, RATE, crf=_CRF) as writer:
        for number in range(count):
            points = h.joints(at(number / RATE))
            frame = scene.frame([*arm_tubes(points[0], left=False), *hand_tubes(points)])
            writer.write(frame)
            if number == round(cover * RATE):
                small = cv2.resize(frame, _THUMBNAIL, interpolation=cv2.INTER_AREA)
                cv2.imwrite(str(out / f"{name}.jpg"), small[..., ::-1])


def main() -> None:
    parser = argparse.ArgumentParser(description="Render the sample clips of the gesture page.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the clips")
    parser.add_argument("--only", choices=list(CLIPS))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for name in [args.only] if args.only else CLIPS:
        make(name, args.out)


if __name__ == "__main__":
    main()
