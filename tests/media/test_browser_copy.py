"""A preview plays in browsers and keeps every frame at its time."""

import time

import av
import numpy as np
import pytest

from hybridcore.errors import Cancelled
from hybridcore.media import Clip, read_sound
from tests.media.films import film, indices, read_all
from tests.media.test_sound import click, onset
from tests.media.test_writer import boxes

UNEVEN = [0.0, 0.033, 0.067, 0.1, 0.4, 0.45, 0.9, 0.95, 1.7, 1.74]


def packets(path):
    """The video packets of a file as (time, bytes)."""
    with av.open(str(path)) as container:
        return [
            (float(packet.pts * packet.time_base), packet.size)
            for packet in container.demux(video=0)
            if packet.pts is not None
        ]


def check(clip, preview):
    """The preview plays and shows the same frames at the same times as the clip."""
    assert [name for name in boxes(preview) if name != "free"] == ["ftyp", "moov", "mdat"]
    shown = Clip.open(preview)
    assert (shown.info.codec, shown.info.pixel_format) == ("h264", "yuv420p")
    assert shown.info.rotation == 0
    assert shown.info.has_sound == clip.info.has_sound
    times, frames = read_all(clip)
    preview_times, preview_frames = read_all(shown)
    np.testing.assert_allclose(preview_times, times, atol=0.001)
    assert indices(preview_frames) == indices(frames)
    with av.open(str(preview)) as container:
        assert container.streams.video[0].start_time == 0
    return shown


@pytest.mark.parametrize(("suffix", "b_frames"), [("mp4", "2"), ("mov", "2"), ("mkv", "0")])
def test_good_file_is_copied(tmp_path, suffix, b_frames):
    path = film(
        tmp_path / f"film.{suffix}", times=UNEVEN, sound=click(0.5), options={"bf": b_frames}
    )
    clip = Clip.open(path)
    preview = clip.browser_copy(tmp_path / "out")
    check(clip, preview)
    assert [size for _, size in packets(preview)] == [size for _, size in packets(path)]
    assert onset(read_sound(preview, 16000)) == pytest.approx(0.5, abs=0.004)


ENCODED = {
    "hevc": ("film.mov", {"codec": "libx265", "sound": click(0.5)}),
    "10-bit": ("film.mp4", {"pixel_format": "yuv420p10le"}),
    "4:4:4, odd sides": ("film.mp4", {"pixel_format": "yuv444p", "size": (51, 67)}),
    "rotated": ("film.mp4", {"rotation": 90, "sound": click(0.5)}),
    "late start": (
        "film.mkv",
        {"times": [t + 2 for t in UNEVEN], "sound": click(0.5), "sound_start": 2.0},
    ),
    "b-frames in mkv": ("film.mkv", {"options": {"bf": "2"}, "sound": click(0.5)}),
    "h264 in avi": ("film.avi", {"constant_rate": True, "options": {"bf": "0"}}),
    "gif": ("film.gif", {"codec": "gif", "pixel_format": "rgb8"}),
    "one frame": ("film.mkv", {"times": [0.0], "codec": "mjpeg", "pixel_format": "yuvj420p"}),
}


@pytest.mark.parametrize(("name", "options"), ENCODED.values(), ids=ENCODED)
def test_other_file_is_encoded(tmp_path, name, options):
    path = film(tmp_path / name, **{"times": UNEVEN, **options})
    clip = Clip.open(path)
    reports = []
    preview = clip.browser_copy(tmp_path / "out", lambda *report: reports.append(report))
    shown = check(clip, preview)
    assert abs(shown.info.width - clip.info.width) <= 1
    assert abs(shown.info.height - clip.info.height) <= 1
    assert reports == sorted(reports)
    assert reports[-1] == (clip.info.frame_count, clip.info.frame_count)
    if clip.info.has_sound:
        assert onset(read_sound(preview, 16000)) == pytest.approx(0.5, abs=0.004)


def test_large_film_is_made_smaller(tmp_path):
    path = film(tmp_path / "film.mp4", codec="mpeg4", size=(120, 160))
    shown = Clip.open(Clip.open(path).browser_copy(tmp_path / "out", max_side=80))
    assert (shown.info.height, shown.info.width) == (60, 80)


def test_damaged_packets_are_not_copied(tmp_path):
    path = film(
        tmp_path / "film.mp4",
        size=(96, 128),
        options={"g": "1"},
        container_options={"movflags": "faststart"},
    )
    data = path.read_bytes()
    path.write_bytes(data[: (data.index(b"mdat") + 2 * len(data)) // 3])
    clip = Clip.open(path)
    preview = clip.browser_copy(tmp_path / "out")
    times, _ = read_all(clip)
    np.testing.assert_allclose(read_all(Clip.open(preview))[0], times, atol=0.001)


def test_finished_preview_is_used_again(tmp_path):
    path = film(tmp_path / "film.mp4", codec="mpeg4")
    first = Clip.open(path).browser_copy(tmp_path / "out")
    written = first.stat().st_mtime_ns
    time.sleep(0.02)
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(path.read_bytes())
    again = Clip.open(copy).browser_copy(tmp_path / "out")
    assert again == first
    assert again.stat().st_mtime_ns == written
    assert Clip.open(path).browser_copy(tmp_path / "out", max_side=32) != first


def test_cancelled_preview_leaves_nothing(tmp_path):
    clip = Clip.open(film(tmp_path / "film.mp4", codec="mpeg4"))

    def stop(done, total):
        if done > 0:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        clip.browser_copy(tmp_path / "out", stop)
    assert list((tmp_path / "out").iterdir()) == []
