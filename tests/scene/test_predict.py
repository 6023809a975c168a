"""The scene labeller on a real file, with the weights that ship."""

import csv
import dataclasses
import io
import itertools
from pathlib import Path

import numpy as np
import pytest
import torch

from hybridcore.errors import Cancelled
from hybridcore.media import Clip
from hybridcore.scene.groups import GROUPS, count_votes, group_of
from hybridcore.scene.model import KINDS
from hybridcore.scene.objects import CLOSER
from hybridcore.scene.predict import SceneLabeller
from hybridcore.scene.result import SceneResult, clock, top_of
from hybridcore.scene.states import lstm_states
from hybridcore.store import load, save
from hybridcore.system import At
from hybridcore.text import csv_text
from tests.scene.made_up import answer_of


@pytest.fixture(scope="module")
def labeller() -> SceneLabeller:
    return SceneLabeller.load("cpu")


@pytest.fixture(scope="module")
def result(labeller: SceneLabeller, two_shots: Path) -> SceneResult:
    return labeller.run(Clip.open(two_shots))


def of_kind(result: SceneResult, kind: str) -> SceneResult:
    return dataclasses.replace(result, kind=kind)


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
    labeller: SceneLabeller, result: SceneResult, two_shots: Path, chunk: int
) -> None:
    other = labeller.run(Clip.open(two_shots), chunk=chunk)
    np.testing.assert_allclose(other.times, result.times)
    np.testing.assert_allclose(other.motion, result.motion, atol=1e-5)
    for kind in KINDS:
        a, b = other.tracks[kind], result.tracks[kind]
        np.testing.assert_allclose(a.probabilities, b.probabilities, atol=1e-4)
        np.testing.assert_allclose(a.cut_probability, b.cut_probability, atol=1e-3)
        assert a.flow == b.flow


def test_the_cut_is_found_and_contents_are_named(result: SceneResult) -> None:
    assert [abs(int(t) - 30) <= 2 for t in result.cuts] == [True]
    segments = result.segments
    assert segments[0].start == 0
    assert segments[-1].end == pytest.approx(result.duration)
    assert all(a.end == b.start for a, b in itertools.pairwise(segments))
    assert "espresso" in result.describe(segments[0])
    assert "missile" in result.describe(segments[-1])
    assert result.spans() == [(segment.start, segment.end) for segment in segments]


def test_objects_are_those_of_the_last_frame_read_closely(
    labeller: SceneLabeller, result: SceneResult, two_shots: Path
) -> None:
    at = np.arange(0, 60, 10)  # 25 frames a second
    frames = np.stack(Clip.open(two_shots).frames_at(result.times[at].tolist(), CLOSER.size))
    shares = labeller.encoder.encode(frames, "object_logits")["object_logits"].softmax(-1)
    value, index = shares.topk(5)
    held = np.arange(60) // 10
    np.testing.assert_array_equal(result.objects, index[held])
    np.testing.assert_allclose(result.object_probability, value[held], atol=1e-5)
    np.testing.assert_allclose(result.groups, labeller.votes(shares)[held], atol=1e-5)


def test_without_memory_there_are_no_cuts(result: SceneResult) -> None:
    assert of_kind(result, "tcn").cuts.size
    assert not of_kind(result, "frame").cuts.size


def test_the_kind_decides_what_is_predicted(labeller: SceneLabeller, result: SceneResult) -> None:
    for kind in KINDS:
        finished = labeller.finish(result, None, kind)
        written = finished.to_json()
        assert written["model"] == kind
        table = finished.to_table()
        for t in range(60):
            p = finished.track.probabilities[t]
            best = result.scene_names[int(p.argmax())]
            assert written["frames"][t]["scenes"][0] == {
                "label": best, "probability": round(float(p.max()), 4)}
            assert (table[t]["scene_1"], table[t]["probability_1"]) == (
                best, round(float(p.max()), 4))
            assert table[t]["cut_probability"] == round(
                float(result.tracks[kind].cut_probability[t]), 4)


def test_the_threshold_acts_on_what_is_stored(
    labeller: SceneLabeller, result: SceneResult
) -> None:
    """Probabilities add up to that of a known scene whatever it is; it only decides what is said.
    """
    at = {value: labeller.finish(result, None, "lstm", threshold=value)
          for value in (0.0, 0.3, 1.0)}
    for finished in at.values():
        for track in finished.tracks.values():
            np.testing.assert_allclose(track.probabilities.sum(1), result.known, atol=1e-5)
        np.testing.assert_array_equal(
            finished.track.top[0][:, 0], result.tracks["lstm"].top[0][:, 0])
    assert {row["level"] for row in at[0.0].to_table()} == {"scene"}
    assert {row["level"] for row in at[1.0].to_table()} == {"not sure"}
    assert labeller.finish(result, None, "lstm").to_table() == at[0.3].to_table()
    assert at[0.3].to_json()["threshold"] == 0.3


