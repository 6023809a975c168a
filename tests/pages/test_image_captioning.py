"""The caption page: samples at once, uploads, first words, both models, and what is wrong."""

import io
import json

import numpy as np
import pytest
from PIL import Image
from skimage import data
from streamlit.testing.v1 import AppTest

from hybridcore.caption.predict import shared_captioner
from tests.pages.test_pages import open_page


def png(picture: np.ndarray) -> bytes:
    block = io.BytesIO()
    Image.fromarray(picture).save(block, "PNG")
    return block.getvalue()


def sentences(app: AppTest) -> list[str]:
    """The sentences that can be shown, the best first."""
    (box,) = [box for box in app.selectbox if box.label.startswith("Sentence")]
    return [option.rsplit(" (", 1)[0] for option in box.options]


@pytest.fixture(scope="module")
def page() -> AppTest:
    return open_page("image_captioning")


def test_a_sample_is_captioned_at_once(page: AppTest) -> None:
    assert not page.error
    (expected,) = shared_captioner().run([data.chelsea()])
    assert len(sentences(page)) == 5
    assert sentences(page)[0] == expected.best.text
    assert page.get("plotly_chart")


def test_an_upload_is_captioned_and_goes_on_from_first_words(page: AppTest) -> None:
    page.file_uploader[0].upload("mine.png", png(data.astronaut()), "image/png").run()
    assert not page.exception
    assert not page.error
    before = sentences(page)
    page.text_input(key="caption.prefix").set_value("two zebra dogs").run()
    assert not page.exception
    assert all(text.startswith("two dogs") for text in sentences(page))
    assert sentences(page) != before
    assert any("zebra" in caption.value for caption in page.caption)
    page.segmented_control(key="caption.model").set_value("tell").run()
    assert not page.exception
    assert all(text.startswith("two dogs") for text in sentences(page))
    page.segmented_control(key="caption.mode").set_value("Sampling").run()
    assert not page.exception
    assert page.slider(key="caption.temperature").value == pytest.approx(0.8)
    assert json.loads(page.get("plotly_chart")[0].proto.spec)["data"]


def test_a_bad_upload_is_named_and_the_page_goes_on() -> None:
    app = open_page("image_captioning")
    app.file_uploader[0].upload("notes.jpg", b"these are my notes", "image/jpeg").run()
    assert not app.exception
    (error,) = app.error
    assert "notes.jpg" in error.value
    assert error.value.endswith(".")
    assert sentences(app)
