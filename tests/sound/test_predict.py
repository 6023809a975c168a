"""The sound maker from a clip to files: small networks, and predictions made up by hand."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hybridcore.errors import Cancelled, MediaError
from hybridcore.media import Clip, VideoWriter, read_sound
from hybridcore.media.mux import mux
from hybridcore.sound.bank import shipped_bank
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.events import UNSURE, Onset
from hybridcore.sound.features import read_features
from hybridcore.sound.heard import sound_onsets
from hybridcore.sound.mix import Piece, mix
from hybridcore.sound.model import KINDS, Kind
from hybridcore.sound.networks import FramePrediction, predict_frames
from hybridcore.sound.predict import ClipPrediction, check, find_onsets, make_sound
from hybridcore.sound.result import METHODS, SoundResult
from hybridcore.sound.synthesis.synthesise import synthesise
from hybridcore.sound.system import SYSTEM
from hybridcore.sound.threshold import card_threshold
from hybridcore.store import load, save
from tests.sound.grey import GreyEncoder
from tests.sound.made import (
    HITS,
    SMALL,
    STRENGTH,
    STRUCK,
    SURE,
    clip_prediction,
    prediction,
    small_maker,
)


@pytest.fixture(scope="module")
def clip(video: Path) -> Clip:
    return Clip.open(video)


def sound_of(onsets, seconds: float = 2.0, **options) -> SoundResult:
    return make_sound(
        prediction(), onsets, seconds, **{"kind": "lstm", "threshold": 0.5, **options})


@pytest.mark.parametrize("kind", KINDS)
def test_onsets_come_from_the_frames_and_the_threshold(kind: Kind) -> None:
    onsets = find_onsets(prediction(kind), 0.5)
    assert [o.time for o in onsets] == pytest.approx(HITS[kind], abs=0.01)
    assert {(o.material, o.action, o.strength) for o in onsets} == {
        (STRUCK[kind], "hit", STRENGTH[kind])}
    assert [o.confidence for o in onsets] == pytest.approx([SURE[kind]] * len(onsets), abs=1e-3)
    assert find_onsets(prediction(kind), 0.95) == []


def test_a_material_is_said_from_a_probability_on() -> None:
    sure = prediction().material.max(1).max()
    (first, _) = find_onsets(prediction(), 0.5, sure=float(sure) - 1e-3)
    unsure = find_onsets(prediction(), 0.5, sure=float(sure) + 1e-3)
    assert first.material == "metal"
    assert {onset.material for onset in unsure} == {UNSURE}
    result = sound_of(unsure)
    assert result.headline() == "2 hits on something unsure"
    assert all(row["material"] == UNSURE for row in result.to_table())
    assert len({result.bank[onset.exemplar].material for onset in result.onsets}) == 1


@pytest.mark.parametrize("method", METHODS)
def test_sound_is_exact_in_length_repeatable_and_does_not_clip(method) -> None:
    loud = [Onset(t, -6.0, "hit", "metal") for t in np.arange(0, 2, 0.05)]
    one = sound_of(loud, 2.0004, method=method, seed=4)
    assert len(one.sound) == round(2.0004 * RATE)
    assert np.abs(one.sound).max() <= 10 ** (-1 / 20) + 1e-6
    again = sound_of(loud, 2.0004, method=method, seed=4)
    assert np.array_equal(one.sound, again.sound)


@pytest.mark.parametrize("method", METHODS)
def test_silence_in_silence_out(method) -> None:
    still = sound_of([], method=method)
    assert not still.sound.any()
    assert still.onsets == ()
    assert still.headline() == "No hits"


def test_editing_changes_the_sound_without_the_network() -> None:
    onsets = find_onsets(prediction(), 0.5)
    first = sound_of(onsets, 3.0)
    assert all(o.exemplar.startswith("metal hit") for o in first.onsets)
    edited = sound_of([*onsets, Onset(2.4, -20.0, "hit", "glass"),
                       Onset(9.0, -20.0, "hit", "glass")], 3.0)
    assert len(edited.onsets) == 3  # the one after the end is left out
    before = round(2.39 * RATE)
    assert np.array_equal(first.sound[:before], edited.sound[:before])
    assert np.abs(edited.sound[before:]).max() > 10 * np.abs(first.sound[before:]).max()
    assert edited.onsets[2].exemplar in shipped_bank()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_own_onsets_and_threshold(kind: Kind, clip: Clip) -> None:
    maker, prediction_of_clip = small_maker(), clip_prediction()
    result = maker.finish(prediction_of_clip, clip, kind)
    assert result.kind == kind
    assert result.threshold == SYSTEM.defaults(kind)["threshold"] == card_threshold(kind)
    assert [o.time for o in result.onsets] == pytest.approx(HITS[kind], abs=0.01)
    assert len(result.sound) == 2 * RATE
    mine = [Onset(1.1, -20.0, "scratch", "leaf")]
    edited = maker.finish(prediction_of_clip, clip, kind, onsets=mine, threshold=0.2)
    assert [(o.time, o.material) for o in edited.onsets] == [(1.1, "leaf")]


def test_onsets_are_moved_by_how_late_the_kind_is(
    clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = dict(zip(KINDS, (0.03, 0.06, 0.0, 0.6), strict=True))
    monkeypatch.setattr("hybridcore.sound.predict.card_lateness", late.get)
    for kind in KINDS:
        times = [o.time for o in small_maker().finish(clip_prediction(), clip, kind).onsets]
        assert times == pytest.approx([max(t - late[kind], 0) for t in HITS[kind]], abs=0.01)


def test_a_bank_is_read_from_where_it_lies(clip: Clip, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "wood hit.wav", synthesise("wood"), RATE)
    (tmp_path / "empty.wav").touch()
    result = small_maker().finish(clip_prediction(), clip, "lstm", bank=tmp_path)
    assert {o.exemplar for o in result.onsets} == {"wood hit.wav"}
    assert [problem.split(":")[0] for problem in result.bank.problems] == ["empty.wav"]


@pytest.fixture(scope="module")
def looked(loud_video: Path) -> tuple[ClipPrediction, list[tuple[int, int]]]:
    """What small networks with random weights predict of a clip with sound, and the progress."""
    steps: list[tuple[int, int]] = []
    looked = small_maker().run(
        Clip.open(loud_video), lambda done, total: steps.append((done, total)))
    return looked, steps


def test_one_look_answers_for_every_kind(looked, loud_video: Path) -> None:
    prediction_of_clip, steps = looked
    assert steps == sorted(steps)
    assert steps[-1] == (60, 60)
    assert list(prediction_of_clip.by_kind) == list(KINDS)
    chunks = list(read_features(Clip.open(loud_video), GreyEncoder(), chunk=7))
    for kind, model in small_maker().models.items():
        alone = predict_frames(model, chunks)
        together = prediction_of_clip.by_kind[kind]
        for name in ("times", "onset", "strength", "action", "material", "cochleagram"):
            np.testing.assert_allclose(
                getattr(together, name), getattr(alone, name), atol=1e-4, rtol=1e-4)
    onsets = [value.onset for value in prediction_of_clip.by_kind.values()]
    assert all(not np.array_equal(onsets[0], other) for other in onsets[1:])


def test_the_clips_own_onsets_are_found_and_its_samples_are_not_kept(
    looked, loud_video: Path, video: Path
) -> None:
    own = sound_onsets(read_sound(loud_video, RATE), RATE).times
    assert len(own) > 0
    np.testing.assert_array_equal(looked[0].own_onsets, own)
    assert small_maker().run(Clip.open(video)).own_onsets is None


def test_a_stored_prediction_comes_back(looked, tmp_path: Path) -> None:
    original = looked[0]
    save(original, tmp_path / "one.npz")
    assert (tmp_path / "one.npz").stat().st_size < 300_000  # two seconds
    back = load(tmp_path / "one.npz", SYSTEM.output_type)
    assert isinstance(back, ClipPrediction)
    assert back.duration == original.duration
    assert back.flow == original.flow
    np.testing.assert_array_equal(back.own_onsets, original.own_onsets)
    for kind in KINDS:
        for field in fields(FramePrediction):
            before = getattr(original.by_kind[kind], field.name)
            after = getattr(back.by_kind[kind], field.name)
            assert (before is None) == (after is None)
            if before is not None:
                assert after.dtype == before.dtype
                np.testing.assert_array_equal(after, before)


def test_the_shapes_shown_are_those_of_this_clip(looked) -> None:
    for kind, steps in looked[0].flow.items():
        shapes = {step.name: step.shape for step in steps}
        assert shapes["video"] == (60, 128, 192, 3)
        assert shapes["optical flow"] == (60, 6, 16, 24)
        assert shapes["encoder"] == (10, 1280, 4, 6)
        assert shapes["cochleagram"] == (60 + SMALL.lookahead, 3, 42)
        assert ("LSTM" in shapes) == (kind == "lstm")


def test_stop_ends_the_look(video: Path) -> None:
    calls = []

    def stop(done: int, total: int) -> None:
        calls.append(done)
        raise Cancelled("The work was stopped.")

    with pytest.raises(Cancelled):
        small_maker().run(Clip.open(video), stop)
    assert len(calls) == 1


def test_the_written_file_is_in_time_and_keeps_its_pictures(clip: Clip, tmp_path: Path) -> None:
    pulse = np.zeros(300, np.float32)
    pulse[:40] = np.hanning(40)
    times = np.array([0.3, 1.0, 1.7])
    track = mix([Piece(pulse, 20, float(t), -20.0) for t in times],
                round(clip.info.duration * RATE))
    path = mux(clip, track, RATE, tmp_path / "out.mp4")
    written = Clip.open(path)
    assert written.info.frame_count == clip.info.frame_count
    for ours, theirs in zip(clip.chunks(), written.chunks(), strict=True):
        assert np.array_equal(ours.frames, theirs.frames)
        assert ours.times == pytest.approx(theirs.times)
    found = read_sound(path, RATE)
    assert len(found) / RATE == pytest.approx(clip.info.duration, abs=0.01)
    for at in np.round(times * RATE).astype(int):
        assert abs(int(np.abs(found[at - 2000 : at + 2000]).argmax()) - 2000) / RATE < 0.010
    assert list(tmp_path.iterdir()) == [path]


def write_plain(path: Path, frames: int, rate: float) -> Clip:
    with VideoWriter(path, 64, 48, rate) as writer:
        for k in range(frames):
            writer.write(np.full((48, 64, 3), k % 250, np.uint8))
    return Clip.open(path)


@pytest.mark.parametrize(("frames", "rate", "words"), [
    (25, 5, "frames a second"), (4, 30, "too short to see anything move"),
    (700, 1, "minutes and the limit"),
])
def test_clips_that_cannot_be_heard_are_refused_in_words(
    tmp_path: Path, frames: int, rate: float, words: str
) -> None:
    with pytest.raises(MediaError, match=words):
        check(write_plain(tmp_path / "clip.mp4", frames, rate))


def test_240_frames_a_second_are_thinned(tmp_path: Path) -> None:
    clip = write_plain(tmp_path / "fast.mp4", 240, 240)
    check(clip)
    prediction_of_clip = small_maker().run(clip)
    assert {len(one.times) for one in prediction_of_clip.by_kind.values()} == {30}
