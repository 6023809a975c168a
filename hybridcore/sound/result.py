"""The sound made for one clip; the page, the command line and the tests read it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
import soundfile
from numpy.typing import NDArray

from hybridcore.sound.bank import Bank
from hybridcore.sound.cochleagram import RATE, Sound, long_cochleagram
from hybridcore.sound.events import UNSURE, Onset
from hybridcore.sound.model import Kind
from hybridcore.sound.networks import FramePrediction
from hybridcore.text import percent

Method = Literal["exemplar", "parametric"]
METHODS: tuple[Method, ...] = ("exemplar", "parametric")


@dataclass(frozen=True, eq=False)
class SoundResult:
    """A clip's sound and how it came about.

    duration: of the clip, s. kind: the model's. prediction: that of each frame. threshold: least
    probability of an onset, 0..1. onsets: what is heard, in order of time, each with its
    exemplar. sound: float32 ``[round(duration * 44100)]``, peak at most -1 dB of full scale. bank:
    where the exemplars come from.
    """

    columns: ClassVar = ("time", "strength", "action", "material", "confidence", "exemplar")

    duration: float
    kind: Kind
    prediction: FramePrediction
    threshold: float
    onsets: tuple[Onset, ...]
    sound: Sound
    method: Method
    bank: Bank

    @cached_property
    def cochleagram(self) -> NDArray[np.float32]:
        """Of the sound that was made, ``[T', 42]``."""
        return long_cochleagram(self.sound)

    def to_table(self) -> list[dict[str, Any]]:
        """One row an onset: time in s, strength in dB of full scale, confidence 0..1."""
        return [
            {"time": round(o.time, 4), "strength": round(o.strength, 2), "action": o.action,
             "material": o.material, "confidence": round(o.confidence, 4), "exemplar": o.exemplar}
            for o in self.onsets
        ]

    def to_json(self) -> dict[str, Any]:
        """Everything but the sound itself; times in s, onsets as in :meth:`to_table`."""
        return {
            "duration": round(self.duration, 4),
            "model": self.kind,
            "method": self.method,
            "bank": self.bank.name,
            "onsets": self.to_table(),
        }

    def to_wav(self) -> bytes:
        """The sound as a 16-bit WAV file."""
        file = io.BytesIO()
        soundfile.write(file, self.sound, RATE, format="WAV", subtype="PCM_16")
        return file.getvalue()

    def to_text(self) -> str:
        """The onsets as lines for a person."""
        head = f"{'time':>8}  {'dB':>6}  {'confidence':>10}  {'action':<8} {'material':<10} sound"
        return "\n".join([head, *(
            f"{o.time:8.3f}  {o.strength:6.1f}  {percent(o.confidence):>10}  {o.action:<8} "
            f"{o.material:<10} {o.exemplar}".rstrip() for o in self.onsets)])

    def headline(self) -> str:
        """In one line, how often something is struck, and what."""
        if not self.onsets:
            return "No hits"
        struck = list(dict.fromkeys(onset.material for onset in self.onsets))
        if UNSURE in struck:
            struck.remove(UNSURE)
            struck.append("something unsure")
        count = len(self.onsets)
        return f"{count} hit{'s' if count > 1 else ''} on {', '.join(struck)}"
