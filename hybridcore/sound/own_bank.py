"""A person's own bank: a folder or a zip of sound files, or one recording, such as a video.

A problem with one file is reported, and the others are still used.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path, PurePath

import numpy as np

from hybridcore.errors import MediaError
from hybridcore.media import Limits, endings, read_sound
from hybridcore.media.archive import Bounds, open_archive
from hybridcore.media.formats import kind_of
from hybridcore.sound.bank import Bank, Exemplar
from hybridcore.sound.cochleagram import RATE, Sound
from hybridcore.sound.heard import sound_onsets
from hybridcore.sound.materials import ACTIONS, MATERIALS

_FILE_LIMITS = Limits(max_bytes=60_000_000, max_seconds=300.0)
_BOUNDS = Bounds(files=100_000, file_bytes=_FILE_LIMITS.max_bytes, total_bytes=400_000_000)
_MAX_FILES = 2000
_MAX_EXEMPLARS = 10_000
_LEAD = 0.005  # kept before an onset, s
_LONGEST = 0.8  # of one exemplar, s
_FADE = 0.015  # at its end, s
_QUIET = 10 ** (-60 / 20)  # a sound whose peak is below is silence


def read_own_bank(path: Path, name: str | None = None) -> Bank:
    """Read a folder or a zip of sound files, one sound file, or the sound of a video.

    Each is cut at its onsets. A material and an action in the name of a file or its folder
    ("metal/scratch-3.wav") is kept.

    Args:
        name: for a person; None: that of the file.

    Raises:
        MediaError: there is no such folder or file, or nothing in it can be used.
    """
    name = name or path.name
    if path.is_file() and kind_of(path) in ("sound", "video"):
        return _read_recording(path, name)
    exemplars: list[Exemplar] = []
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        for label, file in _files(path, Path(scratch), problems):
            try:
                pieces = cut(read_sound(file, RATE, limits=_FILE_LIMITS), label)
            except MediaError as error:
                problems.append(f"{label}: {error}")
                continue
            if not pieces:
                problems.append(f"{label} was left out: it is silent.")
            exemplars += pieces
            if len(exemplars) >= _MAX_EXEMPLARS:
                problems.append(f"Only the first {_MAX_EXEMPLARS:,} sounds are used.")
                break
    if not exemplars:
        why = f" {problems[0]}" if problems else ""
        raise MediaError(
            f"{name} holds no usable sound; put WAV, FLAC, OGG or MP3 files into it.{why}")
    return Bank(name, exemplars[:_MAX_EXEMPLARS], problems)


def _read_recording(path: Path, name: str) -> Bank:
    pieces = cut(read_sound(path, RATE), PurePath(name).stem)
    if not pieces:
        raise MediaError(f"{name} is silent; choose a recording with audible hits.")
    return Bank(name, pieces[:_MAX_EXEMPLARS])


def cut(sound: Sound, label: str) -> list[Exemplar]:
    """One exemplar for each onset of ``sound [n]``; none if it is silent."""
    if not len(sound) or float(np.abs(sound).max()) < _QUIET:
        return []
    material, action = describe(label)
    # The detector wants some quiet before the first onset.
    quiet = round(0.1 * RATE)
    times = sound_onsets(np.pad(sound, (quiet, quiet)), RATE).times - quiet / RATE
    onsets = [max(0, round(float(t) * RATE)) for t in times] or [_steepest(sound)]
    exemplars = []
    for k, (onset, following) in enumerate(pairwise([*onsets, len(sound)])):
        start = max(0, onset - round(_LEAD * RATE))
        stop = min(following, onset + round(_LONGEST * RATE))
        piece = sound[start:stop].copy()
        if len(piece) < round(0.01 * RATE) or float(np.abs(piece).max()) < _QUIET:
            continue
        fade = min(len(piece), round(_FADE * RATE))
        piece[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
        name = label if len(onsets) == 1 else f"{label} {k + 1}"
        exemplars.append(Exemplar(name, material, action, piece, onset - start))
    return exemplars


def describe(label: str) -> tuple[str, str]:
    """Material and action that a file's name holds; empty where it does not."""
    words = "".join(c if c.isalpha() else " " for c in label.lower()).split()
    material = next((m for m in MATERIALS if m in words), "")
    return material, next((a for a in ACTIONS if a in words), "")


def _steepest(sound: Sound) -> int:
    """Where a sound without a clear onset begins to be heard."""
    return int(np.argmax(np.abs(sound) > 0.1 * np.abs(sound).max()))


def _files(path: Path, scratch: Path, problems: list[str]) -> Iterator[tuple[str, Path]]:
    """Label and file of everything that looks like a sound; each file lasts until the next."""
    archive = open_archive(path, endings("sound"), _BOUNDS)
    problems += [f"{name} was left out: {why}." for name, why in archive.refused]
    if len(archive.files) > _MAX_FILES:
        problems.append(f"Only the first {_MAX_FILES:,} of {len(archive.files):,} files are used.")
    for number, (name, read) in enumerate(islice(archive.files.items(), _MAX_FILES)):
        file = scratch / f"{number}{PurePath(name).suffix.lower()}"
        try:
            file.write_bytes(read())
        except MediaError as error:
            problems.append(str(error))
            continue
        yield name, file
        file.unlink()
