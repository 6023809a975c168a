"""CONTRIBUTING.md stays true: its system is there, whole, as soon as its room is."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import hybridcore
from hybridcore.__main__ import main
from hybridcore.system import System
from hybridcore.systems import systems
from tests.pages.pages import open_home, open_page, upload, wait_for_charts


def test_home_shows_a_card_for_every_system(brightness: System) -> None:
    app = open_home()
    cards = [link.label for link in app.get("page_link")]
    sentences = [text.value for text in app.caption]
    assert brightness.key in systems()
    assert len(cards) == len(systems()) + 1  # and the lab
    for system in systems().values():
        assert f"**{system.title}**" in cards
        assert system.sentence in sentences


def test_its_page_opens_shows_its_sample_and_follows_its_options(brightness: System) -> None:
    app = wait_for_charts(open_page("brightness"))
    assert app.title[0].value == "Brightness"
    assert {button.label for button in app.get("download_button")} == {"CSV"}
    assert app.slider(key="brightness.seconds").value == 1.0
    before = app.get("plotly_chart")[0].proto.spec
    app.slider(key="brightness.seconds").set_value(5.0).run()
    assert not app.exception
    assert app.get("plotly_chart")[0].proto.spec != before
    app.segmented_control(key="brightness.kind").set_value("now").run()
    assert not app.exception


def test_an_upload_is_answered(brightness: System, two_shots: Path) -> None:
    app = upload(open_page("brightness"), "mine.mp4", two_shots.read_bytes())
    assert not app.exception
    assert not app.error
    assert app.get("plotly_chart")


def test_its_command_writes_what_the_page_offers(
    brightness: System, two_shots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["brightness", str(two_shots), "--model", "now", "--as", "csv",
                 "--to", str(tmp_path / "out")]) == 0
    (path,) = (tmp_path / "out").iterdir()
    rows = list(csv.DictReader(path.open()))
    assert len(rows) == 60
    assert main(["brightness", str(two_shots), "--model", "now"]) == 0
    mean = np.mean([float(row["brightness"]) for row in rows])
    assert capsys.readouterr().out.strip() == f"{100 * mean:.1f} % bright"
    assert main(["commands"]) == 0
    assert "brightness FILE... [--model leaky|now] [--seconds SECONDS] [--as csv]" in \
        capsys.readouterr().out


def test_it_is_described_without_networks(brightness: System) -> None:
    folder = next(path for path in hybridcore.__path__ if "rooms" in path)
    script = (f"import sys, hybridcore; hybridcore.__path__.append({folder!r})\n"
              "import hybridcore.brightness.system\nassert 'torch' not in sys.modules")
    subprocess.run([sys.executable, "-c", script], check=True, env=os.environ)


def test_a_second_visit_is_answered_from_the_store(brightness: System, two_shots: Path) -> None:
    from hybridcore.answers import look
    from hybridcore.media import Clip

    (reader,) = brightness.reads
    clip = Clip.open(two_shots)
    first = look(brightness, reader, clip, {})

    def gone(progress: object = None) -> None:
        raise AssertionError("the networks looked again")

    again = Clip.open(two_shots)
    again.chunks = gone  # type: ignore[assignment, method-assign]
    second = look(brightness, reader, again, {})
    np.testing.assert_array_equal(first.now, second.now)
    np.testing.assert_array_equal(first.times, second.times)


def test_pages_script_is_not_needed(brightness: System) -> None:
    assert not (Path(__file__).parents[1] / "pages" / "brightness.py").exists()
    assert isinstance(open_page("brightness"), AppTest)
