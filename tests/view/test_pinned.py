"""A pinned strip on the clock of another result."""

import numpy as np

from hybridcore.view import PinnedStrip, PlayerView, Strip, beside
from hybridcore.view.pinned import on_clock

STRIP = Strip("LSTM", np.array([0, 0, 1, 1]), ("a", "b"), ("#000000", "#ffffff"),
              np.array([0.9, 0.8, 0.7, 0.6]))
TIMES = np.array([1.0, 1.5, 2.0, 2.5])


def test_on_its_own_clock_a_strip_stays_as_it_is() -> None:
    shown = on_clock(PinnedStrip(STRIP, TIMES, "x"), TIMES, same=True)
    np.testing.assert_array_equal(shown.codes, STRIP.codes)
    np.testing.assert_array_equal(shown.confidence, STRIP.confidence)


def test_on_a_finer_clock_the_frame_on_screen_counts() -> None:
    shown = on_clock(PinnedStrip(STRIP, TIMES, "x"), np.arange(0.75, 3.25, 0.25), same=True)
    assert shown.codes.tolist() == [-1, 0, 0, 0, 0, 1, 1, 1, 1, -1]


def test_another_input_begins_with_the_first_frame() -> None:
    shown = on_clock(PinnedStrip(STRIP, TIMES, "x"), np.arange(6) / 2, same=False)
    assert shown.codes.tolist() == [0, 0, 1, 1, -1, -1]
    assert shown.confidence is not None
    assert shown.confidence.tolist() == [0.9, 0.8, 0.7, 0.6, 0, 0]


def test_pinned_strips_stand_under_those_of_the_view() -> None:
    view = PlayerView(times=TIMES, strips=[STRIP])
    other = Strip("Frame only", np.array([1, 1, 1, 0]), ("a", "b"), STRIP.colours)
    both = beside(view, "x", [PinnedStrip(other, TIMES, "x")])
    assert [strip.name for strip in both.strips] == ["LSTM", "Frame only"]
    np.testing.assert_array_equal(both.strips[1].codes, other.codes)
    assert beside(view, "x", []) is view


def test_a_label_has_one_colour_in_all_strips() -> None:
    view = PlayerView(times=TIMES, strips=[STRIP])
    codes = np.array([1, 1, 1, 0])
    other = Strip("Frame only", codes, ("c", "a"), ("#111111", "#222222"))
    strip = beside(view, "x", [PinnedStrip(other, TIMES, "x")]).strips[1]
    assert strip.colours == ["#111111", "#000000"]
    double = PlayerView(times=TIMES, strips=[STRIP, Strip("b", codes, ("c", "a"), other.colours)])
    assert beside(double, "x", [PinnedStrip(other, TIMES, "x")]).strips[2].colours == [
        "#111111", "#222222"]  # "a" has two colours there already
