"""The gait page: an upload is followed, enrolled and recognised; bad files get one sentence."""

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from tests.conftest import write_clip
from tests.gait.walkers import RATE, Actor, film, masks
from tests.pages.test_pages import WAIT_SECONDS, open_page, wait_for_charts


@pytest.fixture(scope="module")
def walker(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("gait") / "walker.mp4"
    return write_clip(path, film([Actor()], 4.0), RATE).read_bytes()


def wait_until(app, there: Callable[[], object]) -> None:
    """Rerun, as the polling fragment does in a browser, until something is there."""
    end = time.monotonic() + WAIT_SECONDS
    while not there() and time.monotonic() < end:
        time.sleep(0.2)
        app.run()


def metric(app, label: str) -> str:
    return next(m.value for m in app.metric if m.label == label)


def test_an_upload_is_measured_enrolled_recognised_and_forgotten(walker: bytes) -> None:
    app = open_page("gait_recognition")
    app.file_uploader[0].upload("mine.mp4", walker, "video/mp4").run()
    wait_for_charts(app)
    assert not app.exception
    assert not app.error
    assert metric(app, "Cadence") == "120 steps/min"
    assert metric(app, "Who") == "nobody enrolled"
    assert len(app.get("plotly_chart")) >= 9
    app.text_input[0].input("Anna").run()
    next(b for b in app.button if b.label == "Enrol").click().run()
    assert not app.exception
    assert metric(app, "Who") == "Anna"
    next(b for b in app.button if b.label == "Forget").click().run()
    assert metric(app, "Who") == "nobody enrolled"


def test_nobody_walks(tmp_path: Path) -> None:
    app = open_page("gait_recognition")
    path = write_clip(tmp_path / "wall.mp4", film([], 2.0), RATE)
    app.file_uploader[0].upload("wall.mp4", path.read_bytes(), "video/mp4").run()
    wait_until(app, lambda: app.warning)
    assert not app.exception
    assert "Nobody walks here" in app.warning[0].value


def test_a_zip_of_masks_and_a_zip_of_nothing() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for k, picture in enumerate(masks(Actor(step=0.5), 3.0)):
            archive.writestr(f"001/nm-01/090/{k:03d}.png", cv2.imencode(".png", picture)[1])
    app = open_page("gait_recognition")
    app.file_uploader[0].upload("masks.zip", content.getvalue(), "application/zip").run()
    wait_for_charts(app)
    assert not app.exception
    assert metric(app, "Cadence").endswith("steps/min")
    app.file_uploader[0].upload("notes.zip", b"these are my notes", "application/zip").run()
    wait_until(app, lambda: app.error)
    (error,) = app.error
    assert "nor a zip file" in error.value
