"""Masks as an input: one film of all walks, and each walk at its place in it."""

import shutil
import zipfile
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from hybridcore.errors import Cancelled
from hybridcore.gait.mask_set import MaskSet
from hybridcore.gait.predict import GaitRecogniser
from hybridcore.gait.view import player_view
from hybridcore.media import Clip
from hybridcore.media.files import file_digest
from hybridcore.system import At
from tests.gait.conftest import Answering
from tests.gait.test_masks import write
from tests.gait.walkers import Actor, masks

FIRST, SECOND = 75, 50  # masks of the two walks


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two walks; the masks of the second are smaller."""
    folder = tmp_path_factory.mktemp("sets") / "set"
    write(folder / "001/nm-01/090", masks(Actor(), 3.0))
    write(folder / "002/nm-01/090", masks(Actor(start=60), 2.0)[:, 40:, 40:240])
    return folder


@pytest.fixture(scope="module")
def source(folder: Path) -> MaskSet:
    return MaskSet.open(folder)


def mask_of(source: MaskSet, walk: int) -> np.ndarray:
    """The eleventh mask of a walk."""
    return next(islice(source.walks[walk].masks(), 10, None))


def test_it_is_an_input(source: MaskSet, folder: Path) -> None:
    assert source.name == "set"
    assert MaskSet.open(folder, name="mine").name == "mine"
    assert source.path == folder
    assert source.duration == pytest.approx(5.0)
    assert source.times == pytest.approx(np.arange(FIRST + SECOND) / 25)
    picture = source.thumbnail(160)
    assert picture.shape == (90, 160, 3)
    assert set(np.unique(picture)) >= {0, 255}


def test_the_digest_of_a_folder_is_of_names_and_content(folder: Path, tmp_path: Path) -> None:
    digest = MaskSet.open(folder).digest
    shutil.copytree(folder, tmp_path / "same")
    assert MaskSet.open(tmp_path / "same").digest == digest
    shutil.copytree(folder, tmp_path / "renamed")
    (tmp_path / "renamed/002").rename(tmp_path / "renamed/003")
    shutil.copytree(folder, tmp_path / "changed")
    path = tmp_path / "changed/002/nm-01/090/007.png"
    cv2.imwrite(str(path), 255 - cv2.imread(str(path)))
    digests = {MaskSet.open(tmp_path / name).digest for name in ("renamed", "changed")}
    assert len(digests | {digest}) == 3


def test_the_digest_of_a_zip_is_that_of_the_file(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for path in folder.rglob("*.png"):
            archive.write(path, path.relative_to(folder))
    assert MaskSet.open(tmp_path / "in.zip").digest == file_digest(tmp_path / "in.zip")
    assert MaskSet.open(tmp_path / "in.zip", digest="known").digest == "known"


def test_the_film_shows_all_walks_in_turn(source: MaskSet, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    path = source.browser_copy(tmp_path, lambda done, total: steps.append((done, total)))
    assert [done for done, _ in steps] == [FIRST, FIRST + SECOND, FIRST + SECOND]
    clip = Clip.open(path)
    assert clip.info.frame_count == FIRST + SECOND
    frames = np.concatenate([chunk.frames for chunk in clip.chunks()])
    height, width = frames.shape[1:3]
    assert (height, width) == (180, 320)
    for frame, mask in ((10, mask_of(source, 0)), (FIRST + 10, mask_of(source, 1))):
        expected = np.zeros((180, 320), bool)
        top, left = (180 - mask.shape[0]) // 2, (320 - mask.shape[1]) // 2
        expected[top : top + mask.shape[0], left : left + mask.shape[1]] = mask > 0
        shown = frames[frame, ..., 0] > 127
        assert (expected & shown).sum() / (expected | shown).sum() > 0.95
    modified = path.stat().st_mtime_ns
    assert source.browser_copy(tmp_path) == path
    assert path.stat().st_mtime_ns == modified  # made once


def test_small_masks_are_enlarged_and_sides_are_even(tmp_path: Path) -> None:
    write(tmp_path / "walk", np.full((5, 63, 45), 255, np.uint8))
    clip = Clip.open(MaskSet.open(tmp_path / "walk").browser_copy(tmp_path))
    assert (clip.info.height, clip.info.width) == (64 * 3, 46 * 3)


def test_a_film_that_is_stopped_is_not_there(source: MaskSet, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        source.browser_copy(tmp_path, stop)
    assert list(tmp_path.iterdir()) == []


def test_numbers_are_on_the_clock_of_the_walk_and_pictures_on_that_of_the_film(
    source: MaskSet, answering: Answering
) -> None:
    answer = answering(source, "gei")
    first, second = answer.result.walks
    tracks = answer.result.to_json()["tracks"]
    assert tracks[1]["start"] == pytest.approx(second.frames[0] / 25)
    assert tracks[1]["end"] < 2.0
    (one, other) = answer.system.items(answer).entries
    assert (one.start, one.end) == (first.times[0], first.times[-1])
    assert other.start == pytest.approx(second.times[0] + FIRST / 25)
    view = player_view(answer, 1)
    assert view.times == pytest.approx(source.times)
    codes = view.strips[1].codes
    assert (np.flatnonzero(codes >= 0) == second.frames + FIRST).all()
    assert (view.overlays[0].sprites[1].frames == second.frames + FIRST).all()
    width = next(chart for chart in answer.system.charts if chart.key == "width")
    figure = width.draw(answer, At(item=1))
    assert figure.data[0].x == pytest.approx(second.used_times + FIRST / 25)
    assert figure.layout.xaxis.range == (0, 5.0)
    starts = [shape.x0 for shape in figure.layout.shapes]
    assert starts == pytest.approx([c.start + FIRST / 25 for c in second.rhythm.cycles])


def test_boxes_lie_around_the_people_of_the_film(
    source: MaskSet, answering: Answering, tmp_path: Path
) -> None:
    answer = answering(source)
    clip = Clip.open(source.browser_copy(tmp_path))
    frames = np.concatenate([chunk.frames for chunk in clip.chunks()])
    for sprite in player_view(answer, 0).overlays[0].sprites:
        for k in (5, 25):
            rows, columns = np.nonzero(frames[sprite.frames[k], ..., 0] > 127)
            left, top, wide, tall = sprite.boxes[k] * [320, 180, 320, 180]
            box = (left, top, left + wide, top + tall)
            drawn = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
            assert box == pytest.approx(drawn, abs=3)
            x, _, w, _ = sprite.places[k]
            assert x + w / 2 == pytest.approx((np.median(columns) + 0.5) / 320, abs=0.02)


def test_masks_without_a_person(recogniser: GaitRecogniser, tmp_path: Path) -> None:
    write(tmp_path / "walk", np.zeros((5, 60, 40), np.uint8))
    result = recogniser.run(MaskSet.open(tmp_path / "walk"))
    assert result.walks == ()
    assert result.notes == ("No mask shows a person.",)
    assert len(result.times) == 5
