"""What is shown and exported is of the model chosen, for every system, kind and sample."""

from __future__ import annotations

import csv
import io
import json
import wave
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from scipy.io import netcdf_file

from hybridcore.answers import finish, run, shared_model
from hybridcore.errors import Cancelled, NotYet
from hybridcore.media import Chunk, Clip
from hybridcore.store import load, save
from hybridcore.system import Answer, At, System
from hybridcore.systems import systems
from tests.systems.conftest import CASES, KINDS, name

Answered = Callable[..., Answer[Any, Any]]
EVERY_SAMPLE = pytest.mark.parametrize("case", CASES, ids=name)
EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=name)
FIRST_SAMPLES = pytest.mark.parametrize(
    "case", [case for case in CASES if case[1] is case[0].samples[0]], ids=name)


def within(tolerance: float) -> Callable[[np.ndarray, np.ndarray], None]:
    """Every value of an array, up to a tolerance, relative and absolute."""
    return lambda left, right: np.testing.assert_allclose(
        left, right, rtol=tolerance, atol=tolerance)


def on_average(share: float) -> Callable[[np.ndarray, np.ndarray], None]:
    """The values of an array on average, up to a share of their range, or a few whole pixels.

    For what another processor computed: it rounds otherwise, and a mask or a point may end
    elsewhere in single frames.
    """
    def compare(left: np.ndarray, right: np.ndarray) -> None:
        assert left.shape == right.shape
        pixels = 4 if left.dtype.kind == "i" else 0
        left, right = left.astype(float), right.astype(float)
        np.testing.assert_array_equal(np.isfinite(left), np.isfinite(right))
        known = np.isfinite(left)
        if known.any():
            extent = max(np.ptp(right[known]), 1.0)
            assert np.abs(left - right)[known].mean() <= max(share * extent, pixels)

    return compare


def assert_equal(left: Any, right: Any, same: Callable[..., None] | None = None) -> None:
    """Compare dataclasses, containers, arrays and plain values, all the way down."""
    same = same or within(0.0)
    if is_dataclass(left) and not isinstance(left, type):
        for part in fields(left):
            assert_equal(getattr(left, part.name), getattr(right, part.name), same)
    elif isinstance(left, np.ndarray):
        assert left.dtype == right.dtype
        same(left, right)
    elif isinstance(left, dict):
        assert left.keys() == right.keys()
        for key in left:
            assert_equal(left[key], right[key], same)
    elif isinstance(left, (list, tuple)):
        assert len(left) == len(right)
        for one, other in zip(left, right, strict=True):
            assert_equal(one, other, same)
    elif isinstance(left, (int, float)):
        assert np.isnan(left) == np.isnan(right)
        same(np.array(left), np.array(right))
    else:
        assert left == right


def look_anew(system: System, opened: Any, sample: Any, progress: Any = None) -> Any:
    reader, source = opened(system, sample)
    return run(system, reader, source, system.defaults(system.kinds[0].key), progress)


@pytest.fixture(scope="module")
def found(opened: Any) -> Callable[[System], tuple[Any, list[tuple[int, int]]]]:
    """``found(system)`` gives what it finds in its first sample, not stored, and its progress."""
    @cache
    def find(key: str) -> tuple[Any, list[tuple[int, int]]]:
        system, steps = systems()[key], []

        def report(done: int, total: int) -> None:
            steps.append((done, total))

        return look_anew(system, opened, system.samples[0], report), steps

    return lambda system: find(system.key)


