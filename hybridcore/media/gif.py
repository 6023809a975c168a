"""How long the frames of a GIF stay, from its blocks: Pillow would decode every one to tell."""

from __future__ import annotations

import mmap
from pathlib import Path

_HEADER_BYTES, _DESCRIPTOR_BYTES = 13, 10
_EXTENSION, _IMAGE, _END = 0x21, 0x2C, 0x3B
_CONTROL = 0xF9  # the extension that holds the delay


def gif_delays(path: Path) -> list[float]:
    """The delay that each frame asks for, s, 0 where it asks for none; frames that are cut off in
    the file are left out."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        delays: list[float] = []
        try:
            at = _HEADER_BYTES + _palette_bytes(data[10])
            delay = 0.0
            while (kind := data[at]) != _END:
                if kind == _EXTENSION:
                    if data[at + 1] == _CONTROL and data[at + 2] >= 4:
                        delay = int.from_bytes(data[at + 4 : at + 6], "little") / 100
                    at = _after_blocks(data, at + 2)
                elif kind == _IMAGE:
                    # One byte, the width of the codes, lies before the blocks.
                    at = _after_blocks(
                        data, at + _DESCRIPTOR_BYTES + _palette_bytes(data[at + 9]) + 1)
                    delays.append(delay)
                    delay = 0.0
                else:
                    at += 1  # damage
        except IndexError:
            pass  # the file breaks off here
        return delays


def _palette_bytes(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_blocks(data: mmap.mmap, at: int) -> int:
    """Where the file goes on after blocks that each tell their length, the last 0."""
    while length := data[at]:
        at += length + 1
    return at + 1
