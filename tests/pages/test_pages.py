"""Every page opens; the scene page takes an upload and answers, or says what is wrong."""

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "pages").glob("[!_]*.py"))
WAIT_SECONDS = 120


def open_page(name: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT_SECONDS).run()
    app.switch_page(f"pages/{name}.py").run()
    assert not app.exception
    return app


def wait_for_charts(app: AppTest) -> AppTest:
    """Rerun, as the polling fragment does in a browser, until the job has ended."""
    end = time.monotonic() + WAIT_SECONDS
    while not app.get("plotly_chart") and not app.error and time.monotonic() < end:
        time.sleep(0.2)
        app.run()
    return app


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_every_page_opens(path: Path) -> None:
    app = open_page(path.stem)
    assert app.title


def test_home_shows_the_models_and_the_device() -> None:
    app = open_page("home")
    assert any("frames/s" in metric.value for metric in app.metric)
    text = str(app.table[0].value)
    assert "Scene LSTM" in text
    assert "top-1" in text


def test_an_upload_is_labelled_and_the_model_can_be_switched(two_shots: Path) -> None:
    app = open_page("scene")
    app.file_uploader[0].upload("mine.mp4", two_shots.read_bytes(), "video/mp4").run()
    wait_for_charts(app)
    assert not app.exception
    assert not app.error
    titles = [text.value for text in app.markdown]
    for title in ("Scenes over time", "Segments", "What voted for the group"):
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
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT_SECONDS).run()
    app.switch_page("pages/scene.py")
    app.query_params["sample"] = "hard-footage"
    wait_for_charts(app.run())
    assert not app.exception
    assert app.session_state["scene.source"].sample == "hard-footage"
    assert "corridor" in app.dataframe[0].value["scene"].tolist()


def test_a_bad_upload_is_one_sentence() -> None:
    app = open_page("scene")
    app.file_uploader[0].upload("notes.mp4", b"these are my notes", "video/mp4").run()
    wait_for_charts(app)
    assert not app.exception
    (error,) = app.error
    assert error.value.endswith(".")
    assert "Traceback" not in error.value
