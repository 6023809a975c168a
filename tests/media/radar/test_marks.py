"""Scale and north above the rain: of the right length, rightly turned, legible on every colour."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hybridcore.media.radar import RadarSequence
from hybridcore.media.radar.marks import INK, RIM, marks, north_of
from tests.media.radar import writers


@pytest.fixture(scope="module")
def radar(tmp_path_factory: pytest.TempPathFactory) -> RadarSequence:
    """On the map of OPERA, 200 x 100 pixels of 2 km, far north-west of its middle."""
    path = tmp_path_factory.mktemp("marks") / "fields.zip"
    writers.zipped(path, {f"{k}.h5": writers.odim(
        np.full((100, 200), 1 + k, np.float32), writers.later(5 * k)) for k in range(4)})
    return RadarSequence.open(Path(path))


def drawn(radar: RadarSequence) -> np.ndarray:
    with Image.open(io.BytesIO(marks(radar))) as image:
        return np.asarray(image)


def dark(picture: np.ndarray) -> np.ndarray:
    """Where the ink covers."""
    return (picture[..., 3] > 250) & (np.abs(picture[..., :3].astype(int) - INK).max(2) < 12)


def test_the_bar_is_as_long_as_it_says(radar: RadarSequence) -> None:
    picture = drawn(radar)
    assert picture.shape == (480, 960, 4)
    ink = dark(picture)
    row = ink[400:, :480].sum(1).argmax() + 400
    columns = np.flatnonzero(ink[row, :480])
    # 100 km are 50 pixels of the map, of which each is 4.8 px wide here.
    assert np.ptp(columns) == pytest.approx(50 * 4.8, abs=4)
    assert (picture[100:380, :700, 3] == 0).all()  # the rain is seen
    half = replace(radar, pixel_km=1.0)
    assert np.ptp(np.flatnonzero(dark(drawn(half))[row, :480])) == pytest.approx(50 * 4.8, abs=4)


def test_the_arrow_points_to_the_north(radar: RadarSequence) -> None:
    turn = north_of(radar)
    assert turn is not None
    assert 35 < turn < 45  # 1750 km west and 2000 km north of its middle
    rows, columns = np.nonzero(dark(drawn(radar))[:160, 800:])
    letter = rows < rows.min() + 16  # of the N, at the head
    head, foot = columns[letter].mean(), columns[rows > rows.max() - 6].mean()
    along = rows.max() - rows[letter].mean()
    assert np.degrees(np.arctan2(head - foot, along)) == pytest.approx(turn, abs=5)


def test_nothing_is_said_that_is_not_known(radar: RadarSequence) -> None:
    assert not drawn(replace(radar, pixel_km=None, bounds=None, projection=""))[..., 3].any()
    no_north = drawn(replace(radar, projection=""))
    assert not no_north[:160, 800:, 3].any()
    assert no_north[400:, :480, 3].any()


def test_ink_has_a_rim_that_stands_out_on_every_colour(radar: RadarSequence) -> None:
    """Ink or rim has a contrast of 3 to any colour, after WCAG 2."""
    def luminance(colour: np.ndarray) -> np.ndarray:
        part = colour / 255
        return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4) @ [
            0.2126, 0.7152, 0.0722]

    light = np.linspace(0, 1, 200)
    ink, rim = luminance(np.array(INK)), luminance(np.array(RIM))
    assert (np.maximum((np.maximum(light, ink) + 0.05) / (np.minimum(light, ink) + 0.05),
                       (rim + 0.05) / (light + 0.05)) >= 3).all()
    assert (rim + 0.05) / (ink + 0.05) > 10
    picture = drawn(radar)
    ink_at = dark(picture)
    for rows, columns in ((-3, 0), (3, 0), (0, -3), (0, 3)):  # px: all ink lies on a ground
        around = np.roll(ink_at, (rows, columns), (0, 1))
        assert (picture[around][:, 3] > 250).all()
