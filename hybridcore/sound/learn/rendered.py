"""Rendered clips of things being struck, with their true onsets and sound.

What is seen is ray-cast (render/), what is heard is synthesised (synthesis.py): both show the
physical model of this project, no recording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.cochleagram import RATE, Sound
from hybridcore.sound.events import Onset
from hybridcore.sound.heard import strengths
from hybridcore.sound.learn.render.film import Splash, film
from hybridcore.sound.learn.render.motion import StickPath, Stroke, ball_height, bounces
from hybridcore.sound.learn.render.movers import Capsule
from hybridcore.sound.learn.render.stage import Block, Camera, Stage
from hybridcore.sound.materials import MATERIALS, Action
from hybridcore.sound.synthesis.synthesise import synthesise

GROUNDS = ("wood", "dirt", "grass", "gravel", "leaf", "carpet", "cloth", "tile", "rock", "water")
BLOCKS = ("wood", "metal", "glass", "ceramic", "plastic", "rock", "cardboard", "tile", "paper")
KINDS = ("stick", "ball", "drops", "still")

_STICK = (0.62, 0.42, 0.22)
_STICK_RADIUS = 0.011
_SKINS = ((0.72, 0.46, 0.34), (0.55, 0.33, 0.22), (0.30, 0.17, 0.11))
_HAND_RADIUS, _ARM_RADIUS = 0.028, 0.033
_GRIP = (0.55, 0.85)  # shares of the stick that the hand covers, from the tip
_SCRATCH = 0.35  # s
_CALM = 0.2  # speed of a stick that only waves, in those of one that strikes
_SLOWEST = 1.6  # m/s with which a ball still touches the ground
_PULLED = 1.4  # m/s with which it is pulled up then


@dataclass(frozen=True)
class RenderedClip:
    """frames: uint8 ``[h, w, 3]`` one by one, at ``times`` s; onsets: the true ones, in order;
    sound: float32 ``[n]`` at 44.1 kHz, as long as the frames, peak at most 0.89."""

    frames: Iterator[NDArray[np.uint8]]
    times: NDArray[np.float64]
    onsets: tuple[Onset, ...]
    sound: Sound


@dataclass(frozen=True)
class _Scene:
    stage: Stage
    movers: Callable[[float], list[Capsule]]
    splashes: list[Splash]
    contacts: list[tuple[float, float, Action, str, float]]  # time, speed, action, material, length


def render_clip(
    seed: int, kind: str | None = None, *, seconds: float = 6.0, rate: float = 30.0,
    size: tuple[int, int] = (180, 320), materials: Sequence[str] | None = None,
    ground: str | None = None, exposures: int = 3,
) -> RenderedClip:
    """A clip of its own for every seed: other materials, light, camera and rhythm.

    Args:
        kind: one of :data:`KINDS`; by default mostly sticks, then balls, drops and stillness.
        rate: frames a second. size: (height, width).
        materials: of the blocks; by default some of :data:`BLOCKS`. ground: what they stand on.
        exposures: pictures a frame, for motion blur.

    The frames are rendered as they are asked for; onsets and sound are there at once.
    """
    rng = np.random.default_rng(seed)
    kind = kind or str(rng.choice(KINDS, p=[0.5, 0.18, 0.14, 0.18]))
    scene = _MAKERS[kind](seconds, size, materials, ground, rng)
    times = np.arange(round(seconds * rate)) / rate
    shake = float(rng.choice([0.0, rng.uniform(0.1, 0.6)]))
    frames = film(scene.stage, scene.movers, scene.splashes, times, rng, shake=shake,
                  grain=float(rng.uniform(0.004, 0.02)), exposures=exposures)
    onsets, sound = _sounding(scene, round(seconds * RATE), rng)
    return RenderedClip(frames, times, onsets, sound)


def _camera(rng: np.random.Generator) -> Camera:
    angle, distance = rng.uniform(-0.45, 0.45), rng.uniform(0.62, 0.9)
    eye = (distance * np.sin(angle), rng.uniform(0.3, 0.6), -distance * np.cos(angle))
    target = (rng.uniform(-0.04, 0.04), rng.uniform(0.05, 0.10), rng.uniform(-0.04, 0.04))
    return Camera(eye, target, float(rng.uniform(1.25, 1.7)))


def _blocks(materials: Sequence[str], rng: np.random.Generator) -> list[Block]:
    """In a row from left to right, so that none hides another."""
    width = 0.72 / max(len(materials), 2)
    left = -width * (len(materials) - 1) / 2
    return [
        Block(material, (left + k * width + rng.uniform(-0.02, 0.02), rng.uniform(-0.07, 0.07)),
              (rng.uniform(0.30, 0.40) * width, rng.uniform(0.025, 0.065), rng.uniform(0.06, 0.10)),
              rng.uniform(-0.35, 0.35))
        for k, material in enumerate(materials)
    ]


def _stick(
    seconds: float, size: tuple[int, int], materials: Sequence[str] | None, ground: str | None,
    rng: np.random.Generator, share_missed: float = 0.2, haste: float = 1.0,
) -> _Scene:
    """A stick hits blocks and the ground, scratches, and now and then swings past."""
    ground = ground or str(rng.choice(GROUNDS))
    if materials is None:
        count = 0 if ground == "water" else rng.integers(0, 4)
        materials = rng.choice(BLOCKS, count, replace=False).tolist()
    blocks = _blocks(materials, rng)
    stage = Stage(blocks, ground, _camera(rng), size, rng)
    strokes: list[Stroke] = []
    time = float(rng.uniform(0.4, 1.1))
    pace = rng.uniform(0.35, 0.8) / haste
    while time < seconds - 0.3:
        in_turn = len(strokes) % len(blocks) if blocks else -1
        target = int(rng.integers(-1, len(blocks))) if rng.random() < 0.35 else in_turn
        stroke = _stroke(time, blocks, target, ground, share_missed, haste, rng)
        strokes.append(stroke)
        time = stroke.end + float(pace * rng.uniform(0.6, 1.6) + 0.12)
        if rng.random() < 0.12:
            time += float(rng.uniform(0.8, 2.0))  # a rest
    rest = np.array([rng.uniform(-0.2, 0.2), 0.3, -0.1], np.float32)
    path = StickPath(strokes, rest, rng)
    side = rng.choice([-1.0, 1.0])
    reach = np.array([0.26 * side, 0.20, -0.14]) + rng.uniform(-0.05, 0.05, 3)
    colour = tuple(np.array(_STICK) * rng.uniform(0.6, 1.25))
    skin = _SKINS[rng.integers(len(_SKINS))]
    sleeve = tuple(rng.uniform(0.05, 0.6, 3)) if rng.random() < 0.6 else skin

    def movers(now: float) -> list[Capsule]:
        tip = path.tip(now)
        tip[1] += 1.3 * _STICK_RADIUS
        along = reach.astype(np.float32)
        along[1] -= 0.4 * tip[1]  # the wrist turns: the tip rises more than the hand
        end = tip + along
        fingers, wrist = (tip + np.float32(share) * along for share in _GRIP)
        elbow = wrist + np.array([0.30 * side, 0.06, -0.12], np.float32)
        return [Capsule(wrist, elbow, _ARM_RADIUS, sleeve, 0.05),
                Capsule(tip, end, _STICK_RADIUS, colour, 0.25),
                Capsule(tip, tip, 1.3 * _STICK_RADIUS, colour, 0.35),
                Capsule(fingers, wrist, _HAND_RADIUS, skin, 0.1)]

    touching = [s for s in strokes if s.kind != "miss"]
    splashes = [Splash(s.time, s.place, s.material, s.speed) for s in touching]
    contacts: list[tuple[float, float, Action, str, float]] = [
        (s.time, s.speed, "scratch" if s.kind == "scratch" else "hit", s.material, s.duration)
        for s in touching
    ]
    return _Scene(stage, movers, splashes, contacts)


def _stroke(
    time: float, blocks: Sequence[Block], target: int, ground: str, share_missed: float,
    haste: float, rng: np.random.Generator,
) -> Stroke:
    if target < 0:
        place = np.array([rng.uniform(-0.25, 0.25), 0.0, -0.16], np.float32)
        material, reach = ground, 0.12
    else:
        block = blocks[target]
        place, material, reach = block.top, block.material, 0.6 * block.half[0]
    place = (place + np.array([rng.uniform(-0.4, 0.4) * reach, 0, 0])).astype(np.float32)
    speed = haste * float(rng.uniform(0.3, 1.0))
    if rng.random() < share_missed:
        return Stroke(time, "miss", place, speed, material)
    if rng.random() < 0.22:
        along = (place + np.array([rng.choice([-1, 1]) * reach, 0, rng.uniform(-0.02, 0.02)]))
        return Stroke(time, "scratch", place, speed, material, _SCRATCH, along.astype(np.float32))
    return Stroke(time, "hit", place, speed, material)


def _still(
    seconds: float, size: tuple[int, int], materials: Sequence[str] | None, ground: str | None,
    rng: np.random.Generator,
) -> _Scene:
    """The stick waves above the blocks, in no haste, and touches nothing."""
    return _stick(seconds, size, materials, ground, rng, share_missed=1.0, haste=_CALM)


def _ball(
    seconds: float, size: tuple[int, int], materials: Sequence[str] | None, ground: str | None,
    rng: np.random.Generator,
) -> _Scene:
    """A ball is let go, bounces, is pulled up before it rests, and let go again elsewhere."""
    ground = ground or str(rng.choice([g for g in GROUNDS if g not in ("water", "gravel")]))
    stage = Stage([], ground, _camera(rng), size, rng)
    radius = float(rng.uniform(0.04, 0.055))
    restitution = float(rng.uniform(0.78, 0.88))
    colour = tuple(rng.uniform(0.08, 0.8, 3))
    drops = []
    start = float(rng.uniform(0.2, 0.6))
    while start < seconds - 0.5:
        height = float(rng.uniform(0.3, 0.5))
        place = np.array([rng.uniform(-0.25, 0.25), 0, rng.uniform(-0.15, 0.1)], np.float32)
        touches = bounces(height, restitution, start, seconds, _SLOWEST)
        drops.append((start, height, place, touches))
        start = (touches[-1].time if touches else start) + float(rng.uniform(0.8, 1.1))

    def movers(now: float) -> list[Capsule]:
        begun = [d for d in drops if d[0] - 0.35 <= now] or drops[:1]
        if not begun:
            return []
        start, height, place, touches = begun[-1]
        above = ball_height(now, height, start, touches, restitution)
        if touches and now > touches[-1].time:
            above = _PULLED * (now - touches[-1].time)
        above += 0.8 * max(0.0, (start - now) / 0.35) ** 2 * (now < start)  # it is lowered first
        centre = place + np.array([0.05 * (now - start), above + radius, 0], np.float32)
        return [Capsule(centre, centre, radius, colour, 0.7)]

    contacts: list[tuple[float, float, Action, str, float]] = [
        (b.time, min(1.0, b.speed / 3.4), "hit", ground, 0.0) for d in drops for b in d[3]]
    return _Scene(stage, movers, [], contacts)


def _drops(
    seconds: float, size: tuple[int, int], materials: Sequence[str] | None, ground: str | None,
    rng: np.random.Generator,
) -> _Scene:
    """Drops fall into still water."""
    stage = Stage([], "water", _camera(rng), size, rng)
    radius = float(rng.uniform(0.014, 0.022))
    falls = []
    time = float(rng.uniform(0.5, 0.9))
    while time < seconds - 0.2:
        place = np.array([rng.uniform(-0.25, 0.25), 0, rng.uniform(-0.3, 0.05)], np.float32)
        falls.append((time, place, float(rng.uniform(0.35, 0.9))))
        time += float(rng.uniform(0.35, 1.1))

    def movers(now: float) -> list[Capsule]:
        drops = []
        for time, place, _ in falls:
            above = 2.2 * (time - now) + 4.9 * (time - now) ** 2  # it has been falling for a while
            if 0 < time - now < 0.25:
                centre = place + np.array([0, above, 0], np.float32)
                drops.append(Capsule(centre, centre, radius, (0.55, 0.68, 0.75), 1.0))
        return drops

    splashes = [Splash(time, place, "water", 0.6 * speed) for time, place, speed in falls]
    contacts: list[tuple[float, float, Action, str, float]] = [
        (time, speed, "hit", "water", 0.0) for time, _, speed in falls]
    return _Scene(stage, movers, splashes, contacts)


_MAKERS: dict[str, Callable[..., _Scene]] = {
    "stick": _stick, "ball": _ball, "drops": _drops, "still": _still,
}


def _sounding(
    scene: _Scene, length: int, rng: np.random.Generator
) -> tuple[tuple[Onset, ...], Sound]:
    """The onsets with their loudness, and the sound of the clip."""
    bodies = {material: int(rng.integers(1_000_000)) for material in MATERIALS}
    total = np.zeros(length)
    contacts = sorted(scene.contacts)
    for time, speed, action, material, duration in contacts:
        sound = synthesise(material, action, speed, bodies[material], duration or _SCRATCH)
        at = round(time * RATE)
        piece = sound[: length - at]
        total[at : at + len(piece)] += piece
    total *= min(1.0, 0.89 / max(float(np.abs(total).max(initial=0)), 1e-9))
    track = total.astype(np.float32)
    loud = strengths(track, RATE, np.array([contact[0] for contact in contacts]))
    onsets = tuple(
        Onset(time, float(strength), action, material)
        for (time, _, action, material, _), strength in zip(contacts, loud, strict=True))
    return onsets, track
