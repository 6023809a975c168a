"""What the page draws of an answer: charts, the LSTM's states, the way of the tensors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from hybridcore.layers.flow import Step
from hybridcore.media import Clip
from hybridcore.sound import figures
from hybridcore.sound.cochleagram import RATE, Sound, cochleagram_numpy, long_cochleagram
from hybridcore.sound.materials import ACTIONS
from hybridcore.sound.model import KNOWN_MATERIALS
from hybridcore.sound.networks import recurrent_trace
from hybridcore.sound.predict import own_sound
from hybridcore.sound.result import SoundResult
from hybridcore.system import Answer, At, States

_HIT = 0.5  # s of the sound that is shown of a hit without an exemplar

SoundAnswer = Answer[Clip, SoundResult]


def timeline(answer: SoundAnswer, at: At) -> go.Figure:
    """Probability of an onset, and the onsets."""
    result = answer.result
    return figures.onset_timeline(
        result.prediction, result.onsets, result.threshold, result.duration,
        answer.outputs.own_onsets)


def hit(answer: SoundAnswer, at: At) -> go.Figure | None:
    """What is heard of the hit chosen."""
    result = answer.result
    if at.item >= len(result.onsets):
        return None
    sound = sound_at(result, at.item)
    return figures.exemplar_figure(sound, cochleagram_numpy(sound))


def sound_at(result: SoundResult, item: int) -> Sound:
    """The sound of one hit by itself, ``[n]``: its exemplar, or the piece of what was made."""
    onset = result.onsets[item]
    if result.method == "exemplar":
        return result.bank[onset.exemplar].sound
    first = min(round(onset.time * RATE), len(result.sound) - 1)
    return result.sound[first : first + round(_HIT * RATE)]


def cochleagrams(answer: SoundAnswer, at: At) -> go.Figure:
    """Predicted, made and, where there is one, the clip's own."""
    return figures.cochleagrams(answer.result, _own_cochleagram(answer))


def loudness(answer: SoundAnswer, at: At) -> go.Figure:
    """Loudness of the same."""
    return figures.loudness_lines(answer.result, _own_cochleagram(answer))


def waveforms(answer: SoundAnswer, at: At) -> go.Figure:
    """What was made over the clip's own."""
    return figures.waveforms(answer.result, _own_sound(answer))


def states(answer: SoundAnswer, at: At) -> States | None:
    """The LSTM from inside; None for the models that have none."""
    prediction, model = answer.result.prediction, answer.model.models[answer.result.kind]
    trace = recurrent_trace(model, prediction)
    if trace is None:
        return None
    note = (f"Each step describes the moment {model.lookahead} frames earlier: what follows a hit "
            "tells as much about it as what comes before.")
    if answer.result.kind == "bilstm":
        note += (" This model reads the clip in both directions; the forward one is shown, which "
                 "knows nothing of what comes later.")
    return States(
        trace, prediction.times, np.argsort(-np.abs(np.diff(trace.c, axis=0)).max(0, initial=0)),
        "most active first", note=note, signals={
            "an onset": prediction.onset,
            **{action: prediction.action[:, k] for k, action in enumerate(ACTIONS)},
            **{material: prediction.material[:, k] for k, material in enumerate(KNOWN_MATERIALS)},
        })


def flow(answer: SoundAnswer, at: At) -> Sequence[Step]:
    """The way of this clip's tensors through the model chosen."""
    steps: Sequence[Step] = answer.outputs.flow[answer.result.kind]
    return steps


def _own_sound(answer: SoundAnswer) -> Sound | None:
    return None if answer.outputs.own_onsets is None else own_sound(answer.source)


def _own_cochleagram(answer: SoundAnswer) -> NDArray[np.float32] | None:
    return None if answer.outputs.own_onsets is None else _cochleagram_of(answer.source)


@lru_cache(maxsize=4)
def _cochleagram_of(clip: Clip) -> NDArray[np.float32] | None:
    """Of the clip's own sound: two charts show it, and it is a hundredth of the sound."""
    sound = own_sound(clip)
    return None if sound is None else long_cochleagram(sound)
