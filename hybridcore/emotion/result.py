"""What the witnesses say of a clip; page, command line, store and tests read the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from hybridcore.emotion.classes import EMOTIONS, VALENCE_AROUSAL
from hybridcore.emotion.fusion import DISAGREE, divergence, fused
from hybridcore.emotion.hearing import VoiceTrack
from hybridcore.emotion.witnesses import FUSED, VOICE, WITNESSES
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.text import percent

NOT_SURE = "not sure"
SAID = (*EMOTIONS, NOT_SURE)
CARE = "Expression is not feeling: a face and a voice can be put on, hidden or misread."
MUTED = "Every witness is muted."
SPEAKERS_MUTED = "All who speak here are muted."
_PLANE = np.array([VALENCE_AROUSAL[name] for name in EMOTIONS])  # [7, 2]


@dataclass(frozen=True, eq=False)
class Person:
    """A face that was followed, in the n frames in which it was seen.

    frames: int64 ``[n]``. boxes: float32 ``[n, 4]`` and mesh: float32 ``[n, 468, 2]``, shares of
    the picture's sides. crops: uint8 ``[n, S, S]``. log_p: float32 ``[n, 7]`` of every witness who
    looks at faces, NaN where he has nothing to say. mouth: float32 ``[n]``, how far it is open.
    quality: float32 ``[n]``, 0..1. covered: bool ``[n]``, where mouth and nose look covered, so
    that nobody says what the face shows. trace: of the LSTM.
    """

    number: int
    frames: np.ndarray
    boxes: np.ndarray
    mesh: np.ndarray
    crops: np.ndarray
    log_p: dict[str, np.ndarray]
    mouth: np.ndarray
    quality: np.ndarray
    covered: np.ndarray
    trace: LSTMTrace | None = None

    @property
    def name(self) -> str:
        """As the page calls it."""
        return f"Person {self.number}"


@dataclass(frozen=True, eq=False)
class EmotionOutputs:
    """What the networks gave. times: float64 ``[T]``, s, of the frames, or of the steps of 40 ms
    where there are no pictures. size: width and height, px."""

    times: np.ndarray
    duration: float
    size: tuple[int, int]
    people: tuple[Person, ...]
    voice: VoiceTrack | None


@dataclass(frozen=True, eq=False)
class EmotionResult:
    """The same under weights and a limit that somebody chose.

    kind: whose answer it is, a witness or all together. weights: of every witness. limits: from how
    probable on an emotion is named, of every witness and all together.
    """

    columns: ClassVar = ("person", "time", "witness", "emotion", "probability",
                         *EMOTIONS, "valence", "arousal", "disagreement", "covered")

    kind: str
    outputs: EmotionOutputs
    weights: Mapping[str, float]
    limits: Mapping[str, float]

    @property
    def times(self) -> np.ndarray:
        """s, ``[T]``."""
        return self.outputs.times

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who is seen, in the order of coming."""
        return self.outputs.people

    @cached_property
    def voice(self) -> np.ndarray | None:
        """What the voice says at every frame, float32 ``[T, 7]``."""
        track = self.outputs.voice
        if track is None:
            return None
        nearest = np.clip(np.searchsorted(track.times, self.times), 0, len(track.times) - 1)
        return track.log_p[nearest]

    @cached_property
    def _said(self) -> list[dict[str, np.ndarray]]:
        voice = {} if self.voice is None else {"voice": self.voice}
        found = []
        for person in self.people:
            own = {}
            for key, value in person.log_p.items():
                own[key] = np.full((len(self.times), len(EMOTIONS)), np.nan, np.float32)
                own[key][person.frames] = value
            found.append(own | voice)
        found = found or ([voice] if voice else [])
        return [{**own, FUSED: fused(own, self.weights)} for own in found]

    def log_p(self, item: int) -> dict[str, np.ndarray]:
        """What every witness says of one person, and all together: float32 ``[T, 7]`` each. Where
        nobody is seen, item 0 is the voice; empty where there is none either."""
        return self._said[item] if item < len(self._said) else {}

    def covered(self, item: int) -> np.ndarray:
        """Where mouth and nose of one person look covered, bool ``[T]``."""
        found = np.zeros(len(self.times), bool)
        if item < len(self.people):
            found[self.people[item].frames] = self.people[item].covered
        return found

    def said(self, item: int, key: str) -> tuple[np.ndarray, np.ndarray]:
        """Which of :data:`SAID` a witness says at every time, -1 where nothing, and how probable it
        is, 0..1: ``[T]`` each. Who looks at a face that is covered is not sure, and says 0."""
        p = np.exp(np.nan_to_num(self.log_p(item)[key], nan=-np.inf))
        best, sure = p.argmax(1), p.max(1)
        codes = np.where(sure >= self.limits[key], best, len(EMOTIONS))
        hidden = self.covered(item) & (key != VOICE)
        silent = np.where(hidden, len(EMOTIONS), -1)
        return np.where(sure > 0, codes, silent), sure.astype(np.float32)

    def plane(self, item: int, key: str | None = None) -> np.ndarray:
        """Valence and arousal over time, the mean of the places of all emotions by their
        probability, ``[T, 2]``, NaN where nothing is said."""
        places: np.ndarray = np.exp(self.log_p(item)[key or self.kind]) @ _PLANE
        return places

    def disagreement(self, item: int) -> np.ndarray:
        """Of the witnesses who are heard, bits ``[T]``."""
        heard = {key: self.log_p(item)[key] for key in self.heard(item)}
        return divergence(heard) if heard else np.full(len(self.times), np.nan)

    def disagrees(self, item: int) -> np.ndarray:
        """Where they disagree, bool ``[T]``."""
        apart: np.ndarray = np.nan_to_num(self.disagreement(item)) >= DISAGREE
        return apart

    def covered_share(self, item: int) -> float:
        """Of the frames in which one person is seen, how many show mouth and nose covered, 0..1."""
        covered = self.people[item].covered if item < len(self.people) else np.zeros(1, bool)
        return round(float(covered.mean()), 4)

    def witnesses(self, item: int) -> list[str]:
        """Keys of those who speak of one person at least once, in their order."""
        said = self.log_p(item)
        return [w.key for w in WITNESSES if w.key in said and np.isfinite(said[w.key]).any()]

    def heard(self, item: int) -> list[str]:
        """Those of them with a weight, who are not muted."""
        return [key for key in self.witnesses(item) if self.weights.get(key, 0) > 0]

    def silence(self, item: int) -> str:
        """Why nothing is said of one person by all together; empty where something is, or where
        nobody could say anything."""
        if self.kind != FUSED or self.heard(item) or not self.witnesses(item):
            return ""
        return SPEAKERS_MUTED if any(self.weights.values()) else MUTED

    def mostly(self, item: int, key: str | None = None) -> tuple[str, float]:
        """The emotion of the mean over time and its probability; not sure below its limit, and of a
        face that is covered whenever somebody could speak of it."""
        key = key or self.kind
        p = np.exp(self.log_p(item)[key])
        mean = np.nanmean(p, 0) if np.isfinite(p).any() else np.full(len(EMOTIONS), np.nan)
        if not np.isfinite(mean).all():
            hidden = key != VOICE and self.covered(item).any()
            return NOT_SURE if hidden else "nothing", 0.0
        best = int(mean.argmax())
        name = EMOTIONS[best] if mean[best] >= self.limits[key] else NOT_SURE
        return name, float(mean[best])

    def headline(self) -> str:
        """The answer in a line."""
        if not self._said:
            return "no face and no voice"
        parts = []
        for item, own in enumerate(self._said):
            if self.kind not in own:
                continue
            name, sure = self.mostly(item)
            name = self.silence(item).rstrip(".").lower() or name
            who = self.people[item].name if self.people else "voice"
            parts.append(f"{who}: {name}" + (f" ({percent(sure)})" if sure else ""))
        return "; ".join(parts) or "nothing"

    def to_text(self) -> str:
        """What the command prints."""
        lines = [self.headline()]
        for item, own in enumerate(self._said):
            who = self.people[item].name if self.people else "voice"
            for key in own:
                name, sure = self.mostly(item, key)
                lines.append(f"  {who:<10} {key:<10} {name:<9} {percent(sure) if sure else ''}")
        return "\n".join(line.rstrip() for line in lines)

    def to_table(self) -> list[dict[str, Any]]:
        """A row for every person, witness and time at which something is said, not sure among it;
        empty where there is no number."""
        rows = []
        for item, own in enumerate(self._said):
            apart, hidden = self.disagreement(item), self.covered(item)
            for key, log_p in own.items():
                codes, sure = self.said(item, key)
                places = self.plane(item, key)
                for t in np.flatnonzero(codes >= 0):
                    rows.append({
                        "person": self.people[item].number if self.people else "",
                        "time": round(float(self.times[t]), 4), "witness": key,
                        "emotion": SAID[codes[t]], "probability": _rounded(sure[t] or np.nan),
                        **{name: _rounded(p)
                           for name, p in zip(EMOTIONS, np.exp(log_p[t]), strict=True)},
                        "valence": _rounded(places[t, 0]), "arousal": _rounded(places[t, 1]),
                        "disagreement": _rounded(apart[t]), "covered": int(hidden[t])})
        return rows

    def to_json(self) -> dict[str, Any]:
        """What is said of everybody, and with which weights."""
        return {
            "care": CARE, "kind": self.kind, "weights": dict(self.weights),
            "sure_from": dict(self.limits), "disagree_from_bits": round(DISAGREE, 4),
            "people": [{
                "person": self.people[item].number if self.people else None,
                "mostly": {key: dict(zip(("emotion", "probability"), (
                    name, round(sure, 4)), strict=True))
                    for key in own for name, sure in [self.mostly(item, key)]},
                "disagreement_share": round(float(self.disagrees(item).mean()), 4),
                "covered_share": self.covered_share(item),
            } for item, own in enumerate(self._said)],
            "moments": self.to_table()}


def _rounded(value: float) -> float | str:
    """For a table; empty where there is no number."""
    return "" if np.isnan(value) else round(float(value), 4)
