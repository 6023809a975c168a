"""Pictures of every kind are read upright in RGB, or refused with one sentence."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from hybridcore.errors import MediaError
from hybridcore.media import Clip, Picture
from hybridcore.media.picture import picture_file, read_picture
from tests.media.films import picture

LEFT_RED = np.zeros((40, 60, 3), np.uint8)
LEFT_RED[:, :30, 0] = 250
LEFT_RED[:, 30:, 2] = 250


def image() -> Image.Image:
    return Image.fromarray(LEFT_RED)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "cmyk.jpg", "palette.png", "two.gif", "a.webp"])
def test_colours_come_out_right(name: str, tmp_path: Path) -> None:
    drawn = image()
    if name == "cmyk.jpg":
        drawn = drawn.convert("CMYK")
    if name == "palette.png":
        drawn = drawn.convert("P")
    more = {"save_all": True, "append_images": [drawn.rotate(180)]} if name == "two.gif" else {}
    drawn.save(tmp_path / name, **more)
    found = read_picture(tmp_path / name)
    assert found.shape == (40, 60, 3)
    assert found.dtype == np.uint8
    np.testing.assert_allclose(found[20, 10], [250, 0, 0], atol=12)
    np.testing.assert_allclose(found[20, 50], [0, 0, 250], atol=12)


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    drawn = image().convert("RGBA")
    drawn.putalpha(0)
    drawn.save(tmp_path / "a.png")
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


# How each EXIF value says that the picture is stored.
STORED = {
    1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("value", STORED)
@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif", "avif"])
def test_every_way_a_camera_can_be_held(tmp_path: Path, value: int, ending: str) -> None:
    upright, way = Image.fromarray(picture(0, 96, 128)), STORED[value]
    exif = Image.Exif()
    exif[0x0112] = value
    stored = upright if way is None else upright.transpose(way)
    stored.save(tmp_path / f"a.{ending}", exif=exif)
    clip = Clip.open(tmp_path / f"a.{ending}")
    assert (clip.info.height, clip.info.width) == (96, 128)
    for found in (read_picture(tmp_path / f"a.{ending}"), clip.frame_at(0)):
        assert found.shape == (96, 128, 3)
        assert np.abs(found.astype(int) - np.asarray(upright)).mean() < 6


def swapped_profile() -> bytes:
    """sRGB with red and blue exchanged."""
    content = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = content.index(b"rXYZ"), content.index(b"bXYZ")
    content[red : red + 4], content[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(content)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.tif", "alpha.png", "palette.png"])
def test_a_colour_profile_is_followed(tmp_path: Path, name: str) -> None:
    mode = {"alpha.png": "RGBA", "palette.png": "P"}.get(name, "RGB")
    image().convert(mode).save(tmp_path / name, icc_profile=swapped_profile())
    for found in (read_picture(tmp_path / name), Clip.open(tmp_path / name).frame_at(0)):
        np.testing.assert_allclose(found[20, 10], [0, 0, 250], atol=12)
        np.testing.assert_allclose(found[20, 50], [250, 0, 0], atol=12)


@pytest.mark.parametrize("profile", [b"nonsense" * 20, b""])
def test_a_damaged_profile_is_left_out(tmp_path: Path, profile: bytes) -> None:
    image().save(tmp_path / "a.png", icc_profile=profile)
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png"), LEFT_RED)


@pytest.mark.parametrize("megabytes", [2, 70])
@pytest.mark.parametrize("kind", ["plain", "compressed", "international"])
def test_a_long_text_does_not_hide_the_picture(tmp_path: Path, megabytes: int, kind: str) -> None:
    notes, text = PngImagePlugin.PngInfo(), "a" * (megabytes << 20)
    if kind == "international":
        notes.add_itxt("note", text, zip=True)
    else:
        notes.add_text("note", text, zip=kind == "compressed")
    image().save(tmp_path / "a.png", pnginfo=notes)
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png"), LEFT_RED)


def test_a_large_profile_is_followed(tmp_path: Path) -> None:
    profile = swapped_profile() + bytes(2 << 20)
    profile = len(profile).to_bytes(4, "big") + profile[4:]
    image().save(tmp_path / "a.png", icc_profile=profile)
    np.testing.assert_allclose(read_picture(tmp_path / "a.png")[20, 10], [0, 0, 250], atol=3)


@pytest.mark.parametrize("missing", [1, 2])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_missing_end_marker_does_no_harm(
    tmp_path: Path, missing: int, progressive: bool
) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (100, 150, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.jpg", progressive=progressive)
    whole, data = read_picture(tmp_path / "a.jpg"), (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(data[:-missing])
    np.testing.assert_array_equal(read_picture(tmp_path / "a.jpg"), whole)
    (tmp_path / "a.jpg").write_bytes(data[: len(data) // 2])
    with pytest.raises(MediaError, match="damaged"):
        read_picture(tmp_path / "a.jpg")


def test_a_png_without_its_last_chunk_is_whole(tmp_path: Path) -> None:
    image().save(tmp_path / "a.png")
    (tmp_path / "a.png").write_bytes((tmp_path / "a.png").read_bytes()[:-12])
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png"), LEFT_RED)


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
    ("phone.heic", "damaged"), ("empty.png", "empty"), ("none.png", "no file"),
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
    opened = Picture.open(tmp_path / "a.png", name="Holiday.PNG")
    assert (opened.name, opened.duration) == ("Holiday.PNG", None)
    assert opened.array.shape == (400, 800, 3)
    assert opened.digest == hashlib.sha256((tmp_path / "a.png").read_bytes()).hexdigest()
    assert Picture.open(tmp_path / "a.png", digest="abc").digest == "abc"
    assert Picture.open(tmp_path / "a.png").name == "a.png"
    with pytest.raises(ValueError, match="read-only"):
        opened.array[0] = 0
    steps: list[tuple[int, int]] = []
    shown = opened.browser_copy(tmp_path / "out", lambda done, total: steps.append((done, total)))
    assert steps == [(1, 1)]
    with Image.open(shown) as copy:
        assert (copy.format, copy.size) == ("JPEG", (800, 400))
    written = shown.stat().st_mtime_ns
    assert opened.browser_copy(tmp_path / "out") == shown
    assert shown.stat().st_mtime_ns == written


def test_pictures_inside_packages_are_found() -> None:
    assert read_picture(picture_file("skimage", "data/chelsea.png")).shape == (300, 451, 3)
    with pytest.raises(MediaError, match="missing"):
        picture_file("skimage", "data/none.png")
