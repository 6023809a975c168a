"""Events of a result: a system's own and those that the strips show, in order of time."""

import numpy as np
import pytest

from hybridcore.view import Event, PlayerView, Strip, all_events, uncertain_frames
from hybridcore.view.events import disagreements, least_certain

LABELS, COLOURS = ("kitchen", "garden"), ("#000000", "#ffffff")


def view() -> PlayerView:
    """Four seconds at 10 frames/s: two models differ from frame 10 to 14, and at frame 30 alone."""
    first = np.repeat([0, 1], 20)
    other = first.copy()
    other[10:15] = 1
    other[30] = 0
    certain = np.linspace(0.9, 0.8, 40)
    certain[23] = 0.4
    return PlayerView(times=np.arange(40) / 10, strips=[
        Strip("LSTM", first, LABELS, COLOURS, certain), Strip("Frame only", other, LABELS, COLOURS),
        Strip("Group", first, ("in", "out"), COLOURS)])


def test_models_disagree_where_they_do_so_for_a_while() -> None:
    assert disagreements(view()) == [
        Event(1.0, "models disagree: kitchen (LSTM), garden (Frame only)")]


def test_the_least_certain_frame_is_named() -> None:
    (event,) = least_certain(view())
    assert (event.time, event.title) == (pytest.approx(2.3), "least certain: garden, 40.0 %")


def test_frames_without_a_label_are_neither() -> None:
    codes = np.full(40, -1)
    empty = Strip("LSTM", codes, LABELS, COLOURS, np.zeros(40))
    bare = PlayerView(times=np.arange(40) / 10, strips=[empty, *view().strips])
    assert disagreements(bare) == least_certain(bare) == []
    assert all_events(PlayerView(times=np.arange(3.0)), []) == []


def test_all_stand_in_order_of_time() -> None:
    own = [Event(3.0, "later"), Event(0.5, "earlier")]
    assert [event.time for event in all_events(view(), own)] == pytest.approx([0.5, 1.0, 2.3, 3.0])


def test_uncertain_places_are_the_lowest_frames_of_the_least_certain_tenth() -> None:
    times = np.arange(100) / 10
    certain = np.full(100, 0.9)
    certain[20:25] = [0.5, 0.4, 0.3, 0.4, 0.5]
    certain[26:28] = 0.45  # so near that it is the same place
    certain[70:73] = [0.6, 0.2, 0.6]
    strip = Strip("LSTM", np.zeros(100, int), LABELS, COLOURS, certain)
    assert uncertain_frames(PlayerView(times=times, strips=[strip])) == [22, 71]


def test_what_is_equally_certain_throughout_has_no_uncertain_place() -> None:
    same = Strip("LSTM", np.zeros(40, int), LABELS, COLOURS, np.full(40, 0.7))
    unsaid = Strip("LSTM", np.zeros(40, int), LABELS, COLOURS)
    for strips in ([same], [unsaid], []):
        assert uncertain_frames(PlayerView(times=np.arange(40) / 10, strips=strips)) == []
