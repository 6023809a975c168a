"""Onsets as a Standard MIDI File, so that a sequencer can play them with other sounds.

Format 0, one track, 480 ticks a beat at 125 beats a minute, so that a tick is 1 ms. Channel 10
(percussion); each material is a note of the General MIDI percussion map.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hybridcore.sound.events import Onset

_NOTES = {
    "cardboard": 36, "carpet": 41, "ceramic": 56, "cloth": 35, "dirt": 43, "glass": 81,
    "grass": 70, "gravel": 69, "leaf": 82, "metal": 53, "paper": 54, "plastic": 76, "rock": 75,
    "tile": 37, "water": 79, "wood": 77,
}
_OTHER = 38
_TICKS_A_BEAT, _MICROSECONDS_A_BEAT = 480, 480_000
_LENGTH = 100  # ticks
_SOFTEST = -60.0  # dB, velocity 1


def midi(onsets: Sequence[Onset]) -> bytes:
    """The file's content. Strengths from -60 to 0 dB become velocities 1 to 127."""
    events: list[tuple[int, bytes]] = []
    for onset in onsets:
        note = _NOTES.get(onset.material, _OTHER)
        velocity = int(np.clip(round(127 * (1 - onset.strength / _SOFTEST)), 1, 127))
        tick = round(onset.time * 1000)
        events += [(tick, bytes([0x99, note, velocity])), (tick + _LENGTH, bytes([0x89, note, 0]))]
    tempo = b"\xff\x51\x03" + _MICROSECONDS_A_BEAT.to_bytes(3, "big")
    body, now = b"\x00" + tempo, 0
    for tick, message in sorted(events):
        body += _variable(tick - now) + message
        now = tick
    body += b"\x00\xff\x2f\x00"
    header = b"MThd" + (6).to_bytes(4, "big") + b"\x00\x00\x00\x01"
    header += _TICKS_A_BEAT.to_bytes(2, "big")
    return header + b"MTrk" + len(body).to_bytes(4, "big") + body


def _variable(number: int) -> bytes:
    """Seven bits a byte, all but the last marked."""
    parts = [number & 0x7F]
    while number := number >> 7:
        parts.append(0x80 | (number & 0x7F))
    return bytes(reversed(parts))
