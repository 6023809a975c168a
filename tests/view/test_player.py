"""A player's view is checked, and comes out of its bytes as it went in."""

import numpy as np
import pytest

from hybridcore.packing import unpack
from hybridcore.view import Heat, Line, Panel, PlayerView, Series, SoundTrack, Strip

T = 7


def view(**changes: object) -> PlayerView:
    codes = np.array([0, 0, 1, 1, -1, 2, 2])
    index = np.stack([codes, (codes + 1) % 3], axis=1)
    value = np.linspace(0, 1, 2 * T).reshape(T, 2)
    parts: dict = {
        "times": np.arange(T) / 25,
        "strips": [Strip("s", codes, "abc", ["#000000"] * 3, np.linspace(0, 1, T))],
        "overlays": [Heat("o", np.arange(T * 6, dtype=np.uint8).reshape(T, 2, 3))],
        "panels": [
            Panel("p", [Series("m", "abc", index, value, hollow=True)], [Line("l", "abc", codes)])
        ],
        "cuts": [0.1],
    }
    return PlayerView(**(parts | changes))


def test_round_trip() -> None:
    source = view(overlay="o")
    tree = unpack(source.to_bytes())
    np.testing.assert_array_equal(tree["times"], source.times)
    strip, series = tree["strips"][0], tree["panels"][0]["series"][0]
    assert strip["labels"] == ["a", "b", "c"]
    assert strip["codes"].dtype == np.int8
    np.testing.assert_array_equal(strip["codes"], source.strips[0].codes)
    np.testing.assert_allclose(strip["confidence"], source.strips[0].confidence, rtol=1e-6)
    np.testing.assert_array_equal(tree["overlays"][0]["maps"], source.overlays[0].maps)
    assert tree["overlays"][0]["kind"] == "heat"
    assert tree["overlay"] == "o"
    np.testing.assert_array_equal(series["index"], source.panels[0].series[0].index)
    np.testing.assert_allclose(series["value"], source.panels[0].series[0].value, rtol=1e-6)
    assert series["hollow"] is True
    assert tree["cuts"] == [0.1]


def test_ten_minutes_stay_small() -> None:
    """18,000 frames with bars, strip and a 7 x 12 map: a few megabytes, sent once."""
    frames = 18_000
    codes = np.zeros(frames, np.int64)
    bars = np.zeros((frames, 5), np.int64)
    long = PlayerView(
        times=np.arange(frames) / 30,
        strips=[Strip("s", codes, "a", ["#000000"], np.ones(frames))],
        overlays=[Heat("o", np.zeros((frames, 7, 12), np.uint8))],
        panels=[Panel("p", [Series("m", "a", bars, bars / 1)] * 2)],
    )
    assert len(long.to_bytes()) < 3 << 20


def test_lengths_and_codes_are_checked() -> None:
    with pytest.raises(ValueError, match="strictly increasing"):
        view(times=np.zeros(T))
    with pytest.raises(ValueError, match="'o' has 6 frames where there are 7"):
        view(overlays=[Heat("o", np.zeros((6, 2, 2), np.uint8))])
    short = np.zeros(6, int)
    with pytest.raises(ValueError, match="'t' has 6 frames where there are 7"):
        view(strips=[Strip("t", short, "a", ["#000000"])])
    with pytest.raises(ValueError, match="'l' has 6 frames where there are 7"):
        view(panels=[Panel("p", lines=[Line("l", "a", short)])])
    with pytest.raises(ValueError, match="'m' has 6 frames where there are 7"):
        view(panels=[Panel("p", [Series("m", "a", short[:, None], short[:, None])])])
    with pytest.raises(ValueError, match="no label"):
        Strip("s", np.array([3]), "abc", ["#000000"] * 3)
    with pytest.raises(ValueError, match="one colour"):
        Strip("s", np.array([0]), "abc", ["#000000"])
    with pytest.raises(ValueError, match="'red' is no colour"):
        Strip("s", np.array([0]), "a", ["red"])
    with pytest.raises(ValueError, match=r"\[T, k\]"):
        Series("m", "abc", np.zeros((T, 2), int), np.zeros((T, 3)))


def test_the_overlay_chosen_at_first_is_one_of_the_list() -> None:
    heat = Heat("o", np.zeros((T, 2, 2), np.uint8))
    with pytest.raises(ValueError, match="no overlay 'x'"):
        view(overlay="x")
    with pytest.raises(ValueError, match="same name"):
        view(overlays=[heat, heat])
    assert unpack(view().to_bytes())["overlay"] is None


def test_a_sound_track_is_mono_and_float() -> None:
    track = SoundTrack(np.zeros(10, np.float32), 16_000)
    assert view(track=track).track is track
    with pytest.raises(ValueError, match=r"float32 \[n\]"):
        SoundTrack(np.zeros((10, 2), np.float32), 16_000)
    with pytest.raises(ValueError, match=r"float32 \[n\]"):
        SoundTrack(np.zeros(10), 16_000)
    with pytest.raises(ValueError, match="rate"):
        SoundTrack(np.zeros(10, np.float32), 0)


def test_what_lies_above_is_a_picture_in_the_view() -> None:
    view = PlayerView(times=np.arange(2.0), above=b"\x89PNG")
    assert unpack(view.to_bytes())["above"] == "data:image/png;base64,iVBORw=="
    assert unpack(PlayerView(times=np.arange(2.0)).to_bytes())["above"] is None
