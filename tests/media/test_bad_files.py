"""A file that cannot be used is refused with one sentence that says what to do."""

import re
import struct
import wave
import zlib

import numpy as np
import pytest

from hybridcore.errors import HybridCoreError, MediaError
from hybridcore.media import Clip, Limits, read_sound
from tests.media.films import film, indices, read_all


def sentence(error):
    """The error's text, checked to be one sentence with advice."""
    text = str(error.value)
    assert re.fullmatch(r"[A-Z][^\n]*[;,] [^\n]*\.", text), text
    assert len(re.findall(r"\.( |$)", text)) == 1, text
    assert re.search(r"\b(choose|check|copy|upload|cut|compress|save|scale|convert)\b", text), text
    return text


def missing(path):
    return path


def empty(path):
    path.write_bytes(b"")
    return path


def folder(path):
    path.mkdir()
    return path


def text(path):
    path.write_text("This is a shopping list.\n" * 200)
    return path


def text_as_txt(path):
    return text(path.with_suffix(".txt"))


def playlist(path):
    target = film(path.with_name("secret.mp4"))
    path.write_text(f"ffconcat version 1.0\nfile {target.name}\n")
    return path


def stream_playlist(path):
    target = film(path.with_name("secret.ts"))
    path = path.with_suffix(".m3u8")
    path.write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{target.name}\n#EXT-X-ENDLIST\n"
    )
    return path


def noise(path):
    path.write_bytes(np.random.default_rng(0).bytes(50_000))
    return path


def without_index(path):
    data = film(path).read_bytes()
    path.write_bytes(data[: data.index(b"moov")])
    return path


def no_frames(path):
    """The header of a film, but none of its frames."""
    data = film(path, container_options={"movflags": "faststart"}).read_bytes()
    path.write_bytes(data[: data.index(b"mdat") + 4])
    return path


def zeroed_frames(path):
    data = film(path, container_options={"movflags": "faststart"}).read_bytes()
    start = data.index(b"mdat") + 4
    path.write_bytes(data[:start] + bytes(len(data) - start))
    return path


def sound_only(path):
    path = path.with_suffix(".wav")
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(8000))
    return path


def absurd_png(path):
    def part(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    path = path.with_suffix(".png")
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", header)
        + part(b"IDAT", zlib.compress(bytes(1000)))
        + part(b"IEND", b"")
    )
    return path


def absurd_avi(path):
    path = film(path.with_suffix(".avi"), codec="ffv1", constant_rate=True)
    data = bytearray(path.read_bytes())
    place = data.index(b"strf") + 12  # width and height in the stream's header
    assert struct.unpack_from("<II", data, place) == (64, 48)
    struct.pack_into("<II", data, place, 60000, 60000)
    path.write_bytes(data)
    return path


BAD = [
    (missing, "no file film.mp4"),
    (empty, "empty"),
    (folder, "no file"),
    (text, "not a video"),
    (text_as_txt, "not a video"),
    (playlist, "not a video"),
    (stream_playlist, "not a video"),
    (noise, "not a video"),
    (without_index, "not a video"),
    (no_frames, "No frame"),
    (zeroed_frames, "No frame"),
    (sound_only, "only sound"),
    (absurd_png, "35.4 megapixels"),
    (absurd_avi, "35.4 megapixels"),
]


@pytest.mark.parametrize(("make", "says"), BAD, ids=[make.__name__ for make, _ in BAD])
def test_bad_file(tmp_path, make, says):
    path = make(tmp_path / "film.mp4")
    with pytest.raises(MediaError) as error:
        Clip.open(path)
    assert says in sentence(error)
    assert isinstance(error.value, HybridCoreError)


@pytest.mark.parametrize(
    ("limits", "numbers"),
    [
        (Limits(max_bytes=1000), r"\d\.\d MB and the limit is 0\.0 MB"),
        (Limits(max_seconds=0.5), r"1 s or more and the limit is 0\.5 s"),
        (Limits(max_pixels=1000), r"64x48 .* limit is 0\.0 megapixels"),
        (Limits(max_frames=19), r"more frames than the limit of 19"),
    ],
    ids=["bytes", "seconds", "pixels", "frames"],
)
def test_limit(tmp_path, limits, numbers):
    path = film(tmp_path / "film.mp4")
    with pytest.raises(MediaError) as error:
        Clip.open(path, limits=limits)
    assert re.search(numbers, sentence(error))


def test_slow_codec_is_given_up(tmp_path, in_thread, monkeypatch):
    import threading

    from hybridcore.media import probe

    release = threading.Event()
    monkeypatch.setattr(probe, "scan", lambda *_: release.wait(5))
    path = film(tmp_path / "film.mp4")
    with pytest.raises(MediaError) as error:
        Clip.open(path, limits=Limits(max_decode_seconds=0.2))
    release.set()
    assert "0.2 s" in sentence(error)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "webm", "avi"])
def test_truncated_file_gives_what_is_there(tmp_path, suffix):
    options = {"options": {"g": "1"}}
    if suffix == "webm":
        options["codec"] = "libvpx-vp9"
    if suffix == "mp4":
        options["container_options"] = {"movflags": "faststart"}
    if suffix == "avi":
        options["constant_rate"] = True
        options["codec"] = "mpeg4"
    path = film(tmp_path / f"film.{suffix}", size=(96, 128), **options)
    data = path.read_bytes()
    frames_from = max(0, data.find(b"mdat"), data.find(b"movi"))
    path.write_bytes(data[: (frames_from + 2 * len(data)) // 3])
    times, frames = read_all(Clip.open(path))
    assert 3 <= len(frames) < 20
    assert (np.diff(times) > 0).all()
    # The frame at the break may be damaged.
    assert indices(frames[:-2]) == list(range(len(frames) - 2))


def test_damage_in_the_middle_is_skipped(tmp_path):
    path = film(tmp_path / "film.mkv", codec="mjpeg", pixel_format="yuvj420p")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 300] = bytes(300)
    path.write_bytes(data)
    times, frames = read_all(Clip.open(path))
    assert len(frames) >= 10
    assert (np.diff(times) > 0).all()


def test_file_that_vanishes_after_opening(tmp_path):
    path = film(tmp_path / "film.mp4")
    clip = Clip.open(path)
    path.unlink()
    with pytest.raises(MediaError) as error:
        next(clip.chunks())
    sentence(error)
    with pytest.raises(MediaError):
        clip.frame_at(0.0)


def test_sound_of_a_silent_film(tmp_path):
    with pytest.raises(MediaError) as error:
        read_sound(film(tmp_path / "film.mp4"), 16000)
    assert "no sound" in sentence(error)
