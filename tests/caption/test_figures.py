"""Figures of captions: what they hold."""

import numpy as np
import pytest
from skimage import data

from hybridcore.caption import figures
from hybridcore.caption.align_predict import Alignment
from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.phrases import Phrase
from hybridcore.caption.predict import Captioner
from hybridcore.caption.result import CaptionResult, Inside, Node

Looked = tuple[CaptionResult, Inside]


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    return data.coffee()


@pytest.fixture(scope="module")
def looked(captioner: Captioner, picture: np.ndarray) -> Looked:
    (result,) = captioner.run([picture], "attend", DecodingOptions(beam=4, most_words=9))
    return result, captioner.look_inside(result, result.best.numbers)


def ticks(figure) -> tuple[str, ...]:
    return figure.layout.xaxis.ticktext


def test_figures_over_words_name_them(looked: Looked) -> None:
    _, inside = looked
    units = figures.units_by_word(inside.trace, 1)
    said = tuple(figures.spelled(word) for word in inside.words)
    for figure in (
        figures.alternatives(inside), figures.certainty(inside),
        figures.gate_maps(inside, units[:5], 1), figures.unit_lines(inside, int(units[0]), 1),
    ):
        assert ticks(figure) == said


def test_the_strip_has_a_picture_a_word(looked: Looked, picture: np.ndarray) -> None:
    _, inside = looked
    figure = figures.attention_strip(picture, inside)
    assert len(figure.layout.annotations) == len(inside.words)


def test_the_word_that_was_said_is_framed(looked: Looked) -> None:
    _, inside = looked
    figure = figures.alternatives(inside)
    for shape in figure.layout.shapes:
        t, rank = round((shape.x0 + shape.x1) / 2), round((shape.y0 + shape.y1) / 2)
        assert inside.alternatives[t][rank] == inside.words[t]
    framed = {round((s.x0 + s.x1) / 2) for s in figure.layout.shapes}
    assert framed == {t for t, w in enumerate(inside.words) if w in inside.alternatives[t]}


def test_units_that_a_word_changed_come_first(looked: Looked) -> None:
    _, inside = looked
    change = np.abs(inside.trace.c[2] - inside.trace.c[1])
    assert figures.units_by_word(inside.trace, 2)[0] == change.argmax()


def test_branches_of_the_tree_do_not_cross() -> None:
    parents = (-1, -1, 0, 0, 1, 1, 5, 2)
    tree = [
        Node(word=str(k), step=step, parent=parent, probability=0.5, score=-1.0, best=k in (0, 3))
        for k, (parent, step) in enumerate(zip(parents, (0, 0, 1, 1, 1, 1, 2, 2), strict=True))
    ]
    height = figures._heights(tree)
    for step in (1, 2):
        rows = sorted((k for k, n in enumerate(tree) if n.step == step), key=lambda k: -height[k])
        above = [height[tree[k].parent] for k in rows]
        assert above == sorted(above, reverse=True)
    others, best, _ = figures.beam_tree(tree).data
    assert others.x.count(None) == 6
    assert best.x == (-1, 0, None, 0, 1, None)


def test_the_tree_of_a_search_is_drawn_whole(looked: Looked) -> None:
    result, _ = looked
    dots = figures.beam_tree(result.tree).data[2]
    assert len(dots.x) == len(result.tree) + 1
    assert "<b>" in "".join(dots.text)


def test_models_of_unequal_lengths_stand_side_by_side(looked: Looked) -> None:
    result, _ = looked
    short = min(result.captions, key=lambda c: len(c.words))
    long = max(result.captions, key=lambda c: len(c.words))
    (heat,) = figures.side_by_side({"one": short, "two": long}).data
    assert np.asarray(heat.z).shape == (2, len(long.words))
    assert np.isnan(np.asarray(heat.z)[0, len(short.words) :]).all()


def test_data_flow_has_the_shapes_of_this_run(
    looked: Looked, captioner: Captioner, picture: np.ndarray
) -> None:
    result, inside = looked
    config = captioner.models["attend"].config
    figure = figures.data_flow(result, inside, config, (600, 400))
    text = " ".join(a.text for a in figure.layout.annotations).replace("<br>", " ")
    words = len(inside.words)
    for shape in ("600 x 400", "[224, 224, 3]", "[2560, 7, 7]", f"alpha [{words}, 49]",
                  f"h, c [{words}, 14]", f"p [{words}, 15]", "4 sentences"):
        assert shape in text


@pytest.fixture
def alignment() -> Alignment:
    scores = np.zeros((4, 3), np.float32)
    scores[[0, 1], 2] = scores[2, 0] = scores[3, 1] = 1
    boxes = np.array([[0, 0, 1, 1], [0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]], np.float32)
    return Alignment(
        words=("a", "dog", "on", "grass"), unknown=(), scores=scores,
        regions=np.array([2, 2, 0, 1]), boxes=boxes, score=1.0,
        phrases=(Phrase(0, 2, 2, 1.0), Phrase(2, 3, 0, 1.0), Phrase(3, 4, 1, 1.0)),
    )


def test_phrases_have_the_colours_of_their_regions(
    alignment: Alignment, picture: np.ndarray
) -> None:
    colours = figures.region_colours(alignment)
    assert len(set(colours.values())) == 3
    figure = figures.alignment_picture(picture, alignment)
    frames = {s.line.color: s for s in figure.layout.shapes}
    assert frames[colours[2]].x0 > 299
    assert {a.text: a.bgcolor for a in figure.layout.annotations} == {
        "a dog": colours[2], "on": colours[0], "grass": colours[1]}
    assert f'color:{colours[2]}"><b>a dog<' in figures.phrase_text(alignment)
    assert ticks(figures.alignment_scores(alignment)) == alignment.words
