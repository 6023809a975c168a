"""Mask sets: layouts, a round trip, and archives that nobody should trust."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from hybridcore.errors import MediaError
from hybridcore.gait import masks as module
from hybridcore.gait.align import align
from hybridcore.gait.mask_set import MaskSet
from hybridcore.gait.masks import MaskWalk, open_masks, recognise
from hybridcore.gait.predict import GaitRecogniser
from tests.gait.walkers import Actor, masks


def write(folder: Path, pictures: np.ndarray, name: str = "{:03d}.png") -> None:
    folder.mkdir(parents=True)
    for k, picture in enumerate(pictures):
        cv2.imwrite(str(folder / name.format(k + 1)), picture)


def walks_of(path: Path) -> list[MaskWalk]:
    return open_masks(path)[0]


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
        assert (np.stack([*walk.masks()]) == drawn[walk.name]).all()
    result = recogniser.run(source)
    assert result.method == "masks"
    assert [walk.name for walk in result.walks] == sorted(drawn)
    assert result.walks[1].rhythm.cadence == pytest.approx(120, rel=0.05)
    assert result.walks[1].notes[0] == "001/nm-01/090"
    # The folder of one view still knows whose it is.
    assert walks_of(tmp_path / "silh/001/cl-01/054")[0].name == "001/cl-01/054"


def test_a_zip_reads_as_its_folder_does(tmp_path: Path) -> None:
    pictures = masks(Actor(), 0.4)
    write(tmp_path / "in/001/nm-01/090", pictures)
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for path in (tmp_path / "in").rglob("*.png"):
            archive.write(path, path.relative_to(tmp_path / "in"))
    (walk,) = walks_of(tmp_path / "in.zip")
    assert walk.layout == "CASIA-B"
    assert (np.stack([*walk.masks()]) == pictures).all()


def test_a_folder_named_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "walks" / "anna", masks(Actor(), 0.2))
    monkeypatch.chdir(tmp_path)
    assert [walk.name for walk in walks_of(Path("walks"))] == ["anna"]


def test_numbers_sort_as_numbers(tmp_path: Path) -> None:
    pictures = masks(Actor(speed=200), 0.48)
    write(tmp_path / "walk", pictures, "{}.png")
    (walk,) = walks_of(tmp_path / "walk")
    assert (np.stack([*walk.masks()]) == pictures).all()


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
    with pytest.raises(MediaError, match="points outside"):
        open_masks(tmp_path / "in.zip")


def test_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BOUNDS", replace(module.BOUNDS, total_bytes=1_000_000))
    with zipfile.ZipFile(tmp_path / "in.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.png", bytes(2_000_000))
    assert (tmp_path / "in.zip").stat().st_size < 5_000
    with pytest.raises(MediaError, match="would unpack"):
        open_masks(tmp_path / "in.zip")


def test_things_that_are_no_masks(tmp_path: Path, recogniser: GaitRecogniser) -> None:
    (tmp_path / "notes.zip").write_text("these are my notes")
    with pytest.raises(MediaError, match="nor a zip file"):
        open_masks(tmp_path / "notes.zip")
    (tmp_path / "empty").mkdir()
    with pytest.raises(MediaError, match="no pictures"):
        open_masks(tmp_path / "empty")
    (tmp_path / "text").mkdir()
    (tmp_path / "text/1.png").write_text("not a picture")
    with pytest.raises(MediaError, match=r"No mask in text can be read: 1\.png is not a picture"):
        recogniser.run(MaskSet.open(tmp_path / "text"))


def test_an_empty_archive(tmp_path: Path) -> None:
    (tmp_path / "in.zip").write_bytes(_empty_zip())
    with pytest.raises(MediaError, match="no pictures"):
        open_masks(tmp_path / "in.zip")


def _empty_zip() -> bytes:
    content = io.BytesIO()
    zipfile.ZipFile(content, "w").close()
    return content.getvalue()


def walked(folder: Path, pictures: np.ndarray, frames: list[int]) -> Path:
    """Masks whose names are the numbers of their frames."""
    folder.mkdir(parents=True)
    for k in frames:
        cv2.imwrite(str(folder / f"{k:04d}.png"), pictures[k])
    return folder


@pytest.mark.parametrize("missing", [
    lambda k: k % 3 == 2, lambda k: k % 4 == 1, lambda k: 30 <= k < 42,
    lambda k: (k * 7919) % 5 == 0, lambda k: k < 10,
])
@pytest.mark.parametrize("layout", ["walk", "001/nm-01/090"])
def test_masks_that_are_missing_leave_their_time(
    layout: str, missing: Callable[[int], bool], recogniser: GaitRecogniser, tmp_path: Path
) -> None:
    pictures = masks(Actor(), 4.0)
    frames = [k for k in range(100) if not missing(k)]
    source = MaskSet.open(walked(tmp_path / layout, pictures, frames))
    (walk,) = recogniser.run(source).walks
    assert walk.rhythm.cadence == pytest.approx(120, abs=2)
    assert (walk.frames == np.array(frames) - frames[0]).all()
    assert source.duration == pytest.approx((100 - frames[0]) / 25)
    film = [*source.walks[0].masks()]
    assert len(film) == 100 - frames[0]
    gap = next(k for k in range(1, 100) if k + frames[0] not in frames) if frames[0] == 0 else 0
    assert (film[gap] == film[max(gap - 1, 0)]).all()  # the last one stays


def cut(picture: np.ndarray, margin: int = 0) -> np.ndarray:
    left, top, width, height = cv2.boundingRect(picture)
    return np.pad(picture[top : top + height, left : left + width], margin)


@pytest.mark.parametrize("margin", [0, 4, 15])
@pytest.mark.parametrize("layout", ["walk", "00001/00/090"])
def test_masks_that_were_each_cut_to_their_own_size(
    layout: str, margin: int, recogniser: GaitRecogniser, tmp_path: Path
) -> None:
    """Also of somebody who comes nearer."""
    (tmp_path / layout).mkdir(parents=True)
    drawn = masks(Actor(), 4.0)
    for k, picture in enumerate(drawn):
        own = cv2.resize(cut(picture, margin), None, fx=0.8 + k / 100, fy=0.8 + k / 100,
                         interpolation=cv2.INTER_NEAREST)
        cv2.imwrite(str(tmp_path / layout / f"{k}.png"), own)
    source = MaskSet.open(tmp_path)
    (walk,) = recogniser.run(source).walks
    assert walk.rhythm.cadence == pytest.approx(120, abs=2)
    assert walk.usable.all()
    assert walk.identity is not None
    expected = align(drawn) > 127
    found = walk.silhouettes > 127
    assert (expected & found).sum() / (expected | found).sum() > 0.85


def test_one_walk_in_two_resolutions(recogniser: GaitRecogniser, tmp_path: Path) -> None:
    pictures = masks(Actor(), 4.0)
    folder = walked(tmp_path / "walk", pictures, list(range(50)))
    for k in range(50, 100):
        large = cv2.resize(pictures[k], None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
        cv2.imwrite(str(folder / f"{k:04d}.png"), large)
    (walk,) = recogniser.run(MaskSet.open(folder)).walks
    assert len(walk.frames) == 100
    assert walk.rhythm.cadence == pytest.approx(120, abs=2)


@pytest.mark.parametrize("content", [
    b"", b"these are my notes", b"\x89PNG\r\n\x1a\n", b"\0" * 400,
    bytes(cv2.imencode(".png", np.eye(90, dtype=np.uint8))[1])[:60],
    bytes(cv2.imencode(".png", np.zeros((2, 5000), np.uint8))[1]),
], ids=["empty", "text", "head", "zeros", "cut off", "large"])
def test_files_that_are_no_masks_are_left_out_and_named(
    content: bytes, recogniser: GaitRecogniser, tmp_path: Path
) -> None:
    folder = walked(tmp_path / "walk", masks(Actor(), 4.0), list(range(100)))
    for k in (0, 49, 50, 99):
        (folder / f"{k:04d}.png").write_bytes(content)
    source = MaskSet.open(folder)
    result = recogniser.run(source)
    (walk,) = result.walks
    assert len(walk.frames) == 96
    assert walk.rhythm.cadence == pytest.approx(120, abs=2)
    (note,) = result.notes
    assert note.endswith(": 0000.png, 0049.png, 0050.png, 0099.png.")
    assert source.thumbnail(160).any()


def test_a_walk_of_which_nothing_can_be_read_does_not_spoil_the_others(
    recogniser: GaitRecogniser, tmp_path: Path
) -> None:
    walked(tmp_path / "set/001/nm-01/090", masks(Actor(), 2.0), list(range(50)))
    walked(tmp_path / "set/002/nm-01/090", masks(Actor(), 2.0), list(range(7)))
    for path in (tmp_path / "set/002/nm-01/090").iterdir():
        path.write_bytes(b"")
    source = MaskSet.open(tmp_path / "set")
    result = recogniser.run(source)
    assert [walk.name for walk in result.walks] == ["001/nm-01/090"]
    (note,) = result.notes
    assert "002/nm-01/090/0000.png" in note
    assert note.endswith(" and 2 more.")
    assert source.browser_copy(tmp_path).is_file()


def test_what_macos_adds_is_left_out_and_named(
    recogniser: GaitRecogniser, tmp_path: Path
) -> None:
    folder = walked(tmp_path / "walk", masks(Actor(), 2.0), list(range(50)))
    (folder / "._0001.png").write_bytes(b"\0\5\26\7")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX/._0002.png").write_bytes(b"\0\5\26\7")
    result = recogniser.run(MaskSet.open(folder))
    assert len(result.walks[0].frames) == 50
    (note,) = result.notes
    assert "._0001.png" in note
    assert "__MACOSX/._0002.png" in note


def test_names_with_backslashes(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for name in ("a\\001\\nm-01\\090\\1.png", "a\\002\\nm-01\\090\\1.png", "a\\002\\",
                     "Silhouette_090-00\\00003\\1.png", "anna\\1.png", "ben/1.png"):
            archive.writestr(name, png())
    assert [walk.name for walk in walks_of(tmp_path / "in.zip")] == [
        "00003/00/090", "001/nm-01/090", "002/nm-01/090", "anna", "ben"]


@pytest.mark.parametrize("given", ["walks", "./walks", "walks/", "../in/walks", "link", ".",
                                   "walks/../walks"])
def test_folders_by_any_path(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "in/walks" / "anna", masks(Actor(), 0.2))
    (tmp_path / "in/link").symlink_to(tmp_path / "in/walks")
    monkeypatch.chdir(tmp_path / ("in/walks" if given == "." else "in"))
    source = MaskSet.open(given)
    assert [walk.name for walk in source.walks] == ["anna"]
    assert source.name in ("walks", "link")


def test_links_inside_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere/take", masks(Actor(), 0.2))
    (tmp_path / "set/001/nm-01").mkdir(parents=True)
    (tmp_path / "set/001/nm-01/090").symlink_to(tmp_path / "elsewhere/take")
    (tmp_path / "set/001/back").symlink_to(tmp_path / "set")  # a ring
    (tmp_path / "set/001/broken.png").symlink_to(tmp_path / "nothing")
    for folder in ("set", "set/001", "set/001/nm-01/090"):
        assert [walk.name for walk in walks_of(tmp_path / folder)] == ["001/nm-01/090"]
    (tmp_path / "view").symlink_to(tmp_path / "set/001/nm-01")
    assert [walk.name for walk in walks_of(tmp_path / "view")] == ["001/nm-01/090"]
