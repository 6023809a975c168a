"""Every system of the house: the rooms that have a ``system.py``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import hybridcore
from hybridcore.system import System


def systems() -> dict[str, System]:
    """Every system by its key, in the order in which they are shown.

    Rooms are looked for wherever the package ``hybridcore`` has a folder, so a room of another
    project joins by adding its folder to ``hybridcore.__path__``.
    """
    return dict(_systems(tuple(hybridcore.__path__)))


def rooms(folders: Iterable[str]) -> list[str]:
    """Names of the rooms in the folders of the package."""
    return sorted(
        module.name for folder in folders for module in iter_modules([folder])
        if module.ispkg and (Path(folder) / module.name / "system.py").is_file()
    )


@cache
def _systems(folders: tuple[str, ...]) -> dict[str, System]:
    described: list[System] = []
    for room in rooms(folders):
        system: System = import_module(f"hybridcore.{room}.system").SYSTEM
        if system.key != room:
            raise ValueError(f"the system in room {room} calls itself {system.key}")
        described.append(system)
    return {system.key: system for system in sorted(described, key=lambda s: (s.rank, s.title))}
