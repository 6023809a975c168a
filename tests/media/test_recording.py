"""Speech from files: what is read, what is shown, and what is refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hybridcore.errors import MediaError
from hybridcore.media import Clip, VideoWriter, write_sound
from hybridcore.media.mel import FRAMES, centres, log_mel
from hybridcore.media.recording import MAX_SECONDS, Recording

RATE = 8000


def tone(seconds: float, hertz: float = 1000.0) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)).astype("f4")


def test_a_tone_stands_in_its_band_and_the_level_does_not_count() -> None:
    sound = np.concatenate([np.zeros(RATE, np.float32), tone(1.0)])
    bands = log_mel(sound)
    assert bands.shape == (2 * FRAMES, len(centres()))
    assert abs(centres()[bands[150].argmax()] - 1000) < 60
    np.testing.assert_allclose(log_mel(0.01 * sound), bands, atol=1e-2)


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3"])
def test_sound_files_are_read_at_8_khz(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    write_sound(path, np.repeat(tone(1.0), 2), 2 * RATE)
    recording = Recording.open(path)
    assert recording.duration == pytest.approx(1.0, abs=0.06)
    assert not recording.notes
    assert len(recording.digest) == 64


def test_its_film_has_the_sound_and_a_line_that_moves(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    write_sound(path, tone(1.0), RATE)
    recording = Recording.open(path)
    copy = recording.browser_copy(tmp_path)
    assert recording.browser_copy(tmp_path) == copy
    clip = Clip.open(copy)
    assert clip.info.has_sound
    assert (clip.info.width, clip.info.height) == recording.size
    assert clip.duration == pytest.approx(1.0, abs=0.05)
    frames = [frame[20].astype(int).sum(1) for frame in clip.frames_at([0.2, 0.8])]
    left, right = (int(frame.argmax()) / clip.info.width for frame in frames)
    assert (left, right) == pytest.approx((0.2, 0.8), abs=0.05)
    assert recording.thumbnail(96).shape == (32, 96, 3)


def test_silence_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    write_sound(path, np.zeros(RATE, np.float32), RATE)
    recording = Recording.open(path)
    assert "silent" in recording.notes[0]
    assert np.isfinite(recording.bands).all()


def test_what_cannot_be_used_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "text.wav").write_text("one two three" * 100)
    write_sound(tmp_path / "short.wav", tone(0.05), RATE)
    write_sound(tmp_path / "hour.wav", np.zeros(int(2 * MAX_SECONDS * RATE), np.float32), RATE)
    with VideoWriter(tmp_path / "mute.mp4", 64, 48, 25) as writer:
        for _ in range(10):
            writer.write(np.zeros((48, 64, 3), np.uint8))
    for name, words in (("empty.wav", "empty"), ("text.wav", "damaged"), ("short.wav", "lasts"),
                        ("hour.wav", "limit is 60 s"), ("mute.mp4", "no sound")):
        with pytest.raises(MediaError, match=words):
            Recording.open(tmp_path / name)
