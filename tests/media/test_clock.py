"""One clock: chunks, single frames, sound and the probe agree, whatever the stamps of a file do."""

from pathlib import Path

import numpy as np
import pytest

from hybridcore.errors import MediaError
from hybridcore.media import Clip, read_sound
from hybridcore.media.clock import Clock, Span
from tests.media.films import film, index_of, read_all
from tests.media.test_sound import RATE, click

CASES = Path(__file__).parents[2].parent / "shared" / "cases"
FILMS = sorted(path for path in CASES.glob("*") if path.suffix in {
    ".mp4", ".mov", ".ts", ".mts", ".avi", ".mpg", ".webm", ".flv", ".webp", ".avif"})

TWENTY = [i / 20 for i in range(20)]
FORTY = [i / 20 for i in range(40)]
MPEG2 = {"codec": "mpeg2video", "constant_rate": True, "rate": 25}
SOUND = {"options": {"g": "5", "bf": "2"}, "sound": click(0.5)}


def at(start, **options):
    """The times of a recording of one second, and its sound, from `start` s on."""
    return {"times": [start + t for t in TWENTY], "sound_start": start, **SOUND, **options}


VARIANTS = {
    "open groups": ("a.mp4", [{"options": {"g": "8", "bf": "2", "x264-params": "open-gop=1"}}]),
    "open groups in ts": ("a.ts", [{"options": {"g": "8", "x264-params": "open-gop=1"}}]),
    "intra refresh": ("a.mp4", [{"options": {"g": "9", "x264-params": "intra-refresh=1"}}]),
    "hevc": ("a.mp4", [{"codec": "libx265", "options": {"x265-params": "open-gop=1:keyint=8"}}]),
    "mpeg-2 in ts": ("a.ts", [{**MPEG2, "options": {"g": "6", "bf": "2"}}]),
    "mpeg-2 in mpg": ("a.mpg", [{**MPEG2, "options": {"g": "6", "bf": "2"}}]),
    "raw": ("a.h264", [{"constant_rate": True, "rate": 25, "options": {"g": "8", "bf": "2"}}]),
    "avi, h264, b-frames": ("a.avi", [{"constant_rate": True, "options": {"g": "12", "bf": "3"}}]),
    "avi, mpeg-4, b-frames": ("a.avi", [{"codec": "mpeg4", "constant_rate": True,
                                         "options": {"g": "6", "bf": "2"}}]),
    "joined ts": ("a.ts", [at(0), at(0), at(0)]),
    "clock jumps ahead": ("a.ts", [at(0), at(36_000)]),
    "clock jumps back": ("a.ts", [at(36_000), at(0)]),
    "clock jumps twice": ("a.ts", [at(0), at(36_000), at(0)]),
    "joined mpg": ("a.mpg", [MPEG2, MPEG2]),
    "joined webm": ("a.webm", [{"codec": "libvpx", "options": {"g": "12"}}] * 2),
    "joined raw": ("a.h264", [{"constant_rate": True, "rate": 25}] * 2),
    "bursts": ("a.mkv", [{"times": [0, 0.03, 0.06, 0.09, 12, 12.03, 12.06, 30, 30.03]}]),
    "same stamps": ("a.mkv", [{"times": [0, 0.0004, 0.0008, 0.1, 0.2]}]),
    "late": ("a.mkv", [at(3600)]),
}


def made(folder, name, parts):
    """The recordings `parts`, one after the other in one file."""
    path = folder / name
    pieces = [film(folder / f"{k}{path.suffix}", **{"times": FORTY, **part}).read_bytes()
              for k, part in enumerate(parts)]
    path.write_bytes(b"".join(pieces))
    return path


def check(clip):
    """Each time that the chunks give finds its frame, alone and in any order."""
    times, frames = read_all(clip)
    assert times[0] == 0.0
    assert (np.diff(times) > 0).all()
    some = np.unique(np.linspace(0, len(times) - 1, 30).round().astype(int))
    order = np.random.default_rng(0).permutation(some)
    for k, frame in zip(order, clip.frames_at(times[order].tolist()), strict=True):
        np.testing.assert_array_equal(frame, frames[k])
    for k in some[::6]:
        np.testing.assert_array_equal(clip.frame_at(times[k]), frames[k])
    assert times[-1] < clip.duration < times[-1] + 0.2
    assert clip.info.frame_count == len(times)
    return times, frames


@pytest.mark.parametrize(("name", "parts"), VARIANTS.values(), ids=VARIANTS)
def test_a_frame_is_that_of_the_chunks(tmp_path, name, parts):
    check(Clip.open(made(tmp_path, name, parts)))


