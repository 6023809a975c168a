"""A clip that was drawn on keeps its times and sound, and never harms the file it is made from."""

import os

import numpy as np
import pytest

from hybridcore.errors import Cancelled, MediaError
from hybridcore.media import Clip, read_sound
from hybridcore.media.mux import add_sound, mux
from hybridcore.media.redraw import redraw
from tests.media.films import film, indices, read_all
from tests.media.test_sound import click, onset

UNEVEN = [0.0, 0.033, 0.067, 0.1, 0.4, 0.45, 0.9]


def mark(frame, index, time):
    frame[-8:] = 255
    return frame


def test_frames_times_and_sound_are_kept(tmp_path):
    clip = Clip.open(film(tmp_path / "film.mp4", times=UNEVEN, sound=click(0.5)))
    seen, reports = [], []

    def draw(frame, index, time):
        seen.append((index, time))
        return mark(frame, index, time)

    path = redraw(clip, tmp_path / "new" / "out.mp4", draw, lambda *r: reports.append(r))
    out = Clip.open(path)
    times, frames = read_all(out)
    np.testing.assert_allclose(times, UNEVEN, atol=0.001)
    assert (frames[:, -4:] > 200).all()
    assert [index for index, _ in seen] == list(range(7))
    assert [time for _, time in seen] == pytest.approx(UNEVEN, abs=1e-3)
    assert reports[-1] == (7, 7)
    assert onset(read_sound(path, 16000)) == pytest.approx(0.5, abs=0.004)


def test_stereo_stays_stereo(tmp_path):
    clip = Clip.open(film(tmp_path / "film.mp4"))
    left = np.sin(np.arange(44_100) / 20).astype(np.float32)
    both = mux(clip, np.stack([left, 0 * left], 1), 44_100, tmp_path / "both.mp4")
    sound = read_sound(redraw(Clip.open(both), tmp_path / "out.mp4", mark), 44_100, mono=False)
    loud = np.abs(sound).max(0)
    assert loud[0] > 0.9
    assert loud[1] < 0.1


def test_a_sound_that_does_not_decode_leaves_the_film_silent(tmp_path, in_thread, monkeypatch):
    clip = Clip.open(film(tmp_path / "film.mp4", sound=click(0.5)))

    def broken(*args, **options):
        raise MediaError("The sound of the file cannot be decoded.")

    monkeypatch.setattr("hybridcore.media.reading.sound_blocks", broken)
    assert clip.info.has_sound
    out = Clip.open(redraw(clip, tmp_path / "out.mp4", mark))
    assert out.info.frame_count == 20
    assert not out.info.has_sound


def write_mux(clip, out):
    return mux(clip, np.zeros(100, np.float32), 44_100, out)


def write_redrawn(clip, out):
    return redraw(clip, out, mark)


@pytest.mark.parametrize("write", [write_redrawn, write_mux])
@pytest.mark.parametrize("link", [None, "symlink", "hard link"])
def test_the_clip_itself_is_never_written_to(tmp_path, link, write):
    path = film(tmp_path / "film.mp4")
    before, out = path.read_bytes(), path
    if link is not None:
        out = tmp_path / "link.mp4"
        (os.symlink if link == "symlink" else os.link)(path, out)
    clip = Clip.open(path)
    with pytest.raises(MediaError, match="choose another name"):
        write(clip, out)
    assert path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == sorted({path, out})


def test_what_stood_there_stays_until_the_film_is_whole(tmp_path):
    clip = Clip.open(film(tmp_path / "film.mp4"))
    target, link = tmp_path / "target.mp4", tmp_path / "link.mp4"
    target.write_bytes(b"precious")
    link.symlink_to(target)

    def stop(done, total):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        redraw(clip, link, mark, stop)
    assert target.read_bytes() == b"precious"
    redraw(clip, link, mark)
    assert link.is_symlink()
    assert Clip.open(target).info.frame_count == 20
    assert sorted(p.name for p in tmp_path.iterdir()) == ["film.mp4", "link.mp4", "target.mp4"]


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_mux_replaces_the_sound(tmp_path, codec, rate):
    clip = Clip.open(film(tmp_path / "film.mp4", codec=codec, sound=click(0.2)))
    sound = np.zeros(rate, np.float32)
    sound[round(0.6 * rate) :][:40] = 1
    path = mux(clip, sound, rate, tmp_path / "out.mp4")
    assert onset(read_sound(path, 16_000)) == pytest.approx(0.6, abs=0.004)
    times, frames = read_all(Clip.open(path))
    np.testing.assert_allclose(times, read_all(clip)[0], atol=0.001)
    assert indices(frames) == list(range(20))
    if codec == "libx264":
        np.testing.assert_array_equal(frames, read_all(clip)[1])
    copy = clip.browser_copy(tmp_path / "copies")
    again = add_sound(copy, sound, rate, tmp_path / "again.mp4")
    assert onset(read_sound(again, 16_000)) == pytest.approx(0.6, abs=0.004)
