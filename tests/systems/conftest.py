"""What every system found in its samples, looked at once a test run."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hybridcore.answers import finish, look, shared_model
from hybridcore.system import Answer, Reader, Sample, System
from hybridcore.systems import systems

CASES = [(system, sample) for system in systems().values() for sample in system.samples]
KINDS = [(system, kind.key) for system in systems().values() for kind in system.kinds]


def name(case: tuple[System, Any]) -> str:
    return f"{case[0].key}-{getattr(case[1], 'key', case[1])}"


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[Reader, Any]]:
    """``opened(system, sample)`` gives the reader and the input."""
    folder = tmp_path_factory.mktemp("samples")

    @cache
    def open_sample(key: str, number: int) -> tuple[Reader, Any]:
        system = systems()[key]
        path: Path = system.samples[number].path(folder)
        reader = system.reader_of(path)
        assert reader is not None
        return reader, reader.open(path)

    return lambda system, sample: open_sample(system.key, system.samples.index(sample))


@pytest.fixture(scope="session")
def answered(opened: Callable[..., tuple[Reader, Any]]) -> Callable[..., Answer[Any, Any]]:
    """``answered(system, sample, kind)`` gives the answer under the default options."""
    @cache
    def answer(key: str, number: int, kind: str) -> Answer[Any, Any]:
        system = systems()[key]
        reader, source = opened(system, system.samples[number])
        options = system.defaults(kind)
        outputs = look(system, reader, source, options)
        return finish(system, shared_model(system), outputs, source, kind, options)

    def of(system: System, sample: Sample, kind: str) -> Answer[Any, Any]:
        return answer(system.key, system.samples.index(sample), kind)

    return of
