"""What people bring beside the usual: each is read rightly, or refused with one true sentence."""

import io
import struct
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from hybridcore.errors import MediaError
from hybridcore.media import Clip, Picture, read_sound
from tests.media.films import film, index_of, indices, picture, read_all
from tests.media.hostile import png_chunk

FILMS: dict[str, tuple[str, dict[str, Any]]] = {
    "ProRes 4444": ("a.mov", {"codec": "prores_ks", "pixel_format": "yuva444p10le"}),
    "MJPEG of odd sides": ("a.avi", {"codec": "mjpeg", "pixel_format": "yuvj422p",
                                     "size": (49, 65), "constant_rate": True}),
    "10-bit 4:2:2": ("a.mp4", {"pixel_format": "yuv422p10le"}),
    "12-bit": ("a.mp4", {"codec": "libx265", "pixel_format": "yuv420p12le"}),
    "transparent VP9": ("a.webm", {"codec": "libvpx-vp9", "pixel_format": "yuva420p"}),
    "upright phone": ("a.mp4", {"rotation": 90, "size": (98, 54)}),
    "slow motion": ("a.mp4", {"times": [k / 240 for k in range(60)], "rate": 240,
                              "constant_rate": True}),
    "one frame a second, and a long one": ("a.mp4", {"times": [0, 1, 2, 1700], "rate": 1}),
    "in fragments": ("a.mp4", {"container_options": {"movflags": "frag_keyframe+empty_moov"},
                               "options": {"g": "5"}}),
    "QuickTime animation": ("a.mov", {"codec": "qtrle", "pixel_format": "rgb24"}),
    "a name with an emoji and a newline": ("\N{GRINNING FACE}\n.mp4", {}),
    "a long name": ("x" * 240 + ".mp4", {}),
}


@pytest.mark.parametrize(("name", "options"), FILMS.values(), ids=FILMS)
def test_a_film(name: str, options: dict[str, Any], tmp_path: Path) -> None:
    codec = options.get("codec", "libx264")
    if codec not in av.codecs_available:
        pytest.skip(f"this build of PyAV has no {codec} encoder")
    path = film(tmp_path / f"a{Path(name).suffix}", **options).rename(tmp_path / name)
    clip = Clip.open(path)
    times, frames = read_all(clip)
    expected = options.get("times", [k / 20 for k in range(20)])
    assert indices(frames) == list(range(len(expected)))
    assert frames.shape[1:3] == options.get("size", (48, 64))
    rate = 20 if options.get("constant_rate") and "rate" not in options else 1
    np.testing.assert_allclose(times, expected, atol=0.002 * rate)
    assert indices(read_all(Clip.open(clip.browser_copy(tmp_path / "out")))[1]) == indices(frames)


def test_an_edit_list_that_leaves_out_the_beginning(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", options={"g": "5", "bf": "0"})
    data = bytearray(path.read_bytes())
    place, ticks = data.index(b"elst") + 12, data.index(b"mdhd") + 16
    (rate,) = struct.unpack_from(">I", data, ticks)
    struct.pack_into(">Ii", data, place, 600, round(0.4 * rate))
    path.write_bytes(data)
    clip = Clip.open(path)
    for one in (clip, Clip.open(clip.browser_copy(tmp_path / "out"))):
        times, frames = read_all(one)
        assert indices(frames) == list(range(8, 20))
        np.testing.assert_allclose(times, np.arange(12) / 20, atol=0.002)
        assert one.duration == pytest.approx(0.6, abs=0.002)


class Pipe:
    """Where nothing can be written twice: what a recorder streams into."""

    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, data: bytes) -> int:
        """Append."""
        self.content += bytes(data)
        return len(data)


def test_a_recording_without_duration_and_index(tmp_path: Path) -> None:
    pipe = Pipe()
    with av.open(pipe, "w", format="webm", options={"live": "1"}) as container:
        stream = container.add_stream("libvpx", rate=20)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for k in range(20):
            frame = av.VideoFrame.from_ndarray(picture(k))
            frame.pts = k
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    (tmp_path / "a.webm").write_bytes(pipe.content)
    clip = Clip.open(tmp_path / "a.webm")
    assert indices(read_all(clip)[1]) == list(range(20))
    assert clip.duration == pytest.approx(1.0)
    assert index_of(clip.frame_at(0.52)) == 10


