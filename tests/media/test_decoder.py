"""Decoding in processes: what ends one, what it may not do, and that nothing is left."""

import gc
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from hybridcore.errors import MediaError
from hybridcore.media import Clip, Limits, Picture, browser_copy, decoder, read_sound
from hybridcore.media.decoder import has_processes
from hybridcore.media.mux import add_sound
from hybridcore.media.picture_values import picture_values
from hybridcore.media.wire import died
from tests.media.films import film, indices, read_all
from tests.media.hostile import whole
from tests.media.processes import children, decoders, servers, until
from tests.media.test_bounds import black_png
from tests.media.test_sound import click

pytestmark = pytest.mark.skipif(not has_processes(), reason="decodes in a thread here")

TIMES = [i / 20 for i in range(60)]


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clip")
    return Clip.open(film(folder / "film.mp4", times=TIMES, sound=click(0.5)))


@pytest.fixture(autouse=True)
def _nothing_stays(clip):
    before = sorted(os.listdir("/proc/self/fd"))
    yield
    until(lambda: decoders() == [])
    gc.collect()  # an error holds the frame that it came from
    assert sorted(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("by", [signal.SIGSEGV, signal.SIGKILL, signal.SIGXCPU])
def test_a_decoder_that_dies_is_one_sentence(clip, by):
    chunks = clip.chunks(length=2, prefetch=1)
    first = next(chunks)
    (decoder,) = decoders()
    os.kill(decoder, by)
    with pytest.raises(MediaError) as error:
        list(chunks)
    assert str(error.value) == str(died())
    assert indices(first.frames) == [0, 1]
    assert len(read_all(clip)[0]) == 60  # and the next reading is as ever


@pytest.fixture
def crashes(monkeypatch):
    """A number of processes, set by the test, that end as soon as they are there."""
    left, forked = [0], decoder._forked

    def fork(*arguments):
        end, handle = forked(*arguments)
        if left[0] > 0:
            left[0] -= 1
            signal.pidfd_send_signal(handle, signal.SIGSEGV)
        return end, handle

    monkeypatch.setattr(decoder, "_forked", fork)
    return left


def test_packets_that_break_their_reader_off_are_decoded_instead(clip, tmp_path, crashes):
    crashes[0] = 1
    copy = clip.browser_copy(tmp_path / "out")
    assert crashes == [0]
    assert indices(read_all(Clip.open(copy))[1]) == list(range(60))
    crashes[0] = 10
    with pytest.raises(MediaError, match=r"^The decoder gave up on this file"):
        clip.browser_copy(tmp_path / "other")
    assert list((tmp_path / "other").iterdir()) == []


def test_a_copy_that_breaks_its_reader_off_is_one_sentence(clip, tmp_path, crashes):
    crashes[0] = 1
    with pytest.raises(MediaError, match=r"^The copy of the video is damaged"):
        add_sound(clip.path, np.zeros(8000, np.float32), 16_000, tmp_path / "out.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_decoder_cannot_fill_the_disk(clip, tmp_path, monkeypatch):
    """A copy from a process that a hostile file took over."""
    def taken_over(*_, **__):
        yield (1 << 50, 1), np.ones(10, np.uint8)

    monkeypatch.setattr(browser_copy, "read", taken_over)
    assert not browser_copy.copy_packets(clip.path, tmp_path / "out.mp4")
    assert (tmp_path / "out.mp4").stat().st_size == 0


def test_pictures_that_break_their_reader_off_are_one_sentence(crashes):
    files = [(f"{k}.png", whole("png")) for k in range(3)]
    assert [values.codes.shape for values in picture_values(files)] == [(60, 80)] * 3
    crashes[0] = 1
    with pytest.raises(MediaError, match=r"^The decoder gave up on this file"):
        list(picture_values(files))
    assert len(list(picture_values(files))) == 3


def test_more_than_the_socket_holds_is_sent():
    content = whole("png") + bytes(20_000_000)  # what follows the end of a PNG means nothing
    ((codes, exact, problem),) = picture_values([("a.png", content)])
    assert codes.shape == (60, 80)
    assert exact
    assert not problem


def test_a_decoder_that_is_held_up_is_given_up(clip):
    quick = Clip(clip.path, clip.info, Limits(max_decode_seconds=0.3), "film.mp4", None)
    chunks = quick.chunks(length=2, prefetch=1)
    next(chunks)
    (decoder,) = decoders()
    os.kill(decoder, signal.SIGSTOP)
    with pytest.raises(MediaError, match=r"0\.3 s"):
        list(chunks)


def test_memory_is_bounded(tmp_path):
    path = black_png(tmp_path / "a.png", 4000, 8, 2, 3)
    assert Clip.open(path).info.width == 4000
    with pytest.raises(MediaError, match=r"more memory than the limit of 0\.0 GB"):
        Clip.open(path, limits=Limits(max_memory=30_000_000))


@pytest.mark.parametrize(("codec", "says"), [
    ("mpeg4", "more memory than the limit"), ("mjpeg", "more memory than the limit"),
    ("libx264", "needs too much memory"),
])
def test_a_film_that_takes_too_much_memory(tmp_path, codec, says):
    path = film(tmp_path / "a.mkv", codec=codec, size=(2160, 3840), times=TIMES[:2],
                pixel_format="yuvj420p" if codec == "mjpeg" else "yuv420p")
    with pytest.raises(MediaError, match=says):
        Clip.open(path, limits=Limits(max_memory=10_000_000))


def test_limits_of_a_decoder(clip):
    with closing(clip.chunks(length=2, prefetch=1)) as chunks:
        next(chunks)
        (decoder,) = decoders()
        lines = Path(f"/proc/{decoder}/limits").read_text().splitlines()
        limits = {line[:26].strip(): line[26:].split()[:2] for line in lines}
    assert limits["Max file size"] == ["0", "0"]
    assert limits["Max core file size"] == ["0", "0"]
    assert limits["Max cpu time"] == ["3600", "3600"]
    assert 3e9 < int(limits["Max address space"][1]) < 8e9


def test_many_at_once(clip):
    def everything(_):
        _, frames = read_all(clip, size=(24, 32), length=5)
        return indices(frames), indices(clip.frames_at([0.5, 1.0])), len(clip.sound(16_000))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(everything, range(16)))
    frames, shown, samples = answers[0]
    assert (frames, shown) == (list(range(60)), [10, 20])
    assert samples > 8000
    assert answers == [answers[0]] * 16


def test_a_server_that_dies_is_replaced(clip):
    chunks = clip.chunks(length=2, prefetch=1)
    next(chunks)
    (decoder,), (server,) = decoders(), servers()
    os.kill(server, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{decoder}").exists())  # it takes its decoders along
    with pytest.raises(MediaError):
        list(chunks)
    assert len(read_all(clip)[0]) == 60
    assert server not in servers()


PROGRAM = """
import sys
from hybridcore.media import Clip
chunks = Clip.open(sys.argv[1]).chunks(length=2, prefetch=1)
next(chunks)
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("ending", ["killed", "in order"])
def test_nothing_outlives_the_program(clip, ending):
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(clip.path)], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, cwd=Path(__file__).parents[2],
    ) as program:
        assert program.stdout.readline() == b"ready\n"
        (server,) = servers(program.pid)
        processes = [server, *children(server)]
        assert len(processes) == 2
        if ending == "killed":
            program.kill()
        program.stdin.close()
        program.wait()
        until(lambda: not any(Path(f"/proc/{number}").exists() for number in processes))


SHUT_OFF = """
import os, signal, socket, subprocess, sys
from hybridcore.media.sandbox import limit, shut_off
server = socket.create_server(("127.0.0.1", 0))
shut_off()
limit(1 << 30, 10)
def refused(name, act):
    try:
        act()
    except OSError:
        print(name)
refused("write", lambda: open(sys.argv[1] + "/new", "w"))
refused("change", lambda: open(sys.argv[1] + "/old", "r+"))
refused("remove", lambda: os.remove(sys.argv[1] + "/old"))
refused("run", lambda: subprocess.run(["/bin/true"]))
refused("connect", lambda: socket.create_connection(server.getsockname(), 2))
refused("bind", lambda: socket.create_server(("127.0.0.1", 0)))
refused("kill", lambda: os.kill(os.getppid(), 0))
print(open(sys.argv[1] + "/old").read())
"""


def test_rights_of_a_decoder(tmp_path):
    (tmp_path / "old").write_text("kept")
    done = subprocess.run(
        [sys.executable, "-c", SHUT_OFF, str(tmp_path)], capture_output=True, text=True,
        check=True, cwd=Path(__file__).parents[2])
    *refused, content = done.stdout.split()
    if "run" not in refused:
        pytest.skip("this kernel knows no Landlock")
    assert {"write", "change", "remove", "run", "connect"} <= set(refused)
    assert (tmp_path / "old").read_text() == content == "kept"


def test_a_thread_gives_the_same(clip, tmp_path, monkeypatch):
    picture = black_png(tmp_path / "a.png", 500, 8, 2, 3)

    def everything():
        return (Clip.open(clip.path).info, *read_all(clip), *clip.frames_at([2.0, 0.3]),
                clip.sound(16_000), np.concatenate([*clip.sound_track(22_050)[0]], axis=1),
                read_sound(clip.path, 8000, mono=False), Picture.open(picture, max_side=90).array,
                next(picture_values([("a.png", whole("png"))])).codes.copy())

    apart = everything()
    monkeypatch.setenv("HYBRIDCORE_DECODE", "thread")
    for one, other in zip(apart, everything(), strict=True):
        np.testing.assert_array_equal(one, other)
