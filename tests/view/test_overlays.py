"""Overlays are checked when they are made, and packed for their painters."""

from dataclasses import replace

import numpy as np
import pytest

from hybridcore.packing import pack, unpack
from hybridcore.view import (
    Classes,
    Field,
    Film,
    Heat,
    Outlines,
    Panel,
    PlayerView,
    Ramp,
    Sprite,
    Sprites,
)

T = 3
RED, BLUE = "#ff0000", "#0000ff"
CLASSES = Classes(["road", "sky"], [RED, BLUE])
RAMP = Ramp([RED, BLUE], [(0, "0"), (255, "64")], "mm/h")
GRID = np.array([[[0, 1]], [[1, 1]], [[0, 255]]], np.uint8)  # [3, 1, 2]
POINTS = np.zeros((T, 2, 3, 2), np.float32)


def outlines(**changes: object) -> Outlines:
    parts: dict = {"name": "bodies", "points": POINTS, "edges": [(0, 1), (1, 2)],
                   "names": ["Anna", "Ben"], "colours": [RED, BLUE]}
    return Outlines(**(parts | changes))


def sprite(**changes: object) -> Sprite:
    parts: dict = {
        "name": "Anna", "colour": RED, "frames": np.array([0, 2]),
        "pictures": np.zeros((2, 40, 30), np.uint8), "places": np.zeros((2, 4)),
        "boxes": np.zeros((2, 4)), "counted": np.array([True, False])}
    return Sprite(**(parts | changes))


def packed(overlay: Heat | Field | Outlines | Sprites) -> dict:
    return unpack(pack(overlay.tree()))


def test_a_field_of_classes_names_those_that_occur() -> None:
    field = packed(Field("scene", GRID, CLASSES, transparent=255))
    assert field["kind"] == "field"
    np.testing.assert_array_equal(field["values"], GRID)
    assert field["scale"] == {"colours": [RED, BLUE], "labels": ["road", "sky"], "present": [0, 1]}
    assert (field["smooth"], field["transparent"]) == (False, 255)
    only = packed(Field("scene", GRID[1:2], CLASSES))
    assert only["scale"]["present"] == [1]


def test_a_field_of_amounts_has_ticks_and_a_unit() -> None:
    field = packed(Field("rain", GRID, RAMP, smooth=True, transparent=0))
    assert field["scale"] == {
        "colours": [RED, BLUE], "ticks": [[0, "0"], [255, "64"]], "unit": "mm/h"}
    assert (field["smooth"], field["transparent"]) == (True, 0)


def test_outlines_keep_what_is_missing() -> None:
    points = POINTS.copy()
    points[1, 0, 2] = np.nan
    found = packed(outlines(points=points))
    assert found["kind"] == "outlines"
    np.testing.assert_array_equal(found["points"], points)
    assert found["edges"] == [[0, 1], [1, 2]]
    assert (found["names"], found["colours"]) == (["Anna", "Ben"], [RED, BLUE])
    assert found["dots"] is True


def test_grids_are_checked() -> None:
    for values in (np.zeros((T, 2, 2)), np.zeros((T, 2), np.uint8), np.zeros((T, 0, 2), np.uint8)):
        with pytest.raises(ValueError, match="uint8"):
            Heat("o", values)
        with pytest.raises(ValueError, match="uint8"):
            Field("o", values, RAMP)
    with pytest.raises(ValueError, match="no class"):
        Field("o", GRID, CLASSES)
    with pytest.raises(ValueError, match="blended"):
        Field("o", GRID, CLASSES, smooth=True, transparent=255)
    with pytest.raises(ValueError, match="transparent"):
        Field("o", GRID, RAMP, transparent=256)


def test_scales_are_checked() -> None:
    with pytest.raises(ValueError, match="one colour a class"):
        Classes(["road", "sky"], [RED])
    with pytest.raises(ValueError, match="1 to 256"):
        Classes([], [])
    with pytest.raises(ValueError, match="two colours"):
        Ramp([RED])
    with pytest.raises(ValueError, match="'blue' is no colour"):
        Ramp([RED, "blue"])
    for ticks in ([(9, "a"), (3, "b")], [(3, "a"), (3, "b")], [(256, "a")], [(-1, "a")]):
        with pytest.raises(ValueError, match="ticks"):
            Ramp([RED, BLUE], ticks)


def test_outlines_may_say_something_of_each_figure() -> None:
    count, figures = POINTS.shape[:2]
    codes = np.zeros((count, figures), np.int64)
    found = packed(outlines(codes=codes, labels=["waves"]))
    assert found["labels"] == ["waves"]
    assert found["codes"].shape == (count, figures)
    with pytest.raises(ValueError, match="no label"):
        outlines(codes=codes + 1, labels=["waves"])
    with pytest.raises(ValueError, match=r"\[T, N\]"):
        outlines(codes=codes[:, :1], labels=["waves"])


def test_outlines_are_checked() -> None:
    with pytest.raises(ValueError, match=r"\[T, N, P, 2\]"):
        outlines(points=POINTS[..., 0])
    with pytest.raises(ValueError, match="float32"):
        outlines(points=POINTS.astype(np.float64))
    with pytest.raises(ValueError, match="joins two of 3 points"):
        outlines(edges=[(0, 3)])
    with pytest.raises(ValueError, match="one name"):
        outlines(names=["Anna"])
    with pytest.raises(ValueError, match="one colour"):
        outlines(colours=[RED])


@pytest.mark.parametrize("overlay", [
    Heat("o", GRID), Field("o", GRID, RAMP), outlines(name="o"),
], ids=["heat", "field", "outlines"])
def test_every_frame_needs_its_overlay(overlay: Heat | Field | Outlines) -> None:
    PlayerView(times=np.arange(T), overlays=[overlay])
    with pytest.raises(ValueError, match="'o' has 3 frames where there are 4"):
        PlayerView(times=np.arange(T + 1), overlays=[overlay])


def test_sprites_are_checked() -> None:
    with pytest.raises(ValueError, match="frames increasing"):
        sprite(frames=np.array([2, 2]))
    with pytest.raises(ValueError, match="n > 0"):
        sprite(counted=np.array([True]))
    with pytest.raises(ValueError, match=r"\[n, 4\]"):
        sprite(boxes=np.zeros((2, 3)))
    with pytest.raises(ValueError, match="uint8"):
        sprite(pictures=np.zeros((2, 40, 30)))
    with pytest.raises(ValueError, match="lacks"):
        PlayerView(times=np.arange(2), overlays=[Sprites("people", [sprite()])])


def test_a_film_is_of_a_sprite_whose_pictures_travel_once() -> None:
    texts = {"present": "here", "absent": "away", "mean": "{count} of them", "mean_of_one": "one"}
    anna = sprite(pictures=np.full((2, 100, 100), 7, np.uint8))
    overlay, panel = Sprites("people", [anna]), Panel("Anna", films=[Film(anna, **texts)])
    alone = PlayerView(times=np.arange(T), overlays=[overlay])
    both = replace(alone, panels=[panel])
    assert len(both.to_bytes()) - len(alone.to_bytes()) < 2_000
    tree = unpack(both.to_bytes())
    (film,) = tree["panels"][0]["films"]
    assert {name: film[name] for name in texts} == texts
    (other,) = tree["overlays"][0]["sprites"]
    np.testing.assert_array_equal(film["sprite"]["pictures"], other["pictures"])
    with pytest.raises(ValueError, match="lacks"):
        PlayerView(times=np.arange(2), panels=[panel])
    with pytest.raises(ValueError, match="how many"):
        Film(anna, **(texts | {"mean": "all of them"}))
