"""Scene labelling: speed against the plain way, memory, and where the time goes."""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import time
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import torch
from torchvision.models import mobilenet_v3_small, resnet18

from benchmarks.timing import line, median_seconds
from hybridcore.encoder.efficientnet_lite import normalise
from hybridcore.encoder.encoder import SIDE, Encoder, load_scene_top
from hybridcore.encoder.imagenet import load_imagenet
from hybridcore.layers.influence import (
    Reading,
    influence,
    left_out,
    probabilities_from,
    trace_of,
)
from hybridcore.layers.recurrent import lstm_trace
from hybridcore.layers.surgery import Wipe, operate
from hybridcore.media import Clip, VideoWriter
from hybridcore.media.motion import CameraMotion
from hybridcore.media.moving import camera_path
from hybridcore.scene.predict import SceneLabeller, load_model

WIDTH, HEIGHT, RATE = 1280, 720, 30
GRID = (1280, 5, 5)


def make_clip(path: Path, frames: int) -> Path:
    """A textured 720p clip with a moving camera, as hard to decode as footage from a phone."""
    rng = np.random.default_rng(0)
    layers = [
        cv2.resize(rng.integers(0, 256, (2**k * 9, 2**k * 16, 3), np.uint8), (2560, 1440),
                   interpolation=cv2.INTER_CUBIC).astype(np.float32) / 2**k for k in range(5)
    ]
    photo = np.clip(sum(layers) / 1.9, 0, 255).astype(np.uint8)
    lap = camera_path(600, rng)
    with VideoWriter(path, WIDTH, HEIGHT, RATE) as writer:
        for t in range(frames):
            cx, cy = lap[min(t % 1200, 1199 - t % 1200), :2]  # there and back again
            x, y = int(cx * 1280 * 0.9), int(cy * 720 * 0.9)
            writer.write(np.ascontiguousarray(photo[y : y + HEIGHT, x : x + WIDTH]))
    return path


