"""The command line, as a person calls it."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from hybridcore.__main__ import main
from hybridcore.media import Clip
from hybridcore.systems import systems
from tests.conftest import ROOT
from tests.media.test_tracks import film_of_empty_sound


def test_label_writes_what_is_asked_for(two_shots: Path, tmp_path: Path) -> None:
    out = {name: tmp_path / f"out.{name}" for name in ("json", "csv", "mp4")}
    code = main(["label", str(two_shots), "--model", "tcn", "--device", "cpu",
                 "--json", str(out["json"]), "--csv", str(out["csv"]), "--video", str(out["mp4"])])
    assert code == 0
    found = json.loads(out["json"].read_text())
    assert found["model"] == "tcn"
    assert len(found["frames"]) == 60
    assert len(list(csv.DictReader(out["csv"].open()))) == 60
    assert Clip.open(out["mp4"]).info.frame_count == 60


def test_what_a_person_should_know_is_printed_and_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film, out = film_of_empty_sound(tmp_path / "in.mkv"), tmp_path / "out.json"
    assert main(["label", str(film), "--model", "frame", "--device", "cpu",
                 "--json", str(out)]) == 0
    (note,) = json.loads(out.read_text())["notes"]
    assert "so the clip is silent" in note
    assert note in capsys.readouterr().err.splitlines()


def test_without_an_output_the_segments_are_printed(
    two_shots: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["label", str(two_shots), "--device", "cpu"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["start", "end", "probability", "scene", "contents"]
    assert "espresso" in lines[1]


def test_a_bad_file_is_one_sentence_and_an_exit_code(tmp_path: Path) -> None:
    bad = tmp_path / "notes.mp4"
    bad.write_text("these are my notes")
    run = subprocess.run(
        [sys.executable, "-m", "hybridcore", "label", str(bad)], capture_output=True, text=True,
        check=False)
    assert run.returncode == 1
    assert run.stdout == ""
    (line,) = run.stderr.strip().splitlines()
    assert line.startswith("label: ")
    assert line.endswith(".")


def test_a_missing_gpu_is_said(two_shots: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    assert main(["label", str(two_shots), "--device", "cuda"]) == 1
    assert "No CUDA device" in capsys.readouterr().err


def test_the_readme_holds_the_table_of_the_cards(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--markdown"]) == 0
    table = capsys.readouterr().out.strip()
    assert table in (ROOT / "README.md").read_text()


def test_the_readme_holds_every_command_and_a_picture_of_every_page(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["commands"]) == 0
    readme = (ROOT / "README.md").read_text()
    assert f"```\n{capsys.readouterr().out}```" in readme
    for key in systems():
        assert f"(assets/screenshots/{key}.png)" in readme
        assert (ROOT / "assets" / "screenshots" / f"{key}.png").is_file()


def test_importing_the_library_needs_no_streamlit() -> None:
    code = "import sys, hybridcore, hybridcore.scene.predict; print('streamlit' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


@pytest.mark.parametrize("link", [False, True])
@pytest.mark.parametrize("option", ["--csv", "--json", "--video"])
def test_an_input_is_never_written_over(
    two_shots: Path, tmp_path: Path, option: str, link: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(two_shots.read_bytes())
    out = film
    if link:
        out = tmp_path / "link.mp4"
        out.symlink_to(film)
    assert main(["label", str(film), option, str(out)]) == 1
    assert "is the input file" in capsys.readouterr().err
    assert film.read_bytes() == two_shots.read_bytes()


def test_another_input_is_not_written_over_either(two_shots: Path, tmp_path: Path) -> None:
    films = [tmp_path / "film.mp4", tmp_path / "film-scenes.mp4"]
    for film in films:
        film.write_bytes(two_shots.read_bytes())
    assert main(["scene", *map(str, films), "--as", "mp4", "--to", str(tmp_path)]) == 1
    assert {film.read_bytes() for film in films} == {two_shots.read_bytes()}


def test_two_files_of_one_name_are_not_written_into_one(
    two_shots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    films = [tmp_path / folder / "film.mp4" for folder in ("a", "b")]
    for film in films:
        film.parent.mkdir()
        film.write_bytes(two_shots.read_bytes())
    assert main(["scene", *map(str, films), "--as", "csv", "--to", str(tmp_path / "out")]) == 1
    assert "would be written twice" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_failed_write_leaves_what_was_there(
    two_shots: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "labels.csv"
    out.write_text("what was there")

    def fail(*args: object) -> str:
        raise OSError("No space left on device")

    monkeypatch.setattr("hybridcore.text.csv_text", fail)
    assert main(["scene", str(two_shots), "--csv", str(out)]) == 1
    assert out.read_text() == "what was there"
    assert [path.name for path in tmp_path.iterdir()] == ["labels.csv"]


@pytest.mark.parametrize("name", ["x.m4a", "x", "x.json"])
def test_an_output_ends_as_what_it_holds(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = ROOT / "assets" / "samples" / "sound-still.mp4"
    assert main(["sound", str(sample), "--wav", str(tmp_path / name)]) == 1
    assert capsys.readouterr().err.strip().endswith("its name must end in .wav.")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("flags", "why"), [
    (["--labels", "out.csv"], "name one with --head"),
    (["--head", "bad.safetensors"], "bad.safetensors is not a safetensors file."),
    (["--head", "missing.safetensors"], "There is no head missing.safetensors."),
    (["--head", "bad.safetensors", "--labels", "out.txt"], "must end in .csv or .vtt or .json"),
])
def test_a_head_that_cannot_be_used_is_named_before_anything_is_looked_at(
    flags: list[str], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.safetensors").write_bytes(b"no head")
    Path("clip.mp4").touch()
    assert main(["label", "clip.mp4", *flags]) == 1
    assert why in capsys.readouterr().err
