"""What the page draws of an answer: the plane, lines over time, tables, the LSTMs' states."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from hybridcore.emotion import figures
from hybridcore.emotion.classes import EMOTIONS
from hybridcore.emotion.eating import Chewing, chewing, speaking_while_chewing
from hybridcore.emotion.eating import foods as foods_of
from hybridcore.emotion.fusion import DISAGREE
from hybridcore.emotion.group import group_mood, intensities
from hybridcore.emotion.hearing import SPEECH
from hybridcore.emotion.predict import sound_of
from hybridcore.emotion.result import EmotionResult
from hybridcore.emotion.spectrum import FRAMES
from hybridcore.emotion.view import COLOURS, TITLES, EmotionAnswer, colour_of
from hybridcore.emotion.voice import WINDOW
from hybridcore.encoder.encoder import OBJECT_SIDE, shared_encoder
from hybridcore.layers.bidirectional import both_traces
from hybridcore.layers.flow import FlowRecorder, Step
from hybridcore.media import Clip
from hybridcore.system import At, Fact, States
from hybridcore.text import percent

_TRAIL = 3.0  # s


def facts(answer: EmotionAnswer, at: At) -> Sequence[Fact]:
    """What is shown over all, and how often witnesses disagree."""
    result: EmotionResult = answer.result
    if not _speaks(result, at.item):
        return ()
    name, sure = result.mostly(at.item)
    found = [Fact("Mostly shows", name, percent(sure) if sure else "")]
    if len(result.heard(at.item)) > 1:
        found.append(Fact("Witnesses disagree",
                          percent(float(result.disagrees(at.item).mean())), "of the time"))
    return [*found, *_eats(result, at.item)]


def _eats(result: EmotionResult, item: int) -> list[Fact]:
    """How fast somebody chews, and whether somebody speaks meanwhile; nothing where nobody does."""
    chewed = _chewing(result, item)
    if chewed is None or not chewed.chews.any():
        return []
    rate = float(np.median(chewed.rate[chewed.chews]))
    found = [Fact("Mouth moves evenly, as in chewing", f"{rate:.1f} a second",
                  f"{percent(float(chewed.chews.mean()))} of the time; measured, not recognised")]
    if (voice := result.outputs.voice) is not None:
        share = speaking_while_chewing(chewed, voice.times, voice.activity >= SPEECH)
        found.append(Fact("A voice meanwhile", percent(share), "of that time, whosever it is"))
    return found


def group(answer: EmotionAnswer, at: At) -> go.Figure | None:
    """How happy everybody who is seen now looks, and all together."""
    mood = group_mood(answer.result, at.frame)
    if mood is None:
        return None
    together = answer.model.faces.together(mood.crops)
    return figures.group(
        [person.name for person in mood.people], [colour_of(person) for person in mood.people],
        mood.intensity, mood.weights,
        {"all alike": mood.mean, "by size and place": mood.weighted,
         "LSTM over faces": float(intensities(together[None])[0])})


def mouth(answer: EmotionAnswer, at: At) -> go.Figure | None:
    """How far a mouth is open, and where it moves as evenly as in chewing."""
    result: EmotionResult = answer.result
    chewed = _chewing(result, at.item)
    if chewed is None:
        return None
    person = result.people[at.item]
    return figures.mouth(result.times[person.frames], person.mouth, chewed,
                         result.outputs.duration)


def foods(answer: EmotionAnswer, at: At) -> pd.DataFrame | None:
    """What the encoder takes for food in the frame."""
    if not isinstance(answer.source, Clip):
        return None
    time = float(answer.result.times[min(at.frame, len(answer.result.times) - 1)])
    frame = answer.source.frame_at(time, (OBJECT_SIDE, OBJECT_SIDE))
    logits = shared_encoder().encode(frame[None], "object_logits")["object_logits"]
    return pd.DataFrame([{"food": name, "probability": percent(share)}
                         for name, share in foods_of(logits[0].cpu().numpy())])


def plane(answer: EmotionAnswer, at: At) -> go.Figure | None:
    """Where it lies now in the plane, and the way there."""
    result: EmotionResult = answer.result
    if not _speaks(result, at.item):
        return None
    frame = min(at.frame, len(result.times) - 1)
    first = int(np.searchsorted(result.times, result.times[frame] - _TRAIL))
    return figures.plane(result.plane(at.item)[first : frame + 1])


def timeline(answer: EmotionAnswer, at: At) -> go.Figure | None:
    """Every emotion over time, by the chosen witness."""
    result: EmotionResult = answer.result
    if not _speaks(result, at.item):
        return None
    return figures.lines(result.times, np.exp(result.log_p(at.item)[result.kind]), EMOTIONS,
                         COLOURS, result.outputs.duration, level=result.limits[result.kind],
                         title=f"probability, {TITLES[result.kind].lower()}")


def disagreement(answer: EmotionAnswer, at: At) -> go.Figure | None:
    """How far apart the witnesses are."""
    result: EmotionResult = answer.result
    if len(result.heard(at.item)) < 2:
        return None
    values = result.disagreement(at.item)
    return figures.lines(result.times, values[:, None], ("divergence",), ("#C2467A",),
                         result.outputs.duration, level=DISAGREE, title="bits")


def sound(answer: EmotionAnswer, at: At) -> go.Figure | None:
    """Bands, attention and voice activity."""
    track = answer.result.outputs.voice
    return None if track is None else figures.sound(track, answer.result.outputs.duration)


def evidence(answer: EmotionAnswer, at: At) -> go.Figure | None:
    """Which places of the face speak for what is said of it now, by Grad-CAM."""
    seen = _seen(answer, at)
    if seen is None:
        return None
    crop, emotion = seen
    return figures.evidence(crop, answer.model.faces.evidence(crop, emotion), EMOTIONS[emotion])


def covered(answer: EmotionAnswer, at: At) -> go.Figure | None:
    """What is left of it where a patch covers a place of the face (Zeiler & Fergus 2014)."""
    seen = _seen(answer, at)
    if seen is None:
        return None
    crop, emotion = seen
    p = np.exp(answer.model.faces.reliance(crop)[..., emotion])
    return figures.covered(crop, p, EMOTIONS[emotion])


def table(answer: EmotionAnswer, at: At) -> pd.DataFrame:
    """What every witness says over all, his weight, and how much of the time he speaks."""
    result: EmotionResult = answer.result
    rows = []
    silent = np.full((1, len(EMOTIONS)), np.nan)
    for key, log_p in ({result.kind: silent} | result.log_p(at.item)).items():
        name, sure = result.mostly(at.item, key) if log_p is not silent else ("nothing", 0.0)
        rows.append({
            "witness": TITLES[key], "says": name, "probability": percent(sure) if sure else "",
            "speaks": percent(float(np.isfinite(log_p[:, 0]).mean())),
            "weight": "" if key not in result.weights else f"{result.weights[key]:g}",
            "shown": "yes" if key == result.kind else ""})
    return pd.DataFrame(rows)


@torch.inference_mode()
def states(answer: EmotionAnswer, at: At) -> States | None:
    """The LSTM of the voice over the 2.56 s around the playhead, or that of the face."""
    result: EmotionResult = answer.result
    if result.people and result.kind != "voice":
        person = result.people[min(at.item, len(result.people) - 1)]
        if person.trace is None:
            return None
        signals = person.log_p["over_time"]
        return States(
            person.trace, result.times[person.frames], np.argsort(-person.trace.h.std(0)),
            "those that move most first", note="The LSTM that follows the face.",
            signals={name: np.exp(signals[:, k]) for k, name in enumerate(EMOTIONS)})
    if result.outputs.voice is None or answer.model.voice.network.lstm is None:
        return None
    time = float(result.times[min(at.frame, len(result.times) - 1)])
    network = answer.model.voice.network
    inputs = network.inputs(_window(answer, time))
    hidden = network.lstm(inputs)[0]
    size = network.config.hidden
    steps = time + (np.arange(inputs.shape[1]) + 0.5 - inputs.shape[1] / 2) * (
        WINDOW / FRAMES / inputs.shape[1])
    return States(
        both_traces(network.lstm, inputs[0], hidden[0]), steps,
        np.argsort(-hidden[0].std(0).cpu().numpy(), kind="stable"), "those that move most first",
        names=lambda unit: f"unit {unit}" if unit < size else f"unit {unit - size} ←",
        note="The LSTM of the voice reads 2.56 s at a time, here those around where you stand. "
             "Units marked ← read them backwards.",
        signals={"attention": network(_window(answer, time))[1][0].cpu().numpy()})


@torch.inference_mode()
def flow(answer: EmotionAnswer, at: At) -> Sequence[Step]:
    """From the sound to the emotions, by the voice witness."""
    result: EmotionResult = answer.result
    if result.outputs.voice is None:
        return ()
    network, recorder = answer.model.voice.network, FlowRecorder()
    frames = _window(answer, float(result.times[min(at.frame, len(result.times) - 1)]))
    recorder.note("bands and pitch", frames, symbol="x", batch=0, axis=None, trained=False)
    inputs = network.inputs(frames)
    recorder.note("convolutions", inputs, symbol="z_t", batch=0, axis=None)
    recorder.note("BiLSTM", network.lstm(inputs)[0], symbol="h_t", batch=0, axis=None)
    said, weights = network(frames)
    recorder.note("attention", weights, symbol="a_t", batch=0, axis=None)
    recorder.note("logits", said, batch=0, axis=None)
    return recorder.steps


def _chewing(result: EmotionResult, item: int) -> Chewing | None:
    """Of a person's mouth; None where he is seen once only, or nobody is."""
    if item >= len(result.people) or len(result.people[item].frames) < 2:
        return None
    person = result.people[item]
    return chewing(person.mouth, result.times[person.frames])


def _speaks(result: EmotionResult, item: int) -> bool:
    said = result.log_p(item).get(result.kind)
    return said is not None and bool(np.isfinite(said).any())


def _seen(answer: EmotionAnswer, at: At) -> tuple[np.ndarray, int] | None:
    """The crop of the chosen person now, and the emotion that the CNN finds likeliest in it."""
    result: EmotionResult = answer.result
    if at.item >= len(result.people) or "face" not in result.people[at.item].log_p:
        return None
    person = result.people[at.item]
    rows = np.flatnonzero(person.frames == at.frame)
    if not len(rows) or np.isnan(person.log_p["face"][rows[0]]).any():
        return None
    return person.crops[rows[0]], int(person.log_p["face"][rows[0]].argmax())


def _window(answer: EmotionAnswer, time: float) -> torch.Tensor:
    heard = sound_of(answer.source)
    assert heard is not None
    window: torch.Tensor = answer.model.voice.window(heard, time)
    return window
