"""Chunks, random access, processes and memory of a clip."""

import hashlib
import threading
import time

import numpy as np
import pytest

from hybridcore.errors import Cancelled, MediaError
from hybridcore.media import Clip, Closer
from hybridcore.media import clip as clip_module
from hybridcore.media.clock import Clock
from hybridcore.media.prefetch import prefetch
from tests.media.films import film, index_of, indices, read_all
from tests.media.processes import decoders

UNEVEN = [0.0, 0.033, 0.067, 0.1, 0.4, 0.45, 0.9, 0.95, 1.7, 1.74]


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return Clip.open(film(tmp_path_factory.mktemp("clip") / "film.mp4"))


@pytest.fixture(autouse=True)
def _nothing_stays():
    yield
    assert working() == []


@pytest.fixture(params=["process", "thread"])
def each_way(request, monkeypatch):
    monkeypatch.setenv("HYBRIDCORE_DECODE", request.param)


def decoding_threads():
    return [thread for thread in threading.enumerate() if thread.name == "hybridcore-decode"]


def working():
    """The threads and processes that decode."""
    return decoding_threads() + decoders()


def test_info(clip):
    info = clip.info
    assert (info.codec, info.pixel_format, info.rotation) == ("h264", "yuv420p", 0)
    assert info.frame_rate == pytest.approx(20, rel=0.02)
    assert info.duration == pytest.approx(1.0, abs=0.01)


def test_digest_is_that_of_the_content(clip):
    assert clip.digest == hashlib.sha256(clip.path.read_bytes()).hexdigest()


@pytest.mark.parametrize("length", [1, 3, 7, 20, 100])
def test_answer_does_not_depend_on_the_chunk_length(clip, length):
    times, frames = read_all(clip)
    again_times, again_frames = read_all(clip, length=length, prefetch=1)
    np.testing.assert_array_equal(times, again_times)
    np.testing.assert_array_equal(frames, again_frames)


def test_chunks_are_full_but_for_the_last(clip):
    assert [len(chunk.times) for chunk in clip.chunks(length=8)] == [8, 8, 4]


def test_size_is_exact_and_squashes(clip):
    _, frames = read_all(clip, size=(30, 31))
    assert frames.shape == (20, 30, 31, 3)
    assert indices(frames) == list(range(20))


@pytest.mark.parametrize("length", [1, 4, 100])
def test_some_frames_come_closer_too(clip, each_way, length):
    closer = Closer((60, 80), seconds=0.15)  # of 20 frames a second
    _, plain = read_all(clip, size=(30, 40))
    chunks = list(clip.chunks(size=(30, 40), length=length, closer=closer))
    np.testing.assert_array_equal(np.concatenate([chunk.frames for chunk in chunks]), plain)
    times = np.concatenate([chunk.times[list(chunk.closer_at)] for chunk in chunks])
    closely = np.concatenate([chunk.closer for chunk in chunks])
    assert indices(closely) == list(range(0, 20, 3))
    np.testing.assert_array_equal(closely, clip.frames_at(times, (60, 80)))


def test_a_slow_film_comes_closer_frame_by_frame():
    closer, last, wanted = Closer((60, 80), seconds=0.4), None, []
    for at in UNEVEN:
        if closer.is_next(at, last):
            wanted.append(at)
            last = at
    assert wanted == [0.0, 0.4, 0.9, 1.7]


def test_scaling_averages_areas(tmp_path):
    # 1-pixel stripes become an even grey, which sampling single pixels would miss.
    from hybridcore.media import VideoWriter

    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 255
    with VideoWriter(tmp_path / "film.mp4", 64, 64, rate=20, crf=1) as writer:
        writer.write(stripes)
    _, frames = read_all(Clip.open(tmp_path / "film.mp4"), size=(8, 8))
    assert np.abs(frames.astype(int) - 127).max() < 12


