"""Clips that several tests of this room share; made at run time."""

from pathlib import Path

import pytest

from hybridcore.media import VideoWriter
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.learn.rendered import render_clip


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a stick, 160 x 90 at 30 Hz, without sound."""
    path = tmp_path_factory.mktemp("sound") / "stick.mp4"
    with VideoWriter(path, 160, 90, 30) as writer:
        for frame in render_clip(3, "stick", seconds=2, size=(90, 160)).frames:
            writer.write(frame)
    return path


@pytest.fixture(scope="session")
def loud_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with its true sound."""
    path = tmp_path_factory.mktemp("sound") / "loud.mp4"
    clip = render_clip(3, "stick", seconds=2, size=(90, 160))
    with VideoWriter(path, 160, 90, 30, clip.sound, RATE) as writer:
        for frame in clip.frames:
            writer.write(frame)
    return path


@pytest.fixture(autouse=True)
def on_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The networks that are made up by hand are on time."""
    monkeypatch.setattr("hybridcore.sound.predict.card_lateness", lambda kind: 0.0)
