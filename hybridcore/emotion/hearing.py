"""A sound in, what the voice in it says out: windows of 2.56 s, and silence where nobody speaks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from hybridcore.cards import load_card
from hybridcore.device import pick_device
from hybridcore.emotion.activity import Activity, measures
from hybridcore.emotion.classes import EMOTIONS
from hybridcore.emotion.spectrum import (
    BANDS,
    FRAMES,
    RATE,
    inputs,
    level_log,
    mel_power,
    periodicity,
)
from hybridcore.emotion.voice import POOL, SPOKEN, WINDOW, VoiceConfig, VoiceNet
from hybridcore.progress import Progress
from hybridcore.weights import load_into

CARD = "emotion_voice"
STEP = POOL / FRAMES  # s
SPEECH = 0.5  # probability from which on somebody speaks
_EVERY = 4  # steps between windows, 0.32 s
_AT_ONCE = 32  # windows
_LEAST = 0.3  # share of a window in which somebody has to speak
# RAVDESS tells calm from neutral; nobody else here does.
SAID = {"angry": "angry", "disgust": "disgust", "fearful": "fear", "happy": "happy", "sad": "sad",
         "surprised": "surprise", "neutral": "neutral", "calm": "neutral"}


@dataclass(frozen=True, eq=False)
class VoiceTrack:
    """What is heard, every 80 ms.

    times: float64 ``[T]``, s. log_p: float32 ``[T, 7]`` in the order of ``EMOTIONS``, of the 2.56 s
    around; NaN where nobody speaks. attention: float32 ``[T]``, how much more than evenly each
    moment weighed, 1 is evenly. mel: float32 ``[T, 64]``, level log bands. activity: float32
    ``[T]``, 0..1.
    """

    times: np.ndarray
    log_p: np.ndarray
    attention: np.ndarray
    mel: np.ndarray
    activity: np.ndarray


class VoiceWitness:
    """Hears an emotion in a voice."""

    def __init__(self, network: VoiceNet, activity: Activity, temperature: float) -> None:
        self.network, self.activity, self.temperature = network, activity, temperature

    @classmethod
    def load(cls, device: str | None = None) -> VoiceWitness:
        """Read the weights.

        Raises:
            WeightsError: they are missing or are not the ones that the card names.
            OptionError: there is no such device.
        """
        card = load_card(CARD)
        network = load_into(VoiceNet(config=VoiceConfig(**card["config"])), CARD)
        return cls(network.to(pick_device(device)), Activity(**card["activity"]),
                   float(card["calibration"]["temperature"]))

    @torch.inference_mode()
    def hear(self, sound: np.ndarray, progress: Progress | None = None) -> VoiceTrack:
        """``sound`` float32 ``[n]`` at 16 kHz; ``progress(done, total)`` counts windows."""
        power = mel_power(sound)
        height, pitch = periodicity(sound)
        steps = -(-len(power) // POOL)
        activity = self.activity.speech(measures(power, height, pitch, sound)[::POOL])
        middles, half = np.arange(0, steps, _EVERY), WINDOW // POOL // 2
        padded = np.pad(np.column_stack([power, height, pitch]), ((WINDOW // 2, WINDOW), (0, 0)))
        logits, weights = [], np.zeros(steps + 2 * half)
        counts = np.zeros_like(weights)
        for k in range(0, len(middles), _AT_ONCE):
            own = middles[k : k + _AT_ONCE]
            said, looked = self.network(self._frames(
                np.stack([padded[POOL * m : POOL * m + WINDOW] for m in own])))
            logits.append(said.cpu().numpy())
            for m, row in zip(own, looked.cpu().numpy(), strict=True):
                weights[m : m + len(row)] += row * len(row)
                counts[m : m + len(row)] += 1
            if progress is not None:
                progress(min(k + _AT_ONCE, len(middles)), len(middles))
        log_p = seven(np.concatenate(logits), self.temperature)
        along = np.stack([np.interp(np.arange(steps), middles, column) for column in log_p.T], 1)
        along -= np.logaddexp.reduce(along, axis=1, keepdims=True)
        along[~speaks(activity)] = np.nan
        shown = slice(half, half + steps)
        bands = np.pad(level_log(power), ((0, POOL * steps - len(power)), (0, 0)), mode="edge")
        return VoiceTrack(
            np.arange(steps) * STEP, along.astype(np.float32),
            (weights / np.maximum(counts, 1))[shown].astype(np.float32),
            bands.reshape(steps, POOL, BANDS).mean(1), activity)

    def window(self, sound: np.ndarray, time: float) -> Tensor:
        """What the network reads of the 2.56 s around a time, ``[1, 128, 66]``."""
        length = round(RATE * WINDOW / FRAMES)
        start = round(time * RATE) - length // 2
        part = np.zeros(length, np.float32)
        own = sound[max(0, start) : max(0, start + length)]
        part[max(0, -start) : max(0, -start) + len(own)] = own
        return self._frames(np.column_stack([mel_power(part), *periodicity(part)])[None])

    def _frames(self, rows: np.ndarray) -> Tensor:
        """Power, periodicity and pitch ``[B, 128, 66]`` as the network reads them."""
        place = next(self.network.parameters()).device
        return torch.from_numpy(inputs(rows[..., :BANDS], rows[..., -2], rows[..., -1])).to(place)


def speaks(activity: np.ndarray) -> np.ndarray:
    """Whether somebody speaks now, and in enough of the 2.56 s around: bool ``[T]``."""
    now = (activity >= SPEECH).astype(np.float64)
    width = WINDOW // POOL
    share = np.convolve(now, np.ones(width), "full")[width // 2 : width // 2 + len(now)] / min(
        width, max(1, len(now)))
    spoken: np.ndarray = (now > 0) & (share >= _LEAST)
    return spoken


def seven(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Logits of what RAVDESS calls emotions ``[N, 8]`` -> log probabilities of ``EMOTIONS``,
    ``[N, 7]``; calm counts as neutral."""
    scaled = logits / temperature
    scaled = scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True)
    return np.stack([np.logaddexp.reduce(
        scaled[:, [k for k, name in enumerate(SPOKEN) if SAID[name] == emotion]], axis=1)
        for emotion in EMOTIONS], 1)
