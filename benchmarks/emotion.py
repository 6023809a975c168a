"""Emotion: a 720p clip with one face, through all who look at faces; a minute of sound."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.people import make_clip
from benchmarks.timing import line, median_seconds
from hybridcore.cores import core_count
from hybridcore.emotion.predict import EmotionReader
from hybridcore.emotion.spectrum import RATE
from hybridcore.media import Clip

_FRAMES, _SECONDS = 300, 60  # of the clip; of the sound


def report() -> None:
    """Print both; half a minute."""
    reader = EmotionReader.load("cpu")
    print(f"emotion, {core_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        path = make_clip(Path(name) / "one.mp4", 1, _FRAMES)
        reader.faces.look(Clip.open(path))  # to warm up
        start = time.perf_counter()
        film = reader.faces.look(Clip.open(path))
        seconds = time.perf_counter() - start
    line(f"720p clip, decoded, {len(film.tracks)} face, three witnesses",
         f"{1e3 * seconds / _FRAMES:.1f} ms", f"{_FRAMES / seconds:.0f} frames/s")
    sound = np.random.default_rng(0).normal(0, 0.1, _SECONDS * RATE).astype(np.float32)
    heard = median_seconds(lambda: reader.voice.hear(sound), 3)
    line(f"{_SECONDS} s of sound, the voice", f"{heard:.2f} s", f"{_SECONDS / heard:.0f} x")
