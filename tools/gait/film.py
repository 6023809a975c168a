"""Clothed bodies of capsules, shaded, walking through a scene."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d

from hybridcore.gait.learn import skeleton as sk
from hybridcore.gait.learn.body import Capsules, Outfit, Shape, dress
from hybridcore.gait.learn.render import fill, outline
from tools.gait.backdrop import HEIGHT, RATE, WIDTH, Lens

_SUN = np.array([-0.45, 0.75, 0.50], np.float32)  # towards it: x right, y up, z towards the camera
_SKY, _DIRECT, _SHADOW = 0.42, 0.95, 0.42
_CLOTH = {"head": "skin", "neck": "skin", "hand": "skin", "hair": "hair", "torso": "top",
          "sleeve": "top", "leg": "trousers", "shoe": "shoes", "coat": "coat", "bag": "bag"}
_OVER = {"hair": 0.015, "coat": 0.12}  # m that these lie over what they cover
COLOURS: Mapping[str, tuple[float, float, float]] = {  # linear reflectance
    "skin": (0.50, 0.30, 0.21), "hair": (0.05, 0.035, 0.03), "top": (0.10, 0.20, 0.42),
    "trousers": (0.06, 0.07, 0.10), "shoes": (0.03, 0.03, 0.03), "coat": (0.10, 0.09, 0.07),
    "bag": (0.04, 0.09, 0.06),
}


class Performer(Protocol):
    """Somebody who is filmed: ``heading``, ``enter`` and ``colours`` as those of an Actor."""

    @property
    def heading(self) -> float: ...

    @property
    def enter(self) -> float: ...

    @property
    def colours(self) -> Mapping[str, tuple[float, float, float]]: ...

    def capsules(self) -> Capsules:
        """The body in the world, at every frame at :data:`RATE` frames a second."""


@dataclass(frozen=True)
class Actor:
    """Somebody who walks straight through the scene.

    heading: degrees, 0 to the right of the picture, 90 towards the camera. start: where on the
    floor (x right, z towards the camera, negative before it) in metres. enter: s. colours: of
    what is worn, by name in :data:`COLOURS`.
    """

    walk: sk.Walk
    shape: Shape
    outfit: Outfit
    heading: float
    start: tuple[float, float]
    enter: float = 0.0
    colours: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)

    def capsules(self) -> Capsules:
        """The body in the world, at every frame of the walk at :data:`RATE` frames a second."""
        count = int((len(self.walk.joints) - 1) * RATE / sk.RATE)
        joints = sk.at_times(self.walk.joints, np.arange(count) * sk.RATE / RATE)
        body = dress(sk.widen(joints, self.shape.shoulders), self.shape, self.outfit)
        turn = math.radians(self.heading)
        ahead = np.array([math.cos(turn), 0, math.sin(turn)], np.float32)
        right = np.array([-math.sin(turn), 0, math.cos(turn)], np.float32)
        ends = body.ends @ np.stack([ahead, np.array([0, 1, 0], np.float32), right])
        start = np.array([self.start[0], 0, self.start[1]], np.float32)
        where = start + advance(joints)[:, None] * ahead
        where[:, 1] = floor_height(joints)
        return Capsules(ends + where[:, None, None], body.radii, body.parts)


def advance(joints: np.ndarray) -> np.ndarray:
    """Metres walked by each frame ``[T]``: of the two feet, the one that falls back faster stands
    on the floor."""
    feet = joints[:, [sk.ANKLE_R, sk.ANKLE_L], 0]
    pace = gaussian_filter1d(np.maximum(-np.gradient(feet, axis=0).min(1), 0), 3)
    return np.cumsum(pace) - pace[0]


def floor_height(joints: np.ndarray) -> np.ndarray:
    """Height of the pelvis over the floor ``[T]``, m: the lower foot is on it."""
    lowest = joints[:, [sk.ANKLE_R, sk.ANKLE_L], 1].min(1)
    return gaussian_filter1d(-lowest, 1.5) + 0.075


def period(joints: np.ndarray) -> float:
    """Seconds of a gait cycle: between the right foot's overtaking the left one and the next."""
    apart = gaussian_filter1d(joints[:, sk.ANKLE_R, 0] - joints[:, sk.ANKLE_L, 0], 2)
    passes = np.flatnonzero((apart[:-1] < 0) & (apart[1:] >= 0))
    return float(np.diff(passes).mean() / sk.RATE)


def apparent_radii(body: Capsules, heading: float, position: np.ndarray) -> np.ndarray:
    """What a camera at the origin sees of the two radii, metres ``[M, 2]``."""
    sight = math.atan2(-position[2], -position[0])
    return body.projected_radii(math.radians(heading) - sight)


