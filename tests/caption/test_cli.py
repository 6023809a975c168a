"""``python -m hybridcore caption``, with small networks of random weights."""

import json
from pathlib import Path

import pytest
from PIL import Image
from skimage import data

from hybridcore.__main__ import main
from hybridcore.caption import cli
from hybridcore.caption.predict import Captioner


@pytest.fixture(autouse=True)
def small(captioner: Captioner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.Captioner, "load", classmethod(lambda *_, **__: captioner))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "photos"
    inside.mkdir()
    Image.fromarray(data.coffee()).save(inside / "a cup.jpg")
    (inside / "bad.jpg").write_bytes(b"these are my notes")
    Image.fromarray(data.rocket()).save(inside / "rocket.png")
    (inside / "readme.txt").write_text("no picture")
    return inside


def test_a_folder_is_captioned_and_the_bad_file_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    monkeypatch.setattr(cli, "BATCH", 2)
    out = tmp_path / "out.json"
    assert main(["caption", str(folder), "--model", "tell", "--beam", "3", "--json", str(out)]) == 0
    found = json.loads(out.read_text())
    assert found.keys() == {"model", "images"}
    assert found["model"] == "tell"
    cup, bad, rocket = found["images"]
    assert [Path(i["file"]).name for i in found["images"]] == ["a cup.jpg", "bad.jpg", "rocket.png"]
    assert len(cup["captions"]) == len(rocket["captions"]) == 3
    assert cup["captions"][0].keys() == {"text", "log_probability", "words"}
    assert cup["captions"][0]["words"][0].keys() == {"word", "probability"}
    assert "not a picture" in bad["error"]
    assert "error" not in cup
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "bad.jpg" in line


def test_without_an_output_sentences_are_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["caption", str(folder / "rocket.png"), str(folder / "a cup.jpg")]) == 0
    first, second = capsys.readouterr().out.strip().splitlines()
    assert first.startswith(f"{folder / 'rocket.png'}: ")
    assert second.startswith(f"{folder / 'a cup.jpg'}: ")


def test_a_video_gets_a_caption_for_each_segment(
    two_shots: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, vtt = tmp_path / "out.json", tmp_path / "out.vtt"
    assert main(["caption", str(two_shots), str(folder / "rocket.png"), "--device", "cpu",
                 "--json", str(out), "--vtt", str(vtt)]) == 0
    found = json.loads(out.read_text())
    (video,), (image,) = found["videos"], found["images"]
    assert image["captions"]
    segments = video["segments"]
    assert segments[0]["start"] == 0
    assert segments[-1]["end"] == pytest.approx(2.4, abs=0.05)
    assert any(s["start"] == pytest.approx(1.2, abs=0.05) for s in segments)
    assert vtt.read_text().count("-->") == len(segments)


@pytest.mark.parametrize(("arguments", "says"), [
    (["{folder}/bad.jpg"], "None of the files"),
    (["{folder}/none.jpg"], "None of the files"),
    (["{folder}/rocket.png", "--beam", "0"], "--beam"),
    (["{folder}/rocket.png", "--vtt", "{folder}/out.vtt"], "--vtt"),
    (["{empty}"], "no picture"),
])
def test_what_cannot_be_done_is_one_sentence(
    arguments: list[str], says: str, folder: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    given = [a.format(folder=folder, empty=empty) for a in arguments]
    assert main(["caption", *given]) == 1
    line = capsys.readouterr().err.strip().splitlines()[-1]
    assert line.startswith("caption: ")
    assert says in line
    assert line.endswith(".")


def test_a_bad_video_does_not_stop_the_pictures(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, out = tmp_path / "bad.mp4", tmp_path / "out.json"
    bad.write_text("no video")
    assert main(["caption", str(bad), str(folder / "rocket.png"), "--json", str(out)]) == 0
    found = json.loads(out.read_text())
    assert found["videos"][0]["error"]
    assert found["images"][0]["captions"]
    assert "bad.mp4" in capsys.readouterr().err
