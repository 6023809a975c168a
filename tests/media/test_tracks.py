"""Sound tracks that cannot be used, and ones that change on the way."""

from fractions import Fraction

import av
import numpy as np
import pytest

from hybridcore.errors import MediaError
from hybridcore.media import Clip, Limits, read_sound
from hybridcore.media.mux import mux
from hybridcore.media.redraw import redraw
from tests.media.films import film, picture, read_all
from tests.media.test_redraw import mark
from tests.media.test_sound import RATE, click, onset


def two_tracks(path, first):
    """A film with two AAC tracks, `first` and one with a click at 0.5 s."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=20)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        tracks = [container.add_stream("aac", rate=RATE, layout="mono") for _ in range(2)]
        for k in range(20):
            frame = av.VideoFrame.from_ndarray(picture(k))
            frame.pts, frame.time_base = k, Fraction(1, 20)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for track, sound in zip(tracks, (first, click(0.5)), strict=True):
            for start in range(0, len(sound), 1024):
                block = av.AudioFrame.from_ndarray(sound[None, start : start + 1024], "fltp",
                                                   "mono")
                block.sample_rate, block.pts = RATE, start
                block.time_base = Fraction(1, RATE)
                container.mux(track.encode(block))
            container.mux(track.encode(None))
    return path


def unknown(path, count=1):
    """The first sound tracks get a codec that nobody knows."""
    data = path.read_bytes().replace(b"mp4a", b"apac", count).replace(b"esds", b"none", count)
    path.write_bytes(data)
    return path


def film_of_empty_sound(path):
    """Its sound track is declared, and has no sample."""
    if path.suffix == ".mp4":
        data = bytearray(film(path, sound=click(0.5)).read_bytes())
        count = data.rindex(b"stsz") + 12
        data[count : count + 4] = bytes(4)
        path.write_bytes(data)
        return path
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=20, options={"bf": "0"})
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        container.add_stream("aac", rate=RATE, layout="mono")
        for k in range(20):
            frame = av.VideoFrame.from_ndarray(picture(k))
            frame.pts, frame.time_base = k, Fraction(1, 20)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path


def check_silent(clip, folder):
    assert (clip.info.has_sound, clip.info.sound_rate, clip.info.sound_codec) == (False, None, None)
    with pytest.raises(MediaError, match="no sound"):
        clip.sound(RATE)
    for out in (redraw(clip, folder / "drawn.mp4", mark), clip.browser_copy(folder / "copies")):
        assert not Clip.open(out).info.has_sound
        assert len(read_all(Clip.open(out))[0]) == 20


def test_a_track_of_an_unknown_kind(tmp_path):
    clip = Clip.open(unknown(film(tmp_path / "a.mp4", sound=click(0.5))))
    check_silent(clip, tmp_path)
    assert any("silent" in note for note in clip.info.notes)
    with pytest.raises(MediaError, match="cannot be decoded"):
        read_sound(clip.path, RATE)
    assert mux(clip, click(0.3), RATE, tmp_path / "out.mp4").is_file()


def test_the_track_that_decodes_is_heard(tmp_path):
    clip = Clip.open(unknown(two_tracks(tmp_path / "a.mp4", click(0.2))))
    assert clip.info.sound_codec == "aac"
    assert any("track 2 of 2" in note for note in clip.info.notes)
    copy, drawn = clip.browser_copy(tmp_path / "out"), redraw(clip, tmp_path / "b.mp4", mark)
    for path in (clip.path, copy, drawn):
        assert onset(read_sound(path, RATE)) == pytest.approx(0.5, abs=0.004)
    assert onset(clip.sound(RATE)) == pytest.approx(0.5, abs=0.004)


def test_an_empty_track(tmp_path):
    clip = Clip.open(two_tracks(tmp_path / "a.mp4", np.zeros(0, np.float32)))
    assert onset(clip.sound(RATE)) == pytest.approx(0.5, abs=0.004)
    path = tmp_path / "b.mp4"
    with av.open(str(film(tmp_path / "c.mp4"))) as source, av.open(str(path), "w") as target:
        copy = target.add_stream_from_template(source.streams.video[0])
        target.add_stream("aac", rate=RATE, layout="mono")
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = copy
                target.mux(packet)
    check_silent(Clip.open(path), tmp_path)


@pytest.mark.parametrize("ending", ["mkv", "ts", "avi", "mp4"])
def test_a_track_without_a_sample_is_said(tmp_path, ending):
    path = film_of_empty_sound(tmp_path / f"a.{ending}")
    clip = Clip.open(path)
    check_silent(clip, tmp_path)
    (note,) = clip.notes
    assert "silent" in note


def test_a_damaged_track(tmp_path):
    # Opus, since an AAC decoder makes something of anything.
    path = film(tmp_path / "a.mkv", sound=click(0.5))
    with av.open(str(path)) as container:
        packets = [bytes(packet) for packet in container.demux(audio=0) if packet.size]
    data = path.read_bytes()
    for packet in packets:
        data = data.replace(packet, b"\xff" * len(packet))
    path.write_bytes(data)
    clip = Clip.open(path)
    if clip.info.has_sound:
        assert np.abs(clip.sound(RATE)).max() <= 1
    else:
        check_silent(clip, tmp_path)
    assert redraw(clip, tmp_path / "out.mp4", mark).is_file()


def adts(path, layout, rate, at):
    """One second of AAC without a container: files of it can be joined."""
    sound = np.repeat(click(at, rate=rate)[None], 1 if layout == "mono" else 2, 0)
    with av.open(str(path), "w", format="adts") as container:
        stream = container.add_stream("aac", rate=rate, layout=layout)
        for start in range(0, rate, 1024):
            block = np.ascontiguousarray(sound[:, start : start + 1024])
            frame = av.AudioFrame.from_ndarray(block, "fltp", layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path.read_bytes()


@pytest.mark.parametrize("forms", [
    [("mono", 48_000), ("stereo", 48_000)], [("stereo", 48_000), ("mono", 48_000)],
    [("mono", 48_000), ("mono", 24_000)],
])
def test_a_track_that_changes(tmp_path, forms):
    path = tmp_path / "a.aac"
    path.write_bytes(b"".join(
        adts(tmp_path / f"{k}.aac", *form, 0.5) for k, form in enumerate(forms)))
    sound = read_sound(path, RATE)
    assert len(sound) == pytest.approx(2 * RATE, rel=0.1)
    loud = np.flatnonzero(np.abs(sound) > 0.2) / RATE
    assert loud.min() == pytest.approx(0.5, abs=0.1)
    assert loud.max() == pytest.approx(1.6, abs=0.2)
    both = read_sound(path, RATE, mono=False)
    assert both.shape == (len(sound), 2 if "stereo" in dict(forms) else 1)
    assert np.abs(both).max(axis=0).min() > 0.2


def test_a_sound_that_ends_before_the_pictures_begin(tmp_path):
    times = [10 + k / 20 for k in range(20)]
    clip = Clip.open(film(tmp_path / "a.mkv", times=times, sound=click(0.5)))
    assert len(clip.sound(RATE)) == 0
    assert not Clip.open(redraw(clip, tmp_path / "out.mp4", mark)).info.has_sound


def test_a_long_sound_does_not_hide_the_picture(tmp_path):
    clip = Clip.open(film(tmp_path / "a.mp4", sound=click(0.5, seconds=3)),
                     limits=Limits(max_seconds=2))
    with pytest.raises(MediaError, match="limit is 2 s"):
        clip.sound(RATE)
    out = redraw(clip, tmp_path / "out.mp4", mark)
    assert onset(read_sound(out, RATE)) == pytest.approx(0.5, abs=0.004)