def test_opus_of_six_speakers(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    if "libopus" not in av.codecs_available:
        pytest.skip("this build of PyAV has no Opus encoder")
    with av.open(str(path), "w") as container:
        track = container.add_stream("libopus", rate=48_000, layout="5.1")
        tone = (0.3 * np.sin(np.arange(48_000) / 20)).astype(np.float32)
        block = av.AudioFrame.from_ndarray(tone.repeat(6)[None], "flt", "5.1")
        block.sample_rate, block.pts, block.time_base = 48_000, 0, Fraction(1, 48_000)
        for frame in av.AudioResampler("flt", "5.1", 48_000, 960).resample(block):
            container.mux(track.encode(frame))
        container.mux(track.encode(None))
    sound = read_sound(path, 16_000, mono=False)
    assert sound.shape == (16_000, 2)
    assert 0.2 < np.abs(sound).max() <= 1


def test_an_interlaced_film_says_so(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mpg", codec="mpeg2video", rate=25, constant_rate=True,
                options={"flags": "+ildct+ilme"})
    (note,) = Clip.open(path).notes
    assert "interlaced" in note
    assert Clip.open(film(tmp_path / "b.mp4")).notes == ()


def saved(kind: str, mode: str = "RGB", **options: Any) -> bytes:
    block = io.BytesIO()
    Image.fromarray(picture(5)).convert(mode).save(block, kind, **options)
    return block.getvalue()


def deep_png() -> bytes:
    pixels = picture(5).astype(">u2") * 257
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    return (b"\x89PNG\r\n\x1a\n"
            + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 48, 16, 2, 0, 0, 0))
            + png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b""))


def top_down_bmp() -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, 64, -48, 1, 24, 0, 64 * 48 * 3, 0, 0, 0, 0)
    return (b"BM" + struct.pack("<IHHI", 54 + 64 * 48 * 3, 0, 0, 54) + header
            + picture(5)[:, :, ::-1].tobytes())


def halved(**options: Any) -> bytes:
    """A JPEG cut in the middle."""
    block = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    Image.fromarray(noise).save(block, "JPEG", **options)
    return block.getvalue()[: len(block.getvalue()) // 2]


PICTURES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "GIF of one frame": ("a.gif", lambda: saved("GIF")),
    "16-bit PNG": ("a.png", deep_png),
    "BMP from the top": ("a.bmp", top_down_bmp),
    "MPO of a phone": ("a.jpg", lambda: saved(
        "MPO", save_all=True, append_images=[Image.fromarray(picture(9))], quality=95)),
    "TIFF of several pages": ("a.tif", lambda: saved(
        "TIFF", save_all=True, append_images=[Image.fromarray(picture(9))])),
    "CMYK": ("a.jfif", lambda: saved("JPEG", "CMYK", quality=95)),
}


@pytest.mark.parametrize(("name", "make"), PICTURES.values(), ids=PICTURES)
def test_a_picture(name: str, make: Callable[[], bytes], tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(make())
    assert index_of(Picture.open(path).array) == 5
    assert indices(read_all(Clip.open(path))[1]) == [5]


def test_a_fax(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(saved("TIFF", "1", compression="group4"))
    for array in (Picture.open(path).array, Clip.open(path).frame_at(0.0)):
        assert set(np.unique(array)) == {0, 255}
        np.testing.assert_array_equal(array[6::24, 24::16][0, :, 0], [255, 0, 255])


@pytest.mark.parametrize(("content", "says"), [
    (b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF", "PDF documents are not read here"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG drawings are not read here"),
    (b"8BPS\0\1" + bytes(100), "not a picture"), (b"\xff\x0a" + bytes(100), "not a picture"),
    (saved("ICO"), "not a picture"), (halved(), "damaged"), (halved(progressive=True), "damaged"),
])
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_what_is_called_a_picture_and_is_none(
    content: bytes, says: str, name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for read in (Picture.open, Clip.open):
        with pytest.raises(MediaError, match=says) as error:
            read(path)
        assert str(error.value).endswith("save it as JPEG or PNG and choose it again.")