def test_memory_is_seen_from_inside(labeller: SceneLabeller, result: SceneResult) -> None:
    states = lstm_states(answer_of(result, "lstm", model=labeller), At())
    assert states is not None
    np.testing.assert_array_equal(states.trace.h, result.tracks["lstm"].hidden)
    np.testing.assert_allclose(states.trace.o * np.tanh(states.trace.c), states.trace.h, atol=1e-4)


def test_shapes_are_those_of_the_run(result: SceneResult) -> None:
    """However many chunks there were, and for each model its own stations."""
    memory = {"lstm": ["LSTM"], "tcn": ["causal TCN"], "frame": []}
    for kind, names in memory.items():
        track = result.tracks[kind]
        shapes = {step.name: step.shape for step in track.flow}
        assert list(shapes) == ["frames", "Lite0 trunk", "scene top", "soft attention", "attended",
                                "embedding", *names, "softmax"]
        assert shapes["frames"] == (60, 160, 160, 3)
        assert shapes["scene top"] == (60, 1280, *track.attention.shape[1:])
        assert shapes["soft attention"] == (60, track.attention[0].size)
        assert shapes["attended"] == (60, 1280)
        assert shapes["embedding"] == track.inputs.shape
        for name in names:
            assert shapes[name] == track.hidden.shape
        assert shapes["softmax"] == track.probabilities.shape


def test_json_has_the_agreed_form(result: SceneResult) -> None:
    written = result.to_json()
    assert written["video"] == {"width": 160, "height": 160, "frames": 60,
                                "duration": pytest.approx(2.4, abs=0.05)}
    frame = written["frames"][7]
    assert set(frame) == {"index", "time", "label", "level", "probability", "scenes", "objects",
                          "group"}
    assert len(frame["scenes"]) == len(frame["objects"]) == 5
    assert set(frame["scenes"][0]) == {"label", "probability"}
    assert frame["group"] == GROUPS[int(result.groups[7].argmax())]
    assert frame["objects"][0]["label"] == result.object_names[result.objects[7, 0]]
    assert set(written["segments"][0]) == {
        "start", "end", "label", "level", "probability", "likeliest", "description"}
    assert written["cuts"] == [pytest.approx(1.2, abs=0.1)]


def test_csv_has_a_row_a_frame(result: SceneResult) -> None:
    table = result.to_table()
    rows = list(csv.DictReader(io.StringIO(csv_text(table, list(table[0])))))
    assert [int(row["index"]) for row in rows] == list(range(60))
    np.testing.assert_allclose([float(row["time"]) for row in rows], result.times, atol=1e-4)
    assert rows[7]["group"] == GROUPS[int(result.groups[7].argmax())]


@pytest.mark.parametrize("half", [False, True])
def test_a_result_is_stored_and_read(result: SceneResult, tmp_path: Path, half: bool) -> None:
    path = tmp_path / "result.npz"
    save(result, path, half=half)
    again = load(path, SceneResult)
    assert (again.kind, again.width, again.duration) == ("lstm", result.width, result.duration)
    np.testing.assert_array_equal(again.times, result.times)
    np.testing.assert_array_equal(again.objects, result.objects)
    for kind in KINDS:
        a, b = again.tracks[kind], result.tracks[kind]
        np.testing.assert_allclose(a.probabilities, b.probabilities, atol=1e-3 if half else 0)
        assert a.probabilities.dtype == b.probabilities.dtype
        assert a.flow == b.flow
        assert of_kind(again, kind).spans() == of_kind(result, kind).spans()


def test_progress_grows_to_the_end(labeller: SceneLabeller, two_shots: Path) -> None:
    reports: list[tuple[int, int]] = []
    labeller.run(Clip.open(two_shots), lambda done, total: reports.append((done, total)))
    assert [done for done, _ in reports] == [16, 32, 48, 60]
    assert {total for _, total in reports} == {60}


def test_a_run_can_be_stopped(labeller: SceneLabeller, two_shots: Path) -> None:
    reports = []

    def stop(done: int, total: int) -> None:
        reports.append((done, total))
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        labeller.run(Clip.open(two_shots), stop)
    assert reports == [(16, 60)]


def test_one_frame_is_enough(labeller: SceneLabeller, clip_writer) -> None:
    clip = Clip.open(clip_writer(np.full((1, 64, 96, 3), 128, np.uint8)))
    result = labeller.run(clip)
    assert len(result) == 1
    for kind in KINDS:
        finished = of_kind(result, kind)
        assert len(finished.segments) == len(finished.to_json()["frames"]) == 1


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_gpu_gives_what_the_cpu_gives(result: SceneResult, two_shots: Path) -> None:
    other = SceneLabeller.load("cuda").run(Clip.open(two_shots))
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
