"""Clips that several tests share; made at run time, never committed."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from skimage import data

from hybridcore.media import VideoWriter
from hybridcore.scene.learn.compose import ComposeConfig, compose


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
