"""Pictures from outside as arrays: upright, RGB, at a size that can be worked with.

What the camera notes (EXIF) turns and mirrors the picture back; a colour profile (ICC) is applied;
CMYK, palettes, grey and 16 bits become 8-bit RGB; transparency is laid on white; of an animation
the first picture is taken. JPEGs are decoded at a reduced size where that is enough, so a hundred
megapixels cost little memory.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from hybridcore.errors import MediaError
from hybridcore.media.decoder import read_one
from hybridcore.media.files import file_digest, shown, whole_file
from hybridcore.media.heif import is_heic
from hybridcore.media.limits import DEFAULT_LIMITS
from hybridcore.media.picture_file import DAMAGED, opened
from hybridcore.media.upright import Orientation
from hybridcore.progress import Progress

MAX_SIDE = 1024
SHOWN_SIDE = 800  # longer side of a picture on a page
_MAX_BYTES = 200_000_000
# Of the decoded picture, before it is made smaller; JPEGs are decoded smaller at once.
_MAX_DECODED_BYTES = 400_000_000
_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2}  # a pixel, of Pillow's modes; 4 of the others
_STRIP_PIXELS = 1 << 24  # that are converted at once
_EXIF_ORIENTATION = 0x0112
_EXIF = {
    2: Orientation(0, True), 3: Orientation(180), 4: Orientation(180, True),
    5: Orientation(270, True), 6: Orientation(90), 7: Orientation(90, True), 8: Orientation(270),
}
_SAVE_AS = "save it as JPEG or PNG and choose it again."


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture that was decoded once. Made by `Picture.open`.

    path: the file; name: what a person called it.
    array: uint8 RGB ``[h, w, 3]``, upright, read only.
    """

    path: Path
    name: str
    array: NDArray[np.uint8]
    known_digest: str | None = None

    @classmethod
    def open(
        cls, path: str | Path, *, name: str | None = None, digest: str | None = None,
        max_side: int = SHOWN_SIDE,
    ) -> Picture:
        """Decode the file; its longer side becomes at most ``max_side``.

        name: what a person called the file; None takes its name on the disk.
        digest: hexadecimal SHA-256 of the content, if it is known already.

        Raises:
            MediaError: the file is missing, empty, too large, damaged or not a picture.
        """
        path = Path(path)
        _, array = read_one("picture", {"path": path.resolve(), "max_side": max_side},
                            DEFAULT_LIMITS, item_bytes=3 * max_side**2)
        array.flags.writeable = False
        return cls(path.resolve(), name or path.name, array, digest)

    @cached_property
    def digest(self) -> str:
        """Hexadecimal SHA-256 of the file's content."""
        return self.known_digest or file_digest(self.path)

    @property
    def duration(self) -> None:
        """A picture does not last."""
        return None

    @property
    def notes(self) -> tuple[str, ...]:
        """There is nothing to know of a picture."""
        return ()

    def browser_copy(self, folder: Path, progress: Progress | None = None) -> Path:
        """A JPEG of ``array`` in ``folder``, made if it is not there yet."""
        path = folder / f"{self.digest}-{max(self.array.shape[:2])}.jpg"
        if not path.is_file():
            with whole_file(path) as partial:
                partial.write_bytes(jpeg(self.array))
        if progress is not None:
            progress(1, 1)
        return path

    def thumbnail(self, side: int) -> NDArray[np.uint8]:
        """The picture, its longer side at most ``side``."""
        image = Image.fromarray(self.array)
        image.thumbnail((side, side))
        return np.asarray(image)


def read_picture(path: Path, max_side: int = MAX_SIDE) -> NDArray[np.uint8]:
    """The picture, uint8 RGB ``[h, w, 3]``, its longer side at most ``max_side``.

    Decoded right here: what comes from outside is for `Picture.open`.

    Raises:
        MediaError: the file is missing, empty, too large, damaged or not a picture.
    """
    _check(path)
    with refused(path), opened(path) as image:
        return rgb_array(image, max_side)


@contextmanager
def refused(path: Path) -> Iterator[None]:
    """What Pillow raises in the block, as `MediaError`."""
    try:
        yield
    except Image.DecompressionBombError as error:
        most = 2 * (Image.MAX_IMAGE_PIXELS or 0) / 1e6
        raise MediaError(
            f"The picture has too many pixels to decode: the limit is {most:.0f} megapixels; "
            "save a smaller copy.") from error
    except Image.UnidentifiedImageError as error:
        raise MediaError(not_a_picture(path)) from error
    except DAMAGED as error:
        raise MediaError(f"The picture is damaged and cannot be decoded; {_SAVE_AS}") from error


def resize(picture: np.ndarray, side: int) -> np.ndarray:
    """Squash to ``side`` x ``side``: area when shrinking, cubic when enlarging."""
    if picture.shape[:2] == (side, side):
        return picture
    shrink = min(picture.shape[:2]) > side
    interpolation = cv2.INTER_AREA if shrink else cv2.INTER_CUBIC
    return cv2.resize(picture, (side, side), interpolation=interpolation)


def jpeg(picture: np.ndarray, max_side: int = MAX_SIDE) -> bytes:
    """A JPEG file of uint8 RGB ``[h, w, 3]``, its longer side at most ``max_side``."""
    image = Image.fromarray(picture)
    image.thumbnail((max_side, max_side))
    block = io.BytesIO()
    image.save(block, "JPEG", quality=90)
    return block.getvalue()