@FIRST_SAMPLES
def test_the_answer_does_not_depend_on_the_chunks_nor_on_the_store(
    case: tuple[System, Any], opened: Any, found: Any, answered: Answered,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:
    system, sample = case
    first, _ = found(system)
    chunks = Clip.chunks

    def short_chunks(self: Clip, *args: Any, **keywords: Any) -> Iterator[Chunk]:
        return chunks(self, *args, **(keywords | {"length": 7}))

    monkeypatch.setattr(Clip, "chunks", short_chunks)
    second = look_anew(system, opened, sample)
    assert_equal(first, second, within(2e-4))
    save(first, tmp_path / "kept.npz")
    assert_equal(first, load(tmp_path / "kept.npz", system.output_type))
    # What ships is in half precision.
    shipped = answered(system, sample, system.kinds[0].key).outputs
    assert_equal(first, shipped, on_average(0.03))


@FIRST_SAMPLES
def test_progress_only_grows_and_stop_ends_the_work(
    case: tuple[System, Any], opened: Any, found: Any
) -> None:
    system, sample = case
    _, steps = found(system)
    assert steps
    done, total = np.array(steps).T
    assert (np.diff(done) >= 0).all()
    assert (done <= total).all()
    assert done[-1] == total[-1]
    calls: list[int] = []

    def stop(done: int, total: int) -> None:
        calls.append(done)
        raise Cancelled("The work was stopped.")

    with pytest.raises(Cancelled):
        look_anew(system, opened, sample, stop)
    assert len(calls) == 1


class Looking:
    """A progress behind which somebody looks at every third thing that is offered."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self.draw = draw
        self.offers = 0
        self.seen: list[tuple[Any, Any]] = []

    def __call__(self, done: int, total: int) -> None:
        pass

    def offer(self, make: Callable[[], Any]) -> None:
        self.offers += 1
        if self.offers % 3 == 1:
            outputs = make()
            self.seen.append((outputs, self.draw(outputs)))


@FIRST_SAMPLES
def test_what_is_known_so_far_is_the_beginning_and_changes_nothing(
    case: tuple[System, Any], opened: Any, found: Any
) -> None:
    system, sample = case
    _, source = opened(system, sample)
    model = shared_model(system)

    def draw(outputs: Any) -> dict[str, Any]:
        """The view of every kind that says something, as it goes to the browser."""
        views = {}
        for kind in system.kinds:
            with suppress(NotYet):
                answer = finish(
                    system, model, outputs, source, kind.key, system.defaults(kind.key))
                if (view := system.view(answer, 0)) is not None:
                    views[kind.key] = view
        return views

    looking = Looking(draw)
    outputs = look_anew(system, opened, sample, looking)
    assert_equal(outputs, found(system)[0])
    whole = draw(outputs)
    if source.duration:
        assert looking.offers > 2
        assert any(views for _, views in looking.seen)
    for kind, final in whole.items():
        counts = []
        for _, views in looking.seen:
            if kind in views:
                view = views[kind]
                counts.append(len(view.times))
                np.testing.assert_allclose(view.times, final.times[: len(view.times)], atol=1e-9)
        assert counts == sorted(counts)
    for known, views in looking.seen[:: max(1, len(looking.seen) // 3)]:
        for kind, view in draw(known).items():
            assert view.to_bytes() == views[kind].to_bytes(), "what was offered has changed"


def drawn(answer: Answer[Any, Any], at: At) -> dict[str, str]:
    """What every chart shows, as text."""
    shown = {}
    for chart in answer.system.charts:
        figure = chart.draw(answer, at)
        if isinstance(figure, pd.DataFrame):
            shown[chart.key] = figure.to_json()
        elif figure is not None:
            assert figure.data or figure.layout.images or figure.layout.shapes, chart.key
            shown[chart.key] = figure.to_json()
    return shown


@EVERY_SAMPLE
def test_every_kind_is_shown_with_its_own_numbers(
    case: tuple[System, Any], answered: Answered
) -> None:
    system, sample = case
    answers = [answered(system, sample, kind.key) for kind in system.kinds]
    charts = [drawn(answer, At()) for answer in answers]
    views = [system.view(answer, 0) for answer in answers]
    for k, answer in enumerate(answers):
        items = system.items(answer)
        view = views[k]
        if view is not None:
            assert view.to_bytes()
            for other in views[:k]:
                assert view.to_bytes() != other.to_bytes()
        if system.flow is not None:
            steps = system.flow(answer, At())
            assert all(min(step.shape) > 0 for step in steps if step.shape)
        if items is not None and view is not None:
            for item in items.entries:
                assert item.start is None or 0 <= item.start <= (answer.source.duration or 0)
        for other in charts[:k]:
            assert charts[k] != other
        assert system.text(answer)
        assert system.headline(answer)
    assert charts[0]


@EVERY_KIND
def test_charts_that_follow_the_frame_follow_it(
    kind: tuple[System, str], answered: Answered
) -> None:
    system, key = kind
    answer = answered(system, system.samples[0], key)
    view = system.view(answer, 0)
    if view is None:
        return
    last = len(view.times) - 1
    for chart in system.charts:
        if chart.at_frame:
            frames = [chart.draw(answer, At(frame=frame))
                      for frame in np.linspace(0, last, 9).astype(int).tolist()]
            shown = {frame.to_json() for frame in frames if frame is not None}
            assert len(shown) != 1, chart.key  # none: it is for other samples
        if chart.over_time:
            figure = chart.draw(answer, At())
            assert figure is None or figure.layout.xaxis.range is not None or figure.data


@EVERY_SAMPLE
def test_every_export_opens_again(
    case: tuple[System, Any], answered: Answered, tmp_path: Path
) -> None:
    system, sample = case
    for kind in system.kinds:
        answer = answered(system, sample, kind.key)
        for export in system.exports:
            if not export.fits(answer) or (export.slow and kind is not system.kinds[0]):
                continue
            path = tmp_path / f"{kind.key}-{export.file_name}"
            seen: list[tuple[int, int]] = []
            export.write(answer, path, lambda done, total, seen=seen: seen.append((done, total)))
            check_file(path, export.mime, answer)
            if export.write_all is not None:
                together = tmp_path / f"all-{export.file_name}"
                export.write_all([answer, answer], together)
                assert together.stat().st_size > path.stat().st_size


def check_file(path: Path, mime: str, answer: Answer[Any, Any]) -> None:
    content = path.read_bytes()
    assert content
    if mime == "text/csv":
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        assert all(None not in row and None not in row.values() for row in rows)
    elif mime == "application/json":
        json.loads(content)
    elif mime == "video/mp4" and not hasattr(answer.source, "info"):
        clip, view = Clip.open(path), answer.system.view(answer, 0)
        assert clip.duration == pytest.approx(view.span[1], abs=0.1)
        assert clip.info.frame_count == len(view.times)
    elif mime == "video/mp4":
        clip = Clip.open(path)
        assert clip.duration == pytest.approx(answer.source.duration, abs=0.1)
        assert clip.info.frame_count >= answer.source.info.frame_count - 1
        assert clip.info.has_sound or not answer.source.info.has_sound
    elif mime == "image/png":
        assert cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED) is not None
    elif mime == "image/gif":
        with Image.open(path) as film:
            assert film.n_frames == len(answer.system.view(answer, 0).times)
    elif mime == "application/x-netcdf":
        with netcdf_file(path, mmap=False) as file:
            assert file.variables
    elif mime == "audio/wav":
        with wave.open(io.BytesIO(content)) as file:
            assert file.getnframes() / file.getframerate() == pytest.approx(
                answer.source.duration, abs=0.05)
    elif mime == "audio/midi":
        assert content.startswith(b"MThd")
    elif mime == "text/vtt":
        assert content.startswith(b"WEBVTT")
    elif mime == "text/plain":
        assert all(content.decode().splitlines())  # no line is empty
    else:
        raise AssertionError(f"no test opens {mime}")


@EVERY_KIND
def test_an_lstm_from_inside_holds_together(kind: tuple[System, str], answered: Answered) -> None:
    system, key = kind
    if system.states is None:
        return
    for sample in system.samples:
        states = system.states(answered(system, sample, key), At())
        if states is None:
            continue
        trace = states.trace
        assert trace.c.shape == trace.h.shape == (len(states.x), len(states.units))
        np.testing.assert_allclose(trace.h, trace.o * np.tanh(trace.c), atol=5e-3)
        assert sorted(states.units) == list(range(trace.c.shape[1]))


def test_shared_models_are_shared() -> None:
    for system, _ in KINDS:
        assert shared_model(system) is shared_model(system)
