"""The sound maker from a clip to files: random weights, and answers made up by hand."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from hybridcore.encoder.encoder import Encoder
from hybridcore.errors import MediaError
from hybridcore.media import Clip, VideoWriter, read_sound
from hybridcore.media.mux import mux
from hybridcore.sound.bank import shipped_bank
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.events import Onset
from hybridcore.sound.mix import Piece, mix
from hybridcore.sound.model import KNOWN_MATERIALS, SoundConfig, SoundModel
from hybridcore.sound.networks import FramePrediction
from hybridcore.sound.predict import SoundMaker, check, find_onsets, make_sound
from hybridcore.sound.result import METHODS


def prediction(seconds: float = 3.0, hits: tuple[float, ...] = (0.5, 1.5)) -> FramePrediction:
    """A network that is sure of a hit on metal at each of ``hits``."""
    times = np.arange(round(30 * seconds)) / 30
    bumps = [np.exp(-(((times - t) / 0.03) ** 2)) for t in hits]
    onset = np.max([*bumps, 0 * times], 0).astype(np.float32)
    count = len(times)
    material = np.full((count, len(KNOWN_MATERIALS)), 0.01, np.float32)
    material[:, KNOWN_MATERIALS.index("metal")] = 0.9
    steps = np.full((round(90 * seconds), 42), 0.02, np.float32)
    for t in hits:
        steps[round(90 * t) : round(90 * t) + 20] += 0.3
    return FramePrediction(
        times=times, onset=0.9 * onset, strength=np.full(count, -24, np.float32),
        action=np.tile(np.float32([0.8, 0.2]), (count, 1)), material=material, cochleagram=steps,
        inputs=np.zeros((count, 4), np.float32), hidden=np.zeros((count, 4), np.float32))


@pytest.fixture(scope="module")
def clip(video: Path) -> Clip:
    return Clip.open(video)


def test_onsets_come_from_the_frames_and_the_threshold() -> None:
    found = find_onsets(prediction(), 0.5)
    assert [o.time for o in found] == pytest.approx([0.5, 1.5], abs=0.01)
    assert [(o.material, o.action, o.strength) for o in found] == [("metal", "hit", -24.0)] * 2
    assert find_onsets(prediction(), 0.95) == []


@pytest.mark.parametrize("method", METHODS)
def test_sound_is_exact_in_length_repeatable_and_does_not_clip(method) -> None:
    seen = prediction()
    loud = [Onset(t, -6.0, "hit", "metal") for t in np.arange(0, 3, 0.05)]
    one = make_sound(seen, loud, 3.0004, method=method, seed=4)
    assert len(one.sound) == round(3.0004 * RATE)
    assert np.abs(one.sound).max() <= 10 ** (-1 / 20) + 1e-6
    assert np.array_equal(one.sound, make_sound(seen, loud, 3.0004, method=method, seed=4).sound)


@pytest.mark.parametrize("method", METHODS)
def test_silence_in_silence_out(method) -> None:
    still = make_sound(prediction(hits=()), find_onsets(prediction(hits=()), 0.5), 3.0,
                       method=method)
    assert not still.sound.any()
    assert still.onsets == ()
    assert json.loads(still.to_json_text())["onsets"] == []


def test_editing_changes_the_sound_without_the_network() -> None:
    seen = prediction()
    onsets = find_onsets(seen, 0.5)
    first = make_sound(seen, onsets, 3.0)
    assert all(o.exemplar.startswith("metal hit") for o in first.onsets)
    moved = make_sound(seen, [*onsets, Onset(2.4, -20.0, "hit", "glass"),
                              Onset(9.0, -20.0, "hit", "glass")], 3.0)
    assert len(moved.onsets) == 3  # the one after the end is left out
    before = round(2.39 * RATE)
    assert np.array_equal(first.sound[:before], moved.sound[:before])
    assert np.abs(moved.sound[before:]).max() > 10 * np.abs(first.sound[before:]).max()
    rows = moved.to_json()["onsets"]
    assert set(rows[0]) == {"time", "strength", "action", "material", "confidence", "exemplar"}
    assert rows[2]["exemplar"] in shipped_bank()
    assert len(moved.to_csv().splitlines()) == 4
    assert moved.to_wav()[:4] == b"RIFF"


def test_a_clip_goes_through_the_network_whatever_the_weights(clip: Clip) -> None:
    torch.manual_seed(0)
    model = SoundModel(config=SoundConfig()).eval()
    maker = SoundMaker(Encoder.load("cpu"), model, 0.5)
    steps: list[tuple[int, int]] = []
    result = maker.run(clip, lambda done, total: steps.append((done, total)), threshold=0.0)
    assert steps[-1] == (60, 60)
    assert len(result.prediction.times) == 60
    assert len(result.sound) == round(clip.info.duration * RATE)
    assert np.isfinite(result.sound).all()


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
    (25, 5, "frames a second"), (4, 30, "nothing can be seen to move"),
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
    maker = SoundMaker(Encoder.load("cpu"), SoundModel(config=SoundConfig()).eval(), 0.5)
    assert len(maker.predict(clip).times) == 30
