"""Gait: speed against the plain way, real time, matching, and the error of the cadence."""

from __future__ import annotations

import tempfile
import time
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import torch

from benchmarks.timing import line, median_seconds
from hybridcore.gait.align import align
from hybridcore.gait.clothes import shared_clothes
from hybridcore.gait.energy import gait_energy
from hybridcore.gait.gallery import Gallery
from hybridcore.gait.learn import skeleton as sk
from hybridcore.gait.learn.body import CONDITIONS, Outfit, Shape, dress
from hybridcore.gait.learn.render import Camera, silhouettes
from hybridcore.gait.learn.spoil import spoil
from hybridcore.gait.measures import find_rhythm
from hybridcore.gait.model import KINDS, VIEWS, GaitConfig, GaitNet
from hybridcore.gait.networks import Network
from hybridcore.gait.predict import GaitRecogniser
from hybridcore.media import Clip, VideoWriter
from hybridcore.text import percent

STEPS = (0.42, 0.47, 0.52, 0.58, 0.66)  # s: 143 to 91 steps a minute
RATES = (25.0, 30.0)


def walking(step: float, seconds: float, rate: float) -> np.ndarray:
    """A skeleton whose every step lasts ``step`` s: float32 ``[T, 20, 3]``, as in skeleton.py."""
    phase = np.pi * np.arange(0, seconds, 1 / rate) / step
    joints = np.zeros((len(phase), 20, 3), np.float32)
    for joint, height in ((sk.HEAD, 0.68), (sk.NECK, 0.50), (sk.SHOULDER_R, 0.46),
                          (sk.SHOULDER_L, 0.46), (sk.SPINE, 0.2)):
        joints[:, joint, 1] = height
    for side, start in ((0, 0.0), (1, np.pi)):
        leg = 0.42 * np.sin(phase + start)
        bend = 0.15 + 0.75 * np.clip(np.cos(phase + start), 0, 1) ** 2  # swinging forward
        arm = -0.5 * np.sin(phase + start)
        hip = joints[:, sk.HIP_R + side]
        hip[:, 1] = -0.03
        knee = hip + 0.42 * _down(leg)
        ankle = knee + 0.42 * _down(leg - bend)
        joints[:, sk.KNEE_R + side], joints[:, sk.ANKLE_R + side] = knee, ankle
        joints[:, sk.FOOT_R + side] = ankle + 0.12 * _down(leg - bend + 1.4)
        elbow = joints[:, sk.SHOULDER_R + side] + 0.29 * _down(arm)
        joints[:, sk.ELBOW_R + side] = elbow
        joints[:, sk.WRIST_R + side] = elbow + 0.25 * _down(arm + 0.35)
        joints[:, sk.HAND_R + side] = elbow + 0.33 * _down(arm + 0.35)
    return joints


def _down(angle: np.ndarray) -> np.ndarray:
    """Unit vectors that hang down, swung forward by ``angle``: ``[T, 3]``."""
    return np.stack([np.sin(angle), -np.cos(angle), np.zeros_like(angle)], 1).astype(np.float32)


