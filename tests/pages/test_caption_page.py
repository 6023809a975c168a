"""The caption page: samples at once, uploads, first words, both models, and what is wrong."""

import io
import json

import numpy as np
import pytest
from PIL import Image
from skimage import data
from streamlit.testing.v1 import AppTest

from hybridcore.answers import shared_model
from hybridcore.caption.system import SYSTEM
from hybridcore.systems import systems
from tests.pages.pages import open_page, upload, wait_for_charts


def png(picture: np.ndarray) -> bytes:
    block = io.BytesIO()
    Image.fromarray(picture).save(block, "PNG")
    return block.getvalue()


def sentences(app: AppTest) -> list[str]:
    """The sentences that can be shown, the best first."""
    found = [element for element in (*app.radio, *app.selectbox)
             if element.key.startswith("caption.item")]
    return [option.rsplit(" (", 1)[0] for option in found[0].options]


def captions(picture: np.ndarray, kind: str, prefix: str = "") -> list[str]:
    """What the networks themselves make of it."""
    model = shared_model(systems()["caption"])
    encoding, options = model.encode([picture]), SYSTEM.defaults(kind) | {"prefix": prefix}
    (one,) = model.finish(encoding, None, kind, **options).pictures
    return [caption.text for caption in one.captions]


@pytest.fixture(scope="module")
def page() -> AppTest:
    return wait_for_charts(open_page("caption", "cat"))


def test_a_sample_is_captioned_at_once(page: AppTest) -> None:
    assert not page.error
    assert sentences(page) == captions(data.chelsea(), "say")
    assert page.get("plotly_chart")


def test_an_upload_is_captioned_and_goes_on_from_first_words(page: AppTest) -> None:
    upload(page, "mine.png", png(data.astronaut()))
    assert not page.exception
    assert not page.error
    assert sentences(page) == captions(data.astronaut(), "say")
    page.text_input(key="caption.prefix").set_value("two blorb dogs").run()
    assert not page.exception
    assert sentences(page) == captions(data.astronaut(), "say", "two blorb dogs")
    assert any("blorb" in warning.value for warning in page.warning)
    page.segmented_control(key="caption.kind").set_value("tell").run()
    assert not page.exception
    assert sentences(page) == captions(data.astronaut(), "tell", "two dogs")
    page.segmented_control(key="caption.decoding").set_value("sampling").run()
    assert not page.exception
    assert page.slider(key="caption.temperature").value == pytest.approx(0.8)
    before = sentences(page)
    page.slider(key="caption.seed").set_value(1).run()
    assert sentences(page) != before


def test_a_bad_upload_is_named_and_the_page_goes_on() -> None:
    app = open_page("caption")
    app.file_uploader[0].upload("notes.jpg", b"these are my notes").run()
    assert not app.exception
    (error,) = app.error
    assert "notes.jpg" in error.value
    assert error.value.endswith(".")
    assert sentences(wait_for_charts(app))


def test_an_own_picture_has_its_sentence_in_the_row_of_pictures(page: AppTest) -> None:
    app = upload(open_page("caption"), "mine.png", png(data.astronaut()))
    (found,) = app.session_state["caption.headlines"].values()
    assert found == sentences(app)[0]
    rows = [json.loads(part.proto.json) for part in app.get("bidi_component")
            if "entries" in part.proto.json]
    assert rows
    for row in rows:  # the chips, and the pictures behind "Change"
        notes = {entry["name"]: entry["note"] for entry in row["entries"]}
        assert notes["mine.png"] == found


def test_the_sentence_that_is_shown_is_the_one_of_the_first_words(page: AppTest) -> None:
    app = wait_for_charts(open_page("caption", "cat"))
    app.radio(key="caption.item").set_value(2).run()
    app.text_input(key="caption.prefix").set_value("two dogs").run()
    wait_for_charts(app)
    assert not app.exception
    (shown,) = [element for element in app.radio if element.key == "caption.item"]
    assert not [option for option in shown.options if not option.startswith("two dogs")]
    assert sentences(app)[shown.value].startswith("two dogs")
