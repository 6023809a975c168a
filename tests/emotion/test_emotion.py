"""What a voice and faces say, alone and together, and what is shown of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch

from hybridcore.digits.learn import voice as made_voice
from hybridcore.emotion import charts, exports, view
from hybridcore.emotion.activity import Activity, measures
from hybridcore.emotion.classes import EMOTIONS, VALENCE_AROUSAL
from hybridcore.emotion.faces import FaceFilm, FaceWitnesses
from hybridcore.emotion.fusion import DISAGREE, divergence, fused
from hybridcore.emotion.hearing import VoiceTrack, VoiceWitness, seven, speaks
from hybridcore.emotion.notes import ONE_WITNESS
from hybridcore.emotion.predict import EmotionReader
from hybridcore.emotion.result import (
    CARE,
    MUTED,
    SPEAKERS_MUTED,
    EmotionOutputs,
    EmotionResult,
    Person,
)
from hybridcore.emotion.spectrum import BANDS, RATE, inputs, level_log, mel_power, periodicity
from hybridcore.emotion.system import SYSTEM
from hybridcore.emotion.voice import KINDS, POOL, SPOKEN, WINDOW, Kind, VoiceConfig, VoiceNet
from hybridcore.emotion.witnesses import WITNESSES
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.media import Clip, VideoWriter, write_sound
from hybridcore.media.recording import Recording
from hybridcore.system import Answer, At
from hybridcore.view import Outlines
from tests.emotion.made_up import mesh, track

ALL = Activity((0.0,) * 10, (1.0,) * 10, (0.0,) * 20, 5.0)  # everything that sounds is speech


def sure_of(emotion: str, p: float, count: int) -> np.ndarray:
    """Log probabilities ``[count, 7]``, ``p`` for one emotion."""
    values = np.full((count, 7), (1 - p) / 6)
    values[:, EMOTIONS.index(emotion)] = p
    return np.log(values).astype(np.float32)


class FakeFaces:
    """Sees one face in frames 2 to 9: happy by itself, angry over time, the last crop too dark."""

    def look(self, source: Clip, progress: Any = None) -> FaceFilm:
        n = 8
        times = np.concatenate([chunk.times for chunk in source.chunks()])
        crops = np.random.default_rng(0).integers(0, 256, (n, 48, 48), np.uint8)
        crops[-1] = 7
        meshes = np.stack([mesh(size=40, centre=(28, 28), mouth=0.2)] * n)
        seen = track(meshes, times[2:10], crops=crops)
        return FaceFilm(times, (replace(
            seen, frames=np.arange(2, 10), face=sure_of("happy", 0.9, n),
            boxes=np.tile(np.array([8, 8, 32, 40], np.float32), (n, 1)),
            over_time=sure_of("angry", 0.8, n), motion=np.full((n, 7), np.nan, np.float32)),))

    def evidence(self, crop: np.ndarray, emotion: int) -> np.ndarray:
        return np.eye(len(crop), dtype=np.float32)

    def reliance(self, crop: np.ndarray) -> np.ndarray:
        said = np.tile(sure_of("happy", 0.9, 1)[0], (9, 9, 1))
        said[0, 0] = sure_of("happy", 0.2, 1)[0]
        return said


@pytest.fixture(scope="module")
def witness() -> VoiceWitness:
    torch.manual_seed(0)
    network = VoiceNet(config=VoiceConfig(channels=(8, 8), hidden=4)).eval()
    return VoiceWitness(network, ALL, 1.0)


@pytest.fixture(scope="module")
def spoken() -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.concatenate([made_voice.say(d, made_voice.Voice(), rng) for d in range(6)])


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory, spoken: np.ndarray) -> Clip:
    """Twelve frames a second of nothing, with a voice."""
    path = tmp_path_factory.mktemp("talk") / "talk.mp4"
    with VideoWriter(path, 64, 64, 12, spoken[:RATE], RATE) as writer:
        for k in range(12):
            writer.write(np.full((64, 64, 3), 20 * k, np.uint8))
    return Clip.open(path)


def reader_of(witness: VoiceWitness) -> EmotionReader:
    return EmotionReader(cast(FaceWitnesses, FakeFaces()), witness)


def answered(reader: EmotionReader, source: Any, kind: str = "fused", **options: Any) -> Answer:
    outputs = reader.run(source)
    result = reader.finish(outputs, source, kind, limit=0.5, **options)
    return Answer(SYSTEM, source, kind, result, {}, reader, outputs)


def by_hand(
    said: dict[str, np.ndarray], kind: str = "fused", covered: np.ndarray | None = None,
    **weights: float,
) -> EmotionResult:
    """A result of one person over as many frames as the witnesses speak of."""
    count = len(next(iter(said.values())))
    voice = said.pop("voice", None)
    times = np.arange(count) * 0.08
    person = Person(1, np.arange(count), np.zeros((count, 4), np.float32),
                    np.zeros((count, 468, 2), np.float32), np.zeros((count, 8, 8), np.uint8), said,
                    np.zeros(count, np.float32), np.ones(count, np.float32),
                    np.zeros(count, bool) if covered is None else covered)
    track = None if voice is None else VoiceTrack(
        times, voice, np.ones(count, np.float32), np.zeros((count, BANDS), np.float32),
        np.ones(count, np.float32))
    outputs = EmotionOutputs(times, count * 0.08, (64, 64), (person,) if said else (), track)
    return EmotionResult(kind, outputs, weights, dict.fromkeys(("fused", *said, "voice"), 0.5))


def test_a_product_of_experts_is_what_the_formula_says() -> None:
    a, b = sure_of("happy", 0.6, 3), sure_of("sad", 0.5, 3)
    together = np.exp(fused({"a": a, "b": b}, {"a": 1.0, "b": 2.0}))
    by_formula = np.exp(a) * np.exp(b) ** 2
    np.testing.assert_allclose(together, by_formula / by_formula.sum(1, keepdims=True), rtol=1e-5)
    np.testing.assert_allclose(fused({"a": a, "b": b}, {"a": 1.0, "b": 0.0}), a, atol=1e-6)


def test_who_has_nothing_to_say_changes_nothing() -> None:
    a, b = sure_of("happy", 0.6, 3), sure_of("sad", 0.5, 3)
    b[1] = np.nan
    together = fused({"a": a, "b": b}, {"a": 1.0, "b": 1.0})
    np.testing.assert_allclose(together[1], a[1], atol=1e-6)
    a[1] = np.nan
    assert np.isnan(fused({"a": a, "b": b}, {"a": 1.0, "b": 1.0})[1]).all()
    assert np.isnan(fused({"a": a}, {"a": 0.0})).all()


def test_divergence_is_nothing_where_they_agree_and_a_bit_where_they_share_nothing() -> None:
    one, other = np.full((2, 7), 1e-9), np.full((2, 7), 1e-9)
    one[:, 0] = other[0, 0] = other[1, 1] = 1
    apart = divergence({"one": np.log(one), "other": np.log(other)})
    np.testing.assert_allclose(apart, [0, 1], atol=1e-5)
    assert np.isnan(divergence({"one": np.log(one)})).all()
    below, above = (divergence({"a": sure_of("happy", p, 1), "b": sure_of("sad", p, 1)})[0]
                    for p in (0.45, 0.55))
    assert below < DISAGREE < above


def test_loudness_changes_nothing_and_pitch_is_heard(spoken: np.ndarray) -> None:
    np.testing.assert_allclose(level_log(mel_power(spoken)), level_log(mel_power(0.03 * spoken)),
                               atol=1e-3)
    times = np.arange(RATE) / RATE
    harmonics = np.arange(1, 6)[:, None]
    tone = (np.sin(2 * np.pi * 200 * harmonics * times) / harmonics).sum(0).astype(np.float32)
    height, pitch = periodicity(tone)
    assert height[5:-5].min() > 0.9
    np.testing.assert_allclose(2 ** pitch[5:-5], 200, rtol=0.01)
    noise = np.random.default_rng(0).normal(size=RATE).astype(np.float32)
    assert periodicity(noise)[0].mean() < 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_attention_sums_to_one_and_only_an_lstm_hears_order(kind: Kind) -> None:
    torch.manual_seed(0)
    network = VoiceNet(config=VoiceConfig(kind=kind, channels=(8, 8), width=1, hidden=4)).eval()
    frames = torch.randn(2, WINDOW, BANDS + 2)
    with torch.inference_mode():
        said, weights = network(frames)
        turned, _ = network(frames.view(2, -1, POOL, BANDS + 2).flip(1).flatten(1, 2))
    assert said.shape == (2, len(SPOKEN))
    assert weights.shape == (2, WINDOW // POOL)
    torch.testing.assert_close(weights.sum(1), torch.ones(2))
    assert torch.allclose(said, turned, atol=1e-5) == (kind == "cnn")


def test_calm_counts_as_neutral() -> None:
    logits = np.log(np.array([[0.2, 0.3, 0.1, 0.05, 0.05, 0.1, 0.1, 0.1]]))
    p = np.exp(seven(logits, 1.0))[0]
    assert p[EMOTIONS.index("neutral")] == pytest.approx(0.5)
    assert p.sum() == pytest.approx(1)
    assert np.exp(seven(logits, 4.0)).max() < p.max()


def test_a_voice_is_heard_where_somebody_speaks(
    witness: VoiceWitness, spoken: np.ndarray
) -> None:
    track = witness.hear(np.concatenate([np.zeros(6 * RATE, np.float32), spoken]))
    assert np.isnan(track.log_p[: int(4 / 0.08)]).all()
    said = track.log_p[int(7 / 0.08)]
    assert np.exp(said).sum() == pytest.approx(1, abs=1e-5)
    assert len(track.times) == len(track.activity) == len(track.mel) == len(track.attention)
    assert track.attention.mean() == pytest.approx(1, abs=0.3)
    assert np.isnan(witness.hear(np.zeros(RATE, np.float32)).log_p).all()


def test_what_it_says_is_what_the_network_says_of_the_window(
    witness: VoiceWitness, spoken: np.ndarray
) -> None:
    track = witness.hear(spoken)
    at = 16  # a step at which a window stands
    with torch.inference_mode():
        logits, _ = witness.network(witness.window(spoken, track.times[at]))
    np.testing.assert_allclose(np.exp(seven(logits.numpy(), 1.0))[0], np.exp(track.log_p[at]),
                               atol=2e-3)


def test_speech_that_is_too_short_is_none() -> None:
    activity = np.zeros(100)
    activity[50:53] = 1
    assert not speaks(activity).any()
    activity[40:70] = 1
    assert speaks(activity)[55]
    assert not speaks(activity)[80]


def test_measures_of_silence_are_missing_and_tell_a_voice_from_noise(spoken: np.ndarray) -> None:
    def mean(sound: np.ndarray) -> np.ndarray:
        return np.nanmean(measures(mel_power(sound), *periodicity(sound), sound), 0)

    noise = np.random.default_rng(0).normal(size=len(spoken)).astype(np.float32) / 10
    assert mean(spoken)[5] > 4 * mean(noise)[5]  # syllables
    silent = np.zeros(RATE, np.float32)
    assert np.isnan(measures(mel_power(silent), *periodicity(silent), silent)).all()
    assert ALL.speech(np.full((3, 10), np.nan)).tolist() == [0, 0, 0]


def test_film_with_a_face_and_a_voice(
    witness: VoiceWitness, talk: Clip
) -> None:
    reader = reader_of(witness)
    answer = answered(reader, talk, face=1.0, over_time=0.0, motion=1.0, voice=0.0)
    result = answer.result
    assert result.headline().startswith("Person 1: ")
    said = result.log_p(0)
    assert np.isnan(said["face"][:2]).all()
    assert np.isfinite(said["face"][2:9]).all()
    assert np.isnan(said["face"][9:]).all()  # the picture shows too little
    assert np.isnan(said["motion"]).all()
    player = view.player_view(answer, 0)
    outlines, wires = player.overlays
    assert isinstance(outlines, Outlines)
    assert isinstance(wires, Outlines)
    np.testing.assert_allclose(wires.points[2, 0], answer.result.people[0].mesh[0], atol=1e-6)
    assert {end for edge in wires.edges for end in edge} == set(range(468))
    eye = outlines.points[2, 0, 4]
    np.testing.assert_allclose(eye, wires.points[2, 0, 33], atol=1e-6)  # its first point
    assert outlines.points[2, 0, 0].tolist() == [0.125, 0.125]
    assert np.isnan(outlines.points[0]).all()
    assert CARE in answer.notes
    shown = charts.evidence(answer, At(frame=5))
    assert shown is not None
    relied = charts.covered(answer, At(frame=5))
    assert relied is not None
    assert float(np.min(relied.data[-1].z)) == relied.data[-1].z[0][0] == pytest.approx(0.2)
    assert charts.evidence(answer, At(frame=0)) is None
    assert [item.title for item in view.items(answer).entries] == ["Person 1"]


def test_muted_and_weighted(talk: Clip, witness: VoiceWitness) -> None:
    reader = reader_of(witness)
    heard = answered(reader, talk, face=0.0, over_time=0.0).result
    assert np.isfinite(heard.log_p(0)["fused"]).any()
    muted = answered(reader, talk, face=0.0, over_time=0.0, muted=["voice"]).result
    assert np.isnan(muted.log_p(0)["fused"]).all()
    assert muted.headline() == "Person 1: all who speak here are muted"


def test_any_set_of_witnesses_is_muted(talk: Clip, witness: VoiceWitness) -> None:
    reader = reader_of(witness)
    alone = answered(reader, talk, muted=["over_time", "motion", "voice"])
    said = alone.result.log_p(0)
    happy, other = 0.9**0.3, (0.1 / 6)**0.3
    assert alone.result.mostly(0)[1] == pytest.approx(happy / (happy + 6 * other), rel=1e-5)
    assert np.isfinite(said["over_time"]).any()  # it still speaks for itself
    assert ONE_WITNESS in alone.notes
    assert charts.disagreement(alone, At()) is None
    two = answered(reader, talk, muted=["motion", "voice"])
    assert ONE_WITNESS not in two.notes
    assert charts.disagreement(two, At()) is not None


def test_nobody_is_heard_where_everybody_is_muted(
    talk: Clip, witness: VoiceWitness, tmp_path: Path
) -> None:
    reader = reader_of(witness)
    silent = answered(reader, talk, muted=[w.key for w in WITNESSES])
    assert MUTED in silent.notes
    assert silent.result.headline() == "Person 1: every witness is muted"
    assert charts.timeline(silent, At()) is charts.disagreement(silent, At()) is None
    (panel,) = view.player_view(silent, 0).panels
    assert MUTED in {text for line in panel.lines for text in line.labels}
    for export in SYSTEM.exports:
        export.write(silent, tmp_path / export.file_name)
    assert "not sure" not in (tmp_path / "emotion.vtt").read_text()
    speakers = answered(reader, talk, muted=["face", "over_time", "voice"])
    assert SPEAKERS_MUTED in speakers.notes  # C3D could be heard, but says nothing
    assert MUTED not in speakers.notes


def test_witnesses_disagree_and_it_is_marked() -> None:
    result = by_hand({"face": sure_of("happy", 0.9, 10), "voice": sure_of("angry", 0.9, 10)},
                     face=1.0, voice=1.0)
    assert result.disagrees(0).all()
    strips = view.strips(result, 0)
    assert strips[-1].name == "Disagreement"
    assert strips[-1].codes.tolist() == [0] * 10
    agree = by_hand({"face": sure_of("happy", 0.9, 10), "voice": sure_of("happy", 0.7, 10)},
                    face=1.0, voice=1.0)
    assert not agree.disagrees(0).any()
    alone = by_hand({"face": sure_of("happy", 0.9, 10), "voice": sure_of("angry", 0.9, 10)},
                    face=1.0, voice=0.0)
    assert not alone.disagrees(0).any()


def test_what_is_shown_is_what_is_said() -> None:
    said = np.concatenate([sure_of("happy", 0.9, 6), sure_of("sad", 0.4, 6)])
    said[-1] = np.nan
    result = by_hand({"face": said}, "face", face=1.0)
    codes, sure = result.said(0, "face")
    assert codes.tolist() == [3] * 6 + [7] * 5 + [-1]
    assert sure[:6] == pytest.approx(0.9, abs=1e-5)
    assert view.cues(result, 0) == [(0, pytest.approx(0.48), "happy"),
                                    (pytest.approx(0.48), pytest.approx(0.88), "not sure")]
    assert len(result.to_table()) == 2 * 11  # the face and all together
    pure = by_hand({"face": sure_of("happy", 1 - 1e-7, 2)}, "face", face=1.0)
    np.testing.assert_allclose(pure.plane(0), [VALENCE_AROUSAL["happy"]] * 2, atol=1e-4)


def test_exports_hold_the_answer(
    talk: Clip, witness: VoiceWitness, tmp_path: Path
) -> None:
    answer = answered(reader_of(witness), talk, "face")
    exports.write_vtt(answer, tmp_path / "a.vtt")
    text = (tmp_path / "a.vtt").read_text()
    assert "Person 1: happy" in text
    assert CARE in text
    exports.write_annotated(answer, tmp_path / "a.mp4")
    again = Clip.open(tmp_path / "a.mp4")
    frames = np.concatenate([chunk.frames for chunk in again.chunks()])
    assert len(frames) == 12
    assert abs(frames[5, 20, 8].astype(int) - frames[5, 20, 50]).max() > 40  # the box


def test_a_sound_alone_and_its_lstm(spoken: np.ndarray, witness: VoiceWitness,
                                    tmp_path: Path) -> None:
    write_sound(tmp_path / "a.wav", spoken, RATE)
    source = Recording.open(tmp_path / "a.wav")
    answer = answered(reader_of(witness), source, "voice")
    assert answer.result.headline().startswith("voice: ")
    assert not exports.has_pictures(answer)
    inside = charts.states(answer, At(frame=10))
    assert inside is not None
    assert isinstance(inside.trace, LSTMTrace)
    frames = witness.window(spoken, float(answer.result.times[10]))
    assert witness.network.lstm is not None
    with torch.inference_mode():
        hidden = witness.network.lstm(witness.network.inputs(frames))[0][0].numpy()
    np.testing.assert_allclose(inside.trace.h, hidden, atol=1e-2)
    np.testing.assert_allclose(inside.trace.o * np.tanh(inside.trace.c), hidden, atol=1e-2)
    assert inputs(np.ones((4, BANDS)), np.ones(4), np.full(4, 8.5)).shape == (4, BANDS + 2)
