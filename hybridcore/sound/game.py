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
from scipy.stats import binomtest

from hybridcore.media import Clip, VideoWriter
from hybridcore.sound.cochleagram import RATE, Sound
from hybridcore.sound.events import Onset
from hybridcore.text import csv_text

PAPER_FOOLED = 0.400  # Owens et al. 2016, Table 1, full system, their own recordings
SECONDS = 3.0  # of one trial
_WIDTH = 480


@dataclass(frozen=True)
class Trial:
    """clip: which one, a key of the caller's; start: s, where its piece begins; real_first:
    whether the real sound is the first of the two."""

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


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson, JASA 1927); 0..1 without trials."""
    if trials == 0:
        return 0.0, 1.0
    interval = binomtest(hits, trials).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def times_fooled(answers: Sequence[Answer]) -> int:
    """How often the made sound was taken for the real one."""
    return sum(answer.fooled for answer in answers)


def answers_csv(answers: Sequence[Answer]) -> str:
    """The answers as a table with a header."""
    return csv_text([
        {"clip": a.trial.clip, "start": f"{a.trial.start:.2f}",
         "real_first": int(a.trial.real_first), "fooled": int(a.fooled)} for a in answers
    ], ("clip", "start", "real_first", "fooled"))


def trial_files(trial: Trial, clip: Clip, made: Sound, folder: Path) -> tuple[Path, Path]:
    """The two MP4s of a trial in its order, made in ``folder`` if they are not there yet.

    made: float32 ``[n]`` at 44.1 kHz over the whole clip. Both are brought to the same loudest
    50 ms, so that loudness does not give the answer away; the names give nothing away either.
    """
    mark = f"{clip.digest} {trial.start} {hashlib.sha256(made.tobytes()).hexdigest()}"
    real, fake = (
        folder / f"{hashlib.sha256(f'{mark} {which}'.encode()).hexdigest()}.mp4" for which in "rf")
    if not (real.exists() and fake.exists()):
        _cut(clip, trial.start, [(clip.sound(RATE), real), (made, fake)])
    return (real, fake) if trial.real_first else (fake, real)


def _cut(clip: Clip, start: float, sounds: Sequence[tuple[Sound, Path]]) -> None:
    """Write the piece of a clip that begins at ``start`` s once with each sound."""
    info = clip.info
    height = max(2, round(_WIDTH * info.height / info.width / 2) * 2)
    times: list[float] = []
    frames: list[NDArray[np.uint8]] = []
    for chunk in clip.chunks(size=(height, _WIDTH)):
        inside = (chunk.times >= start - 1e-6) & (chunk.times < start + SECONDS)
        times += chunk.times[inside].tolist()
        frames += list(chunk.frames[inside])
        if chunk.times[-1] >= start + SECONDS:
            break
    first = round(times[0] * RATE)
    for sound, path in sounds:
        piece = _levelled(sound[first : first + round(SECONDS * RATE)])
        with VideoWriter(path, _WIDTH, height, info.frame_rate, piece, RATE) as writer:
            for time, frame in zip(times, frames, strict=True):
                writer.write(frame, time - times[0])


def _levelled(sound: Sound) -> Sound:
    """``sound`` with its loudest 50 ms at -18 dB, as far as its peak allows."""
    size = round(0.05 * RATE)
    total = np.concatenate([[0.0], np.cumsum(np.square(sound, dtype=np.float64))])
    loudest = math.sqrt(float((total[size:] - total[:-size]).max(initial=0)) / size)
    peak = float(np.abs(sound).max(initial=0))
    if loudest < 1e-5:
        return sound
    return (sound * min(10 ** (-18 / 20) / loudest, 0.89 / peak)).astype(np.float32)
