"""What goes to the browser comes out of the block as it went in."""

import numpy as np
import pytest

from hybridcore.studio.packing import pack, smallest, unpack
from hybridcore.studio.view import Line, Overlay, Panel, PlayerView, Series, Strip

T = 7


def view(**changes: object) -> PlayerView:
    codes = np.array([0, 0, 1, 1, -1, 2, 2])
    index = np.stack([codes, (codes + 1) % 3], axis=1)
    value = np.linspace(0, 1, 2 * T).reshape(T, 2)
    parts: dict = {
        "video": "/clip.mp4",
        "times": np.arange(T) / 25,
        "strips": [Strip("s", codes, "abc", ["#000000"] * 3, np.linspace(0, 1, T))],
        "overlays": [Overlay("o", np.arange(T * 6, dtype=np.uint8).reshape(T, 2, 3))],
        "panels": [
            Panel("p", [Series("m", "abc", index, value, hollow=True)], [Line("l", "abc", codes)])
        ],
        "cuts": [0.1],
    }
    return PlayerView(**(parts | changes))


def test_round_trip() -> None:
    source = view()
    tree = unpack(source.to_bytes())
    np.testing.assert_array_equal(tree["times"], source.times)
    strip, series = tree["strips"][0], tree["panels"][0]["series"][0]
    assert strip["labels"] == ["a", "b", "c"]
    assert strip["codes"].dtype == np.int8
    np.testing.assert_array_equal(strip["codes"], source.strips[0].codes)
    np.testing.assert_allclose(strip["confidence"], source.strips[0].confidence, rtol=1e-6)
    np.testing.assert_array_equal(tree["overlays"][0]["maps"], source.overlays[0].maps)
    np.testing.assert_array_equal(series["index"], source.panels[0].series[0].index)
    np.testing.assert_allclose(series["value"], source.panels[0].series[0].value, rtol=1e-6)
    assert series["hollow"] is True
    assert tree["cuts"] == [0.1]


@pytest.mark.parametrize("name", ["s", "so", "sou", "soun", "sound", "sound ", "sound t", "ünï"])
def test_arrays_are_aligned(name: str) -> None:
    """A typed array in JavaScript must start on a multiple of its item size."""
    block = pack({name: [np.ones(3, np.uint8), np.arange(2.0)]})
    assert (4 + int.from_bytes(block[:4], "little")) % 8 == 0
    np.testing.assert_array_equal(unpack(block)[name][1], [0.0, 1.0])


def test_ten_minutes_stay_small() -> None:
    """18,000 frames with bars, strip and a 7 x 12 map: a few megabytes, sent once."""
    frames = 18_000
    codes = np.zeros(frames, np.int64)
    bars = np.zeros((frames, 5), np.int64)
    long = PlayerView(
        video="/clip.mp4",
        times=np.arange(frames) / 30,
        strips=[Strip("s", codes, "a", ["#000000"], np.ones(frames))],
        overlays=[Overlay("o", np.zeros((frames, 7, 12), np.uint8))],
        panels=[Panel("p", [Series("m", "a", bars, bars / 1)] * 2)],
    )
    assert len(long.to_bytes()) < 3 << 20


def test_smallest() -> None:
    for values, dtype in [([0, 255], "uint8"), ([-1, 4], "int8"), ([-1, 999], "int16")]:
        assert smallest(np.array(values)).dtype == dtype
    with pytest.raises(TypeError, match="32 bits"):
        smallest(np.array([1 << 40]))


def test_arrays_the_browser_cannot_read_are_refused() -> None:
    with pytest.raises(TypeError, match="int64"):
        pack({"a": np.arange(3)})


def test_lengths_and_codes_are_checked() -> None:
    with pytest.raises(ValueError, match="strictly increasing"):
        view(times=np.zeros(T))
    with pytest.raises(ValueError, match="'o' has 6 frames where there are 7"):
        view(overlays=[Overlay("o", np.zeros((6, 2, 2), np.uint8))])
    with pytest.raises(ValueError, match="no label"):
        Strip("s", np.array([3]), "abc", ["#000000"] * 3)
    with pytest.raises(ValueError, match="one colour"):
        Strip("s", np.array([0]), "abc", ["#000000"])
    with pytest.raises(ValueError, match="uint8"):
        Overlay("o", np.zeros((T, 2, 2)))
    with pytest.raises(ValueError, match=r"\[T, k\]"):
        Series("m", "abc", np.zeros((T, 2), int), np.zeros((T, 3)))
