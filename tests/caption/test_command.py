"""``python -m hybridcore caption``, with small networks of random weights."""

import csv
import json
from pathlib import Path

import pytest
from PIL import Image
from skimage import data

from hybridcore import answers, command
from hybridcore.__main__ import main
from hybridcore.caption.model import KINDS
from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.predict import Captioner
from hybridcore.media import Clip


@pytest.fixture(autouse=True)
def small(captioner: Captioner, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not `Captioner.load`: the system that looks it up now would keep what stands in for it.
    monkeypatch.setattr(
        answers, "_models", {("caption", device): captioner for device in (None, "cpu")})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "photos"
    inside.mkdir()
    Image.fromarray(data.coffee()).save(inside / "a cup.jpg")
    (inside / "bad.jpg").write_bytes(b"these are my notes")
    Image.fromarray(data.rocket()).save(inside / "rocket.png")
    (inside / "readme.txt").write_text("no picture")
    return inside


@pytest.mark.parametrize("together", [1, 2, 16])
def test_a_folder_is_captioned_and_the_bad_file_named(
    together: int, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    monkeypatch.setattr(command, "_TOGETHER", together)
    out = tmp_path / "out.json"
    assert main(["caption", str(folder), "--model", "tell", "--beam", "3", "--json", str(out)]) == 0
    written = json.loads(out.read_text())
    assert written.keys() == {"model", "images"}
    assert written["model"] == "tell"
    cup, bad, rocket = written["images"]
    assert [i["file"] for i in written["images"]] == [
        str(folder / name) for name in ("a cup.jpg", "bad.jpg", "rocket.png")]
    assert len(cup["captions"]) == len(rocket["captions"]) == 3
    assert cup["captions"][0].keys() == {"text", "log_probability", "words"}
    assert cup["captions"][0]["words"][0].keys() == {"word", "probability"}
    assert "not a picture" in bad["error"]
    assert bad["captions"] == []
    assert "error" not in cup
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "bad.jpg" in line


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_said_by_the_model_chosen(
    kind: str, folder: Path, tmp_path: Path, captioner: Captioner
) -> None:
    out = {name: tmp_path / f"out.{name}" for name in ("json", "csv")}
    assert main(["caption", str(folder / "rocket.png"), "--model", kind, "--beam", "3",
                 "--json", str(out["json"]), "--csv", str(out["csv"])]) == 0
    (one,) = captioner.caption(
        captioner.encode([data.rocket()]).cells, kind, DecodingOptions(beam=3))
    (image,) = json.loads(out["json"].read_text())["images"]
    rows = list(csv.DictReader(out["csv"].open()))
    assert [row["caption"] for row in rows] == [c.text for c in one.captions]
    assert rows[0].keys() == {"file", "rank", "caption", "log_probability"}
    for caption, written in zip(one.captions, image["captions"], strict=True):
        assert written["text"] == caption.text
        assert written["log_probability"] == pytest.approx(caption.log_probability, abs=1e-3)
        assert [w["word"] for w in written["words"]] == list(caption.words)
        assert [w["probability"] for w in written["words"]] == pytest.approx(
            caption.probabilities, abs=1e-3)


def test_without_an_output_sentences_are_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["caption", str(folder / "rocket.png"), str(folder / "a cup.jpg")]) == 0
    first, second = capsys.readouterr().out.strip().splitlines()
    assert first.startswith(f"{folder / 'rocket.png'}: ")
    assert second.startswith(f"{folder / 'a cup.jpg'}: ")


def test_first_words_are_gone_on_from_and_unknown_ones_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["caption", str(folder / "rocket.png"), "--model", "attend",
                 "--prefix", "the zebra ball"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith(f"{folder / 'rocket.png'}: the ball")
    assert "zebra" in captured.err


def test_words_are_added_and_left_out_and_unknown_ones_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    assert main(["caption", str(folder / "a cup.jpg"), "--add", "frisbee, blorb",
                 "--without", "bowls, oranges", "--json", str(out)]) == 0
    assert "blorb" in capsys.readouterr().err
    written = json.loads(out.read_text())
    assert written["model"] == "say"
    (image,) = written["images"]
    assert {"sure", "confidence", "words_seen"} <= image.keys()
    assert sum(image["confidence"].values()) == pytest.approx(1, abs=2e-3)
    seen = [word["word"] for word in image["words_seen"]]
    assert seen[0] == "frisbee"
    assert not {"bowl", "orange"} & set(seen)
    supports = {word["word"]: word["seen"] for word in image["captions"][0]["words"]}
    assert supports["frisbee"] == "frisbee"
    assert set(supports.values()) - {None} <= set(seen)


def test_not_sure_is_said_in_every_file(folder: Path, tmp_path: Path) -> None:
    out, table = tmp_path / "out.json", tmp_path / "out.csv"
    assert main(["caption", str(folder / "rocket.png"), str(folder / "a cup.jpg"),
                 "--json", str(out), "--csv", str(table)]) == 0
    rocket, cup = json.loads(out.read_text())["images"]
    assert (rocket["sure"], rocket["captions"][0]["text"]) == (False, "not sure")
    assert cup["sure"] is True
    rows = list(csv.DictReader(table.open()))
    assert {(row["file"].endswith("rocket.png"), row["sure"]) for row in rows} == {
        (True, "no"), (False, "yes")}


def test_an_option_of_another_model_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["caption", str(folder / "rocket.png"), "--model", "tell", "--add", "dog"]) == 1
    assert capsys.readouterr().err.strip().endswith("--add is for --model say.")


def test_a_video_gets_a_caption_for_each_segment(
    two_shots: Path, folder: Path, tmp_path: Path
) -> None:
    out, vtt, table = (tmp_path / f"out.{ending}" for ending in ("json", "vtt", "csv"))
    assert main(["caption", str(two_shots), str(folder / "rocket.png"), "--device", "cpu",
                 "--json", str(out), "--vtt", str(vtt), "--csv", str(table)]) == 0
    written = json.loads(out.read_text())
    (video,), (image,) = written["videos"], written["images"]
    assert image["captions"]
    segments = video["segments"]
    assert segments[0]["start"] == 0
    assert segments[-1]["end"] == pytest.approx(2.4, abs=0.05)
    assert any(s["start"] == pytest.approx(1.2, abs=0.05) for s in segments)
    cues = vtt.read_text().strip().split("\n\n")[1:]
    assert [cue.splitlines()[1] for cue in cues] == [s["captions"][0]["text"] for s in segments]
    rows = list(csv.DictReader(table.open()))
    of_video = [row for row in rows if row["file"] == str(two_shots)]
    assert [float(row["start"]) for row in of_video if row["rank"] == "1"] == [
        s["start"] for s in segments]
    assert {row["start"] for row in rows if row not in of_video} == {""}


def test_a_video_is_written_with_its_subtitles(two_shots: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    assert main(["caption", str(two_shots), "--mp4", str(out)]) == 0
    assert Clip.open(out).info.frame_count == 60


@pytest.mark.parametrize(("arguments", "says"), [
    (["{folder}/bad.jpg"], "not a picture"),
    (["{folder}/none.jpg"], "no file"),
    (["{folder}/rocket.png", "--vtt", "{folder}/out.vtt"], "VTT"),
    (["{folder}/rocket.png", "{folder}/a cup.jpg", "--vtt", "{folder}/out.vtt"], "--vtt"),
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
    written = json.loads(out.read_text())
    assert written["videos"][0]["error"]
    assert written["videos"][0]["segments"] == []
    assert written["images"][0]["captions"]
    assert "bad.mp4" in capsys.readouterr().err
