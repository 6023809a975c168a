"""Load a sound model and run it over the features of a clip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from hybridcore.cards import load_card
from hybridcore.layers.flow import FlowRecorder
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.layers.rows import Rows
from hybridcore.sound.cochleagram import FRAME_RATE
from hybridcore.sound.features import FeatureChunk
from hybridcore.sound.model import (
    OVER_TIME,
    SUBSTEPS,
    Kind,
    SoundConfig,
    SoundModel,
    SoundOutput,
    SoundState,
)
from hybridcore.sound.usual import Sums
from hybridcore.weights import load_into

_MEMORY: dict[Kind, str] = {  # what runs over time
    "lstm": "LSTM", "bilstm": "bidirectional LSTM", "tcn": "TCN", "frame": "no memory"}


@dataclass(frozen=True)
class FramePrediction:
    """What a model predicts for each analysed frame, ``T`` of them.

    times: float64 ``[T]``, s. onset: ``[T]``, probability that a blow falls on the frame.
    strength: ``[T]``, dB of full scale, of the blow if there is one. action: ``[T, 2]``,
    probabilities of :data:`~hybridcore.sound.materials.ACTIONS`; material: ``[T, 14]``, of
    ``KNOWN_MATERIALS``. cochleagram: ``[T', 42]`` at 90 Hz from time 0, not negative.
    inputs: ``[T, dim]``, x_t; hidden: ``[T, H]``, the steps of the LSTM (of its forward direction,
    where it has two), None where there is no LSTM; step ``k`` describes frame ``k - lookahead``.
    All float32 but the times.
    """

    times: NDArray[np.float64]
    onset: NDArray[np.float32]
    strength: NDArray[np.float32]
    action: NDArray[np.float32]
    material: NDArray[np.float32]
    cochleagram: NDArray[np.float32]
    inputs: NDArray[np.float32]
    hidden: NDArray[np.float32] | None = None


def load_model(name: Kind = "lstm") -> SoundModel:
    """The trained model ``name`` on the CPU, in eval mode.

    Raises:
        WeightsError: its weights are missing or are not the ones that its card names.
    """
    model = SoundModel(config=SoundConfig(**load_card(f"sound_{name}")["config"]))
    return load_into(model, f"sound_{name}")


class FramePredictor:
    """Runs a model over the features of one clip, chunk after chunk.

    The causal models carry their state from chunk to chunk, so the answer does not depend on how
    the clip was cut; the bidirectional one waits for the last chunk, and keeps all until then.
    """

    def __init__(self, model: SoundModel) -> None:
        self.flow = FlowRecorder()
        self._model = model
        self._rows = Rows()
        self._state: SoundState | None = None
        self._sums: Sums | None = None
        self._times: list[NDArray[np.float64]] = []
        self._waiting: list[FeatureChunk] = []
        self._last: FeatureChunk | None = None

    def step(self, chunk: FeatureChunk) -> None:
        """Read the next chunk."""
        self._times.append(chunk.times)
        self._last = chunk
        self._waiting.append(chunk)
        if self._model.config.kind != "bilstm":
            self._read()

    def so_far(self) -> FramePrediction | None:
        """What the model says of the frames so far; None while that is nothing."""
        known = sum(map(len, self._times)) - self._model.lookahead
        if known < 1 or self._waiting:
            return None
        return self._prediction(np.concatenate(self._times)[:known], self._rows.so_far)

    def finish(self) -> FramePrediction:
        """What the model says once the clip has ended.

        Raises:
            ValueError: there was no chunk.
        """
        if self._last is None:
            raise ValueError("a clip has at least one chunk of features")
        if self._model.lookahead:  # so that the last frames have their steps too
            self._waiting.append(_stillness(self._last, self._model.lookahead))
        if self._waiting:
            self._read()
        return self._prediction(np.concatenate(self._times), self._rows.join)

    def _prediction(
        self, times: NDArray[np.float64], rows: Callable[[str], np.ndarray]
    ) -> FramePrediction:
        """Of the frames at ``times``; ``rows`` gives the steps, by the names of `SoundOutput`."""
        spoken = slice(self._model.lookahead, self._model.lookahead + len(times))

        def steps(name: str) -> Tensor:
            return torch.from_numpy(rows(name)[spoken])

        recurrent = self._model.config.kind in ("lstm", "bilstm")
        forward = slice(self._model.config.hidden)
        return FramePrediction(
            times=times,
            onset=steps("onset_logits").sigmoid().numpy(),
            strength=steps("strength").numpy(),
            action=steps("action_logits").softmax(-1).numpy(),
            material=steps("material_logits").softmax(-1).numpy(),
            cochleagram=at_90_hz(times, steps("cochleagram").clamp(min=0).numpy()),
            inputs=rows("inputs")[: len(times)],
            hidden=rows("hidden")[: len(times), forward] if recurrent else None,
        )

    @torch.inference_mode()
    def _read(self) -> None:
        """Run the model over what waits, from the state that it is in."""
        device = self._model.onset.weight.device
        strokes = np.concatenate([chunk.strokes for chunk in self._waiting])[None]
        appearance = np.concatenate([chunk.appearance for chunk in self._waiting])[None]
        self._waiting = []
        # Longer than the clip by the stillness that follows it.
        self.flow.note("strokes", strokes, symbol="m_t", axis=1, batch=0, trained=False)
        usual, self._sums = self._model.usual(torch.from_numpy(strokes).to(device), self._sums)
        with _recording(self._model, self.flow):
            output = self._model(usual, torch.from_numpy(appearance).to(device), self._state)
        self.flow.note("cochleagram", output.cochleagram, symbol="s_t", axis=1, batch=0)
        self._state = output.state
        self._rows.add(**{field.name: getattr(output, field.name)[0]
                          for field in fields(SoundOutput) if field.name != "state"})


def predict_frames(model: SoundModel, chunks: Iterable[FeatureChunk]) -> FramePrediction:
    """Run ``model`` over the features of a clip, in order; see :class:`FramePredictor`."""
    predictor = FramePredictor(model)
    for chunk in chunks:
        predictor.step(chunk)
    return predictor.finish()


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


def recurrent_trace(model: SoundModel, prediction: FramePrediction) -> LSTMTrace | None:
    """Gates and states of the LSTM over the clip, ``[T, H]`` each, in its forward direction; see
    ``FramePrediction`` for which frame a step describes. None where there is no LSTM.
    """
    if prediction.hidden is None:
        return None
    device = model.onset.weight.device
    return lstm_trace(
        model.lstm, torch.from_numpy(prediction.inputs).to(device),
        torch.from_numpy(prediction.hidden).to(device))


@contextmanager
def _recording(model: SoundModel, flow: FlowRecorder) -> Iterator[None]:
    """Records what leaves the parts of the model while the block runs."""
    kind = model.config.kind
    with ExitStack() as watching:
        for title, symbol, module in (
            ("embedding", "x_t", model.strokes),
            (_MEMORY[kind], "h_t", getattr(model, OVER_TIME[kind])),
            ("onset", "", model.onset), ("level of motion", "", model.level),
            ("dB", "", model.strength), ("action", "", model.action),
            ("material", "", model.material),
        ):
            watching.enter_context(
                flow.watching({title: module}, symbol=symbol, axis=1, batch=0))
        yield


def _stillness(last: FeatureChunk, frames: int) -> FeatureChunk:
    """What follows the clip: nothing moves any more."""
    return FeatureChunk(
        times=np.repeat(last.times[-1:], frames),
        strokes=np.zeros((frames, last.strokes.shape[1]), np.float32),
        appearance=np.repeat(last.appearance[-1:], frames, 0),
        done=last.done,
    )
