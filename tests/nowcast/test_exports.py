"""Every file says of every number whether it was observed or forecast."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image
from scipy.io import netcdf_file

from hybridcore.media import Clip
from hybridcore.media.radar import RadarSequence
from hybridcore.media.radar.files import fields_in
from hybridcore.media.radar.netcdf import LEFT_OUT
from hybridcore.nowcast import exports
from hybridcore.nowcast.colours import NOT_DRAWN, rain_codes, rain_ramp, table
from hybridcore.nowcast.picture import _EDGE, _HEAD, frame_picture, panel_picture
from hybridcore.nowcast.view import WALL
from hybridcore.text import write_csv, write_json
from tests.nowcast.rain import HOUR, answer, source

COLOURS = {word: np.array([int(code[k : k + 2], 16) for k in (1, 3, 5)])
           for word, code in WALL.items()}


@pytest.fixture(scope="module")
def found():
    return answer(hide="60", point="10, 12")


def words(result) -> list[str]:
    return ["observed"] * (result.now + 1) + ["forecast"] * HOUR


def nearest(colour: np.ndarray) -> str:
    return min(COLOURS, key=lambda word: np.abs(COLOURS[word] - colour).sum())


def test_csv_and_json_tell_observed_from_forecast(found, tmp_path: Path) -> None:
    result = found.result
    write_csv(found, tmp_path / "a.csv")
    rows = list(csv.DictReader((tmp_path / "a.csv").open()))
    assert [row["what"] for row in rows] == words(result)
    assert rows[result.now]["minute"] == "0.0"
    assert rows[result.now]["time"] == "2026-06-15T14:00:00Z"
    assert rows[-1]["time"] == "2026-06-15T15:00:00Z"
    for frame, row in enumerate(rows):
        assert float(row["mean_mm_h"]) == pytest.approx(result.curve[frame], abs=1e-4)
        fell = source().rates[frame, result.place.row, result.place.column]
        assert float(row["observed_mm_h"]) == pytest.approx(fell, abs=1e-4)
    assert float(rows[-1]["chance_0.5_mm_h"]) == pytest.approx(result.chances[-1, 2], abs=1e-4)
    write_json(found, tmp_path / "a.json")
    said = json.loads((tmp_path / "a.json").read_text())
    assert [frame["what"] for frame in said["frames"]] == words(result)
    assert said["minutes_kept_back"] == 60
    assert said["now"] == "2026-06-15T14:00:00Z"
    assert said["frames"][-1]["mean_mm_h"] == pytest.approx(result.curve[-1], abs=1e-4)


def test_nothing_is_made_up_where_the_future_is_not_known(tmp_path: Path) -> None:
    future = answer(hide="0")
    write_csv(future, tmp_path / "a.csv")
    rows = list(csv.DictReader((tmp_path / "a.csv").open()))
    assert all(row["observed_mm_h"] == "" for row in rows[future.result.now + 1 :])
    assert not exports.has_skill(future)


def test_skill_as_csv_has_a_row_a_method_and_lead(found, tmp_path: Path) -> None:
    exports.write_skill(found, tmp_path / "a.csv")
    rows = list(csv.DictReader((tmp_path / "a.csv").open()))
    assert len(rows) == 5 * HOUR
    assert {row["threshold_mm_h"] for row in rows} == {"1.0"}
    assert all(0 <= float(row["csi"]) <= 1 for row in rows)


def test_netcdf_keeps_them_in_variables_of_their_own(found, tmp_path: Path) -> None:
    result = found.result
    exports.write_nc(found, tmp_path / "a.nc")
    with netcdf_file(tmp_path / "a.nc", mmap=False) as file:
        made = file.variables
        assert file.Conventions == b"CF-1.11"
        np.testing.assert_array_equal(made["observed_rain"][:], source().rates[:13])
        assert made["observed_rain"].dimensions == ("observed_time", "y", "x")
        mean = made["forecast_rain"][:]
        np.testing.assert_array_equal(np.where(mean == -9999, np.nan, mean), result.mean)
        assert made["forecast_rain"].dimensions == ("forecast_time", "y", "x")
        chance = made["forecast_probability"]
        known = chance[:] >= 0
        np.testing.assert_allclose((chance[:] * chance.scale_factor)[known],
                                   (result.exceed / 255)[known], atol=1e-6)
        np.testing.assert_array_equal(made["observed_later_rain"][:], source().rates[13:25])
        units = made["forecast_reference_time"].units.decode()
        start = datetime.strptime(units, "minutes since %Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        now = start + timedelta(minutes=float(made["forecast_reference_time"][...]))
        assert now == datetime(2026, 6, 15, 14, tzinfo=UTC)
        assert made["observed_time"][-1] == made["forecast_reference_time"][...]
        assert (made["forecast_time"][:] > made["forecast_reference_time"][...]).all()
        np.testing.assert_array_equal(made["lead_time"][:], result.leads)
        assert made["forecast_rain"].grid_mapping == b"crs"
        assert made["crs"].grid_mapping_name == b"polar_stereographic"
        x, y = made["x"][:], made["y"][:]
        assert np.diff(x).mean() == pytest.approx(2000, rel=1e-3)
        assert np.diff(y).mean() == pytest.approx(-2000, rel=1e-3)  # row 0 is north
        x0, y0, x1, y1 = source().bounds
        assert x[0] - 1000 == pytest.approx(x0, abs=2)
        assert y[0] + 1000 == pytest.approx(y1, abs=2)
        assert (x1 - x[-1], y[-1] - y0) == pytest.approx((1000, 1000), abs=2)
    unplaced = answer(hide="0")
    named = replace(unplaced, source=replace(unplaced.source, name="home/Regen über Åbo….h5"))
    exports.write_nc(named, tmp_path / "b.nc")
    with netcdf_file(tmp_path / "b.nc", mmap=False) as file:
        assert file.title.decode() == "Rain observed and forecast: Regen über Åbo….h5"
        assert "observed_later_rain" not in file.variables


def as_netcdf4(path: Path) -> bytes:
    """The same file as the netCDF library writes netCDF-4."""
    block = io.BytesIO()
    with netcdf_file(path, mmap=False) as old, h5py.File(block, "w") as file:
        file.attrs["Conventions"] = old.Conventions
        for name, variable in old.variables.items():
            file[name] = variable[...].astype(variable[...].dtype.newbyteorder("="))
            for key in vars(variable).keys() & {"units", "standard_name", "long_name", "_FillValue",
                                                "grid_mapping", "coordinates", "proj4_params"}:
                file[name].attrs[key] = getattr(variable, key)
        for name in old.dimensions:
            file[name].make_scale(name)
        for name, variable in old.variables.items():
            for axis, dimension in enumerate(variable.dimensions):
                if name != dimension:
                    file[name].dims[axis].attach_scale(file[dimension])
    return block.getvalue()


@pytest.mark.parametrize("hide", ["60", "0"])
def test_an_export_that_is_dropped_back_is_what_was_observed(hide: str, tmp_path: Path) -> None:
    asked, path = answer(hide=hide), tmp_path / "a.nc"
    exports.write_nc(asked, path)
    (tmp_path / "b.nc").write_bytes(as_netcdf4(path))
    for name in ("a.nc", "b.nc"):
        read, first = RadarSequence.open(tmp_path / name), source()
        np.testing.assert_array_equal(read.rates, first.rates)
        np.testing.assert_array_equal(read.minutes, first.minutes)
        assert (read.start, read.step, read.pixel_km) == (first.start, first.step, first.pixel_km)
        assert read.projection == first.projection
        assert read.bounds == pytest.approx(first.bounds, abs=0.01)
        assert read.notes == (LEFT_OUT,)


def test_no_forecast_is_read_as_observed_whatever_it_is_called(found, tmp_path: Path) -> None:
    """One mark is enough: a name, the lead time, or the time that it was made."""
    exports.write_nc(found, tmp_path / "a.nc")
    whole = (tmp_path / "a.nc").read_bytes()
    for name in ("observed", "forecast"):  # neither name tells now
        whole = whole.replace(f"{name}_rain".encode(), f"{name[::-1]}_rain".encode()).replace(
            f"{name}_time".encode(), f"{name[::-1]}_time".encode()).replace(
            f"{name} rain".encode(), f"{name[::-1]} rain".encode())
    whole = whole.replace(b"time that a forecast is of", b"time that the others are o")
    no_lead = whole.replace(b"forecast_period", b"some_other_name")
    no_moment = whole.replace(b"standard_name\0\0\0\0\0\0\2\0\0\0\x17forecast_reference_time",
                              b"standard_name\0\0\0\0\0\0\2\0\0\0\x17forecast_other_time____")
    assert len({whole, no_lead, no_moment}) == 3
    for content in (whole, no_lead, no_moment):
        times = [field.time for field in fields_in(content)]
        assert times == [datetime(2026, 6, 15, 13, tzinfo=UTC) + timedelta(minutes=5 * k)
                         for k in range(25)]
        np.testing.assert_array_equal([field.read() for field in fields_in(content)],
                                      source().rates)


def test_a_picture_shows_the_rain_in_the_colours_of_the_legend(found) -> None:
    result = found.result
    colours, codes = table(rain_ramp("usual")), rain_codes(result.rain[20])
    picture = frame_picture(result, 20)
    factor = 5
    inner = picture[_HEAD + _EDGE :, _EDGE:][2 : 96 * factor : factor, 2 : 96 * factor : factor]
    drawn = codes != NOT_DRAWN
    np.testing.assert_array_equal(inner[drawn], colours[codes][drawn])


def test_films_change_their_frame_with_the_wall(found, tmp_path: Path) -> None:
    result = found.result
    exports.write_gif(found, tmp_path / "a.gif")
    with Image.open(tmp_path / "a.gif") as film:
        assert film.n_frames == len(result.minutes)
        heads = []
        for frame in range(film.n_frames):
            film.seek(frame)
            heads.append(nearest(np.asarray(film.convert("RGB"))[3, 3].astype(int)))
    assert heads == words(result)
    steps: list[int] = []
    exports.write_mp4(found, tmp_path / "a.mp4", lambda done, total: steps.append(done))
    assert steps == list(range(1, len(result.minutes) + 1))
    frames = np.concatenate([part.frames for part in Clip.open(tmp_path / "a.mp4").chunks()])
    assert [nearest(frame[4, 4].astype(int)) for frame in frames] == words(result)


def test_the_panel_frames_each_row_by_what_it_is(found, tmp_path: Path) -> None:
    picture = panel_picture(found.result).astype(int)
    rows = {word: np.flatnonzero((np.abs(picture - colour).sum(2) == 0).sum(1) > 200)
            for word, colour in COLOURS.items()}
    orange, blue = rows["forecast"], rows["observed"]
    assert len(orange)
    assert ((blue < orange.min()) | (blue > orange.max())).all()  # now above, later below
    assert (blue < orange.min()).any()
    assert (blue > orange.max()).any()
    exports.write_png(found, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as read:
        np.testing.assert_array_equal(np.asarray(read), picture)
    future = panel_picture(answer(hide="0").result)
    assert len(future) < len(picture)  # nothing fell later
