"""Every damaged or hostile file gives one sentence, or what is whole in it; and leaves nothing."""

import re
import sys
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from hybridcore.errors import HybridCoreError
from hybridcore.media import Clip, Limits, Picture, decoder, read_sound
from hybridcore.media.archive import Bounds, open_archive
from hybridcore.media.formats import kind_of
from tests.media.hostile import CASES, FILMS, PICTURES, SOUNDS, whole

LIMITS = Limits(max_seconds=600.0)
BOUNDS = Bounds(files=2000, file_bytes=50_000_000, total_bytes=60_000_000)
MOST_MEGABYTES = {"here": 250, "in a decoder": 700}

ALL = [(kind, name, make) for kind, cases in CASES.items() for name, make in cases]


def peak(process):
    """The most memory that a process had, MB; 0 where it is gone, or not on Linux."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    had = re.search(r"^VmHWM:\s+(\d+)", status, re.MULTILINE)
    return int(had[1]) / 1024 if had else 0.0


@pytest.fixture(scope="module")
def peaks():
    """The most memory, MB: what this process grew by, and what each decoder had."""
    found = {"here": 0.0, "in a decoder": 0.0}
    end = decoder._Process.close

    def close(process):
        info = Path(f"/proc/self/fdinfo/{process._handle}").read_text()
        number = int(re.search(r"^Pid:\s+(-?\d+)", info, re.MULTILINE)[1])
        if number > 0:
            found["in a decoder"] = max(found["in a decoder"], peak(number))
        end(process)

    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from now on
    before = peak("self")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decoder._Process, "close", close)
        yield found
    found["here"] = peak("self") - before
    print("peak memory, MB:", found)
    if decoder.has_processes() and sys.platform == "linux":
        assert all(found[where] < most for where, most in MOST_MEGABYTES.items()), found


def watch(path):
    clip = Clip.open(path, limits=LIMITS)
    with closing(clip.chunks(size=(48, 64))) as chunks:
        assert sum(len(chunk.times) for chunk in chunks) > 0
    clip.thumbnail(64)
    if track := clip.sound_track(16_000):
        for block in islice(track[0], 100):
            assert np.isfinite(block).all()


def look(path):
    array = Picture.open(path, max_side=200).array
    assert array.dtype == np.uint8
    assert max(array.shape[:2]) <= 200


def hear(path):
    assert read_sound(path, 16_000, limits=LIMITS).dtype == np.float32


def unpack(path):
    archive = open_archive(path, ("png",), BOUNDS)
    for name, why in archive.refused:
        raise HybridCoreError(f"It is not read because of {name}: {why}.")
    for read in archive.files.values():
        assert len(read()) <= BOUNDS.file_bytes


def test_the_table_is_long_enough():
    names = [name for _, name, _ in ALL]
    assert len(names) >= 300
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("read", "ending"),
    [(watch, ending) for ending in (*FILMS, *PICTURES)]
    + [(look, ending) for ending in PICTURES] + [(hear, ending) for ending in SOUNDS]
    + [(unpack, "zip")])
def test_what_is_damaged_was_whole(tmp_path, read, ending):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(whole(ending))
    read(path)


@pytest.mark.parametrize("read", [watch, look, hear, unpack])
def test_a_name_is_shown_on_one_short_line(tmp_path, read):
    with pytest.raises(HybridCoreError) as error:
        read(tmp_path / f"one\ntwo\u202e{'x' * 200}.zip")
    text = str(error.value)
    assert text.isprintable()
    assert "one�two�xxx" in text
    assert len(text) < 150


@pytest.mark.parametrize(("kind", "name", "make"), ALL,
                         ids=[f"{kind}-{number}" for number, (kind, _, _) in enumerate(ALL)])
def test_one_sentence(tmp_path, peaks, kind, name, make):
    path = tmp_path / name
    path.write_bytes(make())
    assert kind_of(path) in ("video", "picture", "sound", "archive", "sequence", "radar", None)
    readers = [unpack] if kind == "archives" else [watch, look, hear]
    for read in readers:
        try:
            read(path)
        except HybridCoreError as error:
            text = str(error)
            assert re.fullmatch(r"\S.{20,300}\.", text), text
            assert str(tmp_path) not in text
            assert "Traceback" not in text
        else:
            assert kind not in ("scripts", "named"), f"{read.__name__} took it"
    assert list(tmp_path.iterdir()) == [path]
