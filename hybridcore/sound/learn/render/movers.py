"""What moves: sticks and balls as capsules, drawn with soft edges and soft shadows."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from hybridcore.sound.learn.render.stage import Stage, Vector
from hybridcore.sound.learn.render.surfaces import Image

_LAMP_WIDTH = 0.10  # how fast a shadow blurs with its distance


@dataclass(frozen=True)
class Capsule:
    """All points within ``radius`` of the line from ``start`` to ``end``; a ball where these are
    one point. colour: linear RGB; gloss: 0..1."""

    start: Vector
    end: Vector
    radius: float
    colour: tuple[float, float, float]
    gloss: float = 0.3


def _nearest(
    point: Vector, along: Vector, capsule: Capsule
) -> tuple[Image, Image, Vector]:
    """How near lines ``point + t along`` pass: distance, ``t``, and the offset from the axis."""
    axis = capsule.end - capsule.start
    length = float(np.linalg.norm(axis))
    axis = axis / max(length, 1e-6)
    offset = point - capsule.start
    cosine = along @ axis
    depth, height = (along * offset).sum(-1), offset @ axis
    place = (height - cosine * depth) / np.maximum(1 - cosine**2, 1e-5)
    place = np.clip(place, 0, length)
    t = place * cosine - depth
    apart = offset + along * t[..., None] - place[..., None] * axis
    return np.linalg.norm(apart, axis=-1), t, apart


def cast_shadow(image: Image, stage: Stage, capsule: Capsule) -> None:
    """Take away the light of the lamp that the capsule holds back, in place."""
    half = stage.point[::2, ::2]
    distance, t, _ = _nearest(half, stage.sun, capsule)
    blur = 0.004 + _LAMP_WIDTH * np.maximum(t, 0)
    share = np.clip((capsule.radius + blur - distance) / (2 * blur), 0, 1)
    share = share * np.minimum(1, capsule.radius / (0.6 * blur)) * (t > 0)
    share = cv2.resize(share.astype(np.float32), image.shape[1::-1])
    image -= stage.lamp * share[..., None]


def draw(image: Image, stage: Stage, capsule: Capsule) -> None:
    """Draw the capsule over what is behind it, in place."""
    height, width = stage.size
    ends = [stage.camera.project(p, height, width) for p in (capsule.start, capsule.end)]
    reach = [stage.camera.focal * height * capsule.radius / end[2] + 2 for end in ends]
    left = int(max(0, min(e[0] - r for e, r in zip(ends, reach, strict=True))))
    right = int(min(width, max(e[0] + r for e, r in zip(ends, reach, strict=True)) + 1))
    top = int(max(0, min(e[1] - r for e, r in zip(ends, reach, strict=True))))
    bottom = int(min(height, max(e[1] + r for e, r in zip(ends, reach, strict=True)) + 1))
    if left >= right or top >= bottom:
        return
    part = np.s_[top:bottom, left:right]
    rays = stage.rays[part]
    eye = np.array(stage.camera.eye, np.float32)
    distance, t, apart = _nearest(eye, rays, capsule)
    pixel = np.maximum(t, 0.05) / (stage.camera.focal * height)
    alpha = np.clip((capsule.radius - distance) / pixel + 0.5, 0, 1)
    inward = np.sqrt(np.maximum(capsule.radius**2 - distance**2, 0))
    alpha = alpha * (t - inward < stage.depth[part] + 1e-3) * (t > 0)
    normal = (apart - rays * inward[..., None]) / capsule.radius
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    light = 0.25 + 0.2 * normal[..., 1] + 0.85 * np.clip(normal @ stage.sun, 0, 1)
    halfway = stage.sun - rays
    halfway /= np.linalg.norm(halfway, axis=-1, keepdims=True)
    shine = capsule.gloss * np.clip((normal * halfway).sum(-1), 0, 1) ** 40
    colour = np.array(capsule.colour, np.float32) * light[..., None] * stage.warmth
    colour = colour + 0.6 * shine[..., None]
    image[part] += alpha[..., None] * (colour - image[part])
