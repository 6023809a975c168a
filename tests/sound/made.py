"""Predictions made up by hand, another for every kind of network, and answers from them."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from hybridcore.answers import finish
from hybridcore.layers.flow import Step
from hybridcore.media import Clip
from hybridcore.sound.model import KINDS, KNOWN_MATERIALS, Kind, SoundConfig, SoundModel
from hybridcore.sound.networks import FramePrediction
from hybridcore.sound.predict import ClipPrediction, SoundMaker
from hybridcore.sound.result import SoundResult
from hybridcore.sound.system import SYSTEM
from hybridcore.system import Answer
from tests.sound.grey import GreyEncoder

HITS: dict[Kind, tuple[float, ...]] = {
    "lstm": (0.5, 1.5), "bilstm": (0.4, 1.0, 1.7), "tcn": (0.8,), "frame": (0.3, 0.9, 1.2, 1.8)}
STRUCK: dict[Kind, str] = {"lstm": "metal", "bilstm": "wood", "tcn": "ceramic", "frame": "water"}
SURE: dict[Kind, float] = {"lstm": 0.9, "bilstm": 0.8, "tcn": 0.7, "frame": 0.6}
STRENGTH: dict[Kind, float] = {"lstm": -24.0, "bilstm": -18.0, "tcn": -30.0, "frame": -12.0}
SMALL = SoundConfig(dim=12, hidden=10, appearance=4, tcn_levels=2)


def prediction(
    kind: Kind = "lstm", seconds: float = 2.0, hits: tuple[float, ...] | None = None
) -> FramePrediction:
    """A network that is certain of a hit at each of ``hits``, which lie on frames; at these alone
    it predicts the strength and the material."""
    hits = HITS[kind] if hits is None else hits
    rng = np.random.default_rng(KINDS.index(kind))
    times = np.arange(round(30 * seconds)) / 30
    count = len(times)
    bumps = [np.exp(-(((times - t) / 0.03) ** 2)) for t in hits]
    material = rng.random((count, len(KNOWN_MATERIALS)), np.float32) * 0.05
    struck = np.round(30 * np.array(hits)).astype(int)
    material[struck, KNOWN_MATERIALS.index(STRUCK[kind])] = 1.0
    strength = np.full(count, STRENGTH[kind] - 7, np.float32)
    strength[struck] = STRENGTH[kind]
    hit = rng.uniform(0.6, 0.9, (count, 1)).astype(np.float32)
    steps = np.full((round(90 * seconds), 42), 0.02, np.float32)
    for t in hits:
        steps[round(90 * t) : round(90 * t) + 20] += SURE[kind] / 3
    recurrent = kind in ("lstm", "bilstm")
    return FramePrediction(
        times=times, onset=np.float32(SURE[kind]) * np.max([*bumps, 0 * times], 0).astype(
            np.float32),
        strength=strength,
        action=np.concatenate([hit, 1 - hit], 1),  # hit, scratch
        material=material / material.sum(1, keepdims=True), cochleagram=steps,
        inputs=rng.random((count, SMALL.dim), np.float32),
        hidden=rng.uniform(-1, 1, (count, SMALL.hidden)).astype(np.float32) if recurrent else None)


def clip_prediction(own: tuple[float, ...] | None = (0.52, 1.48)) -> ClipPrediction:
    """Two seconds, with onsets ``own`` in the clip's own sound."""
    return ClipPrediction(
        duration=2.0, by_kind={kind: prediction(kind) for kind in KINDS},
        flow={kind: (Step(kind, "", (60, k)),) for k, kind in enumerate(KINDS)},
        own_onsets=None if own is None else np.array(own))


def small_maker() -> SoundMaker:
    """Small networks with random weights, and an encoder that does not care."""
    torch.manual_seed(0)
    return SoundMaker(GreyEncoder(), {
        kind: SoundModel(config=SoundConfig(**{**vars(SMALL), "kind": kind})).eval()
        for kind in KINDS})


def answer(
    kind: Kind, path: Path, own: tuple[float, ...] | None = (0.52, 1.48), **options: Any
) -> Answer[Clip, SoundResult]:
    """What the page and the command show of a clip of two seconds."""
    chosen = SYSTEM.defaults(kind) | {"threshold": 0.5} | options
    return finish(SYSTEM, small_maker(), clip_prediction(own), Clip.open(path), kind, chosen)
