"""The Greatest Hits videos as training examples: features, targets and folds by place.

Every video is decoded once; what is kept is an array file of features and targets beside it in
the cache. Owens et al., *Visually Indicated Sounds*, CVPR 2016; for research only.
"""

from __future__ import annotations

import json
import logging
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from hybridcore.encoder.encoder import Encoder
from hybridcore.media import Clip, VideoWriter, read_sound
from hybridcore.sound.cochleagram import FRAME_RATE, RATE, cochleagram
from hybridcore.sound.features import SIZE, read_features
from hybridcore.sound.heard import sound_onsets, strengths
from hybridcore.sound.learn.augment import augment, warp_time
from hybridcore.sound.learn.metrics import quiet_stretches
from hybridcore.sound.learn.rendered import KINDS, render_clip
from hybridcore.sound.learn.targets import LABELLED, refine, soft_onsets, unlabelled
from hybridcore.sound.materials import ACTIONS
from hybridcore.sound.model import KNOWN_MATERIALS, SUBSTEPS

logger = logging.getLogger("hybridcore.training")

NO_LABEL = -1
_AT_EVENT = 0.05  # s around an event within which a frame has its sound as a target
_UNCERTAIN = 0.3  # how much an onset counts that is in the sound but not in the labels
_CERTAIN = 0.9  # weight of a frame; lower near such an onset
_QUIET = 1.0  # s without an event that count as a stretch in which nothing is struck


@dataclass(frozen=True)
class Example:
    """One video. T frames, N labelled events (times as the data set has them, s).

    strokes float32 ``[T, F]``; appearance float16 ``[T, 1280]``; onset ``[T]``, 0..1;
    weight ``[T]``, of the onset's loss; strength ``[T]``, dB, NaN away from events; action,
    material int ``[T]``, -1 where unknown; cochleagram float16 ``[T, 3, 42]``; events,
    event_strength ``[N]``; event_action, event_material int ``[N]``; event_sound ``[N, 42]``, the
    cochleagram at the blow; labelled: s, where the labels end.
    """

    name: str
    times: NDArray[np.float64]
    strokes: NDArray[np.float32]
    appearance: NDArray[np.float16]
    onset: NDArray[np.float32]
    weight: NDArray[np.float32]
    strength: NDArray[np.float32]
    action: NDArray[np.int64]
    material: NDArray[np.int64]
    cochleagram: NDArray[np.float16]
    events: NDArray[np.float64]
    event_strength: NDArray[np.float32]
    event_action: NDArray[np.int64]
    event_material: NDArray[np.int64]
    event_sound: NDArray[np.float32]
    labelled: float

    @property
    def place(self) -> str:
        """Date and time of the recording: videos that share them show one place."""
        return "-".join(self.name.split("-")[:6])


def quiet(example: Example) -> list[tuple[float, float]]:
    """From when to when, s, there is no event, and no onset in the sound that the labels leave
    out."""
    end = min(example.labelled, float(example.times[-1]))
    audible = np.concatenate([example.events, example.times[example.weight < _CERTAIN]])
    return quiet_stretches(np.sort(audible[audible <= end]), 0.0, end, _QUIET)


def prepare(archive: Path, cache: Path) -> list[Example]:
    """The videos of ``greatest-hits.zip``, by name; features are computed once into ``cache``."""
    cache.mkdir(parents=True, exist_ok=True)
    encoder: Encoder | None = None
    with zipfile.ZipFile(archive) as opened:
        labels = json.loads(opened.read("events.json"))
        for name, events in sorted(labels.items()):
            target = cache / f"{name}.npz"
            if target.exists():
                continue
            encoder = encoder or Encoder.load("cpu")
            video = Path(opened.extract(f"{name}.mp4", cache))
            save_example(make_example(name, video, events, encoder, labelled=LABELLED), target)
            video.unlink()
            logger.info("features of %s", name)
    return [load_example(cache / f"{name}.npz") for name in sorted(labels)]


def prepare_rendered(count: int, cache: Path, seed: int = 1000) -> list[Example]:
    """Clips that this project renders, of every kind in turn, with exact labels; features go into
    ``cache``, once."""
    cache.mkdir(parents=True, exist_ok=True)
    encoder: Encoder | None = None
    for number in range(seed, seed + count):
        target = cache / f"rendered-{number}.npz"
        if target.exists():
            continue
        encoder = encoder or Encoder.load("cpu")
        clip = render_clip(number, KINDS[number % len(KINDS)], size=SIZE)
        video = cache / f"rendered-{number}.mp4"
        with VideoWriter(video, SIZE[1], SIZE[0], 30, clip.sound, RATE) as out:
            for frame in clip.frames:
                out.write(frame)
        save_example(make_example(
            f"rendered-{number}", video, [asdict(onset) for onset in clip.onsets], encoder,
            labelled=float(clip.times[-1]), exact=True), target)
        video.unlink()
        logger.info("features of rendered clip %d", number)
    return [load_example(cache / f"rendered-{number}.npz") for number in range(seed, seed + count)]