def picture_file(package: str, path: str) -> Path:
    """The file of a picture inside an installed package, which is not imported.

    Raises:
        MediaError: the package or the picture is not installed.
    """
    spec = importlib.util.find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    found = Path(folders[0]) / path if folders else None
    if found is None or not found.is_file():
        raise MediaError(
            f"The photograph {Path(path).name} of {package} is missing; "
            "install the packages of requirements.txt again or choose another sample."
        )
    return found


def _check(path: Path) -> None:
    if not path.is_file():
        raise MediaError(f"There is no file {shown(path.name)}; check the path or choose it again.")
    size = path.stat().st_size
    if size == 0:
        raise MediaError("The file is empty (0 bytes); copy or upload it again.")
    if size > _MAX_BYTES:
        raise MediaError(
            f"The file is {size / 1e6:.0f} MB and the limit is {_MAX_BYTES / 1e6:.0f} MB; "
            "save a smaller copy of the picture."
        )


def not_a_picture(path: Path) -> str:
    """The sentence on a file that no reader of pictures takes."""
    with path.open("rb") as file:
        head = file.read(512)
    if is_heic(path):
        return f"HEIC pictures of this kind are not read here; {_SAVE_AS}"
    if head.startswith(b"%PDF"):
        return f"PDF documents are not read here; {_SAVE_AS}"
    if b"<svg" in head.lower() or (head.lstrip().startswith(b"<?xml") and path.suffix == ".svg"):
        return f"SVG drawings are not read here; {_SAVE_AS}"
    return f"The file is not a picture this program can read; {_SAVE_AS}"


def rgb_array(image: Image.Image, max_side: int | None = None) -> NDArray[np.uint8]:
    """The frame that an opened picture is at: uint8 RGB ``[h, w, 3]``, upright, on white.

    max_side: of the longer side at most; None is native.

    Raises:
        MediaError: decoding would take too much memory; and what Pillow raises (see `refused`).
    """
    scale = 1.0 if max_side is None else min(1.0, max_side / max(image.size))
    target = [max(1, round(side * scale)) for side in image.size]
    if image.format in ("JPEG", "MPO"):
        _check_memory(image, 3 if image.info.get("progressive") else 0)
        # The decoder itself halves as often as it can.
        image.draft(None, (target[0], target[1]))
    _check_memory(image, _BYTES.get(image.mode, 4))
    image.load()
    turned = orientation(image)
    small = _shrunk(image, 1.0 if max_side is None else min(1.0, max_side / max(image.size)))
    profile = image.info.get("icc_profile")
    return np.ascontiguousarray(turned(np.asarray(_on_white(_in_srgb(small, profile)))))


def orientation(image: Image.Image) -> Orientation:
    """How the camera was held (EXIF); Pillow turns a TIFF itself."""
    if image.format == "TIFF":
        return Orientation()
    try:
        return _EXIF.get(image.getexif().get(_EXIF_ORIENTATION, 1), Orientation())
    except DAMAGED:
        return Orientation()  # notes that are damaged do not make the picture so


def _check_memory(image: Image.Image, bytes_a_pixel: int) -> None:
    width, height = image.size
    if width * height * bytes_a_pixel > _MAX_DECODED_BYTES:
        raise MediaError(
            f"The picture is {width}x{height} ({width * height / 1e6:.0f} megapixels) and the "
            f"limit is {_MAX_DECODED_BYTES / bytes_a_pixel / 1e6:.0f} megapixels for its kind; "
            "save a smaller copy."
        )


def _shrunk(image: Image.Image, scale: float) -> Image.Image:
    """The picture in 8-bit colours, `scale` times as large; the original is never held twice."""
    width, height = image.size
    target = max(1, round(width * scale)), max(1, round(height * scale))
    factor = int(1 / scale)
    if factor > 1 and width * height > _STRIP_PIXELS:
        rows = max(1, _STRIP_PIXELS // (width * factor)) * factor
        strips = [
            _eight_bits(image.crop((0, top, width, min(top + rows, height)))).reduce(factor)
            for top in range(0, height, rows)
        ]
        whole = Image.new(strips[0].mode, (strips[0].width, sum(s.height for s in strips)))
        top = 0
        for strip in strips:
            whole.paste(strip, (0, top))
            top += strip.height
    else:
        whole = _eight_bits(image)
    return whole if whole.size == target else whole.resize(target, Image.Resampling.BOX)


def _eight_bits(image: Image.Image) -> Image.Image:
    """8 bits a value, no palette: L, RGB, RGBA, CMYK or another mode that can be resized."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        values = np.asarray(image, np.float32)
        if image.mode == "F":
            low, high = float(values.min()), float(values.max())
            values = (values - low) / max(high - low, 1e-12) * 65535
        return Image.fromarray((values.clip(0, 65535) / 257).astype(np.uint8))
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image.convert("RGB") if image.mode in ("1", "P", "PA") else image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB or RGBA in the colours of a screen, from those that the ICC profile describes."""
    plain = "RGBA" if image.mode == "RGBA" else "RGB"
    if not profile:
        return image.convert(plain)
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        screen = ImageCms.createProfile("sRGB")
        if image.mode != "RGBA":
            changed = ImageCms.profileToProfile(image, own, screen, outputMode="RGB")
        else:
            changed = ImageCms.profileToProfile(image.convert("RGB"), own, screen)
            if changed is not None:
                changed.putalpha(image.getchannel("A"))
    except (ImageCms.PyCMSError, OSError, ValueError):
        changed = None  # a profile of another kind, or damaged
    return image.convert(plain) if changed is None else changed


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(ground, image).convert("RGB")
