"""Which source files Streamlit watches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.watcher import local_sources_watcher as watcher

import hybridcore
from hybridcore.studio import watched


def test_only_the_application_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "get_module_paths", watched._paths_of)
    root = Path(hybridcore.__file__).parents[1]
    assert watcher.get_module_paths(json)
    watched.watch_only(root)
    assert watcher.get_module_paths(json) == set()
    assert watcher.get_module_paths(hybridcore) == {str(Path(hybridcore.__file__))}
