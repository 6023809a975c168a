"""Pieces of sound at their times, with their loudness, in one track that never clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hybridcore.sound.cochleagram import RATE, Sound
from hybridcore.sound.heard import strengths

PEAK = 10 ** (-1 / 20)  # -1 dB of full scale

_HANDOVER = 0.03  # s in which a piece gives way to the next
_LARGEST_GAIN = 40.0  # a piece is not made louder than by 32 dB: that would be its noise


@dataclass(frozen=True, eq=False)
class Piece:
    """sound: float32 ``[n]`` at 44.1 kHz, whose sample ``onset`` belongs at ``time`` s; strength:
    the level that the 50 ms around the onset shall have, dB of full scale."""

    sound: Sound
    onset: int
    time: float
    strength: float


def mix(pieces: Sequence[Piece], samples: int) -> Sound:
    """Paste the pieces into silence.

    Each onset falls on the sample nearest to its time. Where a piece still sounds when the next
    begins, it fades out within 30 ms as the other comes in. No piece is made louder than to -1 dB
    of full scale; if their sum exceeds that, all of it is made quieter alike.

    Returns:
        float32 ``[samples]``.
    """
    total = np.zeros(samples, np.float64)
    ordered = sorted(pieces, key=lambda piece: piece.time)
    starts = [round(piece.time * RATE) - piece.onset for piece in ordered]
    for k, (piece, start) in enumerate(zip(ordered, starts, strict=True)):
        sound = piece.sound * _gain(piece)
        if k + 1 < len(ordered):
            sound = _give_way(sound, starts[k + 1] - start)
        first, last = max(start, 0), min(start + len(sound), samples)
        if first < last:
            total[first:last] += sound[first - start : last - start]
    peak = float(np.abs(total).max(initial=0.0))
    return (total * min(1.0, PEAK / max(peak, PEAK))).astype(np.float32)


def _gain(piece: Piece) -> float:
    present = float(strengths(piece.sound, RATE, np.array([piece.onset / RATE]))[0])
    fits = PEAK / max(float(np.abs(piece.sound).max(initial=0)), 1e-9)
    return min(_LARGEST_GAIN, fits, float(10 ** ((piece.strength - present) / 20)))


def _give_way(sound: Sound, at: int) -> Sound:
    """``sound`` fading out from sample ``at`` on."""
    if at >= len(sound):
        return sound
    at = max(at, 0)
    fade = np.cos(np.linspace(0, np.pi / 2, round(_HANDOVER * RATE)))[: len(sound) - at]
    sound = sound.copy()
    sound[at : at + len(fade)] *= fade
    return sound[: at + len(fade)]
