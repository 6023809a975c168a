"""The LSTM and C3D with the weights that ship, and what they find in a track of crops."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from hybridcore.cards import load_card
from hybridcore.emotion.c3d import C3D, FRAMES, C3DConfig, clip_logits
from hybridcore.emotion.crops import qualities
from hybridcore.emotion.face_lstm import FaceLSTM, FaceLSTMConfig
from hybridcore.emotion.face_runtime import calibrated_log
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.weights import load_into

_UNSEEN = 128  # grey level of a step at which there is no crop, as in training
_CLIPS_AT_ONCE = 32


@dataclass(frozen=True, eq=False)
class FaceMemory:
    """The LSTM over the features of a track."""

    model: FaceLSTM
    temperature: float

    @classmethod
    def load(cls) -> FaceMemory:
        """With the weights that ship.

        Raises:
            WeightsError: if they are missing or are not the ones that their card names.
        """
        card = load_card("emotion_face_lstm")
        model = FaceLSTM(config=FaceLSTMConfig(**card["config"]))
        return cls(load_into(model, "emotion_face_lstm"), card["calibration"]["temperature"])

    @torch.inference_mode()
    def read(
        self, features: NDArray[np.float32], crops: NDArray[np.uint8], seen: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], LSTMTrace]:
        """Log probabilities ``[m, 7]`` at every step, and the gates and states ``[m, H]``.

        features ``[m, 256]``; crops ``[m, 48, 48]``; seen ``[m]``.
        """
        output = self.model(*(torch.from_numpy(part)[None]
                              for part in (features, qualities(crops), seen)))
        trace = lstm_trace(self.model.lstm, output.inputs[0], output.hidden[0])
        return calibrated_log(output.logits[0].numpy(), self.temperature), trace


@dataclass(frozen=True, eq=False)
class FaceMotion:
    """C3D over the crops of a track."""

    model: C3D
    temperature: float

    @classmethod
    def load(cls) -> FaceMotion:
        """With the weights that ship.

        Raises:
            WeightsError: if they are missing or are not the ones that their card names.
        """
        card = load_card("emotion_c3d")
        config = {**card["config"], "channels": tuple(card["config"]["channels"])}
        return cls(load_into(C3D(config=C3DConfig(**config)), "emotion_c3d"),
                   card["calibration"]["temperature"])

    def read(
        self, crops: NDArray[np.uint8], seen: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Log probabilities ``[m - 15, 7]``, of the clip that begins at every step.

        crops ``[m, 48, 48]``; seen ``[m]``. None where the track is shorter than a clip.
        """
        if len(crops) < FRAMES:
            return np.zeros((0, self.model.config.classes), np.float32)
        shown = torch.from_numpy(np.where(seen[:, None, None], crops, np.uint8(_UNSEEN)))
        starts = torch.arange(len(crops) - FRAMES + 1)
        logits = [clip_logits(self.model, shown, part) for part in starts.split(_CLIPS_AT_ONCE)]
        return calibrated_log(torch.cat(logits).numpy(), self.temperature)
