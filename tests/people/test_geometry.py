"""Regions, anchors, masks: against numbers worked out by hand."""

import numpy as np
import pytest

from hybridcore.people.detection import Detections, decode, letterbox, merged, overlap
from hybridcore.people.masks import gathered, pack
from hybridcore.people.networks import Bodies, Faces, Hands
from hybridcore.people.points import BODY_EDGES, BODY_POINTS, HAND_EDGES, HAND_POINTS
from hybridcore.people.regions import bounding, crop, place, shifted, to_picture, to_region, upright
from hybridcore.people.smooth import one_euro

REGIONS = np.array([[50.0, 40.0, 20.0, 0.0], [30.0, 60.0, 40.0, np.pi / 2], [9.0, 9.0, 8.0, -0.4]])


def test_points_go_into_a_region_and_back() -> None:
    points = np.random.default_rng(0).uniform(0, 100, (3, 5, 2))
    assert to_picture(to_region(points, REGIONS), REGIONS) == pytest.approx(points)


def test_a_turned_region_has_its_top_on_the_right() -> None:
    top = to_picture(np.full((3, 1, 2), [0.5, 0.0]), REGIONS)
    assert top[0, 0] == pytest.approx([50, 30])
    assert top[1, 0] == pytest.approx([50, 60])  # a quarter turn, clockwise as seen
    (region,) = upright(np.array([[30.0, 60.0]]), np.array([[50.0, 60.0]]), np.array([40.0]))
    assert region == pytest.approx(REGIONS[1])


def test_shifting_goes_along_the_axis_of_the_region() -> None:
    assert shifted(REGIONS, up=0.5, scale=2)[1] == pytest.approx([50, 60, 80, np.pi / 2])


def test_the_bounding_square_of_a_turned_rectangle() -> None:
    corners = np.array([[[0.1, 0.3], [0.9, 0.3], [0.9, 0.7], [0.1, 0.7]]])
    found = bounding(to_picture(corners, REGIONS[2:]), REGIONS[2:, 3])
    assert found[0] == pytest.approx([9, 9, 0.8 * 8, -0.4])


def test_a_crop_of_the_size_of_its_region_is_the_picture_itself() -> None:
    frame = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    (upright_crop,) = crop(frame, np.array([[32.0, 24.0, 16.0, 0.0]]), 16)
    np.testing.assert_array_equal(upright_crop, frame[16:32, 24:40])
    (turned,) = crop(frame, np.array([[32.0, 24.0, 16.0, np.pi / 2]]), 16)
    np.testing.assert_array_equal(turned, np.rot90(frame[16:32, 24:40]))


def test_a_mask_goes_back_to_where_it_was_seen() -> None:
    picture = np.zeros((120, 160), np.uint8)
    picture[30:70, 60:90] = 255
    region = np.array([75.0, 52.0, 90.0, 0.3])
    (seen,) = crop(np.repeat(picture[..., None], 3, 2), region[None], 256)
    placed = place(seen[..., 0], region, picture.shape)
    wrong = (placed > 127) != (picture > 127)
    assert wrong.sum() < 20  # of 1,200; along the edges


def test_packed_masks_keep_sixteen_levels() -> None:
    masks = np.random.default_rng(0).integers(0, 256, (3, 256, 256), np.uint8)
    stack = gathered(map(pack, masks))
    assert len(stack) == 3
    for k, mask in enumerate(masks):
        assert np.abs(stack[k].astype(int) - mask).max() <= 8
    np.testing.assert_array_equal(stack[-1], stack[2])
    with pytest.raises(IndexError):
        stack[3]


@pytest.mark.parametrize(("networks", "count", "first", "last"), [
    (Bodies, 2254, (4, 4), (208, 208)), (Hands, 2016, (4, 4), (184, 184)),
    (Faces, 2304, (2, 2), (190, 190))])
def test_anchors_are_centres_of_cells(
    networks: type, count: int, first: tuple[int, int], last: tuple[int, int]
) -> None:
    anchors = networks.detector.anchors
    assert anchors.shape == (count, 2)
    assert tuple(anchors[0]) == first
    assert tuple(anchors[-1]) == last


def test_a_detection_decoded_by_hand() -> None:
    frame = np.zeros((100, 200, 3), np.uint8)
    detector = Bodies.detector
    _, corners = letterbox(frame, np.array([0, 0, 200, 100]), detector.side)
    values = np.zeros((1, 2254, 12), np.float32)
    logits = np.full((1, 2254), -9.0, np.float32)
    place_ = 2 * (14 * 28 + 3)  # row 14, column 3 of stride 8: centre (28, 116)
    values[0, place_] = [4, -4, 20, 10, 0, 0, 2, 2, 4, 4, 6, 6]
    logits[0, place_] = 2
    found = decode(detector, values, logits, np.array([corners]))
    scale = 200 / 224
    assert found.scores == pytest.approx([1 / (1 + np.exp(-2))])
    # The frame is 112 px high in the square, from 56 on: 116 is the row 60 of it.
    assert found.boxes[0] == pytest.approx(np.array([22, 51, 42, 61]) * scale)
    assert found.points[0, 2] == pytest.approx(np.array([32, 64]) * scale)


def test_boxes_that_overlap_become_one_weighted_by_score() -> None:
    boxes = np.array([[0.0, 0, 10, 10], [50, 50, 60, 60], [2, 0, 12, 10]])
    found = merged(Detections(np.array([0.9, 0.5, 0.6]), boxes, np.zeros((3, 2, 2))))
    assert found.scores.tolist() == [0.9, 0.5]
    assert found.boxes[0] == pytest.approx([0.8, 0, 10.8, 10])
    assert overlap(boxes[:1], boxes)[0] == pytest.approx([1, 0, 8 / 12])
    assert len(merged(Detections(np.zeros(0), np.zeros((0, 4)), np.zeros((0, 2, 2))))) == 0


def test_edges_join_named_points() -> None:
    assert (len(BODY_POINTS), len(HAND_POINTS)) == (33, 21)
    assert BODY_POINTS[16] == "right wrist"
    assert HAND_POINTS[8] == "index tip"
    assert {p for edge in BODY_EDGES for p in edge} == set(range(33))
    assert {p for edge in HAND_EDGES for p in edge} == set(range(21))


def test_one_euro_calms_what_stands_still_and_follows_what_moves() -> None:
    times = np.arange(90) / 30
    noise = np.random.default_rng(0).normal(0, 1, 90)
    scale = np.full(90, 100.0)
    assert one_euro(noise, times, scale)[30:].std() < 0.5 * noise[30:].std()
    moving = 400 * times
    late = moving - one_euro(moving, times, scale)
    assert 0 < late[-1] < 10  # px, at 400 px a second
