"""The sound page takes an upload, lets a person change hits, bank and model, and plays the game."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from hybridcore.media import VideoWriter
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.learn.rendered import render_clip
from tests.pages.pages import open_page, upload, wait_for_charts


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Two seconds of a stick, with sound."""
    path = tmp_path_factory.mktemp("sound") / "stick.mp4"
    clip = render_clip(3, "stick", seconds=2, size=(90, 160))
    with VideoWriter(path, 160, 90, 30, clip.sound, RATE) as writer:
        for frame in clip.frames:
            writer.write(frame)
    return path.read_bytes()


@pytest.fixture
def page(stick: bytes) -> AppTest:
    """The page with that clip, at a threshold at which it has hits."""
    app = upload(open_page("sound"), "stick.mp4", stick)
    assert not app.error
    app.slider(key="sound.threshold.lstm").set_value(0.02).run()
    assert not app.exception
    return app


def table(app: AppTest) -> pd.DataFrame:
    """The onsets that the editor starts from."""
    return app.session_state["sound.table"]["onsets"]


def test_an_upload_gets_its_sound_and_the_options_change_it(page: AppTest) -> None:
    labels = {button.label for button in page.get("download_button")}
    assert labels >= {"WAV", "JSON", "CSV", "MIDI"}
    hits = len(table(page))
    assert hits > 0
    page.slider(key="sound.threshold.lstm").set_value(0.98).run()
    assert len(table(page)) < hits
    page.segmented_control(key="sound.method").set_value("parametric").run()
    assert not page.exception
    # The clip has a sound of its own: it can be the bank.
    page.segmented_control(key="sound.method").set_value("exemplar").run()
    page.slider(key="sound.threshold.lstm").set_value(0.02).run()
    bank = next(r for r in page.radio if r.label == "Take the sounds from")
    bank.set_value("this clip's own sound").run()
    assert not page.exception
    assert any("sounds from **this clip's own sound**" in c.value for c in page.caption)
    others = next(s for s in page.selectbox if s.label == "Another sound, nearest first")
    assert all(name.startswith("this clip's own sound") for name in others.options)


def test_every_model_fills_the_table_with_its_own_hits(page: AppTest) -> None:
    tables = {"lstm": table(page)}
    for kind in ("bilstm", "tcn", "frame"):
        page.segmented_control(key="sound.kind").set_value(kind).run()
        page.slider(key=f"sound.threshold.{kind}").set_value(0.02).run()
        assert not page.exception
        tables[kind] = table(page)
    assert all(not tables["lstm"].equals(tables[kind]) for kind in ("bilstm", "tcn", "frame"))
    # At so low a threshold the network without memory finds other hits than its twin with one.
    doubts = [b for b in page.button if b.key and b.key.startswith("sound.doubt.")]
    assert doubts
    doubts[0].click().run()
    time = float(doubts[0].label.split(" s:")[0])
    wish = page.session_state["sound.seek"]
    assert wish.play
    assert wish.time == pytest.approx(max(0.0, time - 0.4), abs=0.01)


def test_a_hit_takes_another_sound_and_material_and_goes_back(page: AppTest) -> None:
    def choose(label: str):
        return next(s for s in page.selectbox if s.label == label)

    before = table(page)
    last = len(before) - 1
    choose("Hit to edit").set_value(last).run()
    assert page.session_state["sound.item"] == last
    others = choose("Another sound, nearest first")
    others.set_value(others.options[2]).run()
    assert not page.exception
    after = table(page)
    assert after["sound"].iloc[last] == others.options[2]
    assert after.drop(columns="sound").equals(before.drop(columns="sound"))
    assert choose("Hit to edit").value == last
    choose("Another material").set_value("glass").run()
    assert table(page)["material"].iloc[last] == "glass"
    assert choose("Another sound, nearest first").value.startswith("glass")
    next(b for b in page.button if b.label.startswith("Reset")).click().run()
    assert table(page).equals(before)


def test_a_broken_bank_is_one_sentence_and_the_sound_stays(page: AppTest) -> None:
    page.file_uploader(key="sound.bank").upload("mine.zip", b"no zip", "application/zip").run()
    assert not page.exception
    (error,) = page.error
    assert "neither a folder nor a zip" in error.value
    assert page.get("plotly_chart")


def test_the_game_shows_two_clips_and_counts(page: AppTest) -> None:
    page.toggle(key="sound.play").set_value(True).run()
    wait_for_charts(page)
    assert not page.exception
    assert any("Trial 1" in text.value for text in page.markdown)
    assert len(page.get("video")) == 2
    next(b for b in page.button if b.label == "The first").click().run()
    assert not page.exception
    assert any("Trial 2" in text.value for text in page.markdown)
    (trial,) = page.session_state["sound.answers.lstm"]
    fooled = next(metric for metric in page.metric if metric.label == "Fooled")
    assert trial.fooled != trial.trial.real_first
    assert fooled.value == ("1 of 1" if trial.fooled else "0 of 1")
    assert not [metric for metric in page.metric if "interval" in metric.label]
    real = "first" if trial.trial.real_first else "second"
    assert page.info[0].value.startswith(f"The {real} was real")
    names = {trial.trial.clip, *(t.clip for t in page.session_state["sound.trials.lstm"])}
    assert "stick.mp4" in names
    assert "Nothing is struck" not in names  # it has no sound of its own


def test_too_few_frames_a_second_is_said(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "slow.mp4", 64, 48, 5) as writer:
        for k in range(20):
            writer.write(np.full((48, 64, 3), 10 * k, np.uint8))
    app = upload(open_page("sound"), "slow.mp4", (tmp_path / "slow.mp4").read_bytes())
    (error,) = app.error
    assert "frames a second" in error.value
