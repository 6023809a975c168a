"""The scene labeller on a real file, with the weights that ship."""

import csv
import dataclasses
import io
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from hybridcore.errors import Cancelled
from hybridcore.media import Clip
from hybridcore.scene.annotate import annotate
from hybridcore.scene.groups import GROUPS, count_votes, group_of
from hybridcore.scene.model import KINDS
from hybridcore.scene.predict import SceneLabeler, load_model, lstm_internals
from hybridcore.scene.result import SceneResult, clock, top_of
from hybridcore.scene.store import load_result, save_result


@pytest.fixture(scope="module")
def labeler() -> SceneLabeler:
    return SceneLabeler.load("cpu")


@pytest.fixture(scope="module")
def result(labeler: SceneLabeler, two_shots: Path) -> SceneResult:
    return labeler.run(Clip.open(two_shots))


def test_arrays_fit_the_clip(result: SceneResult) -> None:
    assert len(result) == 60
    np.testing.assert_allclose(result.times, np.arange(60) / 25, atol=1e-3)
    for kind in KINDS:
        track = result.tracks[kind]
        assert track.probabilities.shape == (60, 100)
        np.testing.assert_allclose(track.probabilities.sum(1), 1, atol=1e-4)
        np.testing.assert_allclose(track.attention.sum((1, 2)), 1, atol=1e-4)
        assert track.top[0].shape == (60, 5)
        assert (np.diff(track.top[1], axis=1) <= 0).all()
    np.testing.assert_allclose(result.groups.sum(1), 1, atol=1e-3)


@pytest.mark.parametrize("chunk", [1, 7, 64])
def test_the_chunk_size_changes_nothing(
    labeler: SceneLabeler, result: SceneResult, two_shots: Path, chunk: int
) -> None:
    other = labeler.run(Clip.open(two_shots), chunk=chunk)
    np.testing.assert_allclose(other.times, result.times)
    np.testing.assert_allclose(other.motion, result.motion, atol=1e-5)
    for kind in KINDS:
        a, b = other.tracks[kind], result.tracks[kind]
        np.testing.assert_allclose(a.probabilities, b.probabilities, atol=1e-4)
        np.testing.assert_allclose(a.cut_probability, b.cut_probability, atol=1e-3)


def test_the_cut_is_found_and_what_is_seen_is_named(result: SceneResult) -> None:
    assert [abs(int(t) - 30) <= 2 for t in result.cut_frames("lstm")] == [True]
    segments = result.segments("lstm")
    assert segments[0].start == 0
    assert segments[-1].end == pytest.approx(result.duration)
    assert all(a.end == b.start for a, b in itertools.pairwise(segments))
    assert "espresso" in result.describe(segments[0])
    assert "missile" in result.describe(segments[-1])


def test_memory_is_seen_from_inside(labeler: SceneLabeler, result: SceneResult) -> None:
    trace = lstm_internals(load_model("lstm"), result)
    np.testing.assert_array_equal(trace.h, result.tracks["lstm"].hidden)
    np.testing.assert_allclose(trace.o * np.tanh(trace.c), trace.h, atol=1e-4)


def test_json_has_the_agreed_form(result: SceneResult) -> None:
    found = json.loads(result.to_json_text("lstm"))
    assert found["video"] == {"width": 160, "height": 160, "frames": 60,
                              "duration": pytest.approx(2.4, abs=0.05)}
    assert found["model"] == "lstm"
    frame = found["frames"][7]
    assert set(frame) == {"index", "time", "scenes", "objects", "group"}
    assert len(frame["scenes"]) == len(frame["objects"]) == 5
    assert set(frame["scenes"][0]) == {"label", "probability"}
    assert frame["group"] in GROUPS
    assert set(found["segments"][0]) == {"start", "end", "label", "probability", "description"}
    assert found["cuts"] == [pytest.approx(1.2, abs=0.1)]


def test_csv_has_a_row_a_frame(result: SceneResult) -> None:
    rows = list(csv.DictReader(io.StringIO(result.to_csv("tcn"))))
    assert [int(row["index"]) for row in rows] == list(range(60))
    assert 0 <= float(rows[0]["probability_1"]) <= 1


def test_store_and_load(result: SceneResult, tmp_path: Path) -> None:
    path = tmp_path / "result.npz"
    save_result(result, path, "abc")
    again = load_result(path, "abc")
    assert again is not None
    assert again.scene_names == result.scene_names
    assert (again.width, again.duration) == (result.width, result.duration)
    np.testing.assert_array_equal(again.times, result.times)
    np.testing.assert_array_equal(again.objects, result.objects)
    for kind in KINDS:
        np.testing.assert_allclose(
            again.tracks[kind].probabilities, result.tracks[kind].probabilities, atol=1e-3)
    assert again.segments("lstm")[0].label == result.segments("lstm")[0].label
    assert load_result(path, "another video") is None
    assert load_result(tmp_path / "none.npz", "abc") is None


def test_a_run_can_be_stopped(labeler: SceneLabeler, two_shots: Path) -> None:
    seen = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        labeler.run(Clip.open(two_shots), stop)
    assert seen == [(16, 60)]


def test_one_frame_is_enough(labeler: SceneLabeler, clip_writer) -> None:
    clip = Clip.open(clip_writer(np.full((1, 64, 96, 3), 128, np.uint8)))
    result = labeler.run(clip)
    assert len(result) == 1
    assert len(result.segments("lstm")) == 1
    json.loads(result.to_json_text("frame"))


def test_the_annotated_video_keeps_times_and_is_drawn_on(
    result: SceneResult, two_shots: Path, tmp_path: Path
) -> None:
    clip = Clip.open(two_shots)
    out = Clip.open(annotate(clip, result, "lstm", tmp_path / "out.mp4"))
    before = np.concatenate([c.frames for c in clip.chunks()])
    after = np.concatenate([c.frames for c in out.chunks()])
    times = np.concatenate([c.times for c in out.chunks()])
    np.testing.assert_allclose(times, result.times, atol=1e-3)
    assert after.shape == before.shape
    assert np.abs(after.astype(int) - before).mean() > 3


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_gpu_gives_what_the_cpu_gives(result: SceneResult, two_shots: Path) -> None:
    other = SceneLabeler.load("cuda").run(Clip.open(two_shots))
    for kind in KINDS:
        np.testing.assert_allclose(
            other.tracks[kind].probabilities, result.tracks[kind].probabilities, atol=2e-2)


def test_votes_are_counted_by_group() -> None:
    objects = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.0, 1.0]])
    votes = count_votes(objects, np.array([0, 0, 1, 2]))
    np.testing.assert_allclose(votes.sum(1), 1, atol=1e-6)
    assert votes[0].argmax() == 0
    np.testing.assert_allclose(votes[0], np.array([0.85, 0.1, 0.0]) / 0.95, atol=1e-4)


def test_every_scene_has_a_group(result: SceneResult) -> None:
    counts = np.bincount([group_of(name) for name in result.scene_names], minlength=3)
    assert counts.tolist() == [42, 19, 39]


def test_small_helpers() -> None:
    assert clock(3.4) == "0:03"
    assert clock(119.6) == "2:00"
    index, value = top_of(np.array([[0.1, 0.5, 0.4], [0.2, 0.2, 0.6]]), 2)
    assert index[:, 0].tolist() == [1, 2]
    assert value[0].tolist() == [0.5, 0.4]


def test_a_result_is_frozen(result: SceneResult) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.width = 3
