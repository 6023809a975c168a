"""The sample clips of the pose page: ``python -m tools.pose.samples --data UTD --out FOLDER``.

Bodies of capsules, moved by skeletons of UTD-MHAD of people whom the networks did not learn from,
before the wall of the gait samples. ``--data``: the folder of ``aA_sS_tT_skeleton.mat``.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d

from hybridcore.gait.learn import skeleton as sk
from hybridcore.gait.learn.body import Capsules, Outfit, Shape, dress
from hybridcore.media import VideoWriter
from hybridcore.pose.learn.skeletons import UTD_RATE, UTD_TEST, read_utd_joints
from tools.gait.backdrop import HEIGHT, RATE, WIDTH, Lens, backdrop
from tools.gait.film import film

_ORDER = (0, 1, 8, 4, 9, 5, 10, 6, 11, 7, 2, 3, 16, 12, 17, 13, 18, 14, 19, 15)  # of skeleton.py
_LENS, _WALL, _CRF = Lens(), 9.5, 27
_GLIDE, _REST = 0.5, 0.7  # s: from one recording to the next; standing still there
_SMOOTH = 2.0  # frames, sigma
_THUMBNAIL = (320, 180)
_GREEN = {"top": (0.10, 0.30, 0.12), "trousers": (0.10, 0.10, 0.12)}
_RED = {"top": (0.42, 0.08, 0.06), "trousers": (0.16, 0.13, 0.10)}
_BENCH = (0.9, 0.44, 0.4), (0.16, 0.10, 0.06)  # width, height, depth, m; linear reflectance


@dataclass(frozen=True)
class Part:
    """One recording: number of the action and of the trial; the person follows from the role."""

    action: int
    trial: int = 1


@dataclass(frozen=True)
class Role:
    """What one person does, one after the other. start: where on the floor (x right, z towards the
    camera, negative before it), metres; turn: degrees from facing the camera."""

    person: int
    parts: tuple[Part, ...]
    start: tuple[float, float]
    turn: float = 0.0
    body: int = 0
    bench: bool = False
    colours: dict[str, tuple[float, float, float]] = field(default_factory=dict)


_WAVE, _CLAP, _THROW, _BOX, _CURL, _PUSH = 3, 4, 5, 13, 16, 18
_KNOCK, _CATCH, _JOG, _STAND, _SIT, _SQUAT = 19, 20, 22, 24, 25, 27
CASTS: dict[str, tuple[tuple[Role, ...], int]] = {  # by name; which frame is the thumbnail
    "pose-day": ((Role(8, (Part(_WAVE), Part(_CLAP), Part(_SQUAT), Part(_JOG)), (0.0, -4.3)),), 45),
    "pose-chair": ((Role(2, (Part(_SIT), Part(_STAND)), (0.0, -4.3), turn=25, body=1, bench=True,
                         colours=_GREEN),), 70),
    "pose-two": ((
        Role(4, (Part(_BOX), Part(_WAVE)), (-0.9, -4.6), body=2, colours=_RED),
        Role(6, (Part(_SQUAT), Part(_CLAP)), (0.9, -4.6), body=3, colours=_GREEN)), 60),
    "pose-torso": ((Role(8, (Part(_CLAP, 2), Part(_WAVE, 2)), (0.0, -1.75)),), 60),
    "pose-unknown": ((Role(6, (Part(_CURL), Part(_KNOCK)), (0.0, -4.0), body=4, colours=_RED),),
                     60),
}


@dataclass(frozen=True, eq=False)
class Player:
    """Somebody who stays at a place. joints: ``[T, 20, 3]`` at the frames of the film, around the
    first pelvis: x ahead, y over the floor, z right."""

    joints: np.ndarray
    shape: Shape
    heading: float
    start: tuple[float, float]
    colours: Mapping[str, tuple[float, float, float]]
    enter: float = 0.0

    def capsules(self) -> Capsules:
        """The body in the world."""
        body = dress(self.joints, self.shape, Outfit())
        turn = math.radians(self.heading)
        axes = np.array([[math.cos(turn), 0, math.sin(turn)], [0, 1, 0],
                         [-math.sin(turn), 0, math.cos(turn)]], np.float32)
        place = np.array([self.start[0], 0, self.start[1]], np.float32)
        return Capsules(body.ends @ axes + place, body.radii, body.parts)


def play(role: Role, data: Path) -> Player:
    """Somebody of the test part, with glides and rests between the recordings."""
    if role.person not in UTD_TEST:
        raise ValueError(f"the networks learned from person {role.person}")
    joined: list[np.ndarray] = []
    for part in role.parts:
        path = data / f"a{part.action}_s{role.person}_t{part.trial}_skeleton.mat"
        joints = _placed(read_utd_joints(path)[:, _ORDER])
        if joined:
            joined.append(_glide(joined[-1][-1], joints[0]))
        joined.append(joints)
        joined.append(np.repeat(joints[-1:], round(_REST * RATE), 0))
    shape = replace(Shape.draw(np.random.default_rng([role.person, role.body])), hair=0.0)
    return Player(np.concatenate(joined).astype(np.float32), shape, 90 + role.turn, role.start,
                  role.colours)


def _placed(joints: np.ndarray) -> np.ndarray:
    """A recording ``[T, 20, 3]`` of the sensor at the frames of the film, on the floor."""
    times = np.arange(0, len(joints) - 1, UTD_RATE / RATE)
    joints = sk.at_times(gaussian_filter1d(joints, _SMOOTH, axis=0), times)
    pelvis = joints[0, sk.PELVIS]
    x, y, z = np.moveaxis(joints - pelvis, -1, 0)
    floor = np.percentile(y[:, [sk.ANKLE_R, sk.ANKLE_L]], 10) - 0.075
    return np.stack([-z, y - floor, x], -1)


def _glide(first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Poses between two, speeding up and slowing down."""
    count = round(_GLIDE * RATE)
    share = (1 - np.cos(np.pi * np.arange(1, count + 1) / (count + 1)))[:, None, None] / 2
    return first * (1 - share) + last * share


