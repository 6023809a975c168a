"""Boxes from the maps of words, and what is drawn of them."""

import numpy as np
import pytest

from hybridcore.caption.learn.boxes_evaluate import (
    Case,
    overlaps,
    points,
    rows_of,
    strongest_box,
    strongest_window,
)
from hybridcore.caption.region_figures import region_overlay, regions_picture
from hybridcore.caption.regions import fixed_regions
from hybridcore.caption.seen import SeenWord
from hybridcore.caption.word_regions import boxes_of, overlap, regions_of, word_regions

KINDS = {"dog": "thing", "puppy": "thing", "ball": "thing", "brown": "colour", "red": "colour",
         "running": "other"}


def spot(*cells: tuple[int, int], value: float = 0.8) -> np.ndarray:
    """A map with so much in cells (row, column) and next to nothing elsewhere."""
    grid = np.full((7, 7), 0.001, np.float32)
    for row, column in cells:
        grid[row, column] = value
    return grid


MAPS = {
    "dog": spot((4, 1), (4, 2), (5, 1), (5, 2)), "puppy": spot((4, 1), (4, 2), (5, 1), (5, 2)),
    "ball": spot((1, 5)), "brown": spot((4, 1), (4, 2), (5, 2)), "red": spot((1, 5), (1, 6)),
    "running": spot((3, 3)),
}
WORDS = [SeenWord(name, p) for name, p in (
    ("ball", 0.6), ("dog", 0.9), ("puppy", 0.5), ("brown", 0.7), ("red", 0.5), ("running", 0.8))]


def test_a_box_lies_around_its_part_of_the_map() -> None:
    ((x0, y0, x1, y1),) = boxes_of(MAPS["dog"])
    assert (x0, x1) == pytest.approx((1 / 7, 3 / 7), abs=0.1)
    assert (y0, y1) == pytest.approx((4 / 7, 6 / 7), abs=0.1)
    assert x0 < 1 / 7 < 3 / 7 < x1


def test_parts_apart_are_boxes_apart_and_weak_ones_none() -> None:
    two = spot((1, 1), (5, 5))
    two[1, 1] = 0.9
    first, second = boxes_of(two)
    assert first[2] < 0.5 < second[0]
    two[5, 5] = 0.1
    assert boxes_of(two) == [first]
    assert boxes_of(np.zeros((7, 7), np.float32)) == []


def test_things_have_regions_and_colours_name_them() -> None:
    found = word_regions(WORDS, MAPS, KINDS.__getitem__)
    assert [region.phrase for region in found] == ["a brown dog", "a red ball"]
    assert [region.probability for region in found] == [0.9, 0.6]
    for region in found:
        assert region.weights.sum() == pytest.approx(1, abs=1e-5)
        inside = region.weights.reshape(7, 7)[MAPS[region.word] > 0.5].sum()
        assert inside > 0.95
    alone = word_regions(WORDS[:2], MAPS, KINDS.__getitem__)
    assert [region.phrase for region in alone] == ["a dog", "a ball"]


def test_regions_begin_with_the_whole_and_are_the_fixed_ones_where_there_is_no_word() -> None:
    regions = regions_of(word_regions(WORDS, MAPS, KINDS.__getitem__))
    assert regions.names == ("", "a brown dog", "a red ball")
    assert regions.boxes[0].tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(regions.pooling.sum(1), 1, atol=1e-5)
    np.testing.assert_array_equal(regions_of([]).boxes, fixed_regions().boxes)


def test_overlap_is_intersection_over_union() -> None:
    assert overlap((0, 0, 0.5, 1), (0.25, 0, 0.75, 1)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 0.5, 1), (0.5, 0, 1, 1)) == 0


def test_what_is_drawn_are_the_boxes_and_a_choice_shows_one_map() -> None:
    found = word_regions(WORDS, MAPS, KINDS.__getitem__)
    (overlay,) = region_overlay(found, 3)
    assert overlay.points.shape == (3, 2, 4, 2)
    np.testing.assert_allclose(overlay.points[2, 1, [0, 2]].ravel(), found[1].box)
    assert list(overlay.names) == ["a brown dog", "a red ball"]
    assert region_overlay([], 3) == []
    figure = regions_picture(np.zeros((70, 140, 3), np.uint8), found, MAPS)
    x0, y0, x1, y1 = found[0].box
    assert (min(figure.data[1].x), max(figure.data[1].x)) == pytest.approx((140 * x0, 140 * x1))
    assert (min(figure.data[1].y), max(figure.data[1].y)) == pytest.approx((70 * y0, 70 * y1))
    every, _, ball = figure.layout.updatemenus[0].buttons
    assert list(every.args[0]["visible"]) == [True, True, True, False, False]
    assert list(ball.args[0]["visible"]) == [True, False, True, False, True]
    peak = np.unravel_index(figure.data[4].z.argmax(), figure.data[4].z.shape)
    assert 140 * 5 / 7 < figure.data[4].x[peak[1]] < 140 * 6 / 7


def test_boxes_are_measured_by_where_things_are() -> None:
    right = Case(1, MAPS["dog"], ((1 / 7, 4 / 7, 3 / 7, 6 / 7),))
    wrong = Case(2, MAPS["ball"], ((0.0, 0.5, 0.2, 1.0),))
    assert (points(right), points(wrong)) == (True, False)
    assert overlaps([right, wrong], strongest_box)[0] > 0.5
    assert strongest_box(np.full((7, 7), 0.01, np.float32)) == (0, 0, 1, 1)
    rows = {row["name"]: row["value"] for row in rows_of([right, wrong])}
    assert rows["peak of the map in a box of its object"] == 50
    assert rows["whole picture: intersection over union above 0.5"] == 0
    x0, y0, x1, y1 = strongest_window(MAPS["dog"])
    assert x0 < 2 / 7 < x1
    assert y0 < 5 / 7 < y1
