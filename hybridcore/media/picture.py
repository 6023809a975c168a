"""Pictures from outside as arrays: upright, RGB, at a size that can be worked with.

Camera rotation (EXIF) is applied; CMYK, palettes, grey and 16 bits become 8-bit RGB; transparency
is laid on white; of an animation the first picture is taken. JPEGs are decoded at a reduced size
where that is enough, so a hundred megapixels cost little memory.
"""

from __future__ import annotations

import importlib.util
import io
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from hybridcore.errors import MediaError
from hybridcore.media.files import file_digest, whole_file
from hybridcore.progress import Progress

MAX_SIDE = 1024
SHOWN_SIDE = 800  # longer side of a picture on a page
_MAX_BYTES = 200_000_000
_MAX_PIXELS = 250_000_000  # what is not a JPEG has to be decoded whole
# Only formats that are pictures and nothing else: EPS, for one, is a program that would be run.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF")
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
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
        array = read_picture(path, max_side)
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


def read_picture(path: Path, max_side: int = MAX_SIDE) -> np.ndarray:
    """The picture, uint8 RGB ``[h, w, 3]``, its longer side at most ``max_side``.

    Raises:
        MediaError: the file is missing, empty, too large, damaged or not a picture.
    """
    _check(path)
    try:
        with warnings.catch_warnings():
            # Pillow warns from 89 megapixels; we have limits of our own.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=_FORMATS) as image:
                return _upright_rgb(image, max_side)
    except Image.DecompressionBombError as error:
        raise MediaError(f"The picture has too many pixels to decode: {_too_large()}") from error
    except Image.UnidentifiedImageError as error:
        raise MediaError(_not_a_picture(path)) from error
    except (OSError, SyntaxError, ValueError) as error:  # what Pillow raises on damaged files
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
        raise MediaError(f"There is no file {path.name}; check the path or choose it again.")
    size = path.stat().st_size
    if size == 0:
        raise MediaError("The file is empty (0 bytes); copy or upload it again.")
    if size > _MAX_BYTES:
        raise MediaError(
            f"The file has {size / 1e6:.0f} MB and the limit is {_MAX_BYTES / 1e6:.0f} MB; "
            "save a smaller copy of the picture."
        )


def _not_a_picture(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(512)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return f"HEIC pictures are not read here; {_SAVE_AS}"
    if b"<svg" in head.lower() or (head.lstrip().startswith(b"<?xml") and path.suffix == ".svg"):
        return f"SVG drawings are not read here; {_SAVE_AS}"
    return f"The file is not a picture this program can read; {_SAVE_AS}"


def _too_large() -> str:
    return f"the limit is {_MAX_PIXELS / 1e6:.0f} megapixels; save a smaller copy."


def _upright_rgb(image: Image.Image, max_side: int) -> np.ndarray:
    width, height = image.size
    scale = min(1.0, max_side / max(width, height))
    if image.format in ("JPEG", "MPO"):
        # The decoder itself halves as often as it can.
        image.draft(None, (round(width * scale), round(height * scale)))
    elif width * height > _MAX_PIXELS:
        raise MediaError(
            f"The picture is {width}x{height} ({width * height / 1e6:.0f} megapixels) and "
            f"{_too_large()}"
        )
    rgb = _rgb(ImageOps.exif_transpose(image))
    if scale < 1:
        upright = [max(1, round(side * max_side / max(rgb.size))) for side in rgb.size]
        rgb = rgb.resize((upright[0], upright[1]), Image.Resampling.BOX)
    return np.array(rgb)


def _rgb(image: Image.Image) -> Image.Image:
    """8-bit RGB of the first picture, transparency on white."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        values = np.asarray(image, np.float64)
        if image.mode == "F":
            low, high = float(values.min()), float(values.max())
            values = (values - low) / max(high - low, 1e-12) * 65535
        return Image.fromarray((values.clip(0, 65535) / 257).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        above = image.convert("RGBA")
        ground = Image.new("RGBA", above.size, "white")
        return Image.alpha_composite(ground, above).convert("RGB")
    return image.convert("RGB")
