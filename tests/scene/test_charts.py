"""Charts show the numbers of the model chosen, at the right times, in the right colours."""

from dataclasses import replace

import numpy as np
import pytest

from hybridcore.figures import MAX_POINTS, heat_overlay
from hybridcore.scene import charts
from hybridcore.scene.colours import GROUP_COLOURS, main_scenes, scene_colours
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.result import SceneResult
from hybridcore.system import At
from tests.scene.made_up import CUTS, KINDS, RATE, SCENES, MadeUpClip, answer_of, made_up_result

TITLES = {"lstm": "LSTM", "tcn": "TCN", "frame": "Frame only"}


@pytest.fixture(scope="module")
def result() -> SceneResult:
    return made_up_result()


@pytest.mark.parametrize("kind", KINDS)
def test_the_timeline_is_of_the_model_chosen(result: SceneResult, kind: str) -> None:
    figure = charts.timeline(answer_of(result, kind), At())
    lines = {trace.name: trace for trace in figure.data}
    for scene in SCENES[kind]:
        line = lines[result.scene_names[scene]]
        np.testing.assert_array_equal(line.x, np.arange(90) / RATE)
        np.testing.assert_array_equal(line.y, result.tracks[kind].probabilities[:, scene])
        assert line.line.dash is None
        if kind != "frame":
            dotted = lines[f"{result.scene_names[scene]}, frame only"]
            np.testing.assert_array_equal(dotted.y, result.tracks["frame"].probabilities[:, scene])
            assert dotted.line.dash == "dot"
            assert dotted.line.color == line.line.color
    if kind == "frame":
        assert not [line for line in lines.values() if line.line.dash]


@pytest.mark.parametrize("kind", KINDS)
def test_cuts_are_those_of_the_model_chosen(result: SceneResult, kind: str) -> None:
    answer = answer_of(replace(result, threshold=0.5), kind)
    figure = charts.timeline(answer, At())
    expected = [] if kind == "frame" else [CUTS[kind] / RATE]  # without memory there is none
    *cuts, threshold = figure.layout.shapes
    assert [cut.x0 for cut in cuts] == pytest.approx(expected)
    assert threshold.y0 == threshold.y1 == 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_models_stand_side_by_side(result: SceneResult, kind: str) -> None:
    """All of them, each with its own probability of what the segments of the chosen one name."""
    figure = charts.comparison(answer_of(result, kind), At())
    lines = {trace.name: trace for trace in figure.data}
    assert set(lines) == set(TITLES.values())
    first, second = SCENES[kind]
    label = np.where(np.arange(90) < CUTS[kind], first, second)
    for other, title in TITLES.items():
        expected = result.tracks[other].probabilities[np.arange(90), label]
        np.testing.assert_array_equal(lines[title].y, expected)
        np.testing.assert_array_equal(lines[title].x, np.arange(90) / RATE)
        assert lines[title].line.dash == ("dot" if other == "frame" else "solid")
        assert list(lines[title].text) == [result.scene_names[i] for i in label]
    assert len({line.line.color for line in lines.values()}) == 3
    assert max(lines, key=lambda title: lines[title].line.width) == TITLES[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_holds_the_segments(result: SceneResult, kind: str) -> None:
    table = charts.segment_table(answer_of(result, kind), At())
    first, second = SCENES[kind]
    border = CUTS[kind] / RATE
    assert table["scene"].tolist() == [result.scene_names[first], result.scene_names[second]]
    assert table["start"].tolist() == pytest.approx([0, border])  # not rounded: a row seeks
    assert table["end"].tolist() == pytest.approx([border, 3])
    mean = result.tracks[kind].probabilities[: CUTS[kind], first].mean()
    assert table["probability"][0] == f"{100 * mean:.1f} %"


def test_votes_are_those_of_the_frame(result: SceneResult) -> None:
    for frame in (0, 41):
        figure = charts.object_votes(answer_of(result, "lstm"), At(frame=frame))
        names = [result.object_names[i] for i in result.objects[frame]]
        assert [bar.name for bar in figure.data] == list(GROUPS)
        for k, bar in enumerate(figure.data):
            assert bar.marker.color == GROUP_COLOURS[k]
            votes = dict(zip(bar.y, bar.x, strict=True))
            np.testing.assert_array_equal([votes[name] for name in names],
                                          result.voices[frame, :, k])
        assert figure.data[0].y[-1] == names[0]  # Plotly draws upwards: the likeliest on top


def test_groups_add_up_in_their_colours(result: SceneResult) -> None:
    figure = charts.group_areas(answer_of(result, "lstm"), At())
    assert [area.name for area in figure.data] == ["indoor", "outdoor natural", "outdoor built"]
    for k, area in enumerate(figure.data):
        np.testing.assert_array_equal(area.y, result.groups[:, k])
        np.testing.assert_array_equal(area.x, result.times)
        assert area.line.color == ("#A0764A", "#8A9A3B", "#6F8296")[k]


@pytest.mark.parametrize("kind", KINDS)
def test_the_attention_strip_is_of_the_model_chosen(result: SceneResult, kind: str) -> None:
    clip = MadeUpClip()
    figure = charts.attention_strip(answer_of(result, kind, clip), At())
    frames = [0, 10, 20, 30, 40, 49, 59, 69, 79, 89]
    (asked,) = clip.asked  # the clip is opened once
    assert asked == pytest.approx([frame / RATE for frame in frames])
    first, second = SCENES[kind]
    for annotation, frame in zip(figure.layout.annotations, frames, strict=True):
        time, scene = annotation.text.split("<br>")
        assert time == f"{frame / RATE:.1f} s"
        assert scene == result.scene_names[first if frame < CUTS[kind] else second]
    sheet = np.asarray(figure.data[0].z)
    for annotation, frame in zip(figure.layout.annotations, frames, strict=True):
        x, y = round(annotation.x), round(annotation.y) - 2
        shown = sheet[y - 90 : y, x - 80 : x + 80, :3]
        picture = np.full((90, 160, 3), frame, np.uint8)
        expected = heat_overlay(picture, result.tracks[kind].attention[frame])
        np.testing.assert_array_equal(shown, expected)


def test_long_clips_are_thinned() -> None:
    long = answer_of(made_up_result(5000), "tcn")
    for draw in (charts.timeline, charts.comparison, charts.group_areas):
        figure = draw(long, At())
        for trace in figure.data:
            assert len(trace.x) == len(trace.y) <= MAX_POINTS
        assert max(figure.data[0].x) == pytest.approx(5000 / RATE, abs=0.2)


def test_main_scenes_have_their_own_colours(result: SceneResult) -> None:
    for kind in KINDS:
        chosen = answer_of(result, kind).result
        colours = scene_colours(chosen)
        assert set(main_scenes(chosen)[:2]) == set(SCENES[kind])
        assert len({colours[scene] for scene in main_scenes(chosen)}) == 7
        assert len(colours) == 100