def _bench(picture: np.ndarray, role: Role) -> None:
    """Draw something to sit on into the empty scene, in place."""
    (wide, high, deep), colour = _BENCH
    x, z = role.start[0], role.start[1] - 0.25
    near, far = z + deep / 2, z - deep / 2
    faces = (
        ([(-1, high, far), (1, high, far), (1, high, near), (-1, high, near)], 1.0),
        ([(-1, high, near), (1, high, near), (1, 0, near), (-1, 0, near)], 0.55))
    for corners, light in faces:
        points = np.array([(x + side * wide / 2, y, depth) for side, y, depth in corners])
        pixels, _ = _LENS.project(points)
        cv2.fillConvexPoly(picture, np.round(pixels).astype(np.int32),
                           tuple(float(light * c) for c in colour))


def make(name: str, roles: Sequence[Role], cover: int, data: Path, out: Path) -> None:
    """Write clip and thumbnail of the sample ``name`` into the folder ``out``."""
    players = [play(role, data) for role in roles]
    empty = backdrop(_LENS, wall=_WALL, seed=4)
    for role in roles:
        if role.bench:
            _bench(empty, role)
    seconds = max(len(player.joints) for player in players) / RATE
    for k, player in enumerate(players):  # who is done first stands still
        last = round(seconds * RATE) - len(player.joints)
        players[k] = Player(
            np.concatenate([player.joints, np.repeat(player.joints[-1:], last, 0)]), player.shape,
            player.heading, player.start, player.colours)
    frames, _ = film(players, empty, _LENS, seconds, seed=9)
    with VideoWriter(out / f"{name}.mp4", WIDTH, HEIGHT, RATE, crf=_CRF) as writer:
        for frame in frames:
            writer.write(frame)
    small = cv2.resize(frames[cover], _THUMBNAIL, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(out / f"{name}.jpg"), small[..., ::-1])


def main() -> None:
    parser = argparse.ArgumentParser(description="Render the sample clips of the pose page.")
    parser.add_argument("--data", type=Path, required=True, help="folder of UTD-MHAD's skeletons")
    parser.add_argument("--out", type=Path, required=True, help="folder for the clips")
    parser.add_argument("--only", choices=list(CASTS))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for name in [args.only] if args.only else CASTS:
        make(name, *CASTS[name], args.data, args.out)


if __name__ == "__main__":
    main()
