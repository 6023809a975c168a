"""``python -m hybridcore gait``, as a person calls it."""

import json
from pathlib import Path

import cv2
import pytest

from hybridcore.__main__ import main
from hybridcore.gait.predict import GaitRecognizer
from hybridcore.media import Clip


@pytest.fixture(autouse=True)
def untrained(monkeypatch: pytest.MonkeyPatch, recognizer: GaitRecognizer) -> None:
    monkeypatch.setattr(GaitRecognizer, "load", lambda device=None: recognizer)


def test_it_writes_what_is_asked_for(one_walker: Clip, tmp_path: Path) -> None:
    out = {name: tmp_path / f"out.{name}" for name in ("json", "csv", "png", "mp4")}
    code = main(["gait", str(one_walker.path), "--json", str(out["json"]), "--csv",
                 str(out["csv"]), "--gei", str(out["png"]), "--video", str(out["mp4"])])
    assert code == 0
    (track,) = json.loads(out["json"].read_text())["tracks"]
    assert track["cadence"] == pytest.approx(120, rel=0.03)
    assert out["csv"].read_text().count("\n") == track["frames"] + 1
    assert cv2.imread(str(out["png"]), cv2.IMREAD_UNCHANGED).shape == (64, 44)
    assert Clip.open(out["mp4"]).info.frame_count == 120


def test_enrol_and_be_known(
    one_walker: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gallery = tmp_path / "g.sqlite"
    clip = str(one_walker.path)
    assert main(["gait", clip, "--gallery", str(gallery)]) == 0
    assert not gallery.exists()  # looking enrols nobody
    assert main(["gait", clip, "--gallery", str(gallery), "--enrol", "Anna"]) == 0
    capsys.readouterr()
    assert main(["gait", clip, "--gallery", str(gallery)]) == 0
    assert "Anna (0.00)" in capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "words"), [
    (["--enrol", "Anna"], "--gallery"),
    (["--gallery", "notes.sqlite"], "damaged"),
])
def test_one_sentence_on_what_is_wrong(
    one_walker: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.sqlite").write_text("these are my notes")
    assert main(["gait", str(one_walker.path), *arguments]) == 1
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("gait: ")
    assert words in line
