"""``python -m hybridcore sound``, as a person calls it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from hybridcore.__main__ import main
from hybridcore.media import Clip
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.synthesis.synthesise import synthesise


def test_describing_the_system_loads_nothing() -> None:
    script = ("import sys, hybridcore.sound.system; "
              "print({'torch', 'plotly', 'cv2', 'scipy', 'streamlit'} & set(sys.modules))")
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


def test_sound_writes_what_is_asked_for(
    video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bank = tmp_path / "bank"
    bank.mkdir()
    soundfile.write(bank / "wood hit.wav", synthesise("wood"), RATE)
    (bank / "broken.wav").write_bytes(b"RIFF and nothing more")
    out = {name: tmp_path / f"out.{name}" for name in ("mp4", "wav", "json")}
    code = main(["sound", str(video), "-o", str(out["mp4"]), "--wav", str(out["wav"]),
                 "--json", str(out["json"]), "--bank", str(bank), "--threshold", "0.05",
                 "--seed", "3", "--device", "cpu"])
    assert code == 0
    content = json.loads(out["json"].read_text())
    assert content["model"] == "lstm"
    assert content["bank"] == "bank"
    assert {o["exemplar"] for o in content["onsets"]} <= {"wood hit.wav"}
    assert soundfile.info(out["wav"]).frames == round(content["duration"] * RATE)
    assert Clip.open(out["mp4"]).info.has_sound
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "broken.wav" in captured.err


@pytest.mark.parametrize("kind", ["bilstm", "tcn", "frame"])
def test_every_kind_can_be_run(kind: str, video: Path, tmp_path: Path) -> None:
    assert main(["sound", str(video), "--model", kind, "--as", "json,midi", "--to", str(tmp_path),
                 "--device", "cpu"]) == 0
    content = json.loads((tmp_path / f"{video.stem}-sound.json").read_text())
    assert content["model"] == kind
    assert (tmp_path / f"{video.stem}-onsets.mid").read_bytes()[:4] == b"MThd"


def test_without_an_output_the_onsets_are_printed(
    video: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sound", str(video), "--method", "parametric", "--threshold", "0.05",
                 "--device", "cpu"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split()[:3] == ["time", "dB", "confidence"]


def test_a_bad_bank_or_threshold_is_one_sentence(
    video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for option, value, sentence in (
        ("--bank", str(tmp_path / "none.zip"), "none.zip; check the path."),
        ("--threshold", "2", "takes a number from 0 to 1, not 2."),
    ):
        with pytest.raises(SystemExit, match="2"):
            main(["sound", str(video), option, value])
        assert sentence in capsys.readouterr().err
    (tmp_path / "notes.zip").write_text("these are my notes")
    assert main(["sound", str(video), "--bank", str(tmp_path / "notes.zip")]) == 1
    assert "neither a folder nor a zip" in capsys.readouterr().err
