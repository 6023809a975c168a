"""Every format decodes to the right frames, in order, at the right times."""

from fractions import Fraction

import av
import numpy as np
import pytest

from hybridcore.media import Clip
from tests.media.films import film, index_of, indices, picture, read_all

TIMES = [i / 20 for i in range(20)]
UNEVEN = [0.0, 0.033, 0.067, 0.1, 0.4, 0.45, 0.9, 0.95, 1.7, 1.74]

# name, file suffix, codec, pixel format, further arguments of `film`
FORMATS = [
    ("h264", "mp4", "libx264", "yuv420p", {}),
    ("h264 in mov", "mov", "libx264", "yuv420p", {}),
    ("h264 in mkv", "mkv", "libx264", "yuv420p", {}),
    ("h264 in ts", "ts", "libx264", "yuv420p", {}),
    ("h264 in avi", "avi", "libx264", "yuv420p", {"constant_rate": True, "options": {"bf": "0"}}),
    ("h264 raw", "h264", "libx264", "yuv420p", {"constant_rate": True, "rate": 25}),
    (
        "h264 fragmented",
        "mp4",
        "libx264",
        "yuv420p",
        {"container_options": {"movflags": "frag_keyframe+empty_moov"}},
    ),
    ("10-bit", "mp4", "libx264", "yuv420p10le", {}),
    ("4:2:2", "mp4", "libx264", "yuv422p", {}),
    ("4:4:4", "mp4", "libx264", "yuv444p", {}),
    ("full range", "mp4", "libx264", "yuvj420p", {}),
    (
        "hdr",
        "mp4",
        "libx264",
        "yuv420p10le",
        {"options": {"x264-params": "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"}},
    ),
    ("odd sides", "mp4", "libx264", "yuv444p", {"size": (51, 67)}),
    ("hevc", "mp4", "libx265", "yuv420p", {}),
    ("hevc 10-bit", "mov", "libx265", "yuv420p10le", {}),
    ("vp9", "webm", "libvpx-vp9", "yuv420p", {}),
    ("vp8", "webm", "libvpx", "yuv420p", {}),
    ("av1", "mp4", "libsvtav1", "yuv420p", {"options": {"preset": "10"}, "size": (64, 80)}),
    ("mpeg4", "mp4", "mpeg4", "yuv420p", {"options": {"bf": "2"}}),
    ("mpeg4 in avi", "avi", "mpeg4", "yuv420p", {"constant_rate": True}),
    ("mpeg2", "mpg", "mpeg2video", "yuv420p", {"constant_rate": True, "rate": 25}),
    ("mjpeg", "avi", "mjpeg", "yuvj420p", {"constant_rate": True}),
    ("prores", "mov", "prores_ks", "yuv422p10le", {}),
    ("gif", "gif", "gif", "rgb8", {}),
    ("one frame", "mp4", "libx264", "yuv420p", {"times": [0.0]}),
    ("uneven", "mp4", "libx264", "yuv420p", {"times": UNEVEN}),
    ("uneven mkv", "mkv", "libx264", "yuv420p", {"times": UNEVEN}),
    ("uneven webm", "webm", "libvpx-vp9", "yuv420p", {"times": UNEVEN}),
    ("late start", "mkv", "libx264", "yuv420p", {"times": [t + 3 for t in UNEVEN]}),
]


@pytest.mark.parametrize(
    ("suffix", "codec", "pixel_format", "options"),
    [pytest.param(*row[1:], id=row[0]) for row in FORMATS],
)
def test_format(tmp_path, suffix, codec, pixel_format, options):
    if codec not in av.codecs_available:
        pytest.skip(f"this build of PyAV has no {codec} encoder")
    path = film(
        tmp_path / f"film.{suffix}",
        codec=codec,
        pixel_format=pixel_format,
        **{"times": TIMES, **options},
    )
    rate = options.get("rate", 20)
    expected = np.array(options.get("times", TIMES))
    expected = (expected - expected[0]) * 20 / rate
    clip = Clip.open(path)
    times, frames = read_all(clip)
    height, width = options.get("size", (48, 64))
    assert (clip.info.height, clip.info.width) == (height, width)
    assert frames.shape == (len(expected), height, width, 3)
    assert frames.dtype == np.uint8
    assert indices(frames) == list(range(len(expected)))
    assert times.dtype == np.float64
    assert times[0] == 0.0
    np.testing.assert_allclose(times, expected, atol=0.001)
    assert clip.info.duration == pytest.approx(expected[-1], abs=0.5)
    assert clip.info.frame_count == len(expected)
    assert not clip.info.has_sound
    assert clip.info.sound_rate is None
    for i in {0, len(expected) // 2, len(expected) - 1}:
        assert index_of(clip.frame_at(times[i] + 0.002)) == i


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "webp"])
def test_still_picture_is_a_clip_of_one_frame(tmp_path, suffix):
    path = tmp_path / f"100%d.{suffix}"
    av.VideoFrame.from_ndarray(picture(5), format="rgb24").to_image().save(path)
    clip = Clip.open(path)
    times, frames = read_all(clip)
    assert times.tolist() == [0.0]
    assert indices(frames) == [5]
    assert clip.info.duration > 0


