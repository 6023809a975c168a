"""Mask sets: layouts, a round trip, and archives that nobody should trust."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from hybridcore.errors import MediaError
from hybridcore.gait import masks as module
from hybridcore.gait.align import align
from hybridcore.gait.mask_set import MaskSet
from hybridcore.gait.masks import open_masks, recognise
from hybridcore.gait.predict import GaitRecogniser
from tests.gait.walkers import Actor, masks


def write(folder: Path, pictures: np.ndarray, name: str = "{:03d}.png") -> None:
    folder.mkdir(parents=True)
    for k, picture in enumerate(pictures):
        cv2.imwrite(str(folder / name.format(k + 1)), picture)


@pytest.mark.parametrize(("path", "expected"), [
    ("001/nm-01/090/017.png", ("001/nm-01/090", "001", "nm-01", 90, "CASIA-B")),
    ("GaitDatasetB-silh/124/cl-02/000/1.png", ("124/cl-02/000", "124", "cl-02", 0, "CASIA-B")),
    ("001-bg-02-054-031.png", ("001/bg-02/054", "001", "bg-02", 54, "CASIA-B")),
    ("Silhouette_270-01/00042/0003.png", ("00042/01/270", "00042", "01", 270, "OU-MVLP")),
    ("00001/00/090/0003.png", ("00001/00/090", "00001", "00", 90, "OU-MVLP")),
    ("walks/anna/3.png", ("walks/anna", "", "", None, "folder")),
    ("3.png", ("masks", "", "", None, "folder")),
])
def test_layouts(path: str, expected: tuple[object, ...]) -> None:
    assert recognise(path) == expected


def test_casia_b_round_trip(tmp_path: Path, recogniser: GaitRecogniser) -> None:
    drawn = {}
    for name, step in (("001/nm-01/090", 0.5), ("001/cl-01/054", 0.6), ("002/nm-01/090", 0.5)):
        drawn[name] = masks(Actor(step=step), 3.0)
        write(tmp_path / "silh" / name, drawn[name], "x-{:03d}.png")
    source = MaskSet.open(tmp_path / "silh")
    assert [walk.name for walk in source.walks] == sorted(drawn)
    assert [walk.view for walk in source.walks] == [54, 90, 90]
    for walk in source.walks:
        assert (walk.masks() == drawn[walk.name]).all()
    result = recogniser.run(source)
    assert result.method == "masks"
    assert [walk.name for walk in result.walks] == sorted(drawn)
    assert result.walks[1].rhythm.cadence == pytest.approx(120, rel=0.05)
    assert result.walks[1].notes[0] == "001/nm-01/090"
    # The folder of one view still knows whose it is.
    assert open_masks(tmp_path / "silh/001/cl-01/054")[0].name == "001/cl-01/054"


def test_a_zip_reads_as_its_folder_does(tmp_path: Path) -> None:
    pictures = masks(Actor(), 0.4)
    write(tmp_path / "in/001/nm-01/090", pictures)
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for path in (tmp_path / "in").rglob("*.png"):
            archive.write(path, path.relative_to(tmp_path / "in"))
    (walk,) = open_masks(tmp_path / "in.zip")
    assert walk.layout == "CASIA-B"
    assert (walk.masks() == pictures).all()


def test_a_folder_named_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "walks" / "anna", masks(Actor(), 0.2))
    monkeypatch.chdir(tmp_path)
    assert [walk.name for walk in open_masks(Path("walks"))] == ["anna"]


def test_numbers_sort_as_numbers(tmp_path: Path) -> None:
    pictures = masks(Actor(speed=200), 0.48)
    write(tmp_path / "walk", pictures, "{}.png")
    (walk,) = open_masks(tmp_path / "walk")
    assert (walk.masks() == pictures).all()


def test_masks_that_were_cut_to_the_person(tmp_path: Path, recogniser: GaitRecogniser) -> None:
    write(tmp_path / "00001/00/090", align(masks(Actor(step=0.5), 4.0)))
    (walk,) = recogniser.run(MaskSet.open(tmp_path)).walks
    assert walk.usable.all()
    assert walk.rhythm.cadence == pytest.approx(120, rel=0.05)


def png() -> bytes:
    return bytes(cv2.imencode(".png", np.zeros((8, 8), np.uint8))[1])


@pytest.mark.parametrize("name", ["../out.png", "/etc/out.png", "a/../../b.png", "C:\\x.png"])
def test_paths_that_leave_the_archive(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr(name, png())
    with pytest.raises(MediaError, match="point outside"):
        open_masks(tmp_path / "in.zip")


def test_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BOUNDS", replace(module.BOUNDS, total_bytes=1_000_000))
    with zipfile.ZipFile(tmp_path / "in.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.png", bytes(2_000_000))
    assert (tmp_path / "in.zip").stat().st_size < 5_000
    with pytest.raises(MediaError, match="would unpack"):
        open_masks(tmp_path / "in.zip")


def test_things_that_are_no_masks(tmp_path: Path) -> None:
    (tmp_path / "notes.zip").write_text("these are my notes")
    with pytest.raises(MediaError, match="nor a zip file"):
        open_masks(tmp_path / "notes.zip")
    (tmp_path / "empty").mkdir()
    with pytest.raises(MediaError, match="no pictures"):
        open_masks(tmp_path / "empty")
    (tmp_path / "text").mkdir()
    (tmp_path / "text/1.png").write_text("not a picture")
    (walk,) = open_masks(tmp_path / "text")
    with pytest.raises(MediaError, match="not a picture"):
        walk.masks()


def test_an_empty_archive(tmp_path: Path) -> None:
    (tmp_path / "in.zip").write_bytes(_empty_zip())
    with pytest.raises(MediaError, match="no pictures"):
        open_masks(tmp_path / "in.zip")


def _empty_zip() -> bytes:
    content = io.BytesIO()
    zipfile.ZipFile(content, "w").close()
    return content.getvalue()
