"""A view that grows: browsers that keep up, and those that do not, hold what it shows."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hybridcore.errors import Cancelled, MediaError, NotYet
from hybridcore.packing import pack, unpack
from hybridcore.stages import JobProgress
from hybridcore.studio import streaming
from hybridcore.studio.beside import FILM, copy_beside
from hybridcore.studio.streaming import GrowingView
from hybridcore.view import NEWS, Parts, PlayerView, Strip
from tests.test_growth import changed

SECONDS = 10.0  # nothing here takes so long


def view(count: int) -> PlayerView:
    codes = np.arange(count) % 2
    return PlayerView(times=np.arange(count) / 10, length=9.0, strips=[
        Strip("Scene", codes, ("a", "b"), ("#000000", "#ffffff"), np.full(count, 0.5))])


class Browser:
    """What payload.js does: the tree it holds, and how much it has fetched for it."""

    def __init__(self) -> None:
        self.revision, self.tree, self.fetched = -1, None, 0

    def follow(self, parts: Parts) -> None:
        news = parts.news
        first = news[0].revision - 1 if news else parts.whole.revision
        if self.revision < first:
            self.revision, self.tree = parts.whole.revision, self._fetch(parts.whole.block)
        for part in news:
            if part.revision > self.revision:
                assert part.revision == self.revision + 1
                self.tree = changed(self.tree, self._fetch(part.block))
                self.revision = part.revision

    def _fetch(self, block: bytes) -> Any:
        self.fetched += len(block)
        return unpack(block)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No update waits for the time that the last one took."""
    monkeypatch.setattr(streaming, "_SHARE", float("inf"))


def test_browsers_hold_what_is_known_however_far_they_are_behind() -> None:
    growing = GrowingView(view(1))
    steady, lazy, late = Browser(), Browser(), Browser()
    for count in range(2, 100):
        growing.update(count, view)
        steady.follow(growing.parts)
        if count % (2 * NEWS) == 0:
            lazy.follow(growing.parts)
    whole = pack(view(99).tree())
    for browser in (steady, lazy, late):
        browser.follow(growing.parts)
        assert pack(browser.tree) == whole
    assert growing.view.strips[0].codes.shape == (99,)


def test_what_a_browser_fetches_does_not_grow_with_what_it_holds() -> None:
    growing, browser = GrowingView(view(10_000)), Browser()
    browser.follow(growing.parts)
    before = browser.fetched
    for count in range(10_001, 10_050):
        growing.update(count, view)
        browser.follow(growing.parts)
    assert browser.fetched - before < 50 * 1000
    assert len(growing.parts.news) == NEWS


def test_outputs_are_drawn_once_for_everybody() -> None:
    growing, drawn = GrowingView(view(1)), []

    def draw(count: int) -> PlayerView | None:
        drawn.append(count)
        return view(count) if count > 2 else None

    for outputs in (None, 2, 2, 3, 3):
        growing.update(outputs, draw)
    assert drawn == [2, 3]
    assert [part.revision for part in growing.parts.news] == [1]


def test_drawing_takes_its_share_of_the_time_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = {"now": 100.0, "used": 0.0}
    monkeypatch.setattr(streaming.time, "monotonic", lambda: clock["now"])
    monkeypatch.setattr(streaming.time, "thread_time", lambda: clock["used"])
    monkeypatch.setattr(streaming, "_SHARE", 0.2)
    growing, drawn = GrowingView(view(1)), []

    def draw(count: int) -> PlayerView:
        drawn.append(count)
        clock["used"] += 0.1
        return view(count)

    growing.update(2, draw)
    for step, now in enumerate((100.1, 100.4, 100.6)):
        clock["now"] = now
        growing.update(3 + step, draw)
    assert drawn == [2, 5]


def test_what_a_kind_does_not_say_yet_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def finish(*_: Any) -> None:
        raise NotYet("Later.")

    monkeypatch.setattr(streaming, "finish", finish)
    monkeypatch.setattr(streaming, "shared_model", lambda system: None)
    assert streaming.view_so_far(None, None, "lstm", {}, None, view(1)) is None


class Source:
    """An input whose copy takes as many steps as are asked for."""

    def __init__(self, folder: Path, problem: Exception | None = None) -> None:
        self.path, self.problem = folder / "copy.mp4", problem
        self.go, self.begun = threading.Event(), threading.Event()

    def browser_copy(self, folder: Path, progress: Any) -> Path:
        self.begun.set()
        while not self.go.wait(0.001):
            progress(0, 2)
        if self.problem:
            raise self.problem
        progress(2, 2)
        return self.path


def test_the_copy_is_there_before_the_job_is_done(tmp_path: Path) -> None:
    source, progress = Source(tmp_path), JobProgress()
    with copy_beside(source, tmp_path, progress) as copy:
        assert source.begun.wait(SECONDS)
        assert FILM not in progress.so_far
        source.go.set()
        assert copy.wait() == source.path
        assert progress.so_far[FILM] == source.path


def test_a_copy_that_fails_fails_the_job(tmp_path: Path) -> None:
    source, progress = Source(tmp_path, MediaError("Nothing decodes.")), JobProgress()
    source.go.set()
    with copy_beside(source, tmp_path, progress) as copy, pytest.raises(
            MediaError, match="Nothing"):
        copy.wait()


def test_a_copy_ends_with_the_work_beside_it(tmp_path: Path) -> None:
    source, progress = Source(tmp_path), JobProgress()

    def work() -> None:
        with copy_beside(source, tmp_path, progress):
            assert source.begun.wait(SECONDS)
            raise MediaError("The networks cannot read it.")

    with pytest.raises(MediaError, match="networks"):
        work()
    assert FILM not in progress.so_far


def test_a_copy_ends_with_a_job_that_is_stopped(tmp_path: Path) -> None:
    source, progress = Source(tmp_path), JobProgress()
    with copy_beside(source, tmp_path, progress) as copy:
        progress.cancel()
        with pytest.raises(Cancelled):
            copy.wait()
