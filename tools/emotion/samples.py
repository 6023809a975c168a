"""The samples of the emotion room: ``python -m tools.emotion.samples --out FOLDER``.

Voices of :mod:`hybridcore.digits.learn.voice`, pitch, tempo and loudness moved; music of
:mod:`hybridcore.emotion.learn.other_sounds`; a face of lines and ellipses.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from hybridcore.digits.learn.voice import RATE, Voice, say
from hybridcore.emotion.learn.other_sounds import chords, melody
from hybridcore.media import VideoWriter, write_sound

_SIDE, _FRAMES = 480, 25  # px; a second
_PEAK = 0.7


@dataclass(frozen=True)
class Phrase:
    """Digits as somebody says them. loud: of the loudest sample; gap: s between two."""

    digits: tuple[int, ...]
    voice: Voice
    loud: float = 0.7
    gap: float = 0.06


_EVEN = Voice(pitch=110, melody=0.1, pace=1.1)
PHRASES = (
    Phrase((1, 2, 3, 4), _EVEN, 0.4, 0.1),
    Phrase((5, 6, 7, 8, 9, 0), replace(
        _EVEN, pitch=230, melody=0.4, pace=0.75, edge=0.95, breath=0.08), 0.9, 0.02),
    Phrase((1, 2, 3), replace(_EVEN, pitch=95, melody=0.35, pace=1.7, edge=0.2), 0.25, 0.25),
)
# Where brows tilt and the mouth bends: at rest, smiling, angry, astonished. brow: up; tilt: inner
# ends up; smile: corners up; open: of mouth and eyes, 0..1.
_LOOKS = {"rest": (0.0, 0.0, 0.0, 0.0), "smile": (0.2, 0.0, 1.0, 0.4),
          "anger": (-0.6, -1.0, -0.7, 0.0), "wonder": (2.2, 0.0, 0.0, 1.0)}


def said(phrases: Sequence[Phrase], rng: np.random.Generator, pause: float = 0.8) -> np.ndarray:
    """Phrase after phrase, float32 ``[n]`` at 16 kHz."""
    parts: list[np.ndarray] = [np.zeros(round(0.3 * RATE), np.float32)]
    for phrase in phrases:
        for digit in phrase.digits:
            parts += [say(digit, phrase.voice, rng) / _PEAK * phrase.loud,
                      np.zeros(round(phrase.gap * RATE), np.float32)]
        parts.append(np.zeros(round(pause * RATE), np.float32))
    sound = np.concatenate(parts)
    return (sound + 0.0005 * rng.normal(size=len(sound))).astype(np.float32)


def music(seconds: float, rng: np.random.Generator) -> np.ndarray:
    """Chords and a melody, float32 ``[n]`` at 16 kHz."""
    count = round(seconds * RATE)
    both = chords(count, rng) + 0.7 * melody(count, rng)
    return (_PEAK * both / np.abs(both).max()).astype(np.float32)


def face(look: Sequence[float], loud: float) -> np.ndarray:
    """A drawn face, uint8 RGB ``[480, 480, 3]``. loud: 0..1, how far speaking opens the mouth."""
    brow, tilt, smile, wide = look
    glad, open_ = max(smile, 0.0), min(1.0, wide + 0.5 * loud)
    picture = np.full((_SIDE, _SIDE, 3), (176, 190, 204), np.uint8)
    skin, shade, dark = (226, 184, 154), (196, 146, 118), (58, 42, 36)
    cv2.ellipse(picture, (240, 480), (170, 90), 0, 180, 360, (70, 90, 130), -1, cv2.LINE_AA)
    cv2.rectangle(picture, (200, 360), (280, 430), shade, -1)
    cv2.ellipse(picture, (240, 200), (140, 165), 0, 180, 360, dark, -1, cv2.LINE_AA)
    cv2.ellipse(picture, (240, 235), (122, 158), 0, 0, 360, skin, -1, cv2.LINE_AA)
    for side in (-1, 1):
        _eye(picture, side, brow, tilt, glad, shade, dark)
        if glad:  # the fold from the nose to the mouth, and the cheek above it
            fold = _curve((240 + 30 * side, 268), (240 + (54 + 14 * glad) * side, 282),
                          (240 + (62 + 8 * glad) * side, 318))
            cv2.polylines(picture, [fold], False, shade, round(1 + 3 * glad), cv2.LINE_AA)
    cv2.polylines(picture, [_curve((228, 225), (222, 262), (226, 276))], False, shade, 3,
                  cv2.LINE_AA)
    cv2.ellipse(picture, (240, 277), (18, 8), 0, 10, 170, shade, 4, cv2.LINE_AA)
    _mouth(picture, smile, open_, wide)
    light = 1 - 0.28 * np.linspace(0, 1, _SIDE)[None, :, None] ** 2  # from the left
    return cv2.GaussianBlur((picture * light).astype(np.uint8), (0, 0), 1.6)


def _eye(
    picture: np.ndarray, side: int, brow: float, tilt: float, glad: float,
    shade: Sequence[int], dark: Sequence[int],
) -> None:
    """An eye and its brow; side: -1 or 1 in the picture."""
    x, y = 240 + 50 * side, 215
    high = 9 + 6 * max(brow, 0) - 4 * glad - 2 * max(-tilt, 0)
    rim = np.concatenate([_curve((x - 25, y), (x, y - 2 * high), (x + 25, y)),
                          _curve((x + 25, y), (x, y + 1.4 * high), (x - 25, y))])
    white = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillPoly(white, [rim], 255, cv2.LINE_AA)
    eye = np.full_like(picture, (246, 242, 238))
    cv2.circle(eye, (x, y - 2), 10, (84, 62, 44), -1, cv2.LINE_AA)
    cv2.circle(eye, (x, y - 2), 5, (18, 16, 16), -1, cv2.LINE_AA)
    share = white[..., None] / 255
    picture[:] = (share * eye + (1 - share) * picture).astype(np.uint8)
    lid = _curve((x - 26, y), (x, y - 2 * high), (x + 26, y))
    cv2.polylines(picture, [lid], False, dark, 4, cv2.LINE_AA)
    under = _curve((x - 22, y + 10), (x, y + 14 + 8 * glad), (x + 22, y + 10))
    cv2.polylines(picture, [under], False, shade, round(1 + 2 * glad), cv2.LINE_AA)
    top = 186 - 14 * brow
    arch = _curve((x - 26 * side, top - 12 * tilt), (x, top - 8 - 4 * brow),
                  (x + 30 * side, top + 4 + 3 * tilt))
    cv2.polylines(picture, [arch], False, dark, 8, cv2.LINE_AA)


def _mouth(picture: np.ndarray, smile: float, open_: float, wide: float) -> None:
    """Lips, what is dark between them, and teeth where it smiles."""
    half = 40 + 14 * max(smile, 0) - 12 * max(wide - 0.5, 0) * 2
    xs = np.linspace(-1, 1, 31)
    bend = 322 + 26 * smile * (0.4 - xs**2)
    gap = (2 + 34 * open_) * np.sqrt(np.maximum(1 - xs**2, 0))
    upper = np.stack([240 + half * xs, bend - 0.35 * gap], 1)
    lower = np.stack([240 + half * xs, bend + 0.65 * gap], 1)
    outline = np.round(np.concatenate([upper, lower[::-1]])).astype(np.int32)
    cv2.fillPoly(picture, [outline], (84, 26, 34), cv2.LINE_AA)
    if smile > 0.3:
        teeth = np.round(np.concatenate(
            [upper, (upper + np.minimum(0.75, 0.5 + 0.5 * smile) * (lower - upper))[::-1]]))
        cv2.fillPoly(picture, [teeth.astype(np.int32)], (240, 236, 230), cv2.LINE_AA)
    cv2.polylines(picture, [outline], True, (170, 84, 80), 6, cv2.LINE_AA)


def _curve(*points: tuple[float, float]) -> np.ndarray:
    """A quadratic Bezier curve through the first and the last of three points, int32 ``[n, 2]``."""
    t = np.linspace(0, 1, 24)[:, None]
    first, middle, last = (np.array(point, float) for point in points)
    return np.round((1 - t)**2 * first + 2 * t * (1 - t) * middle + t**2 * last).astype(np.int32)


def write_face(path: Path, sound: np.ndarray) -> None:
    """The face from look to look while the sound is on, its mouth as wide as it is loud."""
    count = round(len(sound) / RATE * _FRAMES)
    looks = np.array([_LOOKS[name] for name in ("rest", "smile", "anger", "wonder", "rest")])
    block = RATE // _FRAMES
    loudness = np.array([np.abs(sound[k * block : (k + 1) * block]).mean() for k in range(count)])
    loudness = np.convolve(loudness / loudness.max(), np.ones(3) / 3, "same")
    with VideoWriter(path, _SIDE, _SIDE, _FRAMES, sound, RATE) as writer:
        for k in range(count):
            along = k / count * (len(looks) - 1)
            before = int(along)
            share = np.clip((along - before - 0.6) / 0.4, 0, 1)
            look = (1 - share) * looks[before] + share * looks[min(before + 1, len(looks) - 1)]
            writer.write(face(look, float(loudness[k])))


def group() -> np.ndarray:
    """Three portraits on a wall, uint8 RGB ``[540, 960, 3]``: two smile, one is angry."""
    wall = np.full((540, 960, 3), (228, 226, 220), np.uint8)
    for look, side, left, top in (("smile", 360, 40, 70), ("anger", 260, 440, 40),
                                  ("smile", 220, 720, 230)):
        wall[top - 8 : top + side + 8, left - 8 : left + side + 8] = (120, 96, 72)
        wall[top : top + side, left : left + side] = cv2.resize(
            face(_LOOKS[look], 0.0), (side, side), interpolation=cv2.INTER_AREA)
    return wall


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the samples of the emotion room.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the samples")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(5)
    write_sound(folder / "emotion-voices.flac", said(PHRASES, rng), RATE)
    write_face(folder / "emotion-face.mp4", said(PHRASES, rng, 0.4))
    cv2.imwrite(str(folder / "emotion-group.png"), cv2.cvtColor(group(), cv2.COLOR_RGB2BGR))
    write_sound(folder / "emotion-music.flac", music(6.0, rng), RATE)


if __name__ == "__main__":
    main()
