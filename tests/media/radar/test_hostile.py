"""Radar files that are cut, changed or made to hurt: a sentence, or a sequence, never a crash."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from hybridcore.errors import MediaError
from hybridcore.media.limits import Limits
from hybridcore.media.radar import RadarSequence
from hybridcore.media.radar.files import fields_in
from tests.media.radar import writers
from tests.media.radar.writers import later

# The HDF5 library may look for ever in a damaged file; its process is ended.
LIMITS = Limits(max_decode_seconds=3)
CODES = np.random.default_rng(3).integers(30, 60, (24, 32))
WRITERS: dict[str, Callable[[int], bytes]] = {
    "h5": lambda k: writers.knmi(CODES.astype(np.uint16), later(5 * k)),
    "hdf": lambda k: writers.odim(CODES.astype(np.uint8), later(5 * k), "DBZH", gain=0.5,
                                  offset=-32.0, nodata=255.0, undetect=0.0),
    "nc": lambda k: writers.netcdf(CODES, later(5 * k), 5),
    "nc4": lambda k: writers.classic(writers.netcdf(CODES, later(5 * k), 5), 1 + k),
    "grib2": lambda k: writers.grib(CODES, later(5 * k)),
    "grb2": lambda k: writers.grib(CODES, later(5 * k), png=False, bits=11),
    "pgm.gz": lambda k: writers.gzipped(writers.pgm(CODES, later(5 * k))),
    "gif": lambda k: writers.moving_gif([CODES + k, CODES + k + 1]),
    "png": lambda k: writers.shades(CODES),
}


def changed(content: bytes) -> Iterator[bytes]:
    for share in (0.02, 0.7, 0.95):
        yield content[: int(len(content) * share)]
    for seed in range(4):
        random = np.random.default_rng(seed)
        block = np.frombuffer(content, np.uint8).copy()
        places = random.integers(0, min(len(block), 4000 if seed % 2 else 200), 6)
        block[places] = random.integers(0, 256, len(places))
        yield block.tobytes()


@pytest.mark.parametrize("ending", WRITERS)
def test_changed_files(tmp_path: Path, ending: str) -> None:
    write, path = WRITERS[ending], tmp_path / "fields.zip"
    whole = {f"{later(5 * k):%Y%m%d%H%M}.{ending}": write(k) for k in range(2)}
    writers.zipped(path, whole)
    assert len(RadarSequence.open(path).rates) >= 2
    name = min(whole)
    for content in changed(whole[name]):
        writers.zipped(path, whole | {name: content})
        text = ""
        try:
            assert RadarSequence.open(path, limits=LIMITS).rates.ndim == 3
        except MediaError as error:
            text = str(error)
        assert not text or re.fullmatch(r"\S.{20,300}\.", text), text
        assert "MP4" not in text


def test_too_large_to_be_a_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hybridcore.media.radar.files.MAX_FILE_BYTES", 1_000_000)
    with pytest.raises(MediaError, match="unpacks to more than 1 MB"):
        fields_in(writers.gzipped(b"P5" + bytes(5_000_000)))
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for k in range(3001):
            archive.writestr(f"{k}.h5", b"")
    with pytest.raises(MediaError, match="3,001 files and the limit is 3,000"):
        RadarSequence.open(tmp_path / "many.zip")


def test_a_field_of_empty_chunks_has_a_size_too(tmp_path: Path) -> None:
    import h5py

    path = tmp_path / "wide.hdf"
    path.write_bytes(writers.odim(np.ones((4, 4), np.float32)))
    with h5py.File(path, "a") as file:
        del file["dataset1/data1/data"]
        file["dataset1/data1"].create_dataset(
            "data", (1 << 20, 1 << 20), np.float32, chunks=(1024, 1024))
    with pytest.raises(MediaError, match="limit is 50 million"):
        RadarSequence.open(path)


def test_a_thousand_million_empty_fields_are_too_many(tmp_path: Path) -> None:
    import h5py

    path = tmp_path / "long.nc"
    path.write_bytes(writers.netcdf(CODES))
    with h5py.File(path, "a") as file:
        kept = dict(file["precipitation"].attrs)
        del file["precipitation"]
        file.create_dataset("precipitation", (1_000_000_000, 24, 32), np.int16,
                            chunks=(1, 24, 32)).attrs.update(kept)
    with pytest.raises(MediaError, match="1,000,000,000 fields"):
        RadarSequence.open(path)
