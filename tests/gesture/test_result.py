"""What is said of everybody, on the page, in notes and in files."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from hybridcore.gesture import charts, exports, view
from hybridcore.gesture.calibration import averaged
from hybridcore.gesture.gestures import COLOURS, GESTURES, NOT_SURE, SAID
from hybridcore.gesture.notes import NO_HANDS, NOBODY, notes
from hybridcore.gesture.segments import find_segments
from hybridcore.gesture.system import SYSTEM
from hybridcore.people.readings import calibrated
from hybridcore.system import At
from hybridcore.text import write_csv
from tests.gesture.made_up import CHANGE, FRAMES, SAYS, answer_of, result_of, signer


@pytest.mark.parametrize("kind", list(SAYS))
def test_segments_are_those_of_the_network_chosen_and_leave_nothing_out(kind: str) -> None:
    result = result_of(signer(), kind=kind)
    (segment,) = result.segments(result.signers[0])
    assert segment.title == SAYS[kind]
    assert segment.start == pytest.approx(CHANGE, abs=0.07)
    assert segment.end == pytest.approx(2.0, abs=0.07)
    assert result.headline() == SAYS[kind]


def test_the_moving_average_lags_behind_what_it_averages() -> None:
    one = signer(last=90)
    frame, average = one.probabilities("frame"), one.probabilities("average")
    grab = GESTURES.index("grab")
    assert frame[16, grab] > 0.9 > 0.3 > average[16, grab]
    assert average[-1, grab] > 0.9
    np.testing.assert_allclose(averaged(frame)[:5], np.cumsum(frame, 0)[:5] / np.arange(
        1, 6)[:, None], atol=1e-5)
    np.testing.assert_allclose(average.sum(1), 1, atol=1e-5)


def test_below_the_threshold_it_is_not_sure() -> None:
    result = result_of(signer(), threshold=1.0)
    label, _ = result.signers[0].said("lstm", result.threshold)
    assert set(label.tolist()) == {SAID.index(NOT_SURE)}
    assert result.segments(result.signers[0])[0].title == f"{NOT_SURE} (hello?)"
    assert result.headline() == "no gesture"
    assert result_of().headline() == result_of().to_text() == "no hands are seen"
    assert find_segments(np.zeros((0, len(GESTURES))), np.zeros(0), 0.5) == ()


def test_a_temperature_flattens() -> None:
    logits = np.array([[3.0, 0.0, 0.0]])
    assert calibrated(logits, 1.0)[0, 0] > calibrated(logits, 2.0)[0, 0] > 1 / 3
    assert len(COLOURS) == len(SAID)


def test_notes_say_what_cannot_be_believed() -> None:
    assert notes(result_of()) == (NOBODY,)
    assert notes(result_of(signer(hands=False))) == (NOBODY,)
    assert notes(result_of(signer())) == ()
    assert notes(result_of(signer(), signer(2, hands=False))) == (NO_HANDS.format("person 2"),)


def test_the_player_shows_everybody_where_they_are() -> None:
    result = result_of(signer(), signer(2, 20, 50))
    shown = view.player_view(answer_of(result), 1)
    (skeletons,) = shown.overlays
    assert np.isfinite(skeletons.points[30, :, 28:]).all()
    assert np.isnan(skeletons.points[10, 1]).all()
    assert (skeletons.codes[:15, 0] == -1).all()  # nothing is written while nothing is said
    assert skeletons.codes[40, 0] == GESTURES.index("hello")
    assert [strip.name for strip in shown.strips] == [
        "LSTM", "Moving average", "One moment", "person 1"]
    assert (np.flatnonzero(shown.strips[0].codes >= 0) == np.arange(20, 50)).all()
    assert shown.start == 20
    assert view.player_view(answer_of(result_of()), 0).overlays == []


def test_a_gesture_begins_and_ends() -> None:
    titles = [event.title for event in view.events(answer_of(result_of(signer())))]
    assert titles == ["hello begins", "hello ends"]
    two = view.events(answer_of(result_of(signer(), signer(2))))
    assert {event.title for event in two} >= {"person 2: hello begins", "person 2: hello ends"}


def test_charts_draw_nothing_of_nobody() -> None:
    for chart in SYSTEM.charts:
        assert chart.draw(answer_of(result_of()), At()) is None
        assert chart.draw(answer_of(result_of(signer())), At()) is not None
    names = {line.name for line in charts.paths(answer_of(result_of(signer())), At()).data}
    assert all(name.startswith("right") for name in names)


def test_files_hold_landmarks_with_units(tmp_path: Path) -> None:
    answer = answer_of(result_of(signer(), signer(2, 20, 50)))
    write_csv(answer, tmp_path / "landmarks.csv")
    rows = list(csv.DictReader((tmp_path / "landmarks.csv").open()))
    assert len(rows) == FRAMES + 30
    assert float(rows[0]["left_shoulder_x_px"]) == pytest.approx(0.7 * 640, abs=0.01)
    assert rows[0]["left_hand_wrist_x_px"] == ""
    assert float(rows[0]["right_hand_wrist_y_px"]) > 0
    assert rows[40]["gesture"] == "hello"
    found = json.loads(json.dumps(answer.result.to_json()))
    assert [len(person["frames"]) for person in found["persons"]] == [FRAMES, 30]
    assert len(found["landmarks"]["names"]) == len(found["persons"][0]["frames"][0]["landmarks"])
    exports.write_vtt(answer, tmp_path / "g.vtt", None)
    assert "person 2: hello" in (tmp_path / "g.vtt").read_text()


def test_the_page_opens_with_whoever_is_seen_longest() -> None:
    answer = answer_of(result_of(signer(1, 0, 25), signer(2, 10), signer(3, 30)))
    assert [item.title for item in SYSTEM.items(answer).entries] == [
        "person 2", "person 3", "person 1"]
    view = SYSTEM.view(answer, 0)
    assert view.panels[0].title == "person 2"
    assert view.start == 10
    assert [person["id"] for person in answer.result.to_json()["persons"]] == [1, 2, 3]
