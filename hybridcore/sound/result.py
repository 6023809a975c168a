"""The sound made for one clip; the page, the command line and the tests read it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import soundfile
from numpy.typing import NDArray

from hybridcore.sound.cochleagram import RATE, Sound, cochleagram_numpy
from hybridcore.sound.events import Onset
from hybridcore.sound.networks import FramePrediction
from hybridcore.text import csv_text, json_text

Method = Literal["exemplar", "parametric"]
METHODS: tuple[Method, ...] = ("exemplar", "parametric")


@dataclass(frozen=True)
class SoundResult:
    """A clip's sound and how it came about.

    duration: of the clip, s. prediction: what the network said of each frame. onsets: what is
    heard, in order of time, each with its exemplar. sound: float32 ``[round(duration * 44100)]``,
    peak at most -1 dB of full scale. bank: the bank's name.
    """

    duration: float
    model: str
    prediction: FramePrediction
    onsets: tuple[Onset, ...]
    sound: Sound
    method: Method
    bank: str

    @cached_property
    def cochleagram(self) -> NDArray[np.float32]:
        """Of the sound that was made, ``[T', 42]``."""
        return cochleagram_numpy(self.sound, RATE)

    def to_json(self) -> dict[str, Any]:
        """Times in s, strengths in dB of full scale, confidence 0..1."""
        return {
            "duration": round(self.duration, 4),
            "model": self.model,
            "method": self.method,
            "bank": self.bank,
            "onsets": self.to_table(),
        }

    def to_json_text(self) -> str:
        """:meth:`to_json` as the text of a file."""
        return json_text(self.to_json())

    def to_table(self) -> list[dict[str, Any]]:
        """One row an onset."""
        return [
            {"time": round(o.time, 4), "strength": round(o.strength, 2), "action": o.action,
             "material": o.material, "confidence": round(o.confidence, 4), "exemplar": o.exemplar}
            for o in self.onsets
        ]

    def to_wav(self) -> bytes:
        """The sound as a 16-bit WAV file."""
        file = io.BytesIO()
        soundfile.write(file, self.sound, RATE, format="WAV", subtype="PCM_16")
        return file.getvalue()

    def to_csv(self) -> str:
        """:meth:`to_table` as the text of a file, with a header."""
        names = ["time", "strength", "action", "material", "confidence", "exemplar"]
        return csv_text(self.to_table(), names)
