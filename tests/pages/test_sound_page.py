"""The sound page takes an upload and answers, and says what is wrong with a bad bank or clip."""

from pathlib import Path

import pytest

from hybridcore.media import VideoWriter
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.learn.rendered import render_clip
from tests.pages.test_pages import open_page, wait_for_charts


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Two seconds of a stick, with sound."""
    path = tmp_path_factory.mktemp("sound") / "stick.mp4"
    clip = render_clip(3, "stick", seconds=2, size=(90, 160))
    with VideoWriter(path, 160, 90, 30, clip.sound, RATE) as writer:
        for frame in clip.frames:
            writer.write(frame)
    return path.read_bytes()


def test_an_upload_gets_its_sound_and_the_method_can_be_switched(stick: bytes) -> None:
    app = open_page("sound_matching")
    app.file_uploader[0].upload("stick.mp4", stick, "video/mp4").run()
    wait_for_charts(app)
    assert not app.exception
    assert not app.error
    assert len(app.get("plotly_chart")) >= 6
    labels = {button.label for button in app.get("download_button")}
    assert labels >= {"WAV", "JSON", "CSV", "MIDI"}
    app.slider(key="sound.threshold").set_value(0.02).run()
    assert not app.exception
    app.segmented_control(key="sound.method").set_value("parametric").run()
    assert not app.exception
    # The clip has a sound of its own: it can be the bank.
    app.segmented_control(key="sound.method").set_value("exemplar").run()
    bank = next(r for r in app.radio if r.label == "Take the sounds from")
    bank.set_value("this clip's own sound").run()
    assert not app.exception


def test_a_broken_bank_is_one_sentence_and_the_sound_stays(stick: bytes) -> None:
    app = open_page("sound_matching")
    app.file_uploader[0].upload("stick.mp4", stick, "video/mp4").run()
    wait_for_charts(app)
    app.file_uploader(key="sound.bank").upload("mine.zip", b"no zip", "application/zip").run()
    assert not app.exception
    (error,) = app.error
    assert "neither a folder nor a zip" in error.value
    assert app.get("plotly_chart")


def test_too_few_frames_a_second_is_said(tmp_path: Path) -> None:
    import numpy as np

    with VideoWriter(tmp_path / "slow.mp4", 64, 48, 5) as writer:
        for k in range(20):
            writer.write(np.full((48, 64, 3), 10 * k, np.uint8))
    app = open_page("sound_matching")
    app.file_uploader[0].upload(
        "slow.mp4", (tmp_path / "slow.mp4").read_bytes(), "video/mp4").run()
    wait_for_charts(app)
    assert not app.exception
    (error,) = app.error
    assert "frames a second" in error.value