@pytest.mark.parametrize("path", FILMS, ids=[path.name for path in FILMS])
def test_a_frame_of_a_case_is_that_of_the_chunks(path):
    check(Clip.open(path))


@pytest.mark.parametrize(("name", "options"), [
    ("a.ts", SOUND), ("a.mpg", {**MPEG2, "options": {"g": "6", "bf": "2"}, "size": (192, 256)}),
    ("a.h264", {"constant_rate": True, "rate": 25, "options": {"g": "8", "bf": "2"}}),
], ids=["ts", "mpg", "raw"])
def test_a_film_that_begins_in_the_middle_of_a_group(tmp_path, name, options):
    path = film(tmp_path / name, times=FORTY, **options)
    data = path.read_bytes()
    path.write_bytes(data[len(data) // 3 // 188 * 188 :])
    clip = Clip.open(path)
    times, frames = check(clip)
    first = index_of(frames[0])
    assert 0 < first < 39
    assert [index_of(frame) for frame in frames] == list(range(first, 40))
    assert clip.duration == pytest.approx(len(times) / clip.info.frame_rate, abs=1e-3)


@pytest.mark.parametrize("starts", [(0, 0), (0, 36_000), (36_000, 0), (0, 15), (0, 0, 0)])
def test_sound_of_joined_recordings_lies_beside_their_pictures(tmp_path, starts):
    path = made(tmp_path, "a.ts", [at(start) for start in starts])
    clip = Clip.open(path)
    assert clip.duration == pytest.approx(len(starts), abs=0.01)
    assert any("joined" in note for note in clip.info.notes)
    for sound in (clip.sound(RATE), read_sound(path, RATE)):
        assert len(sound) == pytest.approx(len(starts) * RATE, abs=0.05 * RATE)
        loud = np.abs(sound) > 0.2
        begins = np.flatnonzero(loud[1:] & ~loud[:-1]) / RATE
        apart = begins[np.diff(begins, prepend=-1) > 0.2]
        np.testing.assert_allclose(apart, np.arange(len(starts)) + 0.5, atol=0.005)


def test_a_pause_is_a_pause(tmp_path):
    clip = Clip.open(made(tmp_path, "a.ts", [at(0), at(3)]))
    assert clip.duration == pytest.approx(4, abs=0.11)
    assert clip.info.notes == ()


def test_a_long_pause_through_which_the_sound_goes_on_is_a_pause(tmp_path):
    times = [*TWENTY, *(t + 15 for t in TWENTY)]
    path = film(tmp_path / "a.ts", times=times, sound=click(0.5, seconds=16))
    assert Clip.open(path).duration == pytest.approx(16, abs=0.01)


def test_the_frame_rate_is_the_usual_step(tmp_path):
    bursts = [start + k / 30 for start in (0, 18, 36) for k in range(30)]
    clip = Clip.open(film(tmp_path / "a.mkv", times=bursts))
    assert clip.info.frame_rate == pytest.approx(30, rel=0.01)
    # The header of a browser's recording says nothing, and FFmpeg then guesses 1000.
    path = film(tmp_path / "a.webm", times=TWENTY, codec="libvpx", rate=1000)
    assert Clip.open(path).info.frame_rate == pytest.approx(20, rel=0.01)
    assert Clip.open(path).duration == pytest.approx(1, abs=0.01)


def test_sound_is_found_again_in_its_span():
    clock = Clock(0.05, [Span(1.5, 4.5, 0.0), Span(1.5, 4.5, 3.05), Span(90.0, 93.0, 6.1)])
    stamps = [1.4, 1.5, 4.4, 4.9, 1.45, 4.5, 89.8, 93.5]
    times = [-0.1, 0.0, 2.9, 3.4, 3.0, 6.05, 5.9, 9.6]
    assert [clock.place(stamp, 0.0) for stamp in stamps] == pytest.approx(times)


@pytest.mark.parametrize(("name", "seconds"), [
    ("midgop.ts", 1.75), ("clockjump.ts", 6), ("joined.ts", 10), ("b264.avi", 3),
    ("browser-recording.webm", 5.03), ("screen.mp4", 43.0), ("thumb-first.mov", 3),
])
def test_length_of_a_case(name, seconds):
    if not (CASES / name).is_file():
        pytest.skip("the cases are not here")
    clip = Clip.open(CASES / name)
    assert clip.duration == pytest.approx(seconds, abs=0.05)
    assert 19 < clip.info.frame_rate < 31


def test_a_film_over_the_limit_is_refused_by_its_stamps(tmp_path):
    path = film(tmp_path / "a.mkv", times=[0, 900, 1700, 2000])
    with pytest.raises(MediaError, match="1800 s"):
        Clip.open(path)
