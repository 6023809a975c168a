"""What a file of any radar format holds; its content decides, not its name."""

from __future__ import annotations

import zlib
from contextlib import nullcontext
from functools import partial

from PIL import Image

from hybridcore.errors import MediaError
from hybridcore.media.picture_file import DAMAGED
from hybridcore.media.radar.field import Field

MAX_FILE_BYTES = 400_000_000  # unpacked

_GZIP, _HDF5 = b"\x1f\x8b", b"\x89HDF\r\n\x1a\n"
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"GIF8", b"P5", b"II*\0", b"MM\0*")
_CLASSIC = (b"CDF\x01", b"CDF\x02")
_OLD = {b"CDF\x05": "netCDF with data of 64 bits (CDF-5); convert it to netCDF-4 (nccopy -k nc4)",
        b"\x0e\x03\x13\x01": "HDF of version 4; convert it to HDF5 (h4toh5)",
        b"PK\x03\x04": "an archive within an archive; unpack it first"}
NO_RADAR = ("This is no radar file; choose KNMI or ODIM HDF5, netCDF, GRIB2, FMI PGM, MeteoSwiss "
            "GIF, or grey pictures of reflectivity.")
_DAMAGED = "The radar file is damaged or breaks off; copy or download it again."


def fields_in(content: bytes) -> list[Field]:
    """The fields of a file, one at least; their values are read when they are asked for.

    Raises:
        MediaError: it is no radar file, is damaged, or of a kind that is not read.
    """
    if not content:
        raise MediaError("The file is empty (0 bytes); copy or upload it again.")
    if content.startswith(_GZIP):
        content = _unzipped(content)
    for mark, what in _OLD.items():
        if content.startswith(mark):
            raise MediaError(f"This is {what}.")
    try:
        if content.startswith(_HDF5):
            return _hdf5(content)
        if content.startswith(_CLASSIC):
            return _classic(content)
        if b"GRIB" in content[:64]:
            from hybridcore.media.radar.grib import grib_fields

            return grib_fields(content)
        if content.startswith(_PICTURES):
            return _pictures(content)
    except Image.DecompressionBombError as error:
        raise MediaError("The picture is too large to be read; choose a smaller one.") from error
    except DAMAGED as error:
        raise MediaError(_DAMAGED) from error
    raise MediaError(NO_RADAR)


def _hdf5(content: bytes) -> list[Field]:
    # Here, because h5py takes a third of a second that other files need not wait for.
    from hybridcore.media.radar.hdf5 import opened
    from hybridcore.media.radar.knmi import is_knmi, knmi_fields
    from hybridcore.media.radar.netcdf import is_netcdf, netcdf_fields
    from hybridcore.media.radar.odim import is_odim, odim_fields
    from hybridcore.media.radar.variables import netcdf4

    with opened(content) as file:
        for belongs, fields in ((is_knmi, knmi_fields), (is_odim, odim_fields)):
            if belongs(file):
                return fields(file, content)
        if is_netcdf(file):
            with netcdf4(content) as variables:
                return netcdf_fields(variables, partial(netcdf4, content))
    raise MediaError("This HDF5 file is neither of KNMI nor ODIM nor netCDF; choose a radar "
                     "composite in one of these forms.")


def _classic(content: bytes) -> list[Field]:
    from hybridcore.media.radar.netcdf import netcdf_fields
    from hybridcore.media.radar.variables import classic

    file = classic(content)
    return netcdf_fields(file, lambda: nullcontext(file))


def _pictures(content: bytes) -> list[Field]:
    from hybridcore.media.radar.pgm import (
        fmi_pgm_fields,
        fmi_tiff_fields,
        is_fmi_pgm,
        is_fmi_tiff,
    )
    from hybridcore.media.radar.pictures import picture_fields

    if is_fmi_pgm(content):
        return fmi_pgm_fields(content)
    return fmi_tiff_fields(content) if is_fmi_tiff(content) else picture_fields(content)


def _unzipped(content: bytes) -> bytes:
    decoder = zlib.decompressobj(wbits=31)
    try:
        unpacked = decoder.decompress(content, MAX_FILE_BYTES)
    except zlib.error as error:
        raise MediaError(_DAMAGED) from error
    if decoder.unconsumed_tail:
        raise MediaError(f"The file unpacks to more than {MAX_FILE_BYTES / 1e6:.0f} MB, which is "
                         "too large for a radar field.")
    if not decoder.eof:
        raise MediaError(_DAMAGED)
    return unpacked
