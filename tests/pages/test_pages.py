"""Every page opens; the scene page takes an upload and answers, or says what is wrong."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from hybridcore.cards import all_cards
from tests.pages.pages import ROOT, WAIT_SECONDS, open_home, open_page, wait_for_charts

PAGES = sorted((ROOT / "pages").glob("[!_]*.py"))


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_every_page_opens(path: Path) -> None:
    app = open_home() if path.stem == "home" else open_page(path.stem)
    assert app.title


def test_home_shows_the_models_and_the_device() -> None:
    app = open_home()
    assert app.title[0].value == "HybridCore"
    assert app.table  # before any network is loaded
    wait_for_charts(app)
    assert any("frames/s" in caption.value for caption in app.caption)
    text = str(app.table[0].value)
    assert "Scene LSTM" in text
    assert "top-1" in text


def test_home_names_the_device_to_who_comes_later() -> None:
    open_home()
    later = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT_SECONDS).run()
    assert any("frames/s" in caption.value for caption in later.caption)


def test_home_sends_what_a_card_says_once_it_is_opened() -> None:
    app = open_home()
    assert len(app.expander) == len(all_cards())
    assert not any(expander.markdown for expander in app.expander)
    app.session_state[f"home.card.{all_cards()[0]['name']}"] = True
    app.run()
    assert app.expander[0].markdown
    assert not app.expander[-1].markdown


def test_an_upload_is_labelled_and_the_model_can_be_switched(two_shots: Path) -> None:
    app = open_page("scene")
    app.file_uploader[0].upload("mine.mp4", two_shots.read_bytes(), "video/mp4").run()
    wait_for_charts(app)
    assert not app.exception
    assert not app.error
    titles = [text.value for text in app.markdown]
    for title in ("Scenes over time", "Segments", "Votes for the group"):
        assert f"**{title}**" in titles
    segments = app.dataframe[0].value
    assert segments["start"].iloc[0] == 0
    assert "espresso" in segments["contents"].iloc[0]
    assert {button.label for button in app.get("download_button")} >= {"CSV", "JSON"}
    app.segmented_control[0].set_value("frame").run()
    assert not app.exception
    assert app.session_state["scene.kind"] == "frame"
    assert not app.dataframe[0].value.equals(segments)


def test_a_sample_answers_at_once_by_its_address() -> None:
    app = wait_for_charts(open_page("scene", "hard-footage"))
    assert not app.exception
    assert app.session_state["scene.source"].sample == "hard-footage"
    assert "corridor" in app.dataframe[0].value["scene"].tolist()


def test_a_bad_upload_is_one_sentence() -> None:
    app = open_page("scene")
    app.file_uploader[0].upload("notes.mp4", b"these are my notes", "video/mp4").run()
    assert not app.exception
    (error,) = app.error
    assert error.value.endswith(".")
    assert "Traceback" not in error.value
