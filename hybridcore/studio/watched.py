"""Which source files Streamlit watches for changes: those of the application alone.

After every run in which something was imported, Streamlit looks for the files of all modules, on
the thread that serves every request. Once torch is imported these are thousands, and for seconds
nothing is served. Those of libraries are never watched anyway.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from streamlit.watcher import local_sources_watcher as watcher

_paths_of = watcher.get_module_paths


def watch_only(root: Path) -> None:
    """Leave out modules whose file is not below ``root``, or in an environment there."""
    folder = str(root)

    def own_paths(module: ModuleType) -> set[str]:
        file = vars(module).get("__file__")
        own = isinstance(file, str) and file.startswith(folder) and "site-packages" not in file
        return _paths_of(module) if own else set()

    watcher.get_module_paths = own_paths
