"""Every system over its first sample: what it costs to load, to look, to answer and to show."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.timing import line, median_seconds
from hybridcore.answers import finish, run, shared_model
from hybridcore.system import At, System
from hybridcore.systems import systems


def report() -> None:
    """Print a few lines a system."""
    with tempfile.TemporaryDirectory() as folder:
        for system in systems().values():
            time_system(system, Path(folder))


def time_system(system: System, folder: Path) -> None:
    """The lines of one system."""
    start = time.perf_counter()
    model = shared_model(system)
    line(f"{system.key}: load", f"{time.perf_counter() - start:.2f} s")
    sample, kind = system.samples[0], system.kinds[0].key
    path, options = sample.path(folder), system.defaults(kind)
    reader = system.reader_of(path)
    assert reader is not None
    source = reader.open(path)
    start = time.perf_counter()
    outputs = run(system, reader, source, options)
    seconds = time.perf_counter() - start
    speed = f", {source.duration / seconds:.1f}x real time" if source.duration else ""
    line(f"{system.key}: look at {sample.title}", f"{seconds:.2f} s{speed}")
    answer = finish(system, model, outputs, source, kind, options)
    line(f"{system.key}: answer from the outputs", _milliseconds(
        median_seconds(lambda: finish(system, model, outputs, source, kind, options))))
    line(f"{system.key}: all charts", _milliseconds(
        median_seconds(lambda: [chart.draw(answer, At()) for chart in system.charts])))


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"