def make_example(
    name: str, video: Path, events: Sequence[dict[str, Any]], encoder: Encoder, *,
    labelled: float, exact: bool = False,
) -> Example:
    """Features and targets of a video with its events (``time``, ``action``, ``material``).

    labelled: s, where the labels end; exact: event times need no refinement by the sound, and
    nothing is left out.
    """
    chunks = list(read_features(Clip.open(video), encoder))
    times = np.concatenate([c.times for c in chunks])
    sound = read_sound(video, RATE)
    onsets = sound_onsets(sound, RATE)
    marked = np.array([float(e["time"]) for e in events])
    precise = marked if exact else np.asarray(refine(marked, onsets), np.float64)
    extra = np.empty(0) if exact else unlabelled(precise, onsets)
    strength = strengths(sound, RATE, precise).astype(np.float32)
    action = codes([e["action"] for e in events], ACTIONS)
    material = codes([e["material"] for e in events], KNOWN_MATERIALS)
    onset = soft_onsets(times, precise)
    late = extra[extra > labelled]
    uncertain = soft_onsets(times, extra[extra <= labelled])
    target = np.maximum(onset, soft_onsets(times, late))
    values = cochleagram(torch.from_numpy(sound)[None])[0].numpy()
    at_blow = np.clip((precise * FRAME_RATE).round().astype(int) + 1, 0, len(values) - 1)
    near, nearest = _nearest(times, precise)
    return Example(
        name=name, times=times,
        strokes=np.concatenate([c.strokes for c in chunks]),
        appearance=np.concatenate([c.appearance for c in chunks]).astype(np.float16),
        onset=target,
        weight=(1 - (1 - _UNCERTAIN) * uncertain * (1 - target)).astype(np.float32),
        strength=_of_nearest(near, nearest, strength, np.nan),
        action=_of_nearest(near, nearest, action, NO_LABEL),
        material=_of_nearest(near, nearest, material, NO_LABEL),
        cochleagram=_at_frames(values, times).astype(np.float16),
        events=marked, event_strength=strength, event_action=action, event_material=material,
        event_sound=values[at_blow].astype(np.float32), labelled=labelled,
    )


def codes(names: Sequence[str | None], vocabulary: Sequence[str]) -> NDArray[np.int64]:
    """Index of each name in ``vocabulary``; -1 for None and for names not in it."""
    return np.array([vocabulary.index(n) if n in vocabulary else NO_LABEL for n in names], np.int64)


def save_example(example: Example, path: Path) -> None:
    """Write an example as one array file."""
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, **{f.name: getattr(example, f.name) for f in fields(Example)})
    partial.replace(path)


def load_example(path: Path) -> Example:
    """Read what :func:`save_example` wrote."""
    with np.load(path) as stored:
        values = {f.name: stored[f.name] for f in fields(Example)}
    return Example(**values | {"name": str(values["name"]),
                               "labelled": float(values["labelled"])})


def folds(examples: Sequence[Example], count: int) -> list[list[int]]:
    """Indices of the examples in each of ``count`` folds; a place is in one fold only.

    Places are dealt out from the one with most events to the one with fewest, each to the fold
    that has fewest events so far.
    """
    places: dict[str, list[int]] = {}
    for index, example in enumerate(examples):
        places.setdefault(example.place, []).append(index)
    size = {p: sum(len(examples[i].events) for i in members) for p, members in places.items()}
    dealt: list[list[int]] = [[] for _ in range(count)]
    load = [0] * count
    for place in sorted(places, key=lambda p: (-size[p], p)):
        fold = int(np.argmin(load))
        dealt[fold] += places[place]
        load[fold] += size[place]
    return [sorted(fold) for fold in dealt]


@dataclass(frozen=True)
class Batch:
    """Tensors as the fields of :class:`Example`, with a first dimension of clips."""

    strokes: torch.Tensor
    appearance: torch.Tensor
    onset: torch.Tensor
    weight: torch.Tensor
    strength: torch.Tensor
    action: torch.Tensor
    cochleagram: torch.Tensor


def batches(
    examples: Sequence[Example], *, size: int, length: int, rng: np.random.Generator
) -> Iterator[Batch]:
    """Endless random clips of ``length`` frames, augmented (augment.py); their ``strokes`` are as
    the model's ``usual`` gives them, so that what came before a clip counts too.
    """
    share = np.array([len(e.times) for e in examples], float)
    share /= share.sum()
    while True:
        rows: list[list[NDArray]] = []
        for index in rng.choice(len(examples), size, p=share):
            example = examples[index]
            frames = warp_time(len(example.times), length, rng)
            strokes = augment(example.strokes[frames], rng)
            rest = [getattr(example, f.name)[frames] for f in fields(Batch)[1:]]
            rows.append([strokes, *rest])
        stacked = [torch.from_numpy(np.stack(column)) for column in zip(*rows, strict=True)]
        yield Batch(*(t.float() if t.dtype == torch.float16 else t for t in stacked))


def _nearest(
    times: NDArray[np.float64], events: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which frames lie at an event, and which event is nearest; with no event, none do."""
    if not len(events):
        return np.zeros(len(times), bool), np.zeros(len(times), np.intp)
    distance = np.abs(times[:, None] - events)
    return distance.min(1) <= _AT_EVENT, distance.argmin(1)


def _of_nearest(
    near: NDArray[np.bool_], nearest: NDArray[np.intp], values: NDArray, otherwise: float
) -> NDArray:
    """The value of the nearest event at frames near one: ``[T]``."""
    return np.where(near, np.append(values, otherwise)[nearest], otherwise).astype(values.dtype)


def _at_frames(
    values: NDArray[np.float32], times: NDArray[np.float64]
) -> NDArray[np.float32]:
    """A cochleagram ``[T', 42]`` at the three sub-steps of each frame: ``[T, 3, 42]``."""
    period = np.median(np.diff(times)) if len(times) > 1 else SUBSTEPS / FRAME_RATE
    middles = times[:, None] + period * (np.arange(SUBSTEPS) + 0.5) / SUBSTEPS
    place = np.clip(middles * FRAME_RATE - 0.5, 0, len(values) - 1)
    left = np.minimum(place.astype(int), len(values) - 2)
    weight = (place - left)[..., None]
    return values[left] * (1 - weight) + values[left + 1] * weight
