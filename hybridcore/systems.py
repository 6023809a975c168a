"""Every system of the house: the rooms that have a ``system.py``."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import iter_modules

import hybridcore
from hybridcore.errors import OptionError
from hybridcore.system import System

OWN = "HYBRIDCORE_OWN"  # the environment variable that names Python files with a ``SYSTEM`` each


def systems() -> dict[str, System]:
    """Every system by its key, in the order in which they are shown.

    Rooms are looked for wherever the package ``hybridcore`` has a folder, so a room of another
    project joins by adding its folder to ``hybridcore.__path__``, and a Python file that holds
    ``SYSTEM`` by being named in the environment variable :data:`OWN` by whoever starts the program.

    Raises:
        OptionError: such a file is missing or holds no system, or one whose key is taken.
    """
    return dict(_systems(tuple(hybridcore.__path__), os.environ.get(OWN, "")))


def rooms(folders: Iterable[str]) -> list[str]:
    """Names of the rooms in the folders of the package."""
    return sorted(
        module.name for folder in folders for module in iter_modules([folder])
        if module.ispkg and (Path(folder) / module.name / "system.py").is_file()
    )


@cache
def _systems(folders: tuple[str, ...], own: str) -> dict[str, System]:
    described: list[System] = []
    for room in rooms(folders):
        system: System = import_module(f"hybridcore.{room}.system").SYSTEM
        if system.key != room:
            raise ValueError(f"the system in room {room} calls itself {system.key}")
        described.append(system)
    for name in filter(None, own.split(os.pathsep)):
        system = _own(Path(name))
        if any(system.key == other.key for other in described):
            raise OptionError(f"{name}: there is a system {system.key} already; take another key.")
        described.append(system)
    return {system.key: system for system in sorted(described, key=lambda s: (s.rank, s.title))}


def _own(path: Path) -> System:
    """The system that a file of somebody's own holds; what it says depends on the file's content.

    Raises:
        OptionError: it holds none.
    """
    name = f"hybridcore_own_{path.stem}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise OptionError(f"{path} is no Python file; check the path.")
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever somebody's own file does wrong
        raise OptionError(f"{path} could not be run: {type(error).__name__}: {error}.") from error
    system = getattr(module, "SYSTEM", None)
    if not isinstance(system, System):
        raise OptionError(f"{path} holds no SYSTEM; hybridcore.lab.own.own_system makes one.")
    return replace(system, version=hashlib.sha256(path.read_bytes()).hexdigest())
