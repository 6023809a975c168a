"""Figures of captions: what they hold."""

import numpy as np
import pytest
from skimage import data

from hybridcore.caption import figures
from hybridcore.caption.align_predict import Alignment
from hybridcore.caption.phrases import Phrase
from hybridcore.caption.result import Node


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    return data.coffee()


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


@pytest.fixture
def alignment() -> Alignment:
    scores = np.zeros((4, 3), np.float32)
    scores[[0, 1], 2] = scores[2, 0] = scores[3, 1] = 1
    boxes = np.array([[0, 0, 1, 1], [0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]], np.float32)
    return Alignment(
        words=("a", "dog", "on", "grass"), unknown=(), scores=scores,
        regions=np.array([2, 2, 0, 1]), boxes=boxes,
        names=("", "a dog", "grass"), score=1.0,
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
    assert f'color:{colours[2]}">■</span> <b>a dog<' in figures.phrase_text(alignment)
    assert figures.alignment_scores(alignment).layout.xaxis.ticktext == alignment.words
    assert figure.layout.title.text == figures.phrase_text(alignment)
