"""Films come out upright, in their colours, on white, with their proportions."""

import struct
from fractions import Fraction

import av
import numpy as np
import pytest

from hybridcore.media import Clip, VideoWriter
from tests.media.films import film, index_of, indices, picture, read_all

CARDS = [(200, 40, 40), (40, 180, 60), (60, 60, 200)]
BT601, BT709, BT2020 = 5, 1, 9


def cards(colours, size, dtype=np.uint8):
    """Upright stripes of the colours."""
    height, width = size
    image = np.zeros((height, width, len(colours[0])), dtype)
    for k, colour in enumerate(colours):
        image[:, k * width // len(colours) : (k + 1) * width // len(colours)] = colour
    return image


def write(path, image, codec, pixel_format, matrix=None, source="rgb24", options=None):
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=10, options=options or {})
        stream.height, stream.width = image.shape[:2]
        stream.pix_fmt = pixel_format
        for k in range(3):
            frame = av.VideoFrame.from_ndarray(image, format=source)
            frame = frame.reformat(format=pixel_format, dst_colorspace=matrix)
            frame.pts, frame.time_base = k, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def seen(path, count=3):
    """The colours in the middle of each stripe."""
    frame = Clip.open(path).frame_at(0)
    height, width = frame.shape[:2]
    return np.array([frame[height // 2, (2 * k + 1) * width // (2 * count)] for k in range(count)])


@pytest.mark.parametrize("matrix", [
    (1, 0, 0, 1), (-1, 0, 0, 1), (1, 0, 0, -1), (-1, 0, 0, -1),
    (0, 1, -1, 0), (0, -1, 1, 0), (0, 1, 1, 0), (0, -1, -1, 0),
])
def test_every_display_matrix(tmp_path, matrix):
    path, size = film(tmp_path / "a.mp4", size=(48, 80)), (48, 80)
    data, (a, b, c, d) = path.read_bytes(), matrix
    place = data.index(b"tkhd") + 44
    turned = struct.pack(">9i", a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    path.write_bytes(data[:place] + turned + data[place + 36 :])
    # Where each point goes.
    y, x = np.mgrid[: size[0], : size[1]]
    across, down = a * x + c * y, b * x + d * y
    across, down = across - across.min(), down - down.min()
    expected = np.zeros((down.max() + 1, across.max() + 1, 3), np.uint8)
    expected[down, across] = picture(0, *size)
    clip = Clip.open(path)
    assert (clip.info.height, clip.info.width) == expected.shape[:2]
    frame = clip.frame_at(0)
    assert np.abs(frame.astype(int) - expected).mean() < 5
    np.testing.assert_array_equal(read_all(clip)[1][0], frame)
    copy = Clip.open(clip.browser_copy(tmp_path / "out")).frame_at(0)
    assert np.abs(copy.astype(int) - expected).mean() < 8


def test_a_film_that_turns_keeps_its_proportions(tmp_path):
    parts = [film(tmp_path / f"{k}.ts", times=[k + i / 20 for i in range(5)], size=size)
             for k, size in enumerate([(48, 64), (64, 48), (96, 128)])]
    path = tmp_path / "a.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    _, frames = read_all(Clip.open(path))
    assert frames.shape == (15, 48, 64, 3)
    assert indices(frames[:5]) == indices(frames[10:]) == [0, 1, 2, 3, 4]
    assert indices(frames[5:10, :, 14:50]) == [0, 1, 2, 3, 4]
    assert (frames[5:10, :, :14] == 0).all()
    assert (frames[5:10, :, 50:] == 0).all()
    _, squashed = read_all(Clip.open(path), size=(40, 40))  # the bars are squashed with it
    assert indices(squashed[5:10, :, 9:31]) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("codec", "pixel_format", "size", "matrix", "tag"), [
    ("libx264", "yuv420p", (64, 96), BT601, None),
    ("libx264", "yuv420p", (720, 1280), BT709, None),
    ("libx264", "yuv420p", (1280, 720), BT709, None),
    ("libx264", "yuv420p", (720, 1280), BT601, "smpte170m"),
    ("libx264", "yuv420p", (64, 96), BT709, "bt709"),
    ("libx264", "yuvj420p", (64, 96), BT601, None),
    ("mjpeg", "yuvj420p", (720, 1280), BT601, None),
    ("libx264rgb", "rgb24", (720, 1280), None, None),
])
def test_colours_with_and_without_a_tag(tmp_path, codec, pixel_format, size, matrix, tag):
    options = {"crf": "5"} if "264" in codec else {}
    if tag:
        options["x264-params"] = f"colormatrix={tag}"
    path = write(tmp_path / "a.mov", cards(CARDS, size), codec, pixel_format, matrix,
                 options=options)
    np.testing.assert_allclose(seen(path), CARDS, atol=4)


@pytest.mark.parametrize("size", [(64, 96), (720, 1280)])
def test_what_is_written_says_its_colours(tmp_path, size):
    with VideoWriter(tmp_path / "a.mp4", size[1], size[0], 10, crf=8) as writer:
        writer.write(cards(CARDS, size))
    np.testing.assert_allclose(seen(tmp_path / "a.mp4"), CARDS, atol=4)
    with av.open(str(tmp_path / "a.mp4")) as container:
        frame = next(container.decode(video=0))
        assert (frame.colorspace, frame.color_primaries, frame.color_range) == (BT709, 1, 1)


def pq(light):
    """cd/m2 to SMPTE ST 2084 values."""
    power = (light / 10_000) ** (2610 / 16384)
    return ((3424 / 4096 + 2413 / 128 * power) / (1 + 2392 / 128 * power)) ** (2523 / 32)


def hlg(light):
    """cd/m2 of a screen of 1000 to ARIB STD-B67 values."""
    luminance = light @ (0.2627, 0.6780, 0.0593)
    scene = light / 1000 * (np.maximum(luminance, 1e-9)[:, None] / 1000) ** (1 / 1.2 - 1)
    bright = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), bright)


@pytest.mark.parametrize(("curve", "encode"), [("smpte2084", pq), ("arib-std-b67", hlg)])
def test_high_dynamic_range_is_toned_down(tmp_path, curve, encode):
    to_bt2020 = np.array([[.6274, .3293, .0433], [.0691, .9195, .0114], [.0164, .0880, .8956]])
    shown = np.array([*CARDS, (128, 128, 128), (0, 0, 0)])
    linear = np.where(shown <= 10, shown / 255 / 12.92, ((shown / 255 + 0.055) / 1.055) ** 2.4)
    light = 203 * np.concatenate([linear, [[1, 1, 1], [4, 4, 4]]]) @ to_bt2020.T
    image = cards(np.round(encode(light) * 65535).tolist(), (64, 448), np.uint16)
    tags = f"log-level=none:colorprim=bt2020:transfer={curve}:colormatrix=bt2020nc"
    path = write(tmp_path / "a.mov", image, "libx265", "yuv420p10le", BT2020, "rgb48le",
                 {"x265-params": tags})
    found = seen(path, 7).astype(int)
    np.testing.assert_allclose(found[:5], shown, atol=6)
    white, sun = found[5:].mean(axis=1)
    assert 225 < white < sun < 256
    clip = Clip.open(path)
    assert any("HDR" in note for note in clip.info.notes)
    np.testing.assert_allclose(seen(clip.browser_copy(tmp_path / "out"), 7), found, atol=6)


@pytest.mark.parametrize(("name", "codec", "pixel_format", "options"), [
    ("a.webm", "libvpx-vp9", "yuva420p", {}),
    ("a.webm", "libvpx", "yuva420p", {"auto-alt-ref": "0"}),
    ("a.mov", "prores_ks", "yuva444p10le", {"profile": "4444"}),
    ("a.mov", "qtrle", "argb", {}),
], ids=["vp9", "vp8", "prores", "qtrle"])
def test_what_is_transparent_is_white(tmp_path, name, codec, pixel_format, options):
    image = cards([(200, 40, 40, 255), (40, 180, 60, 0), (60, 60, 200, 128)], (64, 96))
    path = write(tmp_path / name, image, codec, pixel_format, source="rgba", options=options)
    np.testing.assert_allclose(
        seen(path), [(200, 40, 40), (255, 255, 255), (157, 157, 227)], atol=5)
    assert any("Transparent" in note for note in Clip.open(path).info.notes)


def test_a_preview_stream_is_not_the_film(tmp_path):
    path = tmp_path / "a.mov"
    with av.open(str(path), "w") as container:
        small = container.add_stream("mjpeg", rate=20)
        small.width, small.height, small.pix_fmt = 32, 24, "yuvj420p"
        main = container.add_stream("libx264", rate=20)
        main.width, main.height, main.pix_fmt = 64, 48, "yuv420p"
        for k in range(20):
            for stream in (small, main)[k > 0 :]:
                frame = av.VideoFrame.from_ndarray(picture(k, stream.height, stream.width))
                frame.pts, frame.time_base = k, Fraction(1, 20)
                container.mux(stream.encode(frame))
        container.mux(small.encode(None))
        container.mux(main.encode(None))
    clip = Clip.open(path)
    assert (clip.info.width, clip.info.frame_count) == (64, 20)
    assert indices(read_all(clip)[1]) == list(range(20))
    assert index_of(clip.frame_at(0.5)) == 10
    assert Clip.open(clip.browser_copy(tmp_path / "out")).info.frame_count == 20
