"""How good the sound models are on places that they were not trained on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hybridcore.sound.data import Example
from hybridcore.sound.features import FeatureChunk
from hybridcore.sound.metrics import Detections
from hybridcore.sound.model import SoundModel
from hybridcore.sound.networks import FramePrediction, predict_frames
from hybridcore.sound.onsets import pick_onsets

LOWEST = 0.02  # probability from which an onset is a candidate
_CHUNK = 256


def predict_example(model: SoundModel, example: Example) -> FramePrediction:
    """What ``model`` says of an example's stored features."""
    return predict_frames(model, (
        FeatureChunk(
            times=example.times[at : at + _CHUNK],
            maps=example.maps[at : at + _CHUNK].astype(np.float32),
            appearance=example.appearance[at : at + _CHUNK].astype(np.float32),
            done=min(at + _CHUNK, len(example.times)),
        )
        for at in range(0, len(example.times), _CHUNK)))


def detections(example: Example, times: NDArray, scores: NDArray) -> Detections:
    """Onsets picked from ``scores [T]`` at ``times``, as far as the labels reach."""
    frames, found = pick_onsets(times, scores, LOWEST)
    inside = found <= example.labelled
    return Detections(found[inside], scores[frames[inside]], example.events)
