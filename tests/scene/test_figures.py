"""Figures: what they hold, that they carry the timeline, and how much they send."""

import numpy as np
import pytest

from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.scene import figures
from hybridcore.scene.model import KINDS, SceneConfig
from hybridcore.scene.result import SceneResult, Track


def made_up(frames: int = 90) -> SceneResult:
    """A clip of two scenes with a cut in the middle, as a perfect model would see it."""
    rng = np.random.default_rng(0)
    label = (np.arange(frames) >= frames // 2).astype(int)
    p = np.full((frames, 100), 0.1 / 99, np.float32)
    p[np.arange(frames), label] = 0.9
    cut = np.zeros(frames, np.float32)
    cut[frames // 2] = 0.95
    tracks = {
        kind: Track(kind, p, rng.dirichlet(np.ones(25), frames).reshape(-1, 5, 5), cut,
                    rng.random((frames, 8)), rng.random((frames, 8))) for kind in KINDS
    }
    objects = np.tile(np.arange(5), (frames, 1))
    value = np.tile(np.float32([0.5, 0.2, 0.1, 0.05, 0.01]), (frames, 1))
    return SceneResult(
        width=320, height=180, duration=frames / 30, times=np.arange(frames) / 30, tracks=tracks,
        objects=objects, object_probability=value,
        groups=np.tile(np.float32([0.2, 0.7, 0.1]), (frames, 1)),
        voices=np.zeros((frames, 5, 3), np.float32), motion=np.zeros((frames, 3), np.float32),
        scene_names=tuple(f"scene {k}" for k in range(100)),
        object_names=tuple(f"object {k}" for k in range(1000)),
    )


@pytest.fixture(scope="module")
def result() -> SceneResult:
    return made_up()


def trace(frames: int, units: int = 12) -> LSTMTrace:
    rng = np.random.default_rng(0)
    return LSTMTrace(**{n: rng.random((frames, units), np.float32) for n in "ifgoch"})


def test_timelines_are_in_seconds(result: SceneResult) -> None:
    inside = trace(90)
    for figure in (
        figures.timeline(result, "lstm"), figures.comparison(result),
        figures.group_areas(result), figures.unit_lines(inside, result, 3),
        figures.gate_maps(inside, result, np.arange(4)),
    ):
        assert max(figure.data[0].x) <= result.duration


def test_the_timeline_draws_cuts_and_the_baseline(result: SceneResult) -> None:
    figure = figures.timeline(result, "lstm")
    assert [round(s.x0, 3) for s in figure.layout.shapes] == [1.5]
    dotted = [t for t in figure.data if t.line.dash == "dot"]
    assert dotted
    assert not [t for t in figures.timeline(result, "frame").data if t.line.dash == "dot"]


def test_long_clips_are_thinned_and_heat_maps_sent_as_bytes() -> None:
    long = made_up(5000)
    figure = figures.gate_maps(trace(5000, 40), long, np.arange(40))
    assert len(figure.data) == 6
    for heat in figure.data:
        assert np.asarray(heat.z).dtype == np.uint8
        assert np.asarray(heat.z).shape[1] <= figures.MAX_POINTS
    assert len(figure.to_json()) < 1_500_000


def test_units_that_jump_at_cuts_come_first() -> None:
    inside = trace(90)
    inside.c[:] = 0
    inside.c[45:, 7] = 2
    inside.c[45:, 2] = 1
    assert figures.units_by_cuts(inside, np.array([45]))[:2].tolist() == [7, 2]
    assert figures.units_by_cuts(inside, np.array([], int))[0] == 7


def test_main_scenes_have_their_own_colours(result: SceneResult) -> None:
    colours = figures.scene_colours(result, "lstm")
    assert set(figures.main_scenes(result, "lstm")[:2]) == {0, 1}
    assert colours[0] != colours[1]
    assert len(colours) == 100


def test_the_attention_strip_names_its_frames(result: SceneResult) -> None:
    pictures = [np.full((90, 160, 3), 100, np.uint8)] * 3
    maps = np.zeros((3, 5, 5))
    maps[:, 0, 0] = 1
    figure = figures.attention_strip(pictures, maps, result.times[:3], ["a", "b", "c"])
    assert [a.text.split("<br>")[1] for a in figure.layout.annotations] == ["a", "b", "c"]


def test_votes_table_and_flow(result: SceneResult) -> None:
    votes = figures.object_votes(result, 0)
    assert list(votes.data[0].y)[-1] == "object 0"
    table = figures.segment_table(result, "lstm")
    assert table["scene"].tolist() == ["scene 0", "scene 1"]
    assert table["start"].tolist() == [0, 1.5]
    flow = figures.data_flow(result, "lstm", SceneConfig())
    text = " ".join(a.text for a in flow.layout.annotations).replace("<br>", " ")
    for shape in ("[90, 160, 160, 3]", "[90, 1280, 5, 5]", "[90, 160]", "[90, 100]"):
        assert shape in text
