"""``python -m hybridcore sound``, as a person calls it."""

import json
from pathlib import Path

import pytest
import soundfile

from hybridcore.__main__ import main
from hybridcore.media import Clip
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.learn.synthesis import synthesise


def test_sound_writes_what_is_asked_for(video: Path, tmp_path: Path) -> None:
    bank = tmp_path / "bank"
    bank.mkdir()
    soundfile.write(bank / "wood hit.wav", synthesise("wood"), RATE)
    out = {name: tmp_path / f"out.{name}" for name in ("mp4", "wav", "json")}
    code = main(["sound", str(video), "-o", str(out["mp4"]), "--wav", str(out["wav"]),
                 "--json", str(out["json"]), "--bank", str(bank), "--threshold", "0.05",
                 "--seed", "3", "--device", "cpu"])
    assert code == 0
    found = json.loads(out["json"].read_text())
    assert found["model"] == "lstm"
    assert found["bank"] == "bank"
    assert {o["exemplar"] for o in found["onsets"]} <= {"wood hit.wav"}
    assert soundfile.info(out["wav"]).frames == round(found["duration"] * RATE)
    assert Clip.open(out["mp4"]).info.has_sound


def test_without_an_output_the_onsets_are_printed(
    video: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sound", str(video), "--method", "parametric", "--threshold", "0.05",
                 "--device", "cpu"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split()[:3] == ["time", "dB", "sure"]


def test_a_bad_bank_is_one_sentence(
    video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sound", str(video), "--bank", str(tmp_path / "none.zip")]) == 1
    assert "no folder or zip none.zip" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["sound", str(video), "--threshold", "2"])
