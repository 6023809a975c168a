"""HEIC: pictures as iPhones take them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageCms

from hybridcore.errors import MediaError
from hybridcore.media import Clip, Picture, kind_of
from tests.media.films import index_of, picture
from tests.media.heic import box, heic

TILE = 128


def tiles_of(drawn: np.ndarray) -> list[np.ndarray]:
    """Tiles of a picture in rows; what reaches beyond it repeats its edge, as cameras have it."""
    height, width = drawn.shape[:2]
    padded = np.pad(drawn, ((0, -height % TILE), (0, -width % TILE), (0, 0)), "edge")
    return [padded[y : y + TILE, x : x + TILE]
            for y in range(0, height, TILE) for x in range(0, width, TILE)]


@pytest.fixture(scope="module")
def grid() -> bytes:
    return heic(tiles_of(picture(37, 200, 300)), 3, (200, 300))


def test_one_tile(tmp_path: Path) -> None:
    path = tmp_path / "a.HEIC"
    path.write_bytes(heic([picture(37, 128, 160)]))
    assert kind_of(path) == "picture"
    for array in (Picture.open(path).array, Clip.open(path).frame_at(0.0)):
        assert array.shape == (128, 160, 3)
        assert index_of(array) == 37
        np.testing.assert_allclose(array[100, 150], picture(37, 128, 160)[100, 150], atol=6)


def test_a_grid_is_put_together_and_cut(tmp_path: Path, grid: bytes) -> None:
    path = tmp_path / "a.heic"
    path.write_bytes(grid)
    for array in (Picture.open(path).array, Clip.open(path).frame_at(0.0)):
        assert array.shape == (200, 300, 3)
        assert index_of(array) == 37
        assert np.abs(array.astype(int) - picture(37, 200, 300)).mean() < 4
    clip = Clip.open(path)
    assert (clip.info.width, clip.info.height, clip.info.frame_count) == (300, 200, 1)
    copy = clip.browser_copy(tmp_path / "out")
    assert index_of(Clip.open(copy).frame_at(0.0)) == 37


@pytest.mark.parametrize(("turn", "stored"), [
    (box(b"irot", b"\1"), lambda upright: np.rot90(upright, -1)),
    (box(b"irot", b"\2"), lambda upright: np.rot90(upright, 2)),
    (box(b"irot", b"\3"), lambda upright: np.rot90(upright)),
    (box(b"imir", b"\0"), np.flipud), (box(b"imir", b"\1"), np.fliplr),
])
def test_the_way_up(
    turn: bytes, stored: Callable[[np.ndarray], np.ndarray], tmp_path: Path
) -> None:
    path = tmp_path / "a.heic"
    path.write_bytes(heic([stored(picture(37, 128, 160))], extra=[turn]))
    assert Picture.open(path).array.shape == (128, 160, 3)
    assert index_of(Picture.open(path).array) == 37


def test_colours(tmp_path: Path) -> None:
    flat = np.full((64, 64, 3), (200, 60, 60), np.uint8)
    path = tmp_path / "a.heic"
    path.write_bytes(heic([flat]))
    np.testing.assert_allclose(Picture.open(path).array[32, 32], (200, 60, 60), atol=4)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    path.write_bytes(heic([flat], extra=[box(b"colr", b"prof", profile)]))  # of another kind: left
    np.testing.assert_allclose(Picture.open(path).array[32, 32], (200, 60, 60), atol=4)
    path.write_bytes(heic([flat], extra=[box(b"colr", b"nclx", b"\0\1\0\1\0\1\0")]))  # BT.709
    assert abs(int(Picture.open(path).array[32, 32, 1]) - 60) > 4


@pytest.mark.parametrize(("change", "says"), [
    (lambda grid: grid.replace(b"hvc1", b"avc1"), "save it as JPEG"),
    (lambda grid: grid.replace(b"grid", b"iden"), "of this kind are not read here"),
    (lambda grid: grid.replace(b"dimg", b"thmb"), "JPEG"),
    (lambda grid: grid.replace(b"pitm", b"none"), "JPEG"),
    (lambda grid: grid[: len(grid) // 2], "JPEG"),
])
def test_what_is_not_read_is_one_sentence(
    change: Callable[[bytes], bytes], says: str, grid: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "a.heic"
    path.write_bytes(change(grid))
    for read in (Picture.open, Clip.open):
        with pytest.raises(MediaError, match=says) as error:
            read(path)
        assert str(error.value).endswith(".")


def test_a_grid_that_declares_too_much(tmp_path: Path) -> None:
    path = tmp_path / "a.heic"
    path.write_bytes(heic([picture(0, 64, 64)] * 2, 2, (60_000, 60_000)))
    for read in (Picture.open, Clip.open):
        with pytest.raises(MediaError, match="megapixels"):
            read(path)
