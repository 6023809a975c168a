"""The table of formats, and what may be a picture or a film."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from hybridcore.media import FORMATS, Clip, Picture, endings, kind_of, kinds_of, read_sound
from hybridcore.media.sound import write_sound
from tests.media.films import film, indices, picture, read_all
from tests.media.heic import heic

# What each ending is usually written with: codec and pixel format.
CODECS = {
    "webm": ("libvpx-vp9", "yuv420p"), "ogv": ("libvpx", "yuv420p"), "mjpeg": ("mjpeg", "yuvj420p"),
    "y4m": ("wrapped_avframe", "yuv420p"), "flv": ("flv", "yuv420p"),
    **dict.fromkeys(("mpg", "mpeg", "m2v", "vob", "mxf"), ("mpeg2video", "yuv420p")),
    **dict.fromkeys(("avi", "wmv", "asf", "3gp", "3g2"), ("mpeg4", "yuv420p")),
}
MOVING_PICTURES = {"gif", "png", "apng", "webp", "avif"}  # Pillow writes and reads them
WRITTEN_AS = {"mts": "ts"}  # endings that FFmpeg reads, but does not know when it writes


def images(count: int) -> list[Image.Image]:
    return [Image.fromarray(picture(k)) for k in range(count)]


@pytest.mark.parametrize("ending", sorted(set(endings("video")) - {"dv", *MOVING_PICTURES}))
def test_every_video_ending_opens(tmp_path: Path, ending: str) -> None:
    codec, pixel_format = CODECS.get(ending, ("libx264", "yuv420p"))
    if codec not in av.codecs_available:
        pytest.skip(f"this build of PyAV has no {codec} encoder")
    written = film(tmp_path / f"written.{WRITTEN_AS.get(ending, ending)}", codec=codec,
                   pixel_format=pixel_format, constant_rate=True, rate=25)
    path = written.rename(tmp_path / f"film.{ending}")
    assert kind_of(path) == "video"
    assert indices(read_all(Clip.open(path))[1]) == list(range(20))


@pytest.mark.parametrize("ending", endings("picture"))
def test_every_picture_ending_opens(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"still.{ending.upper()}"
    mode = {"pgm": "L", "pbm": "1"}.get(ending, "RGB")
    if ending in ("heic", "heif", "hif"):
        path.write_bytes(heic([picture(5)]))
    else:
        images(6)[5].convert(mode).save(path, **({"format": "PNG"} if ending == "apng" else {}))
    assert kind_of(path) == "picture"
    assert Picture.open(path).array.shape == (48, 64, 3)
    assert Clip.open(path).info.frame_count == 1


@pytest.mark.parametrize("ending", sorted(MOVING_PICTURES))
def test_what_moves_is_a_video(tmp_path: Path, ending: str) -> None:
    first, *others = images(4)
    path = tmp_path / f"film.{ending}"
    options = {"apng": {"format": "PNG"}, "webp": {"lossless": True}}.get(ending, {})
    first.save(path, save_all=True, append_images=others, duration=100, **options)
    assert kind_of(path) == "video"
    assert indices(read_all(Clip.open(path))[1]) == [0, 1, 2, 3]


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3", "aiff"])
def test_sounds_are_read(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    write_sound(path, np.sin(np.arange(8000) / 10).astype(np.float32), 16_000)
    assert kind_of(path) == "sound"
    assert np.abs(read_sound(path, 16_000)).max() > 0.5


def test_the_table() -> None:
    assert set(endings("video", "picture", "sound", "archive", "sequence", "radar")) == set(FORMATS)
    assert {"mp4", "3gp", "wmv", "gif"} <= set(endings("video"))
    assert "gif" in endings("picture")
    assert "zip" not in endings("video", "picture", "sound")
    assert all(ending == ending.lower().strip(".") for ending in FORMATS)
    assert kind_of(Path("masks.ZIP")) == "archive"
    assert kind_of(Path("notes.docx")) is None
    assert kind_of(Path("missing.gif")) == "picture"


def test_what_an_ending_leaves_open(tmp_path: Path) -> None:
    first, *others = images(3)
    first.save(tmp_path / "film.gif", save_all=True, append_images=others, duration=100)
    first.save(tmp_path / "still.gif")
    assert kinds_of(tmp_path / "film.gif") == ("video", "radar")
    assert kinds_of(tmp_path / "still.gif") == ("picture", "radar")
    assert kinds_of(tmp_path) == kinds_of(Path("a.zip")) == ("archive", "radar")
    assert kinds_of(Path("RAD_NL25.H5")) == kinds_of(Path("a.pgm.gz")) == ("radar",)
    assert kinds_of(Path("a.jpg")) == ("picture",)
    assert kinds_of(Path("notes.docx")) == ()
