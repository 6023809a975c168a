"""People: a 720p clip to landmarks, with one person and with four; what each step costs."""

from __future__ import annotations

import tempfile
import time
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from skimage.data import astronaut

from benchmarks.timing import line, median_seconds
from hybridcore.cores import core_count
from hybridcore.media import Clip, VideoWriter
from hybridcore.people.finder import AGAIN
from hybridcore.people.networks import Bodies, Faces, Hands, shared_networks
from hybridcore.people.watch import SIDE, Watch

WIDTH, HEIGHT, RATE, FRAMES = 1280, 720, 30, 90


def make_clip(path: Path, count: int, frames: int = FRAMES) -> Path:
    """A portrait (NASA's, of an astronaut; scikit-image ships it) ``count`` times, swaying."""
    side = 270
    portrait = cv2.resize(astronaut(), (side, side), interpolation=cv2.INTER_AREA)
    with VideoWriter(path, WIDTH, HEIGHT, RATE) as writer:
        for t in range(frames):
            frame = np.full((HEIGHT, WIDTH, 3), 110, np.uint8)
            for k in range(count):
                x = 25 + 320 * k + round(20 * np.sin(t / 10 + k))
                frame[200:200 + side, x:x + side] = portrait
            writer.write(frame)
    return path


def speed(path: Path, **options: bool) -> tuple[float, float, int]:
    """Seconds a frame without decoding, on the clock and of the processor, and how many people
    there were found to be."""
    watch, seconds, busy = Watch(**options), 0.0, 0.0
    for chunk in Clip.open(path).chunks(size=(HEIGHT, WIDTH)):
        start, before = time.perf_counter(), time.process_time()
        watch.update(chunk)
        seconds += time.perf_counter() - start
        busy += time.process_time() - before
    return seconds / FRAMES, busy / FRAMES, len(watch.result().persons)


def report() -> None:
    """Print everything; under a minute."""
    print(f"people, {core_count()} cores, frames of {SIDE} px")
    with tempfile.TemporaryDirectory() as name:
        for count in (1, 4):
            path = make_clip(Path(name) / f"{count}.mp4", count)
            seconds, busy, found = speed(path)
            line(f"720p clip with {count} to landmarks and masks ({found} found)",
                 f"{1e3 * seconds:.1f} ms", f"{1 / seconds:.0f} frames/s")
            line("  time of the processor", f"{1e3 * busy:.1f} ms")
            more, _, _ = speed(path, hands=True, faces=True)
            line("  with hands and faces", f"{1e3 * more:.1f} ms", f"{1 / more:.0f} frames/s")
    frame = np.full((HEIGHT, WIDTH, 3), 110, np.uint8)
    window = np.array([[0, 0, WIDTH, HEIGHT]])
    region = np.array([[400.0, 400.0, 300.0, 0.0]])
    for kind in (Bodies, Hands, Faces):
        networks = shared_networks(kind)
        detect = median_seconds(partial(networks.detect, frame, window), 15)
        look = median_seconds(partial(networks.look, frame, region), 15)
        line(f"{kind.__name__.lower()}: detector, one window", f"{1e3 * detect:.1f} ms",
             f"a few every {AGAIN} s")
        line("  landmarks of one", f"{1e3 * look:.1f} ms", "every frame")
        if kind is Bodies:
            share = 3 * detect / (3 * detect + AGAIN * RATE * look)
            line("  share of detection, one person, 30 frames/s", f"{100 * share:.0f} %")
