"""Every format: rates, no data, time and place."""

import io
from functools import partial

import numpy as np
import pytest
from scipy.io import netcdf_file

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


@pytest.mark.parametrize("form", [
    bytes, partial(writers.classic, version=1), partial(writers.classic, version=2)])
def test_netcdf(form):
    codes = np.array([[0, 4, -1], [20, 2, 1]])
    for south_first in (False, True):
        field = only(form(writers.netcdf(codes[::-1] if south_first else codes,
                                         south_first=south_first)))
        assert (field.source, field.time) == ("BoM netCDF", START)
        near(field.read(), [[0, 2, np.nan], [10, 1, 0.5]])  # 0.05 mm in 6 min is 0.5 mm/h
        near(field.read((slice(0, 1), slice(0, 2))), [[0, 2]])
        assert field.grid.bounds == (-750, -500, 750, 500)
        assert field.note == ""
    assert field.grid.projection.startswith("+proj=aea +lon_0=153.24 +lat_0=-27.7178 ")


CODES_OVER_TIME = [[[0, 1], [2, -1]], [[3, 4], [5, -127]]]


def rain_over_time(kind="i1", codes=CODES_OVER_TIME, **attributes):
    """Classic netCDF of two fields, 5 min apart, on a time axis without a name that is known."""
    block = io.BytesIO()
    with netcdf_file(block, "w") as file:
        for name, count in (("when", None), ("south_north", 2), ("west_east", 2)):
            file.createDimension(name, count)
        when = file.createVariable("when", "i4", ("when",))
        when.units = "minutes since 2021-07-04 15:50"
        when[:] = [0, 5]
        for name, places in (("south_north", [3000, 1000]), ("west_east", [1000, 3000])):
            axis = file.createVariable(name, "f4", (name,))
            axis.units = "m"
            axis[:] = places
        rain = file.createVariable("rain", kind, ("when", "south_north", "west_east"))
        rain.units = "mm h-1"
        for key, value in attributes.items():
            setattr(rain, key, value)
        rain[:] = codes
        file.flush()
        return block.getvalue()


def test_classic_netcdf_over_time_with_unsigned_bytes():
    first, second = fields_in(rain_over_time(
        _Unsigned="true", _FillValue=np.int8(-1), scale_factor=0.5, add_offset=1.0))
    assert (first.time, second.time) == (START, writers.later(5))
    near(first.read(), [[1, 1.5], [2, np.nan]])
    near(second.read(), [[2.5, 3], [3.5, 65.5]])  # -127 is 129
    near(second.read((slice(1, 2), slice(0, 1))), [[3.5]])


def test_a_fill_value_that_is_not_named_is_no_rain():
    missing = {"i2": -32_767, "i4": -2_147_483_647, "f4": 9.969209968386869e36}
    for kind, code in missing.items():
        field, _ = fields_in(rain_over_time(kind, [[[0, 1], [2, code]], [[3, 4], [5, 6]]]))
        near(field.read(), [[0, 1], [2, np.nan]])


def test_variables_that_lie_over_each_other_are_damage():
    """A small header may name one large block a thousand times."""
    content = bytearray(rain_over_time("f4"))
    with netcdf_file(io.BytesIO(content)) as file:
        assert file.variables["south_north"].data.nbytes == 8
    at = content.index(b"south_north", content.index(b"west_east") + 9)  # the variable
    begin = content.index(np.array([5, 8], ">i4").tobytes(), at) + 8  # kind, bytes, where
    # Its dimension is now as long as the file.
    long = content.index(b"south_north") + 12
    content[long : long + 4] = np.array(len(content) // 4 - 2, ">i4").tobytes()
    content[begin : begin + 4] = np.array(4, ">i4").tobytes()
    with pytest.raises(MediaError, match="lie over each other"):
        fields_in(bytes(content))


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
    (b"CDF\x05" + bytes(100), "netCDF-4"),
    (b"CDF\x01" + bytes(100), "no map of rain"),
    (rain_over_time()[:-1], "damaged or breaks off"),
    (rain_over_time(long_name="rain nowcast"), "nothing that was observed"),
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
