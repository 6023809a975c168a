"""Every format: rates, no data, time and place."""

import numpy as np
import pytest

from hybridcore.errors import MediaError
from hybridcore.media.radar.files import fields_in
from hybridcore.media.radar.times import time_in
from tests.media.radar import writers
from tests.media.radar.writers import START

CODES = np.array([[0, 10, 65535], [1, 2, 3]], np.uint16)


def only(content):
    (field,) = fields_in(content)
    return field


def near(rates, expected):
    assert rates.dtype == np.float32
    np.testing.assert_allclose(rates, expected, rtol=1e-5, atol=1e-6)


def test_knmi_amounts_are_rates():
    field = only(writers.knmi(CODES))
    assert (field.source, field.quantity, field.time) == ("KNMI HDF5", "accumulation", START)
    near(field.read(), [[0, 1.2, np.nan], [0.12, 0.24, 0.36]])  # 0.01 mm in 5 min is 0.12 mm/h
    near(field.read((slice(0, 1), slice(1, 3))), [[1.2, np.nan]])
    assert field.grid.bounds == (0, -3_652_000, 3000, -3_650_000)
    assert "+a=6378137 " in field.grid.projection


def test_knmi_reflectivity_by_marshall_and_palmer():
    codes = np.array([[0, 143, 65535]], np.uint16)
    field = only(writers.knmi(codes, what="REFLECTIVITY_[DBZ]", formula="GEO=0.5*PV+-31.5"))
    near(field.read(), [[0, (10**4 / 200) ** (1 / 1.6), np.nan]])  # 40 dBZ: 11.53 mm/h


def test_odim():
    values = np.array([[-8888000.0, 1.5, -9999000.0], [0.2, 7, 0]])
    field = only(writers.odim(values, nodata=-9999000.0, undetect=-8888000.0))
    assert (field.source, field.quantity, field.time) == ("ODIM HDF5", "rain rate", START)
    near(field.read(), [[0, 1.5, np.nan], [0.2, 7, 0]])
    np.testing.assert_allclose(field.grid.bounds, (0, -4000, 6000, 0), atol=1e-3)
    assert field.grid.pixel == pytest.approx((2000, 2000))


def test_odim_codes_amounts_and_reflectivity():
    codes = np.array([[0, 142, 255]], np.uint8)
    marks = {"gain": 0.5, "offset": -32.0, "nodata": 255.0, "undetect": 0.0}
    near(only(writers.odim(codes, quantity="DBZH", **marks)).read(),
         [[0, (10**3.9 / 200) ** (1 / 1.6), np.nan]])
    near(only(writers.odim(np.array([[0.5, 2]]), quantity="ACRR", over=15)).read(), [[2, 8]])


def test_netcdf():
    codes = np.array([[0, 4, -1], [20, 2, 1]])
    for south_first in (False, True):
        field = only(writers.netcdf(codes[::-1] if south_first else codes, south_first=south_first))
        assert (field.source, field.time) == ("BoM netCDF", START)
        near(field.read(), [[0, 2, np.nan], [10, 1, 0.5]])  # 0.05 mm in 6 min is 0.5 mm/h
        near(field.read((slice(0, 1), slice(0, 2))), [[0, 2]])
        assert field.grid.bounds == (-750, -500, 750, 500)
    assert field.grid.projection.startswith("+proj=aea +lon_0=153.24 +lat_0=-27.7178 ")


@pytest.mark.parametrize("packing", [
    {"png": True}, {"png": True, "bits": 8}, {"png": False}, {"png": False, "bits": 8},
    {"png": False, "bits": 11}])
def test_grib(packing):
    codes = np.array([[0, 30, 45], [20, 130, 31]])
    field = only(writers.grib(codes, **packing))
    assert (field.source, field.quantity, field.time) == ("MRMS GRIB2", "rain rate", START)
    near(field.read(), [[np.nan, 0, 1.5], [np.nan, 10, 0.1]])
    height, width = field.grid.pixel
    assert height == pytest.approx(1111.95, abs=0.01)  # 0.01 degrees of a sphere of 6371 km
    assert width / height == pytest.approx(np.cos(np.radians(39.995)), abs=1e-4)
    assert field.grid.bounds[3] == pytest.approx(40.005 * 111_194.93, rel=1e-6)


def test_grib_upside_down_and_with_a_bitmap():
    codes = np.array([[30, 45], [130, 31]])
    near(only(writers.grib(codes, scan=0b0100_0000)).read(), [[10, 0.1], [0, 1.5]])
    there = np.array([[True, False], [True, True]])
    near(only(writers.grib(codes, png=False, bits=12, bitmap=there)).read(),
         [[0, np.nan], [10, 0.1]])


