"""Frames of a stage on which something moves, as a camera would take them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.learn.render.motion import ripples
from hybridcore.sound.learn.render.movers import Capsule, cast_shadow, draw
from hybridcore.sound.learn.render.stage import Stage, Vector
from hybridcore.sound.learn.render.surfaces import SURFACES, Image

SHUTTER = 0.4  # of the time between two frames
LOOSE = ("dirt", "grass", "gravel", "leaf", "paper", "water")
_PIECE_RADIUS = {"leaf": 0.006, "gravel": 0.004, "grass": 0.003, "paper": 0.003}


@dataclass(frozen=True)
class Splash:
    """A touch that throws up loose pieces. time: s; strength: 0..1."""

    time: float
    place: Vector
    material: str
    strength: float


def film(
    stage: Stage, movers: Callable[[float], list[Capsule]], splashes: Sequence[Splash],
    times: NDArray[np.float64], rng: np.random.Generator, *, shake: float = 0.3,
    grain: float = 0.012, exposures: int = 3,
) -> Iterator[NDArray[np.uint8]]:
    """The frames at ``times`` s, uint8 ``[h, w, 3]`` RGB.

    movers: what is where at a time. shake: of a camera in the hand, pixels in 100 lines.
    grain: standard deviation of the sensor's noise, full scale = 1. exposures: pictures that are
    averaged while the shutter is open; more make moving things smoother.
    """
    period = float(np.diff(times).mean()) if len(times) > 1 else 1 / 30
    height, width = stage.size
    phases = rng.uniform(0, 2 * np.pi, (2, 3))
    speeds = rng.uniform(0.3, 2.2, (2, 3))
    gain = rng.uniform(0.9, 1.15) * _vignette(height, width)
    pieces = [(splash, *_pieces(splash, rng)) for splash in splashes if splash.material in LOOSE]
    for time in times:
        light = np.zeros((height, width, 3), np.float32)
        for k in range(exposures):
            now = float(time) + SHUTTER * period * ((k + 0.5) / exposures - 0.5)
            light += _picture(stage, movers(now), splashes, pieces, now)
        light *= gain / exposures
        moved = shake * height / 100 * np.sin(speeds * 2 * np.pi * time + phases).mean(1)
        warp = np.array([[1, 0, moved[0]], [0, 1, moved[1]]], np.float32)
        light = cv2.warpAffine(light, warp, (width, height), borderMode=cv2.BORDER_REPLICATE)
        shown = np.clip(1.12 * light / (1 + 0.12 * light), 0, 1) ** (1 / 2.2)
        shown += grain * rng.standard_normal((height, width, 1), np.float32)
        yield (np.clip(shown, 0, 1) * 255).astype(np.uint8)


def _vignette(height: int, width: int) -> Image:
    """A lens gives less light towards the corners: ``[h, w, 1]``."""
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return (1 - 0.16 * (x * x + y * y))[..., None].astype(np.float32)


def _picture(
    stage: Stage, capsules: Sequence[Capsule], splashes: Sequence[Splash],
    pieces: Sequence[tuple[Splash, Vector, Vector]], time: float,
) -> Image:
    image = stage.lit.copy()
    if stage.wet.any():
        _water(image, stage, splashes, time)
    for capsule in capsules:
        cast_shadow(image, stage, capsule)
    for capsule in capsules:
        draw(image, stage, capsule)
    for splash, starts, speeds in pieces:
        age = time - splash.time
        if 0 < age < 0.6:
            _throw(image, stage, splash, starts, speeds, age)
    return image


def _water(image: Image, stage: Stage, splashes: Sequence[Splash], time: float) -> None:
    """Light on the waves: the sky mirrored brighter on slopes that lean towards it."""
    wet = np.ascontiguousarray(stage.wet[::2, ::2])  # waves are larger than two pixels
    point, rays = stage.point[::2, ::2][wet], stage.rays[::2, ::2][wet]
    centres = [(s.time, s.place, 0.5 + 0.8 * s.strength) for s in splashes if s.time < time]
    slope = ripples(point, centres, time)
    normal = np.stack([-slope[:, 0], np.ones(len(slope)), -slope[:, 1]], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    mirrored = rays - 2 * (rays * normal).sum(-1, keepdims=True) * normal
    fresnel = 0.04 + 0.96 * (1 - np.clip(-(rays * normal).sum(-1), 0, 1)) ** 4
    glint = np.clip(mirrored @ stage.sun, 0, 1) ** 60
    lean = 2.2 * (slope @ np.array([stage.sun[0], stage.sun[2]], np.float32))
    sky = np.array([0.45, 0.60, 0.75], np.float32)
    light = np.zeros((*wet.shape, 3), np.float32)
    light[wet] = (fresnel * (0.5 + 0.5 * mirrored[:, 1]) - 0.10 * lean)[:, None] * sky
    light[wet] += glint[:, None]
    image += cv2.resize(light, image.shape[1::-1]) * stage.wet[..., None]


def _pieces(splash: Splash, rng: np.random.Generator) -> tuple[Vector, Vector]:
    """Where loose pieces start and how fast, ``[n, 3]`` each."""
    count = 6 + int(16 * splash.strength)
    angle = rng.uniform(0, 2 * np.pi, count)
    out = rng.uniform(0.1, 0.55, count) * (0.4 + splash.strength)
    up = rng.uniform(0.3, 1.3, count) * (0.35 + splash.strength)
    speeds = np.stack([out * np.cos(angle), up, out * np.sin(angle)], -1)
    starts = splash.place + rng.normal(0, 0.008, (count, 3)) * [1, 0, 1]
    return starts.astype(np.float32), speeds.astype(np.float32)


def _throw(
    image: Image, stage: Stage, splash: Splash, starts: Vector, speeds: Vector, age: float
) -> None:
    height, width = stage.size
    place = starts + speeds * np.float32(age)
    place[:, 1] -= np.float32(4.9 * age**2)
    first, second = (np.array(c) ** 2.2 for c in SURFACES[splash.material].colours)
    water = splash.material == "water"
    radius = _PIECE_RADIUS.get(splash.material, 0.0025)
    for k, point in enumerate(place[place[:, 1] >= splash.place[1]]):
        colour = np.array([0.55, 0.66, 0.72]) if water else first + (second - first) * (k % 3) / 2
        x, y, z = stage.camera.project(point, height, width)
        size = max(0.6, stage.camera.focal * height * radius / z)
        cv2.circle(image, (round(x * 16), round(y * 16)), round(size * 16), colour.tolist(), -1,
                   cv2.LINE_AA, 4)
