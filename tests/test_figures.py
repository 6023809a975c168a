"""Figures that several systems draw."""

import numpy as np
import pytest

from hybridcore import figures
from hybridcore.layers.flow import Step
from hybridcore.layers.recurrent import LSTMTrace


def trace(steps: int, units: int) -> LSTMTrace:
    rng = np.random.default_rng(0)
    return LSTMTrace(**{n: rng.random((steps, units), np.float32) for n in "ifgoch"})


def test_attention_bytes_use_the_whole_range() -> None:
    maps = np.random.default_rng(0).dirichlet(np.ones(25), 9).reshape(-1, 5, 5)
    packed = figures.attention_bytes(maps)
    assert packed.dtype == np.uint8
    assert (packed.max((1, 2)) == 255).all()
    assert (packed.min((1, 2)) == 0).all()


def test_a_map_is_drawn_where_it_looks_and_nowhere_else() -> None:
    maps = np.zeros((5, 5))
    maps[0, 0] = 1
    drawn = figures.heat_overlay(np.full((90, 160, 3), 100, np.uint8), maps).astype(int)
    change = np.abs(drawn - 100).sum(2)
    assert change[:15, :25].mean() > 50
    assert change[60:, 100:].max() == 0


@pytest.mark.parametrize("count", [1, 4, 9])
def test_a_strip_runs_over_rows_in_reading_order(count: int) -> None:
    pictures = [np.full((40, 60, 3), 20 * k, np.uint8) for k in range(count)]
    figure = figures.attention_strip(
        pictures, np.zeros((count, 7, 7)), [str(k) for k in range(count)], a_row=4)
    sheet = np.asarray(figure.data[0].z)
    at = [(a.x, a.y) for a in figure.layout.annotations]
    assert [a.text for a in figure.layout.annotations] == [str(k) for k in range(count)]
    for k, (x, y) in enumerate(at):
        assert sheet[int(y) - 10, int(x), 0] == 20 * k
    assert at == sorted(at, key=lambda p: (p[1], p[0]))


def test_every_gate_has_a_line_under_its_own_name() -> None:
    inside = trace(6, 4)
    lines = figures.unit_lines(inside, np.arange(6.0), 2)
    for line, letter in zip(lines.data, "ifogch", strict=True):
        assert line.name == f"{letter}_t"
        np.testing.assert_array_equal(line.y, getattr(inside, letter)[:, 2])


def test_data_flow_marks_what_was_learned_and_writes_the_shapes() -> None:
    figure = figures.data_flow([
        Step("video", "", (1200, 160, 160, 3), trained=False), Step("LSTM", "h_t", (1200, 160))])
    given, learned = (shape.line.color for shape in figure.layout.shapes)
    assert given != learned
    texts = [note.text for note in figure.layout.annotations if note.text]
    assert texts == ["<b>video</b>", "[1,200, 160,<br>160, 3]", "<b>LSTM</b>",
                     "h_t<br>[1,200, 160]"]


def test_a_long_recording_is_thinned_to_what_a_screen_shows() -> None:
    rng = np.random.default_rng(0)
    arrays = {name: rng.random((5000, 3), np.float32) for name in "ifgoch"}
    figure = figures.unit_lines(LSTMTrace(**arrays), np.arange(5000) / 25, 1)
    assert len(figure.data[0].x) <= figures.MAX_POINTS
    step = round(25 * (figure.data[0].x[1] - figure.data[0].x[0]))
    np.testing.assert_array_equal(figure.data[4].y, arrays["c"][::step, 1])


def test_words_label_the_axis_of_a_sentence() -> None:
    arrays = {name: np.zeros((3, 2), np.float32) for name in "ifgoch"}
    figure = figures.unit_lines(LSTMTrace(**arrays), ["a", "dog", "a"], 0)
    assert list(figure.data[0].x) == [0, 1, 2]  # "a" stands twice
    assert list(figure.layout.xaxis2.ticktext) == ["a", "dog", "a"]