def test_large_frames_come_in_shorter_chunks(clip, monkeypatch):
    monkeypatch.setattr(clip_module, "_MAX_CHUNK_BYTES", 3 * 48 * 64 * 3)
    assert [len(chunk.times) for chunk in clip.chunks()] == [3, 3, 3, 3, 3, 3, 2]
    monkeypatch.setattr(clip_module, "_MAX_CHUNK_BYTES", 1)
    assert [len(chunk.times) for chunk in clip.chunks()] == [1] * 20


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
def test_frame_at_shows_what_is_on_screen(tmp_path, suffix):
    options = {"constant_rate": True, "codec": "mpeg4"} if suffix == "avi" else {"times": UNEVEN}
    path = film(tmp_path / f"film.{suffix}", options={"g": "4"}, **options)
    clip = Clip.open(path)
    times, frames = read_all(clip)
    for time_asked in np.linspace(0, 1.73, 40):
        shown = int(np.searchsorted(times, time_asked + 5e-4, side="right")) - 1
        assert index_of(clip.frame_at(time_asked)) == shown
    assert index_of(clip.frame_at(-3.0)) == 0
    assert index_of(clip.frame_at(99.0)) == len(times) - 1
    np.testing.assert_array_equal(clip.frame_at(times[3]), frames[3])
    assert clip.frame_at(times[3], size=(16, 24)).shape == (16, 24, 3)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("film.mp4", {"options": {"g": "6", "bf": "2"}}),
        ("film.mkv", {"options": {"g": "6", "bf": "2"}}),
        ("film.ts", {"options": {"g": "6", "bf": "2"}}),
        ("film.webm", {"codec": "libvpx-vp9", "options": {"g": "6"}}),
        ("film.avi", {"codec": "mpeg4", "constant_rate": True, "options": {"g": "6"}}),
        ("film.mpg", {"codec": "mpeg2video", "constant_rate": True, "rate": 25,
                      "options": {"g": "6", "bf": "2"}}),
        ("film.h264", {"constant_rate": True, "rate": 25, "options": {"g": "6"}}),
        ("film.gif", {"codec": "gif", "pixel_format": "rgb8"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_frames_at_are_those_of_the_chunks_in_any_order(tmp_path, name, options):
    path = film(tmp_path / name, times=[i / 20 for i in range(40)], **options)
    clip = Clip.open(path)
    times, frames = read_all(clip)
    order = np.random.default_rng(0).permutation([*range(len(times)), 3, 3])
    for frame, k in zip(clip.frames_at(times[order].tolist()), order, strict=True):
        np.testing.assert_array_equal(frame, frames[k])
        np.testing.assert_array_equal(clip.frame_at(times[k]), frames[k])
    assert clip.frames_at([]) == []


def test_frames_of_joined_recordings_are_found(tmp_path):
    part = film(tmp_path / "part.ts", options={"g": "5"}).read_bytes()
    (tmp_path / "film.ts").write_bytes(part + part)
    clip = Clip.open(tmp_path / "film.ts")
    times, _ = read_all(clip)
    shown = clip.frames_at(times[[3, 30, 17, 39]].tolist())
    assert indices(shown) == [3, 10, 17, 19]


def test_frames_that_are_equal_can_be_drawn_on_apart(clip):
    one, other = clip.frames_at([0.3, 0.3])
    one[:] = 0
    assert other.any()


def test_name_and_duration(clip):
    assert clip.name == "film.mp4"
    assert Clip.open(clip.path, name="Holiday.MP4").name == "Holiday.MP4"
    assert clip.duration == clip.info.duration


def test_early_close_ends_the_decoder(clip, each_way):
    for _ in range(20):
        chunks = clip.chunks(length=2, prefetch=1)
        next(chunks)
        assert working()
        chunks.close()
        assert working() == []


def test_break_ends_the_decoder(clip, each_way):
    for chunk in clip.chunks(length=2):
        assert chunk.start == 0
        break
    del chunk
    assert working() == []


def test_error_in_the_consumer_ends_the_decoder(clip, each_way):
    def consume():
        for _ in clip.chunks(length=2, prefetch=1):
            raise RuntimeError("consumer")

    with pytest.raises(RuntimeError, match="consumer"):
        consume()


def test_stop_cancels(clip, each_way):
    stop = threading.Event()
    chunks = clip.chunks(length=2, stop=stop)
    next(chunks)
    stop.set()
    with pytest.raises(Cancelled):
        list(chunks)
    with pytest.raises(Cancelled):
        list(clip.chunks(stop=stop))


@pytest.mark.parametrize("options", [{"length": 0}, {"prefetch": 0}])
def test_wrong_arguments(clip, options):
    with pytest.raises(ValueError, match="at least 1"):
        clip.chunks(**options)


def test_two_readers_of_one_clip(clip):
    pairs = zip(clip.chunks(length=4), clip.chunks(length=4), strict=True)
    for one, other in pairs:
        np.testing.assert_array_equal(one.frames, other.frames)


def test_work_ahead_is_bounded():
    taken, made, most = 0, 0, 0

    def items():
        nonlocal made
        for item in range(50):
            made += 1
            yield item

    for item in prefetch(items(), depth=4, patience=5):
        assert item == taken
        taken += 1
        time.sleep(0.002)
        most = max(most, made - taken)
    assert taken == 50
    assert 1 <= most <= 5  # 4 wait, and one is in the producer's hand


def test_error_comes_after_the_items_before_it():
    def items():
        yield 1
        raise MediaError("broken; save it again.")

    seen = []
    with pytest.raises(MediaError, match="broken"):
        seen.extend(prefetch(items(), depth=4, patience=5))
    ahead = prefetch(items(), depth=4, patience=5)
    assert next(ahead) == 1
    with pytest.raises(MediaError, match="broken"):
        next(ahead)


def test_stalled_producer_is_given_up():
    release = threading.Event()

    def items():
        yield 1
        release.wait(10)

    ahead = prefetch(items(), depth=1, patience=0.2)
    assert next(ahead) == 1
    started = time.monotonic()
    with pytest.raises(MediaError, match=r"0\.2 s"):
        next(ahead)
    assert time.monotonic() - started < 2
    release.set()
    for thread in decoding_threads():
        thread.join(5)


@pytest.mark.parametrize(
    ("stamps", "times"),
    [
        ([5.0, 5.1, 5.25], [0.0, 0.1, 0.25]),
        ([None, None, None], [0.0, 0.1, 0.2]),
        ([2.0, None, 2.3], [0.0, 0.1, 0.3]),
        ([0.0, 0.1, 0.1, 0.2], [0.0, 0.1, 0.101, 0.2]),
        ([0.0, 0.2, 0.1, 0.3], [0.0, 0.2, 0.201, 0.3]),
        ([0.0, 5.0, 0.0, 0.1], [0.0, 5.0, 5.1, 5.2]),
        ([-1.0, 0.0], [0.0, 1.0]),
    ],
    ids=["late", "none", "gap", "duplicate", "backwards", "restart", "negative"],
)
def test_clock_repairs_stamps(stamps, times):
    clock = Clock(0.1)
    assert [clock(stamp) for stamp in stamps] == pytest.approx(times)
