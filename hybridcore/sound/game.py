"""Which is real? A blinded choice between a clip's own sound and the one that was made.

The protocol of Owens et al. 2016, section 7: both are shown one after the other, and the person
says which is real. A perfect model fools people in half of the trials.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media import Clip, VideoWriter
from hybridcore.shares import wilson
from hybridcore.sound.cochleagram import RATE, Sound
from hybridcore.sound.events import Onset
from hybridcore.text import csv_text

PAPER_FOOLED = 0.400  # Owens et al. 2016, Table 1, full system, their own recordings
SECONDS = 3.0  # of one trial
ENOUGH = 10  # answers from which an interval says anything
_WIDTH = 480
_BLOCK = 0.05  # s of sound whose level is looked at
_SILENT, _FAINT = 1e-4, 0.01  # levels below which nothing is heard: of full scale, of the loudest
_SAME_TIME = 1e-6  # s


@dataclass(frozen=True)
class Trial:
    """clip: which one, a key of the caller's; start: s, where its piece begins, as near as the real
    sound allows (see :func:`trial_files`); real_first: whether that is the first of the two."""

    clip: str
    start: float
    real_first: bool


@dataclass(frozen=True)
class Answer:
    """A trial and whether the made sound was taken for the real one."""

    trial: Trial
    fooled: bool


def draw_trials(clips: dict[str, tuple[float, Sequence[Onset]]], seed: int) -> list[Trial]:
    """One trial for each clip (duration in s, onsets made), in random order; each piece holds an
    onset if the clip has one, and the real sound comes first in a random half."""
    rng = np.random.default_rng(seed)
    trials = []
    for name, (duration, onsets) in clips.items():
        latest = max(0.0, duration - SECONDS)
        if onsets:
            chosen = onsets[int(rng.integers(len(onsets)))].time
            start = float(np.clip(chosen - rng.uniform(0.3, 0.6 * SECONDS), 0, latest))
        else:
            start = float(rng.uniform(0, latest))
        trials.append(Trial(name, start, bool(rng.random() < 0.5)))
    return [trials[k] for k in rng.permutation(len(trials))]


def times_fooled(answers: Sequence[Answer]) -> int:
    """How often the made sound was taken for the real one."""
    return sum(answer.fooled for answer in answers)


def verdict(answers: Sequence[Answer]) -> str:
    """What a person is told at once: which of the last two was real, and how often they were
    right."""
    last, count = answers[-1], len(answers)
    real = "first" if last.trial.real_first else "second"
    said = "you were fooled" if last.fooled else "you were right"
    return (f"The {real} was real: {said}. So far right {count - times_fooled(answers)} of "
            f"{count}.")


def interval(answers: Sequence[Answer]) -> tuple[float, float, str] | None:
    """95 % interval of the share of those fooled, and its name; None before :data:`ENOUGH`."""
    if len(answers) < ENOUGH:
        return None
    return (*wilson(times_fooled(answers), len(answers)), "Wilson")


def answers_csv(answers: Sequence[Answer]) -> str:
    """The answers as a table with a header."""
    return csv_text([
        {"clip": a.trial.clip, "start": f"{a.trial.start:.2f}",
         "real_first": int(a.trial.real_first), "fooled": int(a.fooled)} for a in answers
    ], ("clip", "start", "real_first", "fooled"))


def trial_files(trial: Trial, clip: Clip, made: Sound, folder: Path) -> tuple[Path, Path]:
    """The two MP4s of a trial in its order, made in ``folder`` if they are not there yet.

    made: float32 ``[n]`` at 44.1 kHz over the whole clip. Both are brought to the same loudest
    50 ms, so that loudness does not give the answer away; the names give nothing away either. The
    piece is the one nearest to the trial's in which the clip's own sound is heard.

    Raises:
        MediaError: it is never heard, or the clip does not decode any more.
    """
    mark = f"{clip.digest} {trial.start} {hashlib.sha256(made.tobytes()).hexdigest()}"
    real, fake = (
        folder / f"{hashlib.sha256(f'{mark} {which}'.encode()).hexdigest()}.mp4" for which in "rf")
    if not (real.exists() and fake.exists()):
        own = clip.sound(RATE)
        _cut(clip, _heard_start(own, trial.start), [(own, real), (made, fake)])
    return (real, fake) if trial.real_first else (fake, real)


def _cut(clip: Clip, start: float, sounds: Sequence[tuple[Sound, Path]]) -> None:
    """Write the piece of a clip that begins at ``start`` s once with each sound."""
    info = clip.info
    height = max(2, round(_WIDTH * info.height / info.width / 2) * 2)
    times: list[float] = []
    frames: list[NDArray[np.uint8]] = []
    for chunk in clip.chunks(size=(height, _WIDTH)):
        for time, frame in zip(chunk.times, chunk.frames, strict=True):
            if time <= start + _SAME_TIME:  # what is on screen when the piece begins
                times, frames = [start], [frame.copy()]
            elif time < start + SECONDS:
                times.append(float(time))
                frames.append(frame)
        if chunk.times[-1] >= start + SECONDS:
            break
    period = 1 / info.frame_rate
    first, last = round(start * RATE), min(SECONDS, info.duration - start) - period
    for sound, path in sounds:
        piece = _levelled(sound[first : first + round(SECONDS * RATE)])
        with VideoWriter(path, _WIDTH, height, info.frame_rate, piece, RATE) as writer:
            for time, frame in zip(times, frames, strict=True):
                writer.write(frame, time - start)
            if last > times[-1] - start + period / 2:  # the picture stays, and the sound goes on
                writer.write(frames[-1], last)


def _heard_start(sound: Sound, start: float) -> float:
    """The start nearest to ``start``, s, of a piece in which something of ``sound`` is heard.

    That is at least half as much as in the piece with the most; and where the track ends before the
    pictures do, the piece ends with it.
    """
    size = round(_BLOCK * RATE)
    blocks = np.square(sound[: len(sound) // size * size].reshape(-1, size), dtype=np.float64)
    level = np.sqrt(blocks.mean(1))
    heard = level > max(_SILENT, _FAINT * level.max(initial=0.0))
    if not heard.any():
        raise MediaError("The clip's sound is silent; choose a clip with audible sound.")
    width = round(SECONDS / _BLOCK)
    total = np.concatenate([[0], np.cumsum(heard), np.full(width, heard.sum())])
    amounts = total[width : width + len(heard)] - total[: len(heard)]
    first, last = np.flatnonzero(heard)[[0, -1]]
    latest = max(0, last + 1 - width)
    starts = np.arange(min(first, latest), latest + 1)
    able = starts[amounts[starts] * 2 >= amounts[starts].max()]
    if able[0] * _BLOCK <= start <= able[-1] * _BLOCK and round(start / _BLOCK) in able:
        return start
    return float(able[np.abs(able * _BLOCK - start).argmin()] * _BLOCK)


def _levelled(sound: Sound) -> Sound:
    """``sound`` with its loudest 50 ms at -18 dB, as far as its peak allows."""
    size = round(_BLOCK * RATE)
    total = np.concatenate([[0.0], np.cumsum(np.square(sound, dtype=np.float64))])
    loudest = math.sqrt(float((total[size:] - total[:-size]).max(initial=0)) / size)
    peak = float(np.abs(sound).max(initial=0))
    if loudest < 1e-5:
        return sound
    return (sound * min(10 ** (-18 / 20) / loudest, 0.89 / peak)).astype(np.float32)
