"""A clip that the network has seen, and the sound of given onsets in it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from hybridcore.errors import HybridCoreError
from hybridcore.jobs import JobProgress
from hybridcore.media import Clip, read_sound
from hybridcore.sound.bank import Bank
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.events import Onset
from hybridcore.sound.networks import FramePrediction
from hybridcore.sound.predict import make_sound, shared_maker
from hybridcore.sound.result import Method, SoundResult
from hybridcore.sound.synthesis import Sound
from hybridcore.sound.targets import sound_onsets
from hybridcore.studio.preview import prepare_video


@dataclass(frozen=True)
class Watched:
    """A clip that the network has seen. real: its own sound, None where it has none (or only
    silence); true: the onsets in it, s; preview: a copy that browsers play."""

    clip: Clip
    prediction: FramePrediction
    real: Sound | None
    true: np.ndarray | None
    preview: Path


def watch(clip: Clip, folder: Path, progress: JobProgress) -> Watched:
    """The job behind the page."""
    prediction = shared_maker().predict(clip, progress.stage("Watching"))
    preview = prepare_video(clip, folder, progress)
    real = None
    if clip.info.has_sound:
        with suppress(HybridCoreError):  # a broken track leaves the clip silent
            real = read_sound(clip.path, RATE)
    if real is None or not np.abs(real).max(initial=0) > 1e-3:
        return Watched(clip, prediction, None, None, preview)
    return Watched(clip, prediction, real, sound_onsets(real, RATE).times, preview)


def sound_of(
    watched: Watched, onsets: list[Onset], method: Method, bank: Bank
) -> SoundResult:
    """The sound of these onsets; the network does not run again."""
    return _made(watched.clip.sha256, tuple(onsets), method, id(bank), watched, bank)


@st.cache_resource(max_entries=32, show_spinner=False)
def _made(
    name: str, onsets: tuple[Onset, ...], method: Method, bank_id: int, _watched: Watched,
    _bank: Bank,
) -> SoundResult:
    return make_sound(_watched.prediction, onsets, _watched.clip.info.duration, method=method,
                      bank=_bank)
