"""How often a file is opened and how many frames are decoded."""

import av
import numpy as np
import pytest

from hybridcore.media import Clip
from hybridcore.media import clip as clip_module
from hybridcore.media import files as files_module
from hybridcore.media import frames as frames_module
from tests.media.films import film, indices, read_all
from tests.media.test_sound import click

TIMES = [i / 20 for i in range(30)]


class Work:
    """What was done: files opened to be read, frames decoded after the first look."""

    def __init__(self):
        self.opens = self.frames = 0


@pytest.fixture
def work(in_thread, monkeypatch):
    done, really_open, really_decode = Work(), av.open, frames_module.decode

    def counting_open(file, mode="r", **options):
        done.opens += mode == "r"
        return really_open(file, mode, **options)

    def counting_decode(container, stream):
        for frame in really_decode(container, stream):
            done.frames += 1
            yield frame

    monkeypatch.setattr(av, "open", counting_open)
    monkeypatch.setattr(frames_module, "decode", counting_decode)
    return done


def test_opening_is_one_opening(tmp_path, work):
    Clip.open(film(tmp_path / "film.mp4", times=TIMES, sound=click(0.5)))
    assert work.opens == 1


@pytest.mark.parametrize(
    ("codec", "opens", "frames"),
    # A copy goes through the packets twice; where it is encoded, the fourth reads the sound.
    [("libx264", 4, 30), ("mpeg4", 4, 60)],
    ids=["copied", "encoded"],
)
def test_open_analyse_and_copy(tmp_path, work, codec, opens, frames):
    path = film(tmp_path / "film.mp4", times=TIMES, codec=codec, sound=click(0.5))
    clip = Clip.open(path)
    assert len(read_all(clip)[0]) == 30
    clip.browser_copy(tmp_path / "out")
    assert (work.opens, work.frames) == (opens, frames)
    clip.browser_copy(tmp_path / "out")
    assert (work.opens, work.frames) == (opens, frames)


@pytest.mark.parametrize("group", [4, 12, 250])
@pytest.mark.parametrize("order", ["increasing", "any"])
def test_ten_frames_are_one_opening(tmp_path, work, group, order):
    path = film(tmp_path / "film.mp4", times=TIMES, options={"g": str(group), "bf": "2"})
    clip = Clip.open(path)
    work.opens = 0
    asked = np.linspace(0, 29, 10).round().astype(int)
    if order == "any":
        asked = np.random.default_rng(0).permutation(asked)
    frames = clip.frames_at([TIMES[k] for k in asked])
    assert indices(frames) == asked.tolist()
    assert work.opens == 1
    assert work.frames <= 30


def test_a_late_frame_is_sought(tmp_path, work):
    clip = Clip.open(film(tmp_path / "film.mp4", times=TIMES, options={"g": "5", "bf": "0"}))
    assert indices(clip.frames_at([TIMES[1], TIMES[27]])) == [1, 27]
    assert work.frames <= 8  # 0 to 2, and 25 to 28


def test_a_known_digest_is_not_computed(tmp_path, monkeypatch):
    path = film(tmp_path / "film.mp4")
    read = []
    really = files_module.file_digest
    monkeypatch.setattr(clip_module, "file_digest", lambda p: read.append(p) or really(p))
    assert Clip.open(path, digest="abc").digest == "abc"
    clip = Clip.open(path)
    assert read == []
    assert clip.digest == clip.digest == really(path)
    assert read == [path]
