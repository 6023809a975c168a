"""Clips that several tests share; made at run time, never committed."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from skimage import data
from xdist.scheduler import LoadScopeScheduling

import hybridcore
from hybridcore.media import VideoWriter
from hybridcore.scene.learn.compose import ComposeConfig, compose
from hybridcore.system import System
from hybridcore.systems import systems

ROOT = Path(__file__).resolve().parents[1]


class ByFolder(LoadScopeScheduling):
    """Hands out tests folder by folder, so what those of a folder share is made once; those of the
    browser file by file, as they wait for most of their time."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.split("/")[1]
        return file if folder == "browser" else folder


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    return ByFolder(config, log)


@pytest.fixture(autouse=True, scope="session")
def kept_results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What is found in a test run is kept in a folder of its own, not in the user's."""
    folder = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HYBRIDCORE_STORE", str(folder))
        yield folder


def write_clip(path: Path, frames: np.ndarray, rate: float = 25.0) -> Path:
    with VideoWriter(path, frames.shape[2], frames.shape[1], rate) as writer:
        for frame in frames:
            writer.write(frame)
    return path


@pytest.fixture(scope="session")
def two_shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 frames at 25 Hz: a cup of coffee, and from frame 30 a rocket on its launch pad."""
    config = ComposeConfig(side=160, dissolve_share=0.0)
    clip = compose(
        [data.coffee(), data.rocket()], [30, 30], config, np.random.default_rng(3), degraded=False)
    return write_clip(tmp_path_factory.mktemp("clips") / "two-shots.mp4", clip.frames)


@pytest.fixture
def clip_writer(tmp_path: Path) -> Callable[..., Path]:
    """``clip_writer(frames, rate)`` writes a clip into this test's folder."""
    return lambda frames, rate=25.0: write_clip(tmp_path / "clip.mp4", frames, rate)


@pytest.fixture
def brightness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    """The smallest system, which CONTRIBUTING.md holds whole, as a fifth room of the house."""
    room = tmp_path / "rooms" / "brightness"
    room.mkdir(parents=True)
    text = (ROOT / "CONTRIBUTING.md").read_text()
    (code,) = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    (room / "__init__.py").touch()
    (room / "system.py").write_text(code)
    monkeypatch.setattr(hybridcore, "__path__", [*hybridcore.__path__, str(room.parent)])
    for name in ("hybridcore.brightness", "hybridcore.brightness.system"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return systems()["brightness"]
