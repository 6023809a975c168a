"""Onsets that a person adds, moves and deletes; where networks disagree."""

import pytest

from hybridcore.sound.editing import LAST, add, delete, disputes, move
from hybridcore.sound.events import Onset
from hybridcore.sound.predict import find_onsets
from tests.sound.made import HITS, STRENGTH, STRUCK, SURE, prediction

LONG = 2.0


def test_an_added_onset_is_as_the_likeliest_moment_near_it() -> None:
    onsets = [Onset(1.8, -30.0, "scratch", "wood")]
    first, second = add(onsets, 0.7, prediction("lstm"), LONG)
    assert second is onsets[0]
    assert (first.time, first.material, first.confidence, first.exemplar) == (
        0.7, STRUCK["lstm"], 1.0, "")
    assert first.strength == pytest.approx(STRENGTH["lstm"])
    (alone,) = add([], 5.0, prediction("lstm"), LONG)
    assert alone.time == LONG - LAST


def test_a_moved_onset_keeps_all_but_its_time_and_the_order_holds() -> None:
    one, other = Onset(0.5, -20.0, "hit", "metal", 0.4, "metal hit 1a"), Onset(
        1.0, -25.0, "hit", "wood")
    after = move([one, other], 0, 1.5, LONG)
    assert after[0] is other
    assert after[1] == Onset(1.5, -20.0, "hit", "metal", 0.4, "metal hit 1a")
    assert [o.time for o in move([one, other], 1, -3.0, LONG)] == [0.0, 0.5]
    assert delete([one, other], 0) == [other]


def test_networks_disagree_where_one_finds_an_onset_alone() -> None:
    lstm, frame = prediction("lstm"), prediction("frame")
    found = disputes(lstm, frame, (0.5, 0.5))
    alone = sorted([*((t, True) for t in HITS["lstm"]), *((t, False) for t in HITS["frame"])])
    assert [(pytest.approx(d.time, abs=0.01), d.first) for d in found] == alone
    by_time = {round(d.time, 1): d.probabilities for d in found}
    assert by_time[0.5] == pytest.approx((SURE["lstm"], 0.0), abs=0.02)
    assert by_time[1.8] == pytest.approx((0.0, SURE["frame"]), abs=0.02)
    assert disputes(lstm, lstm, (0.5, 0.5)) == []
    # What one finds under its threshold does not count.
    assert {d.first for d in disputes(lstm, frame, (0.95, 0.5))} == {False}
    assert len(find_onsets(lstm, 0.5)) == len(HITS["lstm"])
