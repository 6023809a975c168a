"""``python -m hybridcore gait``, as a person calls it."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from hybridcore import answers
from hybridcore.__main__ import main
from hybridcore.gait.model import KINDS
from hybridcore.gait.predict import GaitRecogniser
from hybridcore.gait.result import GaitResult
from hybridcore.media import Clip
from tests.gait.conftest import Answering
from tests.gait.test_masks import write
from tests.gait.walkers import Actor, masks

DRAWN = ("--silhouettes", "background")  # a drawn figure is not a person to every network


@pytest.fixture(autouse=True)
def untrained(monkeypatch: pytest.MonkeyPatch, recogniser: GaitRecogniser) -> None:
    monkeypatch.setitem(answers._models, ("gait", None), recogniser)


def test_it_writes_what_is_asked_for(one_walker: Clip, tmp_path: Path) -> None:
    out = {name: tmp_path / f"out.{name}" for name in ("json", "csv", "png", "mp4")}
    code = main(["gait", str(one_walker.path), *DRAWN, "--json", str(out["json"]), "--csv",
                 str(out["csv"]), "--gei", str(out["png"]), "--video", str(out["mp4"])])
    assert code == 0
    (track,) = json.loads(out["json"].read_text())["tracks"]
    assert track["cadence"] == pytest.approx(120, rel=0.03)
    assert out["csv"].read_text().count("\n") == track["frames"] + 1
    assert cv2.imread(str(out["png"]), cv2.IMREAD_UNCHANGED).shape == (552, 352)
    assert Clip.open(out["mp4"]).info.frame_count == 120


@pytest.mark.parametrize("kind", KINDS)
def test_every_network_can_be_chosen(
    kind: str, one_walker: Clip, tmp_path: Path, answering: Answering
) -> None:
    assert main(["gait", str(one_walker.path), *DRAWN, "--model", kind,
                 "--json", str(tmp_path / "out.json")]) == 0
    content = json.loads((tmp_path / "out.json").read_text())
    assert content["model"] == kind
    (track,) = content["tracks"]
    (walk,) = answering(one_walker).outputs.walks
    assert track["embedding"] == pytest.approx(walk.identities[kind].embedding, abs=1e-5)


def test_the_background_can_be_chosen(
    one_walker: Clip, monkeypatch: pytest.MonkeyPatch, recogniser: GaitRecogniser
) -> None:
    methods = []
    run = recogniser.run

    def spy(*arguments: Any, **options: Any) -> GaitResult:
        result = run(*arguments, **options)
        methods.append(result.method)
        return result

    monkeypatch.setattr(recogniser, "run", spy)
    for method in ("mode", "mog2"):
        assert main(["gait", str(one_walker.path), *DRAWN,
                     "--background", method]) == 0
    assert methods == ["mode", "mog2"]


def test_enrol_and_be_known(
    one_walker: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gallery = tmp_path / "g.sqlite"
    clip = str(one_walker.path)
    assert main(["gait", clip, *DRAWN, "--gallery", str(gallery)]) == 0
    assert not gallery.exists()  # looking enrols nobody
    assert main(["gait", clip, *DRAWN, "--gallery", str(gallery), "--enrol", "Anna"]) == 0
    assert "walker 1 is now enrolled in g.sqlite as Anna." in capsys.readouterr().err
    assert main(["gait", clip, *DRAWN, "--gallery", str(gallery)]) == 0
    assert "Anna (0.00)" in capsys.readouterr().out
    assert main(["gait", clip, *DRAWN, "--gallery", str(gallery), "--model", "set"]) == 0
    assert "Anna" not in capsys.readouterr().out  # another network enrolled her


def test_one_of_two_is_enrolled(
    two_walkers: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["gait", str(two_walkers.path), *DRAWN, "--gallery", str(tmp_path / "g.sqlite"),
                 "--enrol", "Ben"]
    assert main(arguments) == 1
    assert "choose one of 1, 2" in capsys.readouterr().err
    assert main([*arguments, "--walker", "2"]) == 0
    _, _, second = capsys.readouterr().out.strip().splitlines()
    assert "Ben (0.00)" in second


@pytest.mark.parametrize("packed", [False, True])
def test_masks_in_a_folder_and_in_a_zip(
    packed: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "set"
    for subject in ("001", "002"):
        write(source / subject / "nm-01/090", masks(Actor(step=0.5), 2.0))
    if packed:
        with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
            for path in source.rglob("*.png"):
                archive.write(path, path.relative_to(source))
        source = tmp_path / "set.zip"
    assert main(["gait", str(source)]) == 0
    _, one, other = capsys.readouterr().out.strip().splitlines()
    assert "001/nm-01/090" in one
    assert "002/nm-01/090" in other
    assert main(["gait", str(source), "--video", str(tmp_path / "out.mp4")]) == 1
    assert "no Annotated MP4 for" in capsys.readouterr().err
    assert not (tmp_path / "out.mp4").exists()


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
    assert main(["gait", str(one_walker.path), *DRAWN, *arguments]) == 1
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("gait: ")
    assert words in line


def test_a_picture_that_is_called_a_video_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("picture", "picture.mp4", "picture.jpg"):
        path = tmp_path / name
        path.write_bytes(cv2.imencode(".jpg", np.full((90, 160, 3), 120, np.uint8))[1].tobytes())
        assert main(["gait", str(path)]) == 1
        out, error = capsys.readouterr()
        assert not out
        assert error.count("\n") == 1
        assert "choose a" in error


def test_nobody_is_a_sentence_and_no_table(
    filmed: Callable[..., Clip], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["gait", str(filmed([], 2.0).path)]) == 0
    assert capsys.readouterr().out == "nobody walks\n"