@torch.inference_mode()
def label_plainly(path: Path, limit: int) -> int:
    """cv2 read, resize, one frame at a time through the same networks as they were loaded."""
    imagenet = load_imagenet()
    scene = load_scene_top()
    model = load_model("lstm")
    capture = cv2.VideoCapture(str(path))
    state, count = None, 0
    while count < limit:
        good, frame = capture.read()
        if not good:
            break
        frame = cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
        frame = cv2.resize(frame, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        grid16 = imagenet.trunk(normalise(torch.from_numpy(frame)[None]).contiguous())
        imagenet.classifier(imagenet.top(grid16).mean((2, 3))).softmax(-1)
        grid = scene.top(grid16)
        output = model(grid.flatten(2).transpose(1, 2)[None], state)
        state = output.state
        output.logits.softmax(-1)
        count += 1
    return count


def speed(labeller: SceneLabeller, path: Path) -> None:
    """The whole way, and the plain way, on the same clip."""
    clip = Clip.open(path)
    frames = clip.info.frame_count or 1
    labeller.run(clip)
    ours, plain = [], []
    for _ in range(3):  # by turns, so that a slow moment of the machine meets both
        start = time.perf_counter()
        labeller.run(clip)
        ours.append((time.perf_counter() - start) / frames)
        start = time.perf_counter()
        count = label_plainly(path, 120)
        plain.append((time.perf_counter() - start) / count)
    fast, slow = float(np.median(ours)), float(np.median(plain))
    line("720p clip to labels, every frame", f"{1 / fast:.0f} frames/s", "bar 80, aim 120")
    line("the plain way", f"{1 / slow:.0f} frames/s")
    line("ratio", f"{slow / fast:.2f} x", "bar 2.5, aim 4")


def stages(labeller: SceneLabeller, path: Path) -> None:
    """Where the time of one frame goes, each stage alone on all cores."""
    clip = Clip.open(path)
    frames = np.concatenate([c.frames for c in clip.chunks(size=(SIDE, SIDE))])[:64]
    count = clip.info.frame_count or 1
    big = np.concatenate([c.frames for c in clip.chunks(size=(HEIGHT, WIDTH), length=8)][:3])
    encoder = labeller.encoder
    cells = encoder.encode(frames, "scene_grid")["scene_grid"].flatten(2).transpose(1, 2)[None]
    lstm = labeller.models["lstm"].eval()

    def encode_video() -> None:
        with tempfile.TemporaryDirectory() as folder, VideoWriter(
            Path(folder) / "out.mp4", WIDTH, HEIGHT, RATE
        ) as writer:
            for frame in big:
                writer.write(frame)

    with torch.inference_mode():
        rows = {
            "decode 720p": median_seconds(lambda: _drain(clip, None), 3) / count,
            "decode and resize to 160": median_seconds(lambda: _drain(clip, SIDE), 3) / count,
            "encoder (both tops)": median_seconds(lambda: [
                encoder.encode(frames[k : k + 16], "scene_grid", "object_logits")
                for k in range(0, 64, 16)]) / 64,
            "attention and LSTM": median_seconds(lambda: lstm(cells)) / 64,
            "camera motion": median_seconds(lambda: CameraMotion().step(frames)) / 64,
            "write 720p H.264 (export only)": median_seconds(encode_video, 3) / len(big),
        }
    print("\nwhere the time of a frame goes (each stage alone)")
    for name, seconds in rows.items():
        line(f"  {name}", f"{1e3 * seconds:.2f} ms")


def _drain(clip: Clip, side: int | None) -> None:
    for _ in clip.chunks(size=(side, side) if side else None):
        pass


def gates() -> None:
    """What looking inside the LSTM adds to running it, and to running the model around it."""
    model = load_model("lstm").eval()
    lstm = model.lstm
    cells = torch.rand(1, 100, GRID[1] * GRID[2], GRID[0])
    inputs = torch.rand(1800, lstm.input_size) * 2
    with torch.inference_mode():
        hidden = lstm(inputs[None])[0][0]
        run = median_seconds(lambda: lstm(inputs[None]), 9)
        whole = median_seconds(lambda: model(cells), 9) * 1800 / cells.shape[1]
    look = median_seconds(lambda: lstm_trace(lstm, inputs, hidden), 9)
    line("recovering all gates, 1,800 frames", f"{1e3 * look:.1f} ms")
    line("the LSTM itself", f"{1e3 * run:.1f} ms")
    line("ratio", f"{100 * look / run:.0f} %", "bar 10 %")
    line("  to the scene model (attention, LSTM, heads)", f"{100 * look / whole:.0f} %")


def memories() -> None:
    """What it costs to ask an LSTM why, and to change its memory, over 300 frames."""
    model = load_model("lstm").eval()
    inputs = torch.rand(300, model.config.dim) * 2
    reading = Reading(
        title="LSTM", inputs=inputs, blank=inputs.mean(0), memory=model.remember,
        head=lambda hidden: model.classifier(hidden).log_softmax(-1), lstm=model.lstm)
    trace, last = trace_of(reading), [np.array([k]) for k in range(236, 300)]

    def wipe() -> None:
        probabilities_from(reading, operate(trace, [Wipe(10, 10)]))

    for name, work, bar in (
        ("why a label: gradient times input", lambda: influence(reading, 299, 3), "5 ms"),
        ("  64 frames left out one by one", lambda: left_out(reading, 299, 3, last), "70 ms"),
        ("memory wiped at frame 10, and said anew", wipe, "100 ms"),
    ):
        line(f"{name}, 300 frames", f"{1e3 * median_seconds(work, 9):.1f} ms", bar)


def encoders(encoder: Encoder) -> None:
    """Encoder against torchvision's small networks, 16 frames of 160 px."""
    frames = np.random.default_rng(0).integers(0, 256, (16, SIDE, SIDE, 3), np.uint8)
    tensor = normalise(torch.from_numpy(frames))
    with torch.inference_mode():
        ours = median_seconds(lambda: encoder.encode(frames, "scene_grid", "object_logits"))
        line("encoder, both tops", f"{1e3 * ours / 16:.2f} ms a frame")
        for build in (mobilenet_v3_small, resnet18):
            network = build().eval()
            other = median_seconds(partial(network, tensor))
            line(f"  against torchvision {build.__name__} (torch)",
                 f"{1e3 * other / 16:.2f} ms", f"{other / ours:.2f} x ours")


def _label_alone(path: str, answer: multiprocessing.Queue) -> None:
    labeller = SceneLabeller.load()
    start = time.perf_counter()
    result = labeller.run(Clip.open(path))
    seconds = time.perf_counter() - start
    answer.put((len(result), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20))


def long_clips(folder: Path) -> None:
    """Peak memory and time of 1 and 10 minutes of 720p, each in a process of its own."""
    costs = []  # seconds a frame
    for minutes in (1, 10):
        path = make_clip(folder / f"{minutes}.mp4", minutes * 60 * RATE)
        context = multiprocessing.get_context("spawn")
        answer: multiprocessing.Queue = context.Queue()
        process = context.Process(target=_label_alone, args=(str(path), answer))
        process.start()
        frames, seconds, peak = answer.get()
        process.join()
        costs.append(seconds / frames)
        line(f"{minutes}-minute 720p clip: {seconds:.0f} s, peak memory", f"{peak:.2f} GiB",
             "bar 1.5 GB (1.40 GiB)" if minutes == 10 else "")
    line("time a frame, 10 minutes against 1", f"{costs[1] / costs[0]:.2f} x", "linear: 1.0")


def report(*, long: bool) -> None:
    """Print everything; about a minute, and six more with ``long``."""
    labeller = SceneLabeller.load("cpu")
    print(f"scene labelling, {torch.get_num_threads()} threads")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = make_clip(folder / "clip.mp4", 300)
        speed(labeller, path)
        gates()
        memories()
        encoders(labeller.encoder)
        stages(labeller, path)
        if long:
            print()
            long_clips(folder)