def cast_shadow(ends: np.ndarray, radii: np.ndarray, lens: Lens) -> np.ndarray:
    """How much of the sun is taken from each pixel of the floor, 0..1, ``[360, 640]``."""
    flat = ends - ends[..., 1:2] / _SUN[1] * _SUN  # along the sun down to the floor
    flat[..., 2] = np.minimum(flat[..., 2], -0.5)
    pixels, scale = lens.project(flat)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    fill(mask, outline(pixels, radii * scale * 0.9))
    return cv2.GaussianBlur(mask, (0, 0), 2.5).astype(np.float32) / 255


def paint(
    picture: np.ndarray, covered: np.ndarray, ends: np.ndarray, radii: np.ndarray,
    parts: Sequence[str], colours: Mapping[str, tuple[float, float, float]], lens: Lens,
) -> None:
    """Draw capsules ``ends [M, 2, 3]`` into ``picture [360, 640, 3]``, far ones first.

    ``covered``, bool ``[360, 640]``, is set where the body is.
    """
    pixels, scale = lens.project(ends)
    sizes = radii * scale
    worn = np.array([colours[_CLOTH[part]] for part in parts], np.float32)
    outermost = np.array([_OVER.get(part, 0.0) for part in parts])
    for m in np.argsort(ends[..., 2].mean(1) + outermost):
        (ax, ay), (bx, by) = pixels[m]
        reach = float(sizes[m].max()) + 1.5
        left, right = (int(np.clip(v, 0, WIDTH)) for v in (min(ax, bx) - reach,
                                                            max(ax, bx) + reach + 1))
        top, bottom = (int(np.clip(v, 0, HEIGHT)) for v in (min(ay, by) - reach,
                                                            max(ay, by) + reach + 1))
        if left >= right or top >= bottom:
            continue
        row, column = np.mgrid[top:bottom, left:right].astype(np.float32)
        dx, dy = bx - ax, by - ay
        share = ((column - ax) * dx + (row - ay) * dy) / max(dx * dx + dy * dy, 1e-6)
        share = np.clip(share, 0, 1)
        size = sizes[m, 0] + share * (sizes[m, 1] - sizes[m, 0])
        across, down = column - ax - share * dx, row - ay - share * dy
        away = np.hypot(across, down)
        out = np.sqrt(np.maximum(size**2 - away**2, 0)) / size  # of the surface, to the camera
        facing = (across * _SUN[0] - down * _SUN[1]) / size + out * _SUN[2]
        light = _SKY * (0.65 + 0.35 * out) + _DIRECT * np.maximum(facing, 0)
        alpha = np.clip(size - away + 0.5, 0, 1)[..., None]
        area = picture[top:bottom, left:right]
        area += alpha * (light[..., None] * worn[m] - area)
        covered[top:bottom, left:right] |= alpha[..., 0] > 0.5


def film(
    actors: Sequence[Performer], empty: np.ndarray, lens: Lens, seconds: float, *, seed: int
) -> tuple[list[np.ndarray], list[list[list[int] | None]]]:
    """Frames uint8 ``[360, 640, 3]``, and for each actor the box ``[left, top, right, bottom]``
    (stop exclusive) of what is seen in every frame, None where nothing is."""
    rng = np.random.default_rng(seed)
    bodies = [actor.capsules() for actor in actors]
    frames: list[np.ndarray] = []
    boxes: list[list[list[int] | None]] = [[] for _ in actors]
    for t in range(round(seconds * RATE)):
        picture = empty.copy()
        present = []
        for number, (actor, body) in enumerate(zip(actors, bodies, strict=True)):
            at = t - round(actor.enter * RATE)
            if 0 <= at < len(body.ends):
                ends = body.ends[at]
                middle = ends.mean((0, 1))
                present.append((middle[2], number, ends,
                                apparent_radii(body, actor.heading, middle)))
        shade = np.ones((HEIGHT, WIDTH), np.float32)
        for _, _, ends, radii in present:
            shade *= 1 - _SHADOW * cast_shadow(ends, radii, lens)
        picture *= shade[..., None]
        masks: dict[int, np.ndarray] = {}
        for _, number, ends, radii in sorted(present, key=lambda p: p[0]):
            worn = {**COLOURS, **actors[number].colours}
            mask = np.zeros((HEIGHT, WIDTH), bool)
            paint(picture, mask, ends, radii, bodies[number].parts, worn, lens)
            for other in masks.values():
                other &= ~mask
            masks[number] = mask
        for number in range(len(actors)):
            boxes[number].append(_box(masks.get(number)))
        frames.append(_develop(picture, rng))
    return frames, boxes


def _box(mask: np.ndarray | None) -> list[int] | None:
    if mask is None or not mask.any():
        return None
    left, top, width, height = cv2.boundingRect(mask.view(np.uint8))
    return [left, top, left + width, top + height]


def _develop(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Lens blur, display gamma and the noise of the sensor."""
    soft = cv2.GaussianBlur(picture, (0, 0), 0.6)
    display = np.clip(soft * 1.25, 0, 1) ** (1 / 2.2) * 255
    noise = rng.standard_normal(picture.shape[:2]).astype(np.float32)[..., None]
    return np.clip(display + 2.0 * noise + 0.5, 0, 255).astype(np.uint8)