@pytest.mark.parametrize("matrix", ["YCgCo", "ictcp", "bt2020c"])
def test_rare_colour_matrix_still_gives_pictures(tmp_path, matrix):
    path = film(tmp_path / "film.mp4", options={"x264-params": f"colormatrix={matrix}"})
    clip = Clip.open(path)
    assert read_all(clip)[1].shape == (20, 48, 64, 3)
    assert clip.frame_at(0.5).shape == (48, 64, 3)


def test_gif_keeps_its_delays(tmp_path):
    first, *others = [
        av.VideoFrame.from_ndarray(picture(i), format="rgb24").to_image() for i in range(5)
    ]
    delays = [100, 200, 50, 100, 100]
    first.save(tmp_path / "film.gif", save_all=True, append_images=others, duration=delays)
    clip = Clip.open(tmp_path / "film.gif")
    times, frames = read_all(clip)
    assert indices(frames) == list(range(5))
    np.testing.assert_allclose(times, [0.0, 0.1, 0.3, 0.35, 0.45], atol=0.001)
    assert clip.info.duration == pytest.approx(0.55)


def test_gif_that_is_cut_off_ends_where_it_does(tmp_path):
    first, *others = [
        av.VideoFrame.from_ndarray(picture(i), format="rgb24").to_image() for i in range(9)
    ]
    first.save(tmp_path / "film.gif", save_all=True, append_images=others, duration=100)
    data = (tmp_path / "film.gif").read_bytes()
    (tmp_path / "film.gif").write_bytes(data[: 2 * len(data) // 3])
    clip = Clip.open(tmp_path / "film.gif")
    count = clip.info.frame_count
    assert 3 < count < 9
    assert indices(read_all(clip)[1]) == list(range(count))
    assert clip.info.duration == pytest.approx(count / 10)


@pytest.mark.parametrize(("orientation", "rotation"), [(1, 0), (3, 180), (6, 90), (8, 270)])
def test_phone_picture_comes_out_upright(tmp_path, orientation, rotation):
    stored = np.ascontiguousarray(np.rot90(picture(9), rotation // 90))
    image = av.VideoFrame.from_ndarray(stored, format="rgb24").to_image()
    exif = image.getexif()
    exif[0x0112] = orientation
    image.save(tmp_path / "photo.jpg", exif=exif, quality=95)
    clip = Clip.open(tmp_path / "photo.jpg")
    assert clip.info.rotation == rotation
    assert index_of(clip.frame_at(0.0)) == 9


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_rotated_film_comes_out_upright(tmp_path, rotation):
    path = film(tmp_path / "film.mp4", rotation=rotation, size=(48, 80))
    clip = Clip.open(path)
    assert clip.info.rotation == rotation
    assert (clip.info.height, clip.info.width) == (48, 80)
    for size in (None, (36, 60), (60, 36)):
        _, frames = read_all(clip, size=size)
        assert frames.shape[1:3] == (size or (48, 80))
        assert frames.flags.c_contiguous
        assert indices(frames) == list(range(20))
    assert index_of(clip.frame_at(0.5)) == 10


def test_rotation_agrees_with_opencv(tmp_path):
    cv2 = pytest.importorskip("cv2")
    path = film(tmp_path / "film.mp4", rotation=90)
    ok, frame = cv2.VideoCapture(str(path)).read()
    assert ok
    assert index_of(frame[:, :, ::-1]) == 0


def test_pixels_that_are_not_square_are_made_square(tmp_path):
    clip = Clip.open(film(tmp_path / "film.mp4", pixel_aspect=Fraction(4, 3)))
    assert (clip.info.height, clip.info.width) == (48, 85)
    assert read_all(clip)[1].shape == (20, 48, 85, 3)


def test_frame_size_that_changes_is_scaled_to_the_first(tmp_path):
    path = tmp_path / "film.h264"
    parts = [
        film(tmp_path / f"{size[0]}.h264", size=size, constant_rate=True, times=TIMES[:5])
        for size in ((48, 64), (96, 128))
    ]
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    times, frames = read_all(Clip.open(path))
    assert frames.shape == (10, 48, 64, 3)
    assert indices(frames) == [*range(5), *range(5)]
    assert (np.diff(times) > 0).all()


def test_joined_recordings_keep_increasing_times(tmp_path):
    part = film(tmp_path / "part.ts").read_bytes()
    path = tmp_path / "film.ts"
    path.write_bytes(part + part)
    times, frames = read_all(Clip.open(path))
    assert indices(frames) == [*range(20), *range(20)]
    assert (np.diff(times) > 0).all()
    assert times[-1] == pytest.approx(1.95, abs=0.1)
