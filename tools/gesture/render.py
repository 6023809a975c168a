"""Bodies and hands of spheres along bones, with a depth for every pixel, lit by one lamp."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from hybridcore.gesture.learn.puppet import DISTANCE

WIDTH, HEIGHT, RATE = 640, 480, 20
_FOCAL = 620.0  # px
_LAMP = np.array([-0.45, -0.65, -0.62])  # towards it: x right, y down, z away
_AMBIENT, _DIFFUSE = 0.42, 0.62
_OVER = 2  # px of the drawing in one of the picture
Triple = tuple[float, float, float]
SKIN: Triple = (0.86, 0.62, 0.50)
SHIRT: Triple = (0.20, 0.33, 0.52)
HAIR: Triple = (0.16, 0.11, 0.09)
DARK: Triple = (0.10, 0.08, 0.08)
WHITE: Triple = (0.95, 0.94, 0.92)
LIPS: Triple = (0.66, 0.33, 0.30)


@dataclass(frozen=True)
class Tube:
    """From one point to another, m in the picture's axes, with a radius at each end; colour: shares
    of red, green and blue."""

    start: Triple
    end: Triple
    radii: tuple[float, float]
    colour: Triple


class Scene:
    """A background with what stands still before it, drawn once."""

    def __init__(self, background: np.ndarray, still: list[Tube]) -> None:
        """background: uint8 ``[h, w, 3]``."""
        side = HEIGHT * _OVER, WIDTH * _OVER
        self._depth = np.full(side, np.inf, np.float32)
        self._canvas = cv2.resize(background, side[::-1]).astype(np.float32)
        _draw(self._canvas, self._depth, still, spacing=0.08)

    def frame(self, moving: list[Tube]) -> np.ndarray:
        """The picture with more tubes in it, uint8 ``[h, w, 3]``."""
        canvas, depth = self._canvas.copy(), self._depth.copy()
        _draw(canvas, depth, moving, spacing=0.3)
        small = cv2.resize(canvas, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        return np.clip(small, 0, 255).astype(np.uint8)


def _draw(
    canvas: np.ndarray, depth: np.ndarray, tubes: list[Tube], *, spacing: float
) -> None:
    """spacing: of the spheres along a tube, in its smaller radius."""
    lamp = _LAMP / np.linalg.norm(_LAMP)
    for tube in tubes:
        start, end = np.array(tube.start), np.array(tube.end)
        length = float(np.linalg.norm(end - start))
        for share in np.linspace(0, 1, max(2, int(length / (spacing * min(tube.radii))) + 1)):
            _ball(canvas, depth, start + share * (end - start),
                  tube.radii[0] + share * (tube.radii[1] - tube.radii[0]), tube.colour, lamp)


def _ball(
    canvas: np.ndarray, depth: np.ndarray, centre: np.ndarray, radius: float,
    colour: Triple, lamp: np.ndarray,
) -> None:
    """Draw one sphere where nothing is nearer."""
    away = DISTANCE + centre[2]
    scale = _FOCAL * _OVER / away
    x, y, r = (WIDTH * _OVER / 2 + centre[0] * scale, HEIGHT * _OVER * 0.45 + centre[1] * scale,
               radius * scale)
    left, right = max(int(x - r), 0), min(int(x + r) + 2, canvas.shape[1])
    top, bottom = max(int(y - r), 0), min(int(y + r) + 2, canvas.shape[0])
    if left >= right or top >= bottom:
        return
    dx = (np.arange(left, right) + 0.5 - x) / r
    dy = ((np.arange(top, bottom) + 0.5 - y) / r)[:, None]
    inside = 1 - dx**2 - dy**2
    near = np.sqrt(np.maximum(inside, 0))
    place = (away - radius * near).astype(np.float32)
    shown = (inside > 0) & (place < depth[top:bottom, left:right])
    light = _AMBIENT + _DIFFUSE * np.maximum(dx * lamp[0] + dy * lamp[1] - near * lamp[2], 0)
    light = light * (0.72 + 0.28 * near)  # darker towards the edge
    own = canvas[top:bottom, left:right]
    own[shown] = (255 * light[..., None] ** (1 / 1.4) * np.array(colour))[shown]
    depth[top:bottom, left:right][shown] = place[shown]


def hand_tubes(points: np.ndarray) -> list[Tube]:
    """Around the 21 points ``[21, 3]`` of a hand: fingers, and a palm of spheres side by side."""
    tubes = []
    sizes = (0.0125, 0.0095, 0.0095, 0.009, 0.008)
    for finger, size in enumerate(sizes):
        own = points[1 + 4 * finger : 5 + 4 * finger]
        radii = np.array((1.12, 1.0, 0.9, 0.78)) * size
        for k in range(3):
            tubes.append(_tube(own[k], own[k + 1], radii[k], radii[k + 1]))
    wrist = points[0]
    for share in np.linspace(0, 1, 9):
        knuckle = _along(points[[5, 9, 13, 17]], share)
        low = wrist + 0.32 * (knuckle - points[[5, 9, 13, 17]].mean(0))
        tubes.append(_tube(low, knuckle, 0.0135, 0.0105))
    tubes.append(_tube(points[1], points[2], 0.0165, 0.013))
    tubes.append(_tube(points[1], 0.6 * points[5] + 0.4 * wrist, 0.015, 0.011))
    return tubes


def _along(points: np.ndarray, share: float) -> np.ndarray:
    """A point on the line through points, 0..1."""
    at = share * (len(points) - 1)
    low = min(int(at), len(points) - 2)
    return np.asarray(points[low] + (at - low) * (points[low + 1] - points[low]))


def _tube(
    start: np.ndarray, end: np.ndarray, first: float, last: float, colour: Triple = SKIN
) -> Tube:
    a, b = ((float(p[0]), float(p[1]), float(p[2])) for p in (start, end))
    return Tube(a, b, (first, last), colour)


def _limb(
    start: Triple, end: Triple, first: float, last: float, colour: Triple = SKIN
) -> Tube:
    return Tube(start, end, (first, last), colour)


def body_tubes() -> list[Tube]:
    """Head and torso; the middle of the shoulders lies at the origin, and they are 0.36 m apart."""
    tubes = [
        _limb((0, -0.19, 0.0), (0, -0.26, 0.0), 0.078, 0.086),  # head
        _limb((0, -0.315, 0.025), (0, -0.27, 0.045), 0.072, 0.080, HAIR),
        _limb((0, -0.05, 0.03), (0, -0.16, 0.02), 0.052, 0.048),  # neck
        _limb((0, -0.225, -0.085), (0, -0.205, -0.092), 0.010, 0.014),  # nose
        _limb((-0.022, -0.158, -0.070), (0.022, -0.158, -0.070), 0.008, 0.008, LIPS),
    ]
    for side in (-1, 1):
        tubes += [
            _limb((side * 0.030, -0.243, -0.076), (side * 0.034, -0.243, -0.075), 0.009, 0.009,
                  WHITE),
            _limb((side * 0.031, -0.243, -0.082), (side * 0.032, -0.243, -0.082), 0.0055, 0.0055,
                  DARK),
            _limb((side * 0.020, -0.266, -0.078), (side * 0.045, -0.264, -0.070), 0.005, 0.004,
                  HAIR),
            _limb((side * 0.083, -0.235, 0.01), (side * 0.083, -0.215, 0.01), 0.018, 0.015),
            _limb((side * 0.08, -0.005, 0.02), (side * 0.175, 0.02, 0.02), 0.06, 0.066, SHIRT),
        ]
    tubes += [_limb((x, 0.05, 0.03), (x * 0.85, 0.55, 0.03), 0.095, 0.090, SHIRT)
              for x in np.linspace(-0.11, 0.11, 5).tolist()]
    return tubes


def arm_tubes(wrist: np.ndarray, *, left: bool) -> list[Tube]:
    """From the shoulder to a wrist ``[3]``."""
    side = 1 if left else -1
    shoulder = np.array([side * 0.175, 0.02, 0.02])
    elbow = _elbow(shoulder, wrist, side)
    return [_tube(shoulder, elbow, 0.060, 0.046, SHIRT), _tube(elbow, wrist, 0.042, 0.027)]


def _elbow(shoulder: np.ndarray, wrist: np.ndarray, side: int) -> np.ndarray:
    """Where an arm of 0.29 and 0.26 m bends, down and outwards."""
    upper, lower = 0.29, 0.26
    way = wrist - shoulder
    far = min(float(np.linalg.norm(way)), 0.98 * (upper + lower))
    along = (upper**2 - lower**2 + far**2) / (2 * far)
    aside = np.sqrt(max(upper**2 - along**2, 0))
    unit = way / np.linalg.norm(way)
    bend = np.array([side * 0.45, 0.85, 0.15])
    bend -= unit * (bend @ unit)
    return np.asarray(shoulder + along * unit + aside * bend / np.linalg.norm(bend))


def wall(seed: int) -> np.ndarray:
    """A plain wall, lighter above, with a little grain: uint8 ``[h, w, 3]``."""
    rng = np.random.default_rng(seed)
    light = np.linspace(214, 176, HEIGHT)[:, None, None] * np.array([1.0, 0.985, 0.95])
    grain = cv2.GaussianBlur(rng.normal(0, 5, (HEIGHT, WIDTH, 1)), (0, 0), 1.2)[..., None]
    return np.clip(light + grain, 0, 255).astype(np.uint8)