def test_fmi_pgm_plain_and_compressed():
    codes = np.array([[0, 144, 255], [104, 84, 64]])
    for content in (writers.pgm(codes), writers.gzipped(writers.pgm(codes))):
        field = only(content)
        assert (field.source, field.time) == ("FMI PGM", START)
        near(field.read(), [[0, (10**4 / 200) ** 0.625, np.nan],
                            [(10**2 / 200) ** 0.625, (10 / 200) ** 0.625, (1 / 200) ** 0.625]])
        x0, y0, x1, y1 = field.grid.bounds
        assert (x0, y0) == pytest.approx((0, 0), abs=0.1)
        assert (x1 - x0, y1 - y0) == pytest.approx((759_752, 1_225_545), abs=1)


def test_meteoswiss():
    codes = np.zeros((640, 710))
    codes[0, :4] = 1, 72, 152, 255
    field = only(writers.swiss(codes))
    assert (field.source, field.time) == ("MeteoSwiss GIF", START)
    near(field.read()[0, :4], [0, 12 * (10**0.025 / 316) ** (2 / 3),
                               12 * (10**4.025 / 316) ** (2 / 3), np.nan])
    assert field.grid.bounds == (255_000, -160_000, 965_000, 480_000)


def test_grey_pictures_are_a_ramp_that_is_said():
    codes = np.array([[0, 255], [51, 128]])
    for kind in ("PNG", "GIF", "PPM"):
        field = only(writers.shades(codes, kind))
        near(field.read(), [[0, (10**6 / 200) ** 0.625],
                            [(10**0.4 / 200) ** 0.625, (10 ** (2.5137255) / 200) ** 0.625]])
        assert "-10 dBZ at 0 to 60 dBZ at 255" in field.note
        assert field.time is None
        assert field.grid.pixel is None


def colours():
    from PIL import Image

    image = Image.fromarray(np.random.default_rng(1).integers(0, 255, (40, 40, 3), np.uint8))
    import io

    block = io.BytesIO()
    image.save(block, "PNG")
    return block.getvalue()


@pytest.mark.parametrize(("content", "words"), [
    (b"", "is empty"),
    (b"Rain is expected in the afternoon.", "no radar file"),
    (writers.knmi(CODES)[:3000], "damaged or breaks off"),
    (writers.odim(np.ones((9, 9)))[:-500], "damaged or breaks off"),
    (writers.grib(np.full((9, 9), 30))[:-20], "breaks off"),
    (writers.gzipped(writers.pgm(np.ones((9, 9))))[:-30], "damaged or breaks off"),
    (b"CDF\x01" + bytes(100), "netCDF-4"),
    (writers.odim(np.ones((2, 2)), thing="PVOL"), "polar coordinates"),
    (writers.odim(np.ones((2, 2)), quantity="VRAD"), "no map of rain"),
    (writers.grib(np.full((2, 2), 30), parameter=77), "209-6-77"),
    (writers.grib(np.full((2, 2), 30), png=False, template=40), "JPEG 2000"),
    (colours(), "has colours"),
])
def test_what_is_no_radar_is_said(content, words):
    with pytest.raises(MediaError) as error:
        [field.read() for field in fields_in(content)]
    assert words in str(error.value)
    assert str(error.value).endswith(".")


def test_no_other_file_is_read(tmp_path):
    """An HDF5 file may name others: links, and values that lie outside."""
    import io

    import h5py

    secret = tmp_path / "secret"
    secret.write_bytes(bytes(64))
    block = io.BytesIO(writers.odim(np.ones((4, 4), np.float32)))
    with h5py.File(block, "a") as file:
        del file["dataset1/data1/data"]
        file["dataset1/data1"].create_dataset(
            "data", (4, 4), np.float32, external=[(str(secret), 0, 64)])
    with pytest.raises(MediaError, match="no map of rain"):
        fields_in(block.getvalue())
    with h5py.File(block, "a") as file:
        del file["dataset1/data1/data"]
        file["dataset1/data1/data"] = h5py.ExternalLink(str(secret), "data")
    with pytest.raises(MediaError, match="no map of rain"):
        fields_in(block.getvalue())


@pytest.mark.parametrize(("name", "expected"), [
    ("RAD_NL25_RAP_5min_201008260735.h5", "2010-08-26 07:35:00"),
    ("66_20201031_235000.prcp-c10.nc", "2020-10-31 23:50:00"),
    ("PrecipRate_00.00_20190610-001036.grib2", "2019-06-10 00:10:36"),
    ("T_PAAH21_C_EUOC_20180824180000.hdf", "2018-08-24 18:00:00"),
    ("20210704155000.rad.best.comp.rate.qpe.hdf", "2021-07-04 15:50:00"),
    ("201609281445_fmi.radar.composite.lowest_FIN_SUOMI1.pgm.gz", "2016-09-28 14:45:00"),
    ("AQC151351545F_00005.801.gif", "2015-05-15 15:45:00"),
    ("S_NWC_CRR_MSG4_Europe-VISIR_20180601T070000Z.nc", "2018-06-01 07:00:00"),
    ("radar 2024-05-01 14h30.png", "2024-05-01 14:30:00"),
    ("frame-0012.png", "None"), ("20211399999999.png", "None"), ("IMG_123456789012345.png", "None"),
])
def test_times_in_names(name, expected):
    assert str(time_in(name)).removesuffix("+00:00") == expected
