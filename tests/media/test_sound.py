"""Sound is read at the asked rate, beside the picture."""

import numpy as np
import pytest
import soundfile

from hybridcore.errors import MediaError
from hybridcore.media import Clip, Limits, read_sound, write_sound
from tests.media.films import film

RATE = 16000


def click(at, seconds=1.0, rate=RATE):
    """Silence with one short burst of 1 kHz from `at` s."""
    time = np.arange(round(seconds * rate)) / rate
    burst = (time >= at) & (time < at + 0.05)
    return (0.8 * burst * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)


def onset(sound, rate=RATE):
    """When the first loud sample comes, s."""
    return int(np.argmax(np.abs(sound) > 0.2)) / rate


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mov", "ts"])
@pytest.mark.parametrize("rate", [RATE, 22050, 48000])
def test_sound_lies_beside_the_picture(tmp_path, suffix, rate):
    path = film(tmp_path / f"film.{suffix}", sound=click(0.5), sound_rate=RATE)
    sound = read_sound(path, rate)
    assert sound.dtype == np.float32
    assert sound.ndim == 1
    assert np.abs(sound).max() <= 1.0
    assert onset(sound, rate) == pytest.approx(0.5, abs=0.004)
    info = Clip.open(path).info
    assert (info.has_sound, info.sound_rate) == (True, RATE)


def test_declared_end_cuts_the_padding(tmp_path):
    sound = read_sound(film(tmp_path / "film.mp4", sound=click(0.5)), RATE)
    assert len(sound) == RATE


@pytest.mark.parametrize(
    ("picture_start", "sound_start", "heard_at"),
    [(0.0, 0.3, 0.8), (0.3, 0.0, 0.2), (2.0, 2.0, 0.5)],
    ids=["sound later", "picture later", "both late"],
)
def test_sound_and_picture_that_start_apart(tmp_path, picture_start, sound_start, heard_at):
    path = film(
        tmp_path / "film.mkv",
        times=[picture_start + i / 20 for i in range(20)],
        sound=click(0.5),
        sound_start=sound_start,
    )
    assert onset(read_sound(path, RATE)) == pytest.approx(heard_at, abs=0.004)


def test_channels(tmp_path):
    left, right = click(0.2), click(0.6)
    write_sound(tmp_path / "two.wav", np.stack([left, right], axis=1), RATE)
    both = read_sound(tmp_path / "two.wav", RATE, mono=False)
    assert both.shape == (RATE, 2)
    np.testing.assert_allclose(both, np.stack([left, right], axis=1), atol=1e-3)
    np.testing.assert_allclose(
        read_sound(tmp_path / "two.wav", RATE), (left + right) / 2, atol=1e-3
    )
    write_sound(tmp_path / "one.wav", left, RATE)
    np.testing.assert_allclose(
        read_sound(tmp_path / "one.wav", RATE, mono=False), left[:, None], atol=1e-3
    )


def test_six_channels_become_two(tmp_path):
    soundfile.write(tmp_path / "six.wav", np.zeros((800, 6)), 8000)
    assert read_sound(tmp_path / "six.wav", 8000, mono=False).shape == (800, 2)


def test_written_sound_is_clipped_not_wrapped(tmp_path):
    write_sound(tmp_path / "loud.wav", np.array([2.0, -2.0, 0.5], np.float32), RATE)
    np.testing.assert_allclose(read_sound(tmp_path / "loud.wav", RATE), [1.0, -1.0, 0.5], atol=1e-3)


def test_sound_over_the_limit(tmp_path):
    path = film(tmp_path / "film.mp4", sound=click(0.5))
    with pytest.raises(MediaError, match=r"limit is 0\.5 s"):
        read_sound(path, RATE, limits=Limits(max_seconds=0.5))
