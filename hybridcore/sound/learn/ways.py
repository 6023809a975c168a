"""Ways of making the sound of a recorded video anew, at the true times of its blows."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from hybridcore.media import read_sound
from hybridcore.sound.bank import Bank, Exemplar
from hybridcore.sound.cochleagram import RATE, Sound
from hybridcore.sound.events import Onset
from hybridcore.sound.heard import sound_onsets
from hybridcore.sound.learn.data import Example
from hybridcore.sound.learn.listener import blows
from hybridcore.sound.learn.sureness import likeliest_frames
from hybridcore.sound.learn.targets import refine
from hybridcore.sound.materials import ACTIONS
from hybridcore.sound.model import KNOWN_MATERIALS
from hybridcore.sound.networks import FramePrediction
from hybridcore.sound.predict import make_sound, named_material
from hybridcore.sound.threshold import card_sureness

_PIECE = 0.8  # s of a recorded blow that is pasted

Texts = NDArray[np.str_]


@dataclass(frozen=True)
class Recorded:
    """A video's sound and its N blows. times ``[N]``, s; material, action ``[N]``, "" where not
    labelled; heard ``[N, 5, 33]`` (:func:`blows`)."""

    example: Example
    sound: Sound
    times: NDArray[np.float64]
    material: Texts
    action: Texts
    heard: NDArray[np.float32]


def read_recordings(archive: Path, examples: Sequence[Example]) -> list[Recorded]:
    """The sounds of the videos and their blows, moved to where they are heard."""
    recorded = []
    with zipfile.ZipFile(archive) as opened, TemporaryDirectory() as folder:
        for example in examples:
            sound = read_sound(Path(opened.extract(f"{example.name}.mp4", folder)), RATE)
            times = np.asarray(refine(example.events, sound_onsets(sound, RATE)), np.float64)
            recorded.append(Recorded(
                example, sound, times, _names(example.event_material, KNOWN_MATERIALS),
                _names(example.event_action, ACTIONS), blows(sound, times)))
    return recorded


def predicted_onsets(one: Recorded, prediction: FramePrediction) -> list[Onset]:
    """At each blow what the network predicts at its likeliest frame nearby."""
    frames = likeliest_frames(one.example, prediction)
    sure = card_sureness("lstm")
    return [
        Onset(float(time), float(prediction.strength[k]), ACTIONS[prediction.action[k].argmax()],
              named_material(prediction.material[k], sure))
        for time, k in zip(one.times, frames, strict=True)]


def with_materials(one: Recorded, onsets: Iterable[Onset], told: bool) -> list[Onset]:
    """The onsets with the true material as far as it is labelled, or with none."""
    return [replace(onset, material=str(material) or onset.material if told else "")
            for onset, material in zip(onsets, one.material, strict=True)]


def recorded_bank(recorded: Sequence[Recorded]) -> Bank:
    """All blows of some recordings, as the paper pastes them."""
    return Bank("recorded", [
        Exemplar(f"{one.example.name} {k}", str(material), str(action),
                 one.sound[round(time * RATE) :][: round(min(_PIECE, gap) * RATE)])
        for one in recorded
        for k, (time, gap, material, action) in enumerate(zip(
            one.times, np.diff(one.times, append=np.inf), one.material, one.action, strict=True))
        if round(time * RATE) < len(one.sound) - RATE // 20 and gap > 0.1])


Make = Callable[[Recorded, FramePrediction, Bank], Sound]


def ways(bank: Bank) -> dict[str, Make]:
    """Name of each way of making the sound of a video, and how; the last argument of each
    is the bank of what network and listener learned from."""

    def pasted(bank: Bank, onsets: Sequence[Onset], prediction: FramePrediction, one: Recorded,
               method: str = "exemplar") -> Sound:
        return make_sound(
            prediction, onsets, len(one.sound) / RATE, kind="lstm", threshold=0.0,
            method=method, bank=bank).sound  # type: ignore[arg-type]

    def of(told: bool | None, method: str = "exemplar") -> Make:
        def make(one: Recorded, prediction: FramePrediction, others: Bank) -> Sound:
            onsets = predicted_onsets(one, prediction)
            if told is not None:
                onsets = with_materials(one, onsets, told)
            return pasted(bank, onsets, prediction, one, method)
        return make

    def recordings(told: bool) -> Make:
        def make(one: Recorded, prediction: FramePrediction, others: Bank) -> Sound:
            onsets = with_materials(one, predicted_onsets(one, prediction), told)
            return pasted(others, onsets, prediction, one)
        return make

    return {
        "bank, by predicted material, cochleagram and strength": of(None),
        "bank, by cochleagram and strength alone": of(False),
        "bank, told the true material": of(True),
        "recordings of the other places, by cochleagram, as in the paper": recordings(False),
        "recordings of the other places, told the true material": recordings(True),
        "shaped noise": of(None, "parametric"),
    }


def _names(codes: NDArray[np.int64], vocabulary: Sequence[str]) -> Texts:
    return np.array([vocabulary[c] if c >= 0 else "" for c in codes], str)
