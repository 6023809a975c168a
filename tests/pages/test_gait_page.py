"""The gait page: an upload is followed, enrolled and recognised; bad files get one sentence."""

import io
import zipfile
from pathlib import Path

import cv2
import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import write_clip
from tests.gait.walkers import RATE, Actor, film, masks
from tests.pages.pages import open_page, upload, wait_for_charts


@pytest.fixture(scope="module")
def walker(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("gait") / "walker.mp4"
    return write_clip(path, film([Actor()], 4.0), RATE).read_bytes()


def metric(app: AppTest, label: str) -> str:
    return next(m.value for m in app.metric if m.label == label)


def choose_model(app: AppTest, kind: str) -> None:
    app.segmented_control(key="gait.kind").set_value(kind).run()
    assert not app.exception


def press(app: AppTest, label: str) -> None:
    next(b for b in app.button if b.label == label).click().run()
    assert not app.exception


def test_an_upload_is_measured_enrolled_recognised_and_forgotten(walker: bytes) -> None:
    app = upload(open_page("gait"), "mine.mp4", walker)
    assert not app.exception
    assert not app.error
    assert metric(app, "Cadence") == "120 steps/min"
    assert metric(app, "Identity") == "nobody enrolled"
    app.text_input(key="gait.name").input("Anna").run()
    press(app, "Enrol")
    assert metric(app, "Identity") == "Anna"
    choose_model(app, "mean")  # each network has a gallery of its own
    assert metric(app, "Identity") == "nobody enrolled"
    choose_model(app, "lstm")
    assert metric(app, "Identity") == "Anna"
    press(app, "Forget")
    assert metric(app, "Identity") == "nobody enrolled"


def test_a_name_is_needed_to_enrol(walker: bytes) -> None:
    app = upload(open_page("gait"), "mine.mp4", walker)
    press(app, "Enrol")
    (error,) = app.error
    assert "name" in error.value
    assert metric(app, "Identity") == "nobody enrolled"


def test_the_walker_chosen_is_the_one_who_is_enrolled() -> None:
    app = wait_for_charts(open_page("gait", "gait-two"))
    app.segmented_control(key="gait.item").set_value(1).run()
    app.text_input(key="gait.name").input("Ben").run()
    press(app, "Enrol")
    assert metric(app, "Identity") == "Ben"
    tables = [frame.value for frame in app.dataframe]
    (matches,) = [table for table in tables if "decision" in table.columns]
    assert list(matches["name"]) == ["Ben"]
    assert matches["distance"][0] == pytest.approx(0, abs=2e-3)
    assert not [table for table in tables if "note" in table.columns]  # nothing to be said of them


def test_nobody_walks(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "wall.mp4", film([], 2.0), RATE)
    app = upload(open_page("gait"), "wall.mp4", path.read_bytes())
    assert not app.exception
    assert "Nobody walks here" in app.warning[0].value


def test_a_zip_of_masks_and_a_zip_of_nothing() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for k, picture in enumerate(masks(Actor(step=0.5), 3.0)):
            archive.writestr(f"001/nm-01/090/{k:03d}.png", cv2.imencode(".png", picture)[1])
    app = upload(open_page("gait"), "masks.zip", content.getvalue())
    assert not app.exception
    assert metric(app, "Cadence").endswith("steps/min")
    app.file_uploader[0].upload("notes.zip", b"these are my notes").run()
    (error,) = app.error
    assert "nor a zip file" in error.value


def test_the_gallery_of_samples_recognises_one_and_refuses_others() -> None:
    app = wait_for_charts(open_page("gait", "gait-again"))
    for kind in ("lstm", "set", "mean", "gei"):
        choose_model(app, kind)
        press(app, "Enrol the sample walkers")
        assert metric(app, "Identity") == "Ada"
        assert not [b for b in app.button if b.label == "Enrol the sample walkers"]
    choose_model(app, "lstm")
    galleries = {key: app.session_state[key] for key in (f"gait.gallery.{k}" for k in ("lstm",))}
    for sample, who in (("gait-stranger", "no match"), ("gait-bag", "no match"),
                        ("gait-coat", "Ada")):
        other = open_page("gait", sample)
        for key, gallery in galleries.items():
            other.session_state[key] = gallery
        assert metric(wait_for_charts(other), "Identity") == who


def test_the_gallery_is_deleted_by_a_second_click() -> None:
    app = wait_for_charts(open_page("gait", "gait-again"))
    press(app, "Enrol the sample walkers")
    assert not [b for b in app.button if b.label == "Delete everything"]  # it opens a question
    press(app, "Delete 3 walks")
    assert metric(app, "Identity") == "nobody enrolled"
