"""What a small file can unfold to, and what decodes it, is bounded."""

import struct
import subprocess
import sys
import zlib
from contextlib import suppress

import av
import numpy as np
import pytest
from PIL import Image

from hybridcore.errors import MediaError
from hybridcore.media import Clip, Limits, Picture
from hybridcore.media.codecs import ALLOWED
from tests.media.films import film
from tests.media.test_bad_files import sentence

ODD_CODECS = [("ffv1", "yuv420p"), ("huffyuv", "yuv422p"), ("utvideo", "yuv420p"),
              ("magicyuv", "yuv420p"), ("cinepak", "rgb24"), ("zmbv", "bgr0"), ("png", "rgb24"),
              ("asv1", "yuv420p"), ("msmpeg4v2", "yuv420p"), ("snow", "yuv420p")]


@pytest.mark.parametrize(("codec", "pixel_format"), ODD_CODECS)
def test_other_codecs_are_refused(tmp_path, codec, pixel_format):
    if codec not in av.codecs_available:
        pytest.skip(f"this build of PyAV has no {codec} encoder")
    path = film(tmp_path / "a.avi", codec=codec, pixel_format=pixel_format, constant_rate=True)
    with pytest.raises(MediaError) as error:
        Clip.open(path)
    assert "does not decode; save it again" in sentence(error)


def test_an_unknown_codec_is_refused(tmp_path):
    path = film(tmp_path / "a.mp4")
    path.write_bytes(path.read_bytes().replace(b"avc1", b"xxxx").replace(b"avcC", b"xxxC"))
    with pytest.raises(MediaError) as error:
        Clip.open(path)
    assert "does not decode; save it again" in sentence(error)


def test_damage_anywhere_is_refused_or_leaves_a_film(tmp_path):
    path, rng = tmp_path / "a.flv", np.random.default_rng(0)
    data = film(path, sound=np.zeros(44_100, np.float32), sound_rate=44_100).read_bytes()
    for _ in range(40):
        damaged = bytearray(data)
        for place in rng.integers(len(data), size=8):
            damaged[place] = rng.integers(256)
        path.write_bytes(damaged)
        with suppress(MediaError):  # anything else is a fault
            clip = Clip.open(path)
            assert sum(len(chunk.times) for chunk in clip.chunks()) > 0
            clip.sound_track(16_000)


def test_every_allowed_codec_is_a_decoder():
    assert all(av.Codec(name, "r").name == name for name in ALLOWED)


def test_ffmpeg_itself_keeps_to_the_list(tmp_path, in_thread, monkeypatch):
    from hybridcore.media import source

    monkeypatch.setattr(source, "decodes", lambda stream: True)
    with pytest.raises(MediaError, match="No frame"):
        Clip.open(film(tmp_path / "a.mkv", codec="ffv1"))


def test_frames_times_pixels_of_a_film(tmp_path):
    path = film(tmp_path / "a.mp4")
    enough = 20 * 48 * 64
    assert Clip.open(path, limits=Limits(max_decoded_pixels=enough)).info.frame_count == 20
    with pytest.raises(MediaError) as error:
        Clip.open(path, limits=Limits(max_decoded_pixels=enough - 1))
    assert "gigapixels" in sentence(error)


def test_frames_that_grow_are_counted_as_they_are(tmp_path):
    parts = [film(tmp_path / f"{k}.h264", size=size, constant_rate=True)
             for k, size in enumerate([(48, 64), (192, 256)])]
    path = tmp_path / "a.h264"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    clip = Clip.open(path, limits=Limits(max_decoded_pixels=40 * 48 * 64))
    with pytest.raises(MediaError, match="gigapixels"):
        list(clip.chunks())


def test_frames_of_a_moving_picture_are_counted(tmp_path):
    first, *others = [Image.new("RGB", (64, 48), (k, 0, 0)) for k in range(10)]
    first.save(tmp_path / "a.gif", save_all=True, append_images=others, duration=100)
    with pytest.raises(MediaError, match="gigapixels"):
        Clip.open(tmp_path / "a.gif", limits=Limits(max_decoded_pixels=5 * 48 * 64))


def black_png(path, side, depth, colour, channels):
    """A black square, whose file is small."""
    def chunk(kind, body):
        return (struct.pack(">I", len(body)) + kind + body
                + struct.pack(">I", zlib.crc32(kind + body)))

    packer, row = zlib.compressobj(1), bytes(1 + side * channels * depth // 8)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, depth, colour, 0, 0, 0))
        + (chunk(b"PLTE", bytes(768)) if colour == 3 else b"")
        + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    return path


@pytest.mark.parametrize(("side", "depth", "colour", "channels"), [
    (15_800, 8, 6, 4), (15_800, 16, 0, 1), (15_800, 8, 3, 1), (12_000, 8, 6, 4), (12_000, 8, 2, 3),
], ids=["rgba", "grey 16", "palette", "smaller rgba", "smaller rgb"])
def test_a_picture_bomb_is_refused_before_it_is_decoded(
    tmp_path, in_thread, monkeypatch, side, depth, colour, channels
):
    path = black_png(tmp_path / "a.png", side, depth, colour, channels)
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("it was decoded"))
    with pytest.raises(MediaError, match="megapixels"):
        Picture.open(path)
    with pytest.raises(MediaError, match="megapixels"):
        Clip.open(path)


PEAK = """
import resource, sys
from hybridcore.media import Picture
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(Picture.open(sys.argv[1]).array.shape)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts memory as Linux does")
@pytest.mark.parametrize(
    ("side", "depth", "colour", "channels"), [(9900, 8, 6, 4), (12_900, 8, 3, 1)])
def test_the_largest_picture_takes_little_memory(
    tmp_path, in_thread, side, depth, colour, channels
):
    path = black_png(tmp_path / "a.png", side, depth, colour, channels)
    done = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True,
                          check=True)
    shape, megabytes = done.stdout.splitlines()
    assert shape == "(800, 800, 3)"
    assert int(megabytes) < 700


def test_strips_make_the_same_picture(tmp_path, in_thread, monkeypatch):
    from hybridcore.media import picture

    noise = np.random.default_rng(0).integers(0, 256, (700, 500, 4), np.uint8)
    Image.fromarray(noise).resize((1000, 1400), 0).save(tmp_path / "a.png")
    whole = Picture.open(tmp_path / "a.png", max_side=350).array
    monkeypatch.setattr(picture, "_STRIP_PIXELS", 50_000)
    np.testing.assert_allclose(
        Picture.open(tmp_path / "a.png", max_side=350).array.astype(int), whole, atol=3)
