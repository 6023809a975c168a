"""Load a sound model and run it over the features of a clip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray

from hybridcore.cards import load_card
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.sound.cochleagram import FRAME_RATE
from hybridcore.sound.features import FeatureChunk
from hybridcore.sound.model import SUBSTEPS, Kind, SoundConfig, SoundModel, SoundOutput
from hybridcore.weights import load_into


@dataclass(frozen=True)
class FramePrediction:
    """What a model says of each analysed frame, ``T`` of them.

    times: float64 ``[T]``, s. onset: ``[T]``, probability that a blow falls on the frame.
    strength: ``[T]``, dB of full scale, of the blow if there is one. action: ``[T, 2]``,
    probabilities of :data:`~hybridcore.sound.materials.ACTIONS`; material: ``[T, 14]``, of
    ``KNOWN_MATERIALS``. cochleagram: ``[T', 42]`` at 90 Hz from time 0, not negative.
    inputs, hidden: ``[T, dim]``, ``[T, H]``, the steps of the recurrent layer; step ``k`` speaks
    of frame ``k - lookahead``. All float32 but the times.
    """

    times: NDArray[np.float64]
    onset: NDArray[np.float32]
    strength: NDArray[np.float32]
    action: NDArray[np.float32]
    material: NDArray[np.float32]
    cochleagram: NDArray[np.float32]
    inputs: NDArray[np.float32]
    hidden: NDArray[np.float32]


def load_model(name: Kind = "lstm") -> SoundModel:
    """The trained model ``name`` on the CPU, in eval mode.

    Raises:
        WeightsError: its weights are missing or are not the ones that its card names.
    """
    model = SoundModel(config=SoundConfig(**load_card(f"sound_{name}")["config"]))
    return load_into(model, f"sound_{name}")


@torch.inference_mode()
def predict_frames(model: SoundModel, chunks: Iterable[FeatureChunk]) -> FramePrediction:
    """Run ``model`` over the features of a clip, in order.

    The causal models carry their state from chunk to chunk, so the answer does not depend on how
    the clip was cut; the bidirectional one waits for the last chunk.

    Raises:
        ValueError: there is no chunk.
    """
    device = model.timing.weight.device
    whole = model.config.kind == "bilstm"
    parts: list[SoundOutput] = []
    times: list[NDArray[np.float64]] = []
    waiting: list[FeatureChunk] = []
    state = None
    last: FeatureChunk | None = None
    for last in chunks:
        times.append(last.times)
        if whole:
            waiting.append(last)
            continue
        output = model(*_tensors([last], device), state)
        state = output.state
        parts.append(output)
    if last is None:
        raise ValueError("a clip has at least one chunk of features")
    if model.lookahead:  # so that the last frames are spoken of too
        waiting.append(_stillness(last, model.lookahead))
    if waiting:
        parts.append(model(*_tensors(waiting, device), state))
    found = {
        name: torch.cat([getattr(part, name)[0] for part in parts]).cpu()
        for name in (field.name for field in fields(SoundOutput)) if name != "state"
    }
    at = np.concatenate(times)
    spoken = {name: value[model.lookahead :] for name, value in found.items()}
    return FramePrediction(
        times=at,
        onset=spoken["onset_logits"].sigmoid().numpy(),
        strength=spoken["strength"].numpy(),
        action=spoken["action_logits"].softmax(-1).numpy(),
        material=spoken["material_logits"].softmax(-1).numpy(),
        cochleagram=at_90_hz(at, spoken["cochleagram"].clamp(min=0).numpy()),
        inputs=found["inputs"][: len(at)].numpy(),
        hidden=found["hidden"][: len(at)].numpy(),
    )


def at_90_hz(times: NDArray[np.float64], steps: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sub-steps of frames, ``[T, 3, 42]``, brought to an even clock: ``[T', 42]`` at 90 Hz.

    Step ``k`` of the result covers ``k / 90 .. (k + 1) / 90`` s, up to the end of the last frame.
    """
    period = float(np.median(np.diff(times))) if len(times) > 1 else SUBSTEPS / FRAME_RATE
    edges = np.append(times, times[-1] + period)
    share = (np.arange(SUBSTEPS) + 0.5) / SUBSTEPS
    middles = (edges[:-1, None] + share * np.diff(edges)[:, None]).ravel()
    clock = (np.arange(int(np.ceil(edges[-1] * FRAME_RATE - 1e-6))) + 0.5) / FRAME_RATE
    right = np.clip(np.searchsorted(middles, clock), 1, len(middles) - 1)
    gap = middles[right] - middles[right - 1]
    weight = np.clip((clock - middles[right - 1]) / gap, 0, 1)[:, None]
    flat = steps.reshape(-1, steps.shape[-1])
    return (flat[right - 1] * (1 - weight) + flat[right] * weight).astype(np.float32)


def recurrent_trace(model: SoundModel, prediction: FramePrediction) -> LSTMTrace:
    """Gates and states of the causal LSTM over the clip, ``[T, H]`` each; see ``FramePrediction``
    for which frame a step speaks of.
    """
    return lstm_trace(
        model.lstm, torch.from_numpy(prediction.inputs), torch.from_numpy(prediction.hidden))


def _tensors(
    chunks: list[FeatureChunk], device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    strokes = np.concatenate([chunk.strokes for chunk in chunks])[None]
    appearance = np.concatenate([chunk.appearance for chunk in chunks])[None]
    return torch.from_numpy(strokes).to(device), torch.from_numpy(appearance).to(device)


def _stillness(last: FeatureChunk, frames: int) -> FeatureChunk:
    """What follows the clip: nothing moves any more."""
    return FeatureChunk(
        times=np.repeat(last.times[-1:], frames),
        strokes=np.zeros((frames, last.strokes.shape[1]), np.float32),
        appearance=np.repeat(last.appearance[-1:], frames, 0),
        done=last.done,
    )
