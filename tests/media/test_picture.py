"""Pictures of every kind are read upright in RGB, or refused with one sentence."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hybridcore.errors import MediaError
from hybridcore.media import Picture
from hybridcore.media.picture import picture_file, read_picture

LEFT_RED = np.zeros((40, 60, 3), np.uint8)
LEFT_RED[:, :30, 0] = 250
LEFT_RED[:, 30:, 2] = 250


def image() -> Image.Image:
    return Image.fromarray(LEFT_RED)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "cmyk.jpg", "palette.png", "two.gif", "a.webp"])
def test_colours_come_out_right(name: str, tmp_path: Path) -> None:
    picture = image()
    if name == "cmyk.jpg":
        picture = picture.convert("CMYK")
    if name == "palette.png":
        picture = picture.convert("P")
    more = {"save_all": True, "append_images": [picture.rotate(180)]} if name == "two.gif" else {}
    picture.save(tmp_path / name, **more)
    found = read_picture(tmp_path / name)
    assert found.shape == (40, 60, 3)
    assert found.dtype == np.uint8
    np.testing.assert_allclose(found[20, 10], [250, 0, 0], atol=12)
    np.testing.assert_allclose(found[20, 50], [0, 0, 250], atol=12)


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    picture = image().convert("RGBA")
    picture.putalpha(0)
    picture.save(tmp_path / "a.png")
    assert (read_picture(tmp_path / "a.png") == 255).all()


def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16).reshape(1, -1).repeat(4, 0)
    Image.fromarray(ramp).save(tmp_path / "a.png")
    np.testing.assert_allclose(read_picture(tmp_path / "a.png")[0, :, 1], range(256), atol=1)


def test_a_turned_camera_is_turned_back(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image().save(tmp_path / "a.jpg", exif=exif)
    found = read_picture(tmp_path / "a.jpg")
    assert found.shape == (60, 40, 3)
    np.testing.assert_allclose(found[10, 20], [250, 0, 0], atol=12)


@pytest.mark.parametrize(("size", "shape"), [
    ((1, 1), (1, 1, 3)), ((1, 10_000), (1024, 1, 3)), ((3000, 1500), (512, 1024, 3)),
])
def test_every_size_is_brought_into_bounds(
    size: tuple[int, int], shape: tuple[int, int, int], tmp_path: Path
) -> None:
    Image.new("RGB", size, "red").save(tmp_path / "a.png")
    assert read_picture(tmp_path / "a.png").shape == shape


def test_a_hundred_megapixels_are_decoded_reduced(tmp_path: Path) -> None:
    Image.new("L", (10_000, 10_000), 90).save(tmp_path / "a.jpg")
    found = read_picture(tmp_path / "a.jpg")
    assert found.shape == (1024, 1024, 3)
    assert (found == 90).all()


def bad_files(folder: Path) -> dict[str, bytes]:
    image().save(folder / "whole.jpg")
    return {
        "cut.jpg": (folder / "whole.jpg").read_bytes()[:650],
        "text.jpg": b"these are my notes",
        "drawing.svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"></svg>',
        "phone.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99),
        "empty.png": b"",
    }


@pytest.mark.parametrize(("name", "says"), [
    ("cut.jpg", "damaged"), ("text.jpg", "not a picture"), ("drawing.svg", "SVG"),
    ("phone.heic", "HEIC"), ("empty.png", "empty"), ("none.png", "no file"),
])
def test_what_cannot_be_read_is_said(name: str, says: str, tmp_path: Path) -> None:
    content = bad_files(tmp_path).get(name)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(MediaError, match=says) as error:
        read_picture(tmp_path / name)
    assert str(error.value).endswith(".")


def test_a_picture_is_an_input(tmp_path: Path) -> None:
    Image.new("RGB", (1000, 500), "red").save(tmp_path / "a.png")
    picture = Picture.open(tmp_path / "a.png", name="Holiday.PNG")
    assert (picture.name, picture.duration) == ("Holiday.PNG", None)
    assert picture.array.shape == (400, 800, 3)
    assert picture.digest == hashlib.sha256((tmp_path / "a.png").read_bytes()).hexdigest()
    assert Picture.open(tmp_path / "a.png", digest="abc").digest == "abc"
    assert Picture.open(tmp_path / "a.png").name == "a.png"
    with pytest.raises(ValueError, match="read-only"):
        picture.array[0] = 0
    steps: list[tuple[int, int]] = []
    shown = picture.browser_copy(tmp_path / "out", lambda done, total: steps.append((done, total)))
    assert steps == [(1, 1)]
    with Image.open(shown) as copy:
        assert (copy.format, copy.size) == ("JPEG", (800, 400))
    written = shown.stat().st_mtime_ns
    assert picture.browser_copy(tmp_path / "out") == shown
    assert shown.stat().st_mtime_ns == written


def test_pictures_inside_packages_are_found() -> None:
    assert read_picture(picture_file("skimage", "data/chelsea.png")).shape == (300, 451, 3)
    with pytest.raises(MediaError, match="missing"):
        picture_file("skimage", "data/none.png")
