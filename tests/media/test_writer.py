"""What the writer puts into a file comes out again."""

import av
import numpy as np
import pytest

from hybridcore.errors import MediaError
from hybridcore.media import Clip, VideoWriter, read_sound
from tests.media.films import indices, picture, read_all

RATE = 16000


def boxes(path):
    """Names of the top-level boxes of an MP4 file, in order."""
    data, place, names = path.read_bytes(), 0, []
    while place < len(data):
        names.append(data[place + 4 : place + 8].decode())
        place += int.from_bytes(data[place : place + 4], "big")
    return names


def write(path, times=None, count=40, rate=20.0, size=(48, 64), **options):
    with VideoWriter(path, size[1], size[0], rate, **options) as writer:
        for i in range(count if times is None else len(times)):
            writer.write(picture(i, *size), None if times is None else times[i])
    return path


def test_constant_rate(tmp_path):
    path = write(tmp_path / "film.mp4", rate=29.97)
    times, frames = read_all(Clip.open(path))
    np.testing.assert_allclose(times, np.arange(40) / 29.97, atol=0.001)
    assert indices(frames) == list(range(40))


def test_uneven_times_survive(tmp_path):
    asked = np.cumsum(np.random.default_rng(0).uniform(0.004, 0.3, 30))
    asked -= asked[0]
    path = write(tmp_path / "film.mp4", times=asked)
    clip = Clip.open(path)
    times, frames = read_all(clip)
    np.testing.assert_allclose(times, asked, atol=2e-5)
    assert indices(frames) == list(range(30))
    # The declared length, which players trust, reaches the end of the last frame.
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert float(stream.duration * stream.time_base) == pytest.approx(
            asked[-1] + 0.05, abs=2e-3
        )
    assert clip.info.duration == pytest.approx(asked[-1] + 0.05, abs=2e-3)


def test_any_browser_can_play_it(tmp_path):
    path = write(tmp_path / "film.mp4", sound=np.zeros(RATE, np.float32), sound_rate=RATE)
    assert [name for name in boxes(path) if name != "free"] == ["ftyp", "moov", "mdat"]
    info = Clip.open(path).info
    assert (info.codec, info.pixel_format) == ("h264", "yuv420p")
    with av.open(str(path)) as container:
        assert container.streams.audio[0].codec_context.name == "aac"


@pytest.mark.parametrize("times", [None, [i * 0.17 for i in range(40)]])
def test_key_frames_come_every_half_second(tmp_path, times):
    path = write(tmp_path / "film.mp4", times=times)
    with av.open(str(path)) as container:
        keys = [
            float(packet.pts * packet.time_base)
            for packet in container.demux(video=0)
            if packet.is_keyframe and packet.pts is not None
        ]
    assert keys[0] == 0.0
    assert np.diff(keys).max() <= 0.5 + 0.17


def test_odd_sides_are_cropped_to_even_ones(tmp_path):
    path = write(tmp_path / "film.mp4", size=(49, 67), crf=10)
    _, frames = read_all(Clip.open(path))
    assert frames.shape[1:3] == (48, 66)
    expected = np.stack([picture(i, 49, 67)[:48, :66] for i in range(40)])
    assert np.abs(frames.astype(int) - expected).mean() < 5


@pytest.mark.parametrize("seconds", [0.7, 2.0, 3.5])
@pytest.mark.parametrize("rate", [RATE, 11000])
@pytest.mark.parametrize("channels", [None, 1, 2])
def test_sound_is_as_long_as_the_video(tmp_path, seconds, rate, channels):
    time = np.arange(round(seconds * rate)) / rate
    sound = (0.5 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)
    if channels is not None:
        sound = np.repeat(sound[:, None], channels, axis=1)
    path = write(tmp_path / "film.mp4", sound=sound, sound_rate=rate)
    read = read_sound(path, rate, mono=False)
    assert read.shape[1] == (channels or 1)
    assert len(read) / rate == pytest.approx(2.0, abs=0.05)
    both = min(len(read), len(sound)) - rate // 50
    error = read[:both] - np.atleast_2d(sound.T).T[:both]
    assert np.sqrt(np.mean(error**2)) < 0.03
    assert np.abs(read[len(sound) + rate // 10 :]).sum() < 1


def test_sound_lies_between_the_pictures(tmp_path):
    path = write(tmp_path / "film.mp4", sound=np.zeros(2 * RATE, np.float32), sound_rate=RATE)
    with av.open(str(path)) as container:
        kinds = [packet.stream.type for packet in container.demux() if packet.dts is not None]
    assert "audio" in kinds[:10]


def test_failed_body_leaves_no_file(tmp_path):
    path = tmp_path / "film.mp4"

    def fail():
        with VideoWriter(path, 64, 48, 20) as writer:
            writer.write(picture(0))
            raise RuntimeError("body")

    with pytest.raises(RuntimeError, match="body"):
        fail()
    assert not path.exists()


def test_no_frame_is_an_error_and_leaves_no_file(tmp_path):
    path = tmp_path / "film.mp4"
    with pytest.raises(MediaError, match="no frame"), VideoWriter(path, 64, 48, 20):
        pass
    assert not path.exists()


def test_wrong_frames_and_times(tmp_path):
    with VideoWriter(tmp_path / "film.mp4", 64, 48, 20) as writer:
        writer.write(picture(0))
        with pytest.raises(ValueError, match="expected uint8"):
            writer.write(picture(0, 40, 64))
        with pytest.raises(ValueError, match="expected uint8"):
            writer.write(picture(0).astype(np.float32))
        with pytest.raises(ValueError, match="not after"):
            writer.write(picture(1), 0.0)


@pytest.mark.parametrize(
    "options",
    [
        {"sound": np.zeros(10)},
        {"sound_rate": RATE},
        {"width": 1},
        {"sound": np.zeros((10, 3)), "sound_rate": RATE},
    ],
)
def test_wrong_arguments(tmp_path, options):
    with pytest.raises(ValueError, match=r"sound|2x2"):
        VideoWriter(tmp_path / "film.mp4", **{"width": 64, "height": 48, "rate": 20, **options})
    assert not (tmp_path / "film.mp4").exists()
