"""The page of a system: what is opened, hashed and decoded, and what a part adds."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from hybridcore.answers import key_of
from hybridcore.jobs import Job, board
from hybridcore.media import Chunk, Clip, files, read_sound, source
from hybridcore.studio.beside import FILM
from hybridcore.studio.fingerprint import fingerprint
from hybridcore.studio.streaming import GrowingView
from hybridcore.system import System
from hybridcore.view import PlayerView, SoundTrack
from tests.pages.pages import WAIT_SECONDS, open_page, upload, wait_for_charts


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a file was opened and hashed."""
    counts: Counter[str] = Counter()

    def count(module: ModuleType, name: str) -> None:
        original = getattr(module, name)

        def counting(*args: object, **keywords: object) -> object:
            counts[name] += 1
            return original(*args, **keywords)

        for user in [m for m in sys.modules.values()
                     if getattr(m, "__name__", "").startswith("hybridcore")]:
            if getattr(user, name, None) is original:
                monkeypatch.setattr(user, name, counting)

    count(source, "open_source")
    count(files, "file_digest")
    return counts


def test_an_input_is_opened_and_hashed_once_for_all_reruns(
    brightness: System, two_shots: Path, counted: Counter[str]
) -> None:
    app = open_page("brightness")
    assert board().settle(60)
    app.run()
    counted.clear()
    upload(app, "mine.mp4", two_shots.read_bytes())
    assert app.get("plotly_chart")
    assert counted["file_digest"] == 0  # the spool hashed it on its way in
    # Once to open it, once for its thumbnail, once for the networks, once for the browser's copy.
    assert counted["open_source"] <= 4
    counted.clear()
    for seconds in (2.0, 3.0, 4.0):
        app.slider(key="brightness.seconds").set_value(seconds).run()
        assert not app.exception
    app.segmented_control(key="brightness.kind").set_value("now").run()
    assert not counted


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Clips that are not samples are read no further than their first chunk until this is set."""
    go, chunks = threading.Event(), Clip.chunks

    def held_chunks(self: Clip, *args: Any, **keywords: Any) -> Iterator[Chunk]:
        for chunk in chunks(self, *args, **keywords):
            yield chunk
            assert self.info.width > 32 or go.wait(WAIT_SECONDS)

    monkeypatch.setattr(Clip, "chunks", held_chunks)
    yield go
    go.set()


def begin(system: System, path: Path) -> tuple[AppTest, Job[Any]]:
    """A page to which a file was just uploaded, and its job, which knows something."""
    app = open_page(system.key)
    assert board().settle(WAIT_SECONDS)
    app.file_uploader[0].upload(path.name, path.read_bytes()).run()
    (reader,) = system.reads
    job = board().find(("look", key_of(system, reader, Clip.open(path), {})))
    assert job is not None
    while not {"outputs", FILM} <= job.progress.so_far.keys():
        assert not job.wait(0.01)
    app.run()
    assert not app.exception
    return app, job


def known_frames(job: Job[Any]) -> int:
    """How many frames the page of a job knows."""
    (growing,) = [shown for shown in job.progress.so_far.values() if isinstance(shown, GrowingView)]
    return len(growing.view.times)


def noise(seed: int) -> np.ndarray:
    """Frames that no other test has."""
    return np.random.default_rng(seed).integers(0, 256, (48, 32, 32, 3), np.uint8)


def test_a_page_shows_what_is_known_while_its_job_runs(
    brightness: System, clip_writer: Callable[..., Path], held: threading.Event
) -> None:
    app, job = begin(brightness, clip_writer(noise(1)))
    assert known_frames(job) == 16
    position = app.session_state["brightness.position"]
    assert not app.get("plotly_chart")
    held.set()
    wait_for_charts(app)
    assert app.get("plotly_chart")
    assert app.session_state["brightness.position"] == position
    assert not job.progress.so_far


def test_what_a_stopped_job_knew_stays(
    brightness: System, clip_writer: Callable[..., Path], held: threading.Event
) -> None:
    app, job = begin(brightness, clip_writer(noise(2)))
    board().stop(job)
    held.set()
    assert job.wait(WAIT_SECONDS)
    app.run()
    assert not app.exception
    assert [caption.value for caption in app.caption if "stopped" in caption.value]
    assert 16 <= known_frames(job) < 48


def test_a_swept_copy_is_made_again(brightness: System, two_shots: Path) -> None:
    from hybridcore.studio.chosen import spool

    app = upload(open_page("brightness"), "mine.mp4", two_shots.read_bytes())
    (copy,) = [path for path in spool().folder.glob("*.mp4")
               if path.stem.startswith(Clip.open(two_shots).digest) and "-" in path.stem]
    copy.unlink()
    app.run()
    assert board().settle(60)
    app.run()
    assert not app.exception
    assert copy.exists()
    assert app.get("plotly_chart")


def test_a_key_says_all_that_a_result_depends_on(brightness: System, two_shots: Path) -> None:
    from dataclasses import replace

    from hybridcore.options import Number

    (reader,) = brightness.reads
    clip = Clip.open(two_shots)
    plain = key_of(brightness, reader, clip, {"seconds": 1.0})
    assert key_of(brightness, reader, clip, {"seconds": 2.0}) == plain  # nothing looks again
    size = Number(key="size", title="Size", default=1, low=1, high=9, step=1, rerun=True)
    sized = replace(brightness, options=(*brightness.options, size))
    keys = {key_of(sized, reader, clip, {"size": n}) for n in (1, 2)}
    assert len(keys) == 2
    weighed = replace(brightness, cards=("encoder",))
    assert key_of(weighed, reader, clip, {}) != plain
    other = Clip.open(two_shots, digest="0" * 64)
    assert key_of(brightness, reader, other, {}) != plain
    assert plain.startswith("brightness-")


def test_fingerprints_tell_values_apart() -> None:
    values = [1, 1.0, "1", True, None, (1,), [1], {"a": 1}, {"a": 2}, np.ones(2), np.ones((2, 1)),
              np.ones(2, np.float32), Path("a"), b"1", ("a", "bc"), ("ab", "c")]
    assert len({fingerprint(value) for value in values}) == len(values)
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    with pytest.raises(TypeError, match="no fingerprint"):
        fingerprint(object())


def views_app() -> None:
    from types import SimpleNamespace

    import streamlit as st

    from hybridcore.studio.page import _view

    system = SimpleNamespace(view=lambda answer, item: f"{answer} of {item}")
    page = SimpleNamespace(answer="view", system=system)
    st.text(", ".join(_view("key", item, page) for item in (0, 1, 0)))


def test_what_is_played_is_that_of_the_item_chosen() -> None:
    page = AppTest.from_function(views_app, default_timeout=20).run()
    assert not page.exception
    assert page.text[0].value == "view of 0, view of 1, view of 0"


def test_the_sound_of_a_view_is_what_is_played(two_shots: Path) -> None:
    from hybridcore.studio.page import _video

    tone = np.sin(np.arange(44_100) / 10).astype(np.float32) / 2
    times = np.arange(60) / 25
    played = _video("tone", PlayerView(times=times, track=SoundTrack(tone, 44_100)), two_shots)
    assert isinstance(played, Path)
    assert played != two_shots
    heard = read_sound(played, 44_100)
    assert np.abs(heard[4_410:39_690]).mean() == pytest.approx(np.abs(tone).mean(), abs=0.02)
    assert _video("own", PlayerView(times=times), two_shots) == two_shots


def test_charts_of_a_frame_are_those_of_the_frame_that_the_player_shows() -> None:
    app = open_page("scene", "rendered-tour")
    assert board().settle(60)
    app.run()

    def shown() -> list[str]:
        assert not app.exception
        return [chart.proto.spec for chart in app.get("plotly_chart")]

    before = shown()
    app.session_state["scene.position"] = {**app.session_state["scene.position"], "frame": 290}
    app.run()
    changed = [one != other for one, other in zip(before, shown(), strict=True)]
    assert sum(changed) == 1  # the votes of the frame; what runs over time stays
