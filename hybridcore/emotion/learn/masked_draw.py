"""Masks, and what might be taken for one, drawn over photographs of faces.

Every face is drawn on by its mesh of 468 points: what covers mouth and nose (surgical masks, cloth,
respirators, scarves) counts as covered; beards, hands at the chin or the cheek, masks pulled under
the chin, scarves around the neck, dark glasses and bars over the eyes do not.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.people.points import FACE_OUTLINES

Picture = NDArray[np.uint8]  # [H, W, 3]
Points = NDArray[np.float64]  # [k, 2], px
Random = np.random.Generator

_OUTLINE = FACE_OUTLINES["face"]
_START, _STOP = _OUTLINE.index(454), _OUTLINE.index(234)
_JAW = list(_OUTLINE[_START : _STOP + 1])  # from the left ear by the chin to the right one
_LIPS, _EYES = list(FACE_OUTLINES["lips"]), (33, 263)
_LEFT, _RIGHT, _CHIN, _BELOW_LIP, _NOSE = 454, 234, 152, 17, 2
_BRIDGE, _TIP = 6, 4  # between the eyes; of the nose
_SKIN = (50, 280)  # on the cheeks
_TINTS = ((1.0, 1.0, 1.0), (0.75, 0.9, 1.0), (0.7, 1.0, 0.9), (1.0, 0.8, 0.85), (1.0, 0.9, 0.6),
          (0.6, 0.65, 0.9), (0.9, 0.5, 0.5))


def masked(picture: Picture, mesh: Points, rng: Random) -> Picture:
    """With something over mouth and nose. mesh ``[468, 2]``, px."""
    kind = rng.choice(4, p=(0.4, 0.3, 0.15, 0.15))
    edge = _outline(mesh, rng, top=(0.25, 0.85), drop=(-0.02, 0.15), aside=0.0)
    if kind == 2:  # a respirator: narrower, bulging
        edge = _outline(mesh, rng, top=(0.3, 0.75), drop=(0.0, 0.1), aside=0.15)
    if kind == 3:  # a scarf
        edge = _outline(mesh, rng, top=(0.3, 1.0), drop=(0.4, 1.2), aside=-0.1)
    surface = _cloth(picture, mesh, rng, dotted=0.1 if kind in (0, 2) else 0.6)
    if kind == 0:
        surface = _pleats(surface, mesh, rng)
    if kind == 2 and rng.random() < 0.5:
        surface = _valve(surface, mesh, rng)
    laid = _laid(picture, surface, edge, mesh, rng)
    return _straps(laid, mesh, edge, rng) if kind != 3 and rng.random() < 0.6 else laid


def distracted(picture: Picture, mesh: Points, rng: Random) -> Picture:
    """With something that leaves mouth or nose free, or nothing but the eyes covered."""
    drawn: tuple[Callable[[Picture, Points, Random], Picture], ...] = (
        _beard, _hand, _under_the_chin, _glasses)
    return drawn[rng.choice(len(drawn), p=(0.35, 0.3, 0.2, 0.15))](picture, mesh, rng)


def _beard(picture: Picture, mesh: Points, rng: Random) -> Picture:
    """Hair around the mouth, the lips free."""
    size = _size(mesh)
    shape = _filled(picture, _outline(mesh, rng, top=None, drop=(0.0, 0.15), aside=0.02))
    lips = mesh[_LIPS].mean(0) + (mesh[_LIPS] - mesh[_LIPS].mean(0)) * rng.uniform(0.9, 1.3)
    shape[_filled(picture, lips) > 0] = 0
    if rng.random() < 0.4:  # the cheeks shaved
        middle = _filled(picture, _ellipse(mesh[_BELOW_LIP], 0.3 * size, 0.4 * size))
        shape = np.minimum(shape, middle)
    hair = _noise(picture.shape[:2], rng, 0.02 * size, 0.35)
    level = rng.choice((rng.uniform(5, 60), rng.uniform(120, 200)), p=(0.8, 0.2))
    surface = (level * (1 + hair))[..., None] * np.array([1.0, 0.9, 0.8])
    return _blended(picture, surface, shape, rng.uniform(0.4, 0.95), 0.03 * size)


def _hand(picture: Picture, mesh: Points, rng: Random) -> Picture:
    """Fingers on chin or cheek, below or beside the mouth."""
    size = _size(mesh)
    side = rng.choice((-1, 0, 1))
    across, down = _axes(mesh)
    start = mesh[_CHIN] + 0.1 * size * down if side == 0 else \
        mesh[_LEFT if side > 0 else _RIGHT] + 0.25 * size * down
    direction = -down if side == 0 else -side * across * 0.4 - down * 0.8
    shape = np.zeros(picture.shape[:2], np.uint8)
    length = rng.uniform(0.1, 0.22) * size
    width = rng.uniform(0.09, 0.13) * size
    aside = across if side == 0 else down
    for k in range(int(rng.integers(2, 5))):
        root = start + (k - 1.5) * width * 1.05 * aside
        tip = root + direction * length * rng.uniform(0.8, 1.2)
        cv2.line(shape, _pixel(root - direction * size * 0.5), _pixel(tip), 255,
                 max(1, round(width)), cv2.LINE_AA)
    skin = _colour_at(picture, mesh[rng.choice(_SKIN)]) * rng.uniform(0.85, 1.1)
    shade = 1 + _noise(picture.shape[:2], rng, 0.1 * size, 0.12)
    return _blended(picture, shade[..., None] * skin, shape, 1.0, 0.02 * size)


def _under_the_chin(picture: Picture, mesh: Points, rng: Random) -> Picture:
    """A mask pulled down, or a scarf around the neck."""
    edge = _outline(mesh, rng, top=None, drop=(0.2, 0.9), aside=-0.03,
                    free=rng.uniform(0.55, 0.95))
    return _laid(picture, _cloth(picture, mesh, rng, dotted=0.3), edge, mesh, rng)


def _glasses(picture: Picture, mesh: Points, rng: Random) -> Picture:
    """Something dark or bright over the eyes."""
    size, (across, down) = _size(mesh), _axes(mesh)
    shape = np.zeros(picture.shape[:2], np.uint8)
    level = rng.choice((rng.uniform(0, 50), rng.uniform(0, 255)), p=(0.7, 0.3))
    eyes = mesh[list(_EYES)].mean(0) + 0.04 * size * down
    for k in (-1, 1):
        centre = eyes + k * 0.2 * size * across
        shape = np.maximum(shape, _filled(picture, _ellipse(
            centre, rng.uniform(0.15, 0.24) * size, rng.uniform(0.1, 0.18) * size)))
    return _blended(picture, np.full(picture.shape, level), shape, rng.uniform(0.8, 1),
                    0.01 * size)


def _outline(
    mesh: Points, rng: Random, *, top: tuple[float, float] | None, drop: tuple[float, float],
    aside: float, free: float = 0.0,
) -> Points:
    """The edge of what covers a face from below.

    top: how far down the bridge of the nose it may begin, 0 between the eyes, 1 the tip; None:
    below the nose, or so far (``free``, 0..1) from the lower lip to the chin. drop: how far it may
    hang below the chin, in sizes of the face; aside: how much narrower than the face.
    """
    (_, down), size = _axes(mesh), _size(mesh)
    middle = mesh[[_BRIDGE, _CHIN]].mean(0)
    jaw = mesh[_JAW]
    hang = rng.uniform(*drop) * size
    lowest = ((jaw - middle) @ down).clip(0)
    lowest = lowest / max(float(lowest.max()), 1e-6)
    jaw = jaw + (hang * lowest ** 2)[:, None] * down
    across = _axes(mesh)[0]
    jaw = jaw - (aside * ((jaw - middle) @ across))[:, None] * across
    if top is not None:
        share = rng.uniform(*top)
        peak = (1 - share) * mesh[_BRIDGE] + share * mesh[_TIP]
        skip = int(rng.integers(0, 3))
    elif free > 0:
        peak = (1 - free) * mesh[_BELOW_LIP] + free * mesh[_CHIN]
        skip = int(rng.integers(3, 6))
    else:
        peak, skip = mesh[_NOSE], int(rng.integers(0, 4))
    left, right = jaw[skip], jaw[-1 - skip]
    bend = rng.uniform(0.2, 0.75)  # a flat or a pointed upper edge
    spread = rng.uniform(0.3, 0.7)
    shoulders = [(1 - spread) * peak + spread * end + bend * 0.12 * size * down
                 * (1 if rng.random() < 0.5 else -0.5) for end in (right, left)]
    upper = _smooth(np.stack([right, shoulders[0], peak, shoulders[1], left]))
    return np.concatenate([jaw[skip : len(jaw) - skip], upper])


def _cloth(picture: Picture, mesh: Points, rng: Random, *, dotted: float) -> NDArray[np.float64]:
    """A surface of one colour, with folds; ``dotted``: how often with a pattern."""
    height, width = picture.shape[:2]
    size = _size(mesh)
    skin = float(_colour_at(picture, mesh[rng.choice(_SKIN)]).mean())
    level = rng.choice((rng.uniform(190, 250), rng.uniform(5, 45), skin * rng.uniform(0.75, 1.3)),
                       p=(0.35, 0.2, 0.45))
    colour = level * np.array(_TINTS[rng.integers(len(_TINTS))])
    surface = np.broadcast_to(colour, picture.shape).astype(np.float64)
    if rng.random() < dotted:
        surface = _pattern(surface, size, rng)
    folds = 1 + _noise((height, width), rng, rng.uniform(0.04, 0.2) * size, rng.uniform(0.02, 0.15))
    x = np.arange(width)[None] - mesh[_TIP, 0]
    round_off = 1 - rng.uniform(0, 0.5) * (x / (0.6 * size)).clip(-1, 1) ** 2
    coarse = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (5, 5),
                        interpolation=cv2.INTER_AREA)
    light = cv2.resize(coarse.astype(np.float64), (width, height), interpolation=cv2.INTER_LINEAR)
    lit = (light / max(float(light.mean()), 1)) ** rng.uniform(0, 0.8)
    return surface * (folds * round_off * lit)[..., None]


def _pattern(surface: NDArray, size: float, rng: Random) -> NDArray:
    """Stripes, checks, dots or blots of another colour."""
    height, width = surface.shape[:2]
    y, x = np.mgrid[:height, :width] / size
    angle, pitch = rng.uniform(0, np.pi), rng.uniform(0.04, 0.25)
    along = np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / pitch)
    other = np.sin(2 * np.pi * (y * np.cos(angle) - x * np.sin(angle)) / pitch)
    blots = _noise((height, width), rng, rng.uniform(0.03, 0.12) * size, 1.0)
    shape = (along > 0.2, (along > 0) ^ (other > 0), along + other > 1.1, blots > 0.6)[
        rng.integers(4)]
    colour = rng.uniform(0, 255) * np.array(_TINTS[rng.integers(len(_TINTS))])
    return np.where(shape[..., None], colour, surface)


def _pleats(surface: NDArray, mesh: Points, rng: Random) -> NDArray:
    """Lines across, as surgical masks have."""
    height, width = surface.shape[:2]
    _, down = _axes(mesh)
    y, x = np.mgrid[:height, :width]
    place = ((x - mesh[_TIP, 0]) * down[0] + (y - mesh[_TIP, 1]) * down[1]) / _size(mesh)
    lines = np.sin(2 * np.pi * place / rng.uniform(0.08, 0.2) + rng.uniform(0, 6))
    return surface * (1 - rng.uniform(0, 0.18) * (lines > 0.8))[..., None]


def _valve(surface: NDArray, mesh: Points, rng: Random) -> NDArray:
    """A round valve beside or before the mouth."""
    across, down = _axes(mesh)
    size = _size(mesh)
    centre = mesh[_TIP] + size * (rng.uniform(-0.15, 0.15) * across + rng.uniform(0.1, 0.25) * down)
    drawn = np.ascontiguousarray(surface)
    cv2.circle(drawn, _pixel(centre), max(1, round(rng.uniform(0.05, 0.1) * size)),
               (float(rng.uniform(0, 255)),) * 3, -1, cv2.LINE_AA)
    return drawn


def _straps(picture: Picture, mesh: Points, edge: Points, rng: Random) -> Picture:
    """Loops to the ears."""
    drawn = picture.copy()
    thick = max(1, round(0.012 * _size(mesh)))
    colour = (float(rng.uniform(120, 255) if rng.random() < 0.7 else rng.uniform(0, 60)),) * 3
    for ear, low in ((_LEFT, 3), (_RIGHT, len(_JAW) - 4)):
        end = mesh[ear] + (mesh[ear] - mesh[_TIP]) * 0.08
        cv2.line(drawn, _pixel(end), _pixel(edge[min(low, len(edge) - 1)]), colour, thick,
                 cv2.LINE_AA)
    return drawn


def _laid(picture: Picture, surface: NDArray, edge: Points, mesh: Points, rng: Random) -> Picture:
    """The surface inside an edge, with a little of the shadow that it casts."""
    size = _size(mesh)
    shape = _filled(picture, edge)
    shadow = cv2.GaussianBlur(shape, (0, 0), max(0.5, 0.03 * size)) / 255
    dark = np.clip(picture * (1 - rng.uniform(0, 0.4) * shadow)[..., None], 0, 255).astype(np.uint8)
    return _blended(dark, surface, shape, rng.uniform(0.93, 1), 0.008 * size)


def _blended(
    picture: Picture, surface: NDArray, shape: NDArray[np.uint8], share: float, soft: float
) -> Picture:
    """A surface over a picture where a shape is."""
    alpha = share * cv2.GaussianBlur(shape, (0, 0), max(0.4, soft))[..., None] / 255
    return np.clip((1 - alpha) * picture + alpha * surface, 0, 255).astype(np.uint8)


def _filled(picture: Picture, edge: Points) -> NDArray[np.uint8]:
    shape = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillPoly(shape, [np.round(edge).astype(np.int32)], 255, cv2.LINE_AA)
    return shape


def _smooth(points: Points, count: int = 24) -> Points:
    """A quadratic curve through points, by their order."""
    at = np.linspace(0, 1, len(points))
    fine = np.linspace(0, 1, count)
    return np.column_stack([np.polyval(np.polyfit(at, points[:, k], 4), fine) for k in (0, 1)])


def _ellipse(centre: NDArray, wide: float, high: float) -> Points:
    angle = np.linspace(0, 2 * np.pi, 40)
    return centre + np.column_stack([wide * np.cos(angle), high * np.sin(angle)])


def _noise(shape: tuple[int, int], rng: Random, grain: float, strength: float) -> NDArray:
    """Smooth noise of mean 0 and this standard deviation, ``[H, W]``."""
    step = max(1.0, grain)
    coarse = rng.normal(size=(max(2, int(shape[0] / step) + 1), max(2, int(shape[1] / step) + 1)))
    return strength * cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC)


def _size(mesh: Points) -> float:
    """How wide a face is, px."""
    return float(max(np.linalg.norm(mesh[_LEFT] - mesh[_RIGHT]),
                     0.8 * np.linalg.norm(mesh[10] - mesh[_CHIN])))


def _axes(mesh: Points) -> tuple[NDArray, NDArray]:
    """Unit vectors across the eyes and down the face."""
    across = mesh[_EYES[1]] - mesh[_EYES[0]]
    across = across / max(float(np.linalg.norm(across)), 1e-6)
    return across, np.array([-across[1], across[0]])


def _colour_at(picture: Picture, place: NDArray) -> NDArray:
    x, y = np.clip(np.round(place).astype(int), 2, np.array(picture.shape[1::-1]) - 3)
    return np.asarray(picture[y - 2 : y + 3, x - 2 : x + 3].mean((0, 1)))


def _pixel(place: NDArray) -> tuple[int, int]:
    x, y = np.round(place).astype(int).tolist()
    return x, y
