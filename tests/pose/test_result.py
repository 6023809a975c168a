"""What is said of everybody, on the page, in notes and in files."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from hybridcore.pose import charts, exports, view
from hybridcore.pose.actions import ACTIONS, COLOURS, NOT_SURE, SAID
from hybridcore.pose.notes import CROWD, NOBODY, notes
from hybridcore.pose.system import SYSTEM
from hybridcore.system import At
from hybridcore.text import write_csv
from tests.pose.made_up import CHANGE, COUNT, DOES, KINDS, answer_of, body, result_of


@pytest.mark.parametrize("kind", KINDS)
def test_segments_are_those_of_the_network_chosen(kind: str) -> None:
    result = result_of(body(), kind=kind)
    first, second = result.segments(result.bodies[0])
    assert (first.title, second.title) == DOES[kind]
    assert second.start == pytest.approx(CHANGE, abs=0.07)
    assert first.end == second.start


def test_below_the_threshold_it_is_not_sure() -> None:
    result = result_of(body(), threshold=1.0)
    label, _ = result.bodies[0].said("lstm", result.threshold)
    assert set(label.tolist()) == {SAID.index(NOT_SURE)}
    assert result.segments(result.bodies[0])[0].title == f"{NOT_SURE} ({DOES['lstm'][0]}?)"
    assert result_of().headline() == result_of().to_text() == "nobody is seen"


def test_every_action_has_a_colour() -> None:
    assert len(COLOURS) == len(SAID) == len(ACTIONS) + 1


def test_notes_say_what_cannot_be_believed() -> None:
    assert notes(result_of()) == (NOBODY,)
    assert notes(result_of(body())) == ()
    (legs,) = notes(result_of(body(), body(2, legs=False)))
    assert legs.startswith("The legs of person 2 are not seen")
    (drawing,) = notes(result_of(body(presence=0.6)))
    assert drawing.startswith("Person 1 may be no person")
    assert CROWD in notes(result_of(*(body(n) for n in range(1, 9))))
    assert CROWD not in notes(result_of(*(body(n, 7 * n, 7 * n + 7) for n in range(8))))


def test_the_player_shows_everybody_where_they_are() -> None:
    result = result_of(body(), body(2, 20, 50))
    shown = view.player_view(answer_of(result), 1)
    (skeletons,) = shown.overlays
    assert np.isfinite(skeletons.points[30]).all()
    assert np.isnan(skeletons.points[10, 1]).all()
    assert (skeletons.codes[:20, 1] == -1).all()
    assert shown.strips[0].name == "LSTM"
    assert (np.flatnonzero(shown.strips[0].codes >= 0) == np.arange(20, 50)).all()
    assert shown.strips[-1].name == "person 1"
    assert shown.start == 20
    assert view.player_view(answer_of(result_of()), 0).overlays == []
    assert any("comes" in event.title for event in view.events(answer_of(result)))


@pytest.mark.parametrize("legs", [True, False])
def test_charts_leave_out_what_is_not_seen(legs: bool) -> None:
    answer = answer_of(result_of(body(legs=legs)))
    names = {line.name for line in charts.angle_lines(answer, At()).data}
    assert {"left elbow", "right elbow"} <= names
    assert ("left knee" in names) is legs
    for chart in SYSTEM.charts:
        assert chart.draw(answer_of(result_of()), At()) is None


def test_files_hold_landmarks_with_units(tmp_path: Path) -> None:
    answer = answer_of(result_of(body(), body(2, 20, 50)))
    write_csv(answer, tmp_path / "landmarks.csv")
    rows = list(csv.DictReader((tmp_path / "landmarks.csv").open()))
    assert len(rows) == COUNT + 30
    assert float(rows[0]["left_shoulder_x_px"]) == pytest.approx(0.24 * 640)
    assert rows[0]["action"] == DOES["lstm"][0]
    exports.write_actions(answer, tmp_path / "actions.csv", None)
    stretches = list(csv.DictReader((tmp_path / "actions.csv").open()))
    assert [row["person"] for row in stretches][:2] == ["1", "1"]
    found = answer.result.to_json()
    assert [len(person["frames"]) for person in found["persons"]] == [COUNT, 30]
    assert len(found["landmarks"]["names"]) == 33


def test_coco_key_points_say_what_is_seen(tmp_path: Path) -> None:
    exports.write_coco(answer_of(result_of(body(legs=False))), tmp_path / "k.json", None)
    found = json.loads((tmp_path / "k.json").read_text())
    names = found["categories"][0]["keypoints"]
    assert len(names) == 17
    points = np.array(found["annotations"][0]["keypoints"]).reshape(17, 3)
    assert points[names.index("left_shoulder")].tolist() == [153.6, 108.0, 2]
    assert points[names.index("left_knee"), 2] == 1
    assert len(found["images"]) == COUNT


def test_a_skeleton_is_drawn_on_the_frame() -> None:
    frame = np.zeros((360, 640, 3), np.uint8)
    result = result_of(body(legs=False))
    exports.draw(frame, result, 0, 0, "standing")
    assert frame[108, 154].any()
    assert not frame[300:].any()  # legs are not seen


def test_the_page_opens_with_whoever_is_seen_longest() -> None:
    answer = answer_of(result_of(body(1, 0, 25), body(2, 10), body(3, 30)))
    assert [item.title for item in SYSTEM.items(answer).entries] == [
        "person 2", "person 3", "person 1"]
    view = SYSTEM.view(answer, 0)
    assert view.panels[0].title == "person 2"
    assert view.start == 10
    (trace, *_) = next(
        chart for chart in SYSTEM.charts if chart.key == "timeline").draw(answer, At(item=2)).data
    assert trace.x[-1] == pytest.approx(24 / 30)  # the times of person 1, the last one offered
    assert [person["id"] for person in answer.result.to_json()["persons"]] == [1, 2, 3]
