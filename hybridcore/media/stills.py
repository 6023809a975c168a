"""Pictures as clips: one frame, or those of a moving GIF, PNG, WebP or AVIF.

Pillow decodes them, so that a clip and a `Picture` of one file agree on its colours, its way up and
its size: FFmpeg shows one tile of a tiled still, knows no EXIF mirroring and no colour profile.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hybridcore.errors import MediaError
from hybridcore.media.gif import gif_delays
from hybridcore.media.heif import is_heic
from hybridcore.media.limits import Limits
from hybridcore.media.picture import orientation, refused, rgb_array
from hybridcore.media.picture_file import DAMAGED, opened
from hybridcore.media.probe import ClipInfo
from hybridcore.media.source import check_decoded, check_file, check_pixels, check_seconds

_MOVING = ("GIF", "PNG", "WEBP", "AVIF")

# Browsers show a frame that asks for less than 20 ms for 100 ms.
_SHORTEST_ASKED, _INSTEAD = 0.02, 0.1

_STILL_SECONDS = 1 / 25  # a still picture as a clip


def holds_picture(path: Path) -> bool:
    """Whether the content of the file is a picture, whatever its name says.

    A stream of JPEGs begins as a JPEG does; its ending tells it apart.
    """
    if path.suffix.lower() in (".mjpeg", ".mjpg") or not path.is_file():
        return False
    if is_heic(path):
        return True
    try:
        with opened(path):
            return True
    except Image.UnidentifiedImageError:
        return False
    except Image.DecompressionBombError:
        return True
    except DAMAGED:
        return False


def probe_picture(path: Path, limits: Limits) -> Generator[ClipInfo, None, None]:
    """Yield the one `ClipInfo` of the picture.

    Raises:
        MediaError: it is damaged, of a kind that is not read, or over a limit.
    """
    with _image(path, limits) as image:
        width, height = image.size
        check_pixels(width, height, limits)  # first: to look for EXIF may decode it all
        turned = orientation(image)
        times, duration = [0.0], 0.0
        for seconds in _lengths(image, path):
            duration += seconds
            times.append(duration)
            check_seconds(duration, limits)
            check_decoded(len(times) * width * height, limits)
        count = len(times) - 1
        image.seek(0)
        rgb_array(image)  # it decodes
        yield ClipInfo(
            width=height if turned.swaps else width,
            height=width if turned.swaps else height,
            rotation=turned.rotation,
            mirrored=turned.mirrored,
            duration=duration if count > 1 else _STILL_SECONDS,
            frame_rate=1 / float(np.median(np.diff(times))) if count > 1 else 1 / _STILL_SECONDS,
            frame_count=count,
            codec=str(image.format).lower(),
            pixel_format=image.mode,
            plain=False,
        )


def picture_frames(path: Path, limits: Limits) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Each frame with its time, s: uint8 RGB ``[h, w, 3]``, upright; what is damaged ends it."""
    with _image(path, limits) as image:
        time = 0.0
        for k in range(_count(image)):
            try:
                image.seek(k)
                array = rgb_array(image)
            except DAMAGED:
                if k == 0:
                    raise
                return
            yield time, array
            time += _seconds(image)


def scaled(array: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The picture at (height, width): areas are averaged where it shrinks."""
    if array.shape[:2] == size:
        return array
    shrinks = size[0] * size[1] < array.shape[0] * array.shape[1]
    return cv2.resize(array, size[::-1],
                      interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


@contextmanager
def _image(path: Path, limits: Limits) -> Iterator[Image.Image]:
    check_file(path, limits)
    with refused(path):
        try:
            with opened(path) as image:
                yield image
        except Image.DecompressionBombError as error:
            raise MediaError(
                "The picture is damaged or over the limit of "
                f"{limits.max_pixels / 1e6:.1f} megapixels; save a smaller copy.") from error


def _count(image: Image.Image) -> int:
    return getattr(image, "n_frames", 1) if image.format in _MOVING else 1


def _lengths(image: Image.Image, path: Path) -> Iterator[float]:
    """How long each frame stays, s, as far as the file is whole; one at least."""
    if image.format == "GIF":
        yield from map(_believed, gif_delays(path) or [0.0])
        return
    for k in range(_count(image)):
        try:
            image.seek(k)
            if image.format != "PNG":  # which is timed before it is decoded
                image.load()
        except DAMAGED:
            if k == 0:
                raise
            return
        yield _seconds(image)


def _seconds(image: Image.Image) -> float:
    """How long the frame that the picture is at stays."""
    return _believed(float(image.info.get("duration", 0)) / 1000)


def _believed(asked: float) -> float:
    return asked if asked >= _SHORTEST_ASKED else _INSTEAD