def render(step: float, view: float, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Four seconds of masks of somebody, spoilt as a segmentation spoils them."""
    shape = Shape.draw(rng)
    outfit = Outfit.draw(CONDITIONS[rng.integers(len(CONDITIONS))], rng)
    joints = sk.widen(walking(step, 4.0, rate), shape.shoulders)
    camera = Camera(view=view, distance=rng.uniform(3.5, 8), height=rng.uniform(-0.2, 1.1))
    return spoil(silhouettes(dress(joints, shape, outfit), camera), rng, rng.uniform(0, 1))


def cadence_error() -> None:
    """Rendered walks of known step time: how far off the cadence is, and where there is none."""
    rng = np.random.default_rng(0)
    print("\ncadence of rendered walks of known period (5 step times x 11 views x 2 frame rates)")
    errors: dict[str, list[float]] = {"across (54 to 126 degrees)": [], "along (other views)": []}
    unknown = dict.fromkeys(errors, 0)
    for view in VIEWS:
        part = next(iter(errors)) if 54 <= view <= 126 else list(errors)[1]
        for step in STEPS:
            for rate in RATES:
                masks = align(render(step, view, rate, rng))
                rhythm = find_rhythm(masks, np.arange(len(masks)) / rate)
                if rhythm.cadence is None:
                    unknown[part] += 1
                else:
                    errors[part].append(abs(rhythm.cadence * step / 60 - 1))
    for part, measured in errors.items():
        total = len(measured) + unknown[part]
        right = float(np.mean(np.array(measured) < 0.05)) if measured else 0.0
        line(f"  {part}: median error", percent(float(np.median(measured))),
             f"{len(measured)} of {total} measured; {percent(right)} of them within 5 %")


def align_plainly(masks: np.ndarray) -> np.ndarray:
    """The field's usual loop: one frame at a time, rows and median by sums, one resize each."""
    aligned = []
    for mask in masks:
        rows = np.flatnonzero(mask.sum(axis=1))
        person = mask[rows[0] : rows[-1] + 1]
        width = int(person.shape[1] * 64 / person.shape[0])
        person = cv2.resize(person, (width, 64), interpolation=cv2.INTER_CUBIC)
        total, column = person.sum(), person.sum(axis=0).cumsum()
        middle = 0
        for x in range(len(column)):
            if column[x] > total / 2:
                middle = x
                break
        person = np.concatenate([np.zeros((64, 22)), person, np.zeros((64, 22))], axis=1)
        aligned.append(person[:, middle : middle + 44])
    return np.mean(aligned, axis=0) / 255


def alignment() -> None:
    """Alignment and energy image, masks as CASIA-B and as OU-MVLP have them."""
    print("\nalignment and energy image")
    for name, height, width in (("CASIA-B, 240 x 320", 240, 320), ("OU-MVLP, 128 x 88", 128, 88)):
        masks = np.zeros((1000, height, width), np.uint8)
        people = np.random.default_rng(0).integers(width // 4, 3 * width // 4, len(masks))
        for mask, x in zip(masks, people, strict=True):
            cv2.ellipse(mask, (int(x), height // 2), (height // 9, height // 3), 0, 0, 360, 255, -1)
        ours = median_seconds(partial(lambda m: gait_energy(align(m)), masks)) / len(masks)
        plain = median_seconds(partial(align_plainly, masks), 3) / len(masks)
        line(f"  {name}", f"{1 / ours:,.0f} a second", "bar 8,000")
        line("  against the plain loop", f"{plain / ours:.1f} x", "bar 5")


def make_clip(path: Path, seconds: float) -> Path:
    """Two people who walk across a 720p picture, with noise."""
    rng = np.random.default_rng(0)
    rate = 30.0
    wall = cv2.resize(rng.integers(90, 200, (18, 32, 3), np.uint8), (1280, 720),
                      interpolation=cv2.INTER_CUBIC)
    noise = [rng.normal(0, 3, wall.shape).astype(np.int8) for _ in range(4)]
    people = [
        silhouettes(dress(sk.widen(walking(step, seconds, rate), 0.36), Shape(), Outfit()),
                    Camera(view=90, scale=190.0), 400, 320) for step in (0.5, 0.56)
    ]
    with VideoWriter(path, 1280, 720, rate) as writer:
        for k in range(len(people[0])):
            frame = wall.copy()
            for masks, start, speed, colour in (
                (people[0], 0, 90, (60, 40, 120)), (people[1], 500, 60, (150, 60, 40))
            ):
                x = int(start + speed * k / rate) % 900
                frame[280:680, x : x + 320][masks[k] > 0] = colour
            writer.write(cv2.add(frame, noise[k % 4], dtype=cv2.CV_8U))
    return path


def real_time(recogniser: GaitRecogniser) -> None:
    """A whole 720p30 clip, from the file to the result."""
    with tempfile.TemporaryDirectory() as folder:
        clip = Clip.open(make_clip(Path(folder) / "clip.mp4", 12.0))
        recogniser.run(clip)
        start = time.perf_counter()
        result = recogniser.run(clip)
        seconds = time.perf_counter() - start
        line("\n720p30 clip, file to result", f"{len(result.times) / seconds:.0f} frames/s",
             f"bar 30; {len(result.walks)} walkers, {result.duration:.0f} s in {seconds:.1f} s")


def matching() -> None:
    """One probe against a gallery of 10,000 walks in a file, opened already."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(10_000, 128)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    gallery = Gallery(None, network="", threshold=0.3)
    gallery.enrol_all([f"P{k}" for k in range(len(vectors))], vectors, np.zeros((64, 44)))
    seconds = median_seconds(lambda: gallery.known().match(vectors[7]), 9)
    line("matching against 10,000 enrolled", f"{1e3 * seconds:.1f} ms", "bar 20 ms")


def report() -> None:
    """Print everything; about a minute."""
    print(f"\ngait, {torch.get_num_threads()} threads")
    torch.manual_seed(0)
    # Speed does not depend on what the weights hold, but three of the networks share one CNN.
    models = {kind: GaitNet(config=GaitConfig(kind=kind)) for kind in KINDS}
    models["set"].frames = models["mean"].frames = models["lstm"].frames
    recogniser = GaitRecogniser(
        {kind: Network(model, kind, 0.3) for kind, model in models.items()}, shared_clothes())
    alignment()
    real_time(recogniser)
    matching()
    cadence_error()
