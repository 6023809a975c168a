"""Small radar files in every format that is read, written here from what the formats say."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import h5py
import numpy as np
from PIL import Image
from scipy.io import netcdf_file

START = datetime(2021, 7, 4, 15, 50, tzinfo=UTC)


def later(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def knmi(codes: np.ndarray, time: datetime = START, minutes: float = 5,
         what: str = "ACCUMULATED_PRECIPITATION_[MM]", formula: str = "GEO=0.01*PV+0.0") -> bytes:
    """uint16 codes, 65535 without data, pixels of 1 km whose corner is (0, -3650) km."""
    block = io.BytesIO()
    with h5py.File(block, "w") as file:
        place = file.create_group("geographic")
        place.attrs.update({
            "geo_dim_pixel": np.bytes_(b"KM,KM"), "geo_number_rows": np.int32([codes.shape[0]]),
            "geo_number_columns": np.int32([codes.shape[1]]), "geo_pixel_size_x": np.float32([1]),
            "geo_pixel_size_y": np.float32([-1]), "geo_column_offset": np.float32([0]),
            "geo_row_offset": np.float32([3650])})
        place.create_group("map_projection").attrs["projection_proj4_params"] = np.bytes_(
            b"+proj=stere +lat_0=90 +lon_0=0.0 +lat_ts=60.0 +a=6378.137 +b=6356.752 +x_0=0 +y_0=0")
        image = file.create_group("image1")
        image.attrs["image_geo_parameter"] = np.bytes_(what.encode())
        image["image_data"] = codes
        calibration = image.create_group("calibration")
        calibration.attrs["calibration_formulas"] = np.bytes_(formula.encode())
        calibration.attrs["calibration_missing_data"] = np.int32([65535])
        calibration.attrs["calibration_out_of_image"] = np.int32([65535])
        overview = file.create_group("overview")
        for which, when in (("start", time - timedelta(minutes=minutes)), ("end", time)):
            overview.attrs[f"product_datetime_{which}"] = np.bytes_(
                when.strftime("%d-%b-%Y;%H:%M:%S.000").upper().encode())
    return block.getvalue()


def odim(values: np.ndarray, time: datetime = START, quantity: str = "RATE", *, km: float = 2,
         over: float = 5, thing: str = "COMP", **what: float) -> bytes:
    """On the Lambert map of OPERA, whose north-western corner is (0, 0)."""
    from pyproj import Proj

    text = "+proj=laea +lat_0=55.0 +lon_0=10.0 +x_0=1950000.0 +y_0=-2100000.0 +units=m +ellps=WGS84"
    block = io.BytesIO()
    with h5py.File(block, "w") as file:
        file.attrs["Conventions"] = np.bytes_(b"ODIM_H5/V2_4")
        file.create_group("what").attrs.update({
            "object": np.bytes_(thing.encode()), "date": time.strftime("%Y%m%d").encode(),
            "time": time.strftime("%H%M%S").encode()})
        where = file.create_group("where")
        where.attrs["projdef"] = text.encode()
        rows, columns = values.shape
        x, y = 1000 * km * columns, -1000 * km * rows
        for corner, place in {"LL": (0, y), "UL": (0, 0), "UR": (x, 0), "LR": (x, y)}.items():
            lon, lat = Proj(text)(*place, inverse=True)
            where.attrs.update({f"{corner}_lon": lon, f"{corner}_lat": lat})
        data = file.create_group("dataset1/data1")
        data["data"] = values
        start = time - timedelta(minutes=over)
        file["dataset1"].create_group("what").attrs.update({
            "startdate": start.strftime("%Y%m%d").encode(), "enddate": time.strftime("%Y%m%d"),
            "starttime": start.strftime("%H%M%S").encode(), "endtime": time.strftime("%H%M%S")})
        data.create_group("what").attrs.update({"quantity": quantity.encode(), **what})
    return block.getvalue()


def netcdf(codes: np.ndarray, time: datetime = START, minutes: float = 6, *,
           south_first: bool = False) -> bytes:
    """As the Bureau of Meteorology writes amounts: int16, 0.05 mm, -1 without data, 500 m."""
    block = io.BytesIO()
    with h5py.File(block, "w") as file:
        file.attrs["Conventions"] = np.bytes_(b"CF-1.7")
        file.attrs["institution"] = np.bytes_(b"Commonwealth of Australia, Bureau of Meteorology")
        rain = file.create_dataset("precipitation", data=codes.astype(np.int16))
        rain.attrs.update({
            "standard_name": np.bytes_(b"precipitation_amount"), "units": np.bytes_(b"kg m-2"),
            "add_offset": np.array([0.0]), "scale_factor": np.array([0.05]),
            "_FillValue": np.int16([-1]), "grid_mapping": np.bytes_(b"proj")})
        mapping = file.create_dataset("proj", data=np.int8(0))
        mapping.attrs.update({
            "grid_mapping_name": np.bytes_(b"albers_conical_equal_area"),
            "standard_parallel": np.array([-26.2, -29.3]),
            "longitude_of_central_meridian": np.array([153.24]),
            "latitude_of_projection_origin": np.array([-27.7178]),
            "semi_major_axis": np.array([6378137.0]), "semi_minor_axis": np.array([6356752.3])})
        rows, columns = codes.shape
        x = (np.arange(columns) - columns / 2 + 0.5) / 2
        y = (rows / 2 - 0.5 - np.arange(rows)) / 2
        for name, values in (("x", x), ("y", y[::-1] if south_first else y)):
            file.create_dataset(name, data=values).attrs["units"] = np.bytes_(b"km")
        for name, when in (("start_time", time - timedelta(minutes=minutes)), ("valid_time", time)):
            file.create_dataset(name, data=np.int32(when.timestamp())).attrs["units"] = np.bytes_(
                b"seconds since 1970-01-01 00:00:00 UTC")
    return block.getvalue()


def classic(content: bytes, version: int = 2) -> bytes:
    """The same variables and attributes as netCDF of the classic format, CDF-1 or CDF-2."""
    block = io.BytesIO()
    with h5py.File(io.BytesIO(content)) as old, netcdf_file(block, "w", version=version) as file:
        for key, value in old.attrs.items():
            setattr(file, key, bytes(value))
        sides = {"y": old["y"].size, "x": old["x"].size}
        for side, length in sides.items():
            file.createDimension(side, length)
        for name, values in old.items():
            names = tuple(sides) if values.ndim == 2 else (name,) if values.ndim else ()
            made = file.createVariable(name, values.dtype.newbyteorder(">"), names)
            made[...] = values[...]
            for key, value in values.attrs.items():
                setattr(made, key, bytes(value) if value.dtype.kind == "S" else value)
        file.flush()
        return block.getvalue()


def grib(codes: np.ndarray, time: datetime = START, *, bits: int = 16, png: bool = True,
         bitmap: np.ndarray | None = None, scan: int = 0, parameter: int = 1,
         template: int | None = None) -> bytes:
    """MRMS: (codes - 30) / 10 mm/h on pixels of 0.01 degrees, the first in 40 N, 100 W."""
    rows, columns = codes.shape
    there = codes.ravel() if bitmap is None else codes[bitmap]
    if png:
        block = io.BytesIO()
        kind = np.uint16 if bits == 16 else np.uint8
        Image.fromarray(codes.astype(kind)).save(block, "PNG")
        data = block.getvalue()
    else:
        planes = there[:, None] >> np.arange(bits - 1, -1, -1) & 1
        data = np.packbits(planes.astype(np.uint8)).tobytes()
    micro = 10_000
    lat, lon = 40_000_000, 260_000_000
    south, north = lat - (rows - 1) * micro, lat
    first, last = (south, north) if scan & 0b0100_0000 else (north, south)
    sections = [
        (1, struct.pack(">HHBBBHBBBBBBB", 161, 0, 2, 1, 1, time.year, time.month, time.day,
                        time.hour, time.minute, time.second, 0, 1)),
        (3, struct.pack(">BIBBHBBIBIBIIIIIIIBIIIIB", 0, rows * columns, 0, 0, 0, 6, 0, 0, 0, 0, 0,
                        0, columns, rows, 0, 0xFFFF_FFFF, first, lon, 48, last,
                        lon + (columns - 1) * micro, micro, micro, scan)),
        (4, struct.pack(">HHBBBBBHBBIBBIBBI", 0, 0, 6, parameter, 2, 0, 97, 0, 0, 0, 0, 102, 0, 0,
                        255, 0, 0)),
        (5, struct.pack(">IHfHHBB", len(there), template or (41 if png else 0), -30.0, 0, 1, bits,
                        0)),
        (6, b"\xff" if bitmap is None else b"\0" + np.packbits(bitmap.ravel()).tobytes()),
        (7, data)]
    body = b"".join(struct.pack(">IB", len(content) + 5, number) + content
                    for number, content in sections) + b"7777"
    return b"GRIB\0\0" + bytes((209, 2)) + struct.pack(">Q", len(body) + 16) + body


def pgm(codes: np.ndarray, time: datetime = START) -> bytes:
    """FMI: (codes - 64) / 2 dBZ, 255 without data, pixels of about 1 km."""
    text = (f"P5\n# obstime {time:%Y%m%d%H%M}\n# param CorrectedReflectivity\n"
            "# projection radar {\n# type stereographic\n# centrallongitude 25\n"
            "# centrallatitude 90\n# truelatitude 60\n# bottomleft 18.600000 57.930000\n"
            "# topright 34.903000 69.005000\n# }\n"
            f"{codes.shape[1]} {codes.shape[0]}\n255\n")
    return text.encode() + codes.astype(np.uint8).tobytes()


def swiss(codes: np.ndarray, time: datetime = START) -> bytes:
    """MeteoSwiss AQC, 710 x 640 px of 1 km: logarithms of the amount in 5 min."""
    image = Image.fromarray(codes.astype(np.uint8), "P")
    image.putpalette([k for k in range(256) for _ in range(3)])
    block = io.BytesIO()
    image.save(block, "GIF", comment=(
        f"generated by Meteoswiss\nPRDT=AQC{time:%y%j%H%M} ACCUm=000005 DeltaT=000005").encode())
    return block.getvalue()


def shades(codes: np.ndarray, kind: str = "PNG") -> bytes:
    """A grey picture."""
    block = io.BytesIO()
    Image.fromarray(codes.astype(np.uint8)).save(block, kind)
    return block.getvalue()


def moving_gif(frames: list[np.ndarray]) -> bytes:
    """A film of grey pictures."""
    first, *others = [Image.fromarray(frame.astype(np.uint8)) for frame in frames]
    block = io.BytesIO()
    first.save(block, "GIF", save_all=True, append_images=others, duration=200)
    return block.getvalue()


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content)
