"""Silhouettes that were cut out before: a folder or a zip of masks, and two layouts of the field.

=========  =====================================================  ==================================
layout     paths                                                  recognised by
=========  =====================================================  ==================================
CASIA-B    ``001/nm-01/090/*.png``, or all in one folder as       condition ``nm``, ``bg``, ``cl``,
           ``001-nm-01-090-031.png``                              ``bkgrd`` and a view of 3 digits
OU-MVLP    ``Silhouette_090-00/00001/*.png``, or sorted as        the name ``Silhouette_VIEW-SEQ``,
           ``00001/00/090/*.png``                                 or folders of 5, 2 and 3 digits
folder     any other: the pictures of one folder are one walk     pictures
=========  =====================================================  ==================================

CASIA-B: Yu, Tan & Tan, ICPR 2006. OU-MVLP: Takemura et al., IPSJ TCVA 2018. Both run at 25 frames a
second. A zip is read in memory, entry by entry, within limits; nothing is unpacked to the disk.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from hybridcore.errors import MediaError

RATE = 25.0  # frames a second
PICTURES = (".png", ".bmp", ".jpg", ".jpeg", ".tif", ".tiff")
MAX_PICTURES = 60_000
MAX_WALKS = 400
MAX_ENTRY_BYTES = 32_000_000
MAX_TOTAL_BYTES = 2_000_000_000
MAX_SIDE = 4096  # px

_CONDITION = r"(?:nm|bg|cl|bkgrd)-?\d*"
_CASIA_FOLDERS = re.compile(rf"(?:^|/)(\d{{3}})/({_CONDITION})/(\d{{3}})/[^/]+$", re.IGNORECASE)
_CASIA_NAMES = re.compile(
    rf"(?:^|/)(\d{{3}})-({_CONDITION})-(\d{{3}})-\d+\.[^/]+$", re.IGNORECASE)
_OUMVLP_RAW = re.compile(r"(?:^|/)Silhouette_(\d{3})-(\d{2})/(\d{5})/[^/]+$", re.IGNORECASE)
_OUMVLP_SORTED = re.compile(r"(?:^|/)(\d{5})/(\d{2})/(\d{3})/[^/]+$")
_ORDER = re.compile(r"\d+")


@dataclass(frozen=True)
class MaskWalk:
    """One walk of a mask set.

    name: such as ``001/nm-01/090``; view: degrees, None where the layout does not say; layout:
    ``CASIA-B``, ``OU-MVLP`` or ``folder``.
    """

    name: str
    subject: str
    condition: str
    view: int | None
    layout: str
    _readers: tuple[Callable[[], bytes], ...]

    def __len__(self) -> int:
        return len(self._readers)

    def masks(self) -> np.ndarray:
        """uint8 0/255 ``[n, H, W]``, all of the size of the first.

        Raises:
            MediaError: a file is no picture, or is too large.
        """
        pictures = [_decode(read(), self.name) for read in self._readers]
        height, width = pictures[0].shape
        return np.stack([
            p if p.shape == (height, width)
            else cv2.resize(p, (width, height), interpolation=cv2.INTER_NEAREST)
            for p in pictures
        ])


def is_mask_source(path: Path) -> bool:
    """Whether ``path`` is a folder or a zip (and so no video)."""
    return path.is_dir() or (path.is_file() and path.suffix.lower() == ".zip")


def open_masks(path: Path) -> list[MaskWalk]:
    """The walks in a folder or a zip of masks, by name.

    Raises:
        MediaError: there are none, or too many; the zip is damaged, points outside of itself or
            unpacks to more than the limits.
    """
    readers = _zip_readers(path) if path.is_file() else _folder_readers(path)
    if not readers:
        raise MediaError(
            f"There are no pictures in {path.name}; choose a folder or a zip of silhouette masks "
            "(PNG), for example laid out as CASIA-B: subject/condition/view/*.png.")
    groups: dict[tuple[str, str, str, int | None, str], list[str]] = {}
    for name in readers:
        groups.setdefault(recognise(name), []).append(name)
    if len(groups) > MAX_WALKS:
        raise MediaError(
            f"{path.name} holds {len(groups):,} walks and the limit is {MAX_WALKS}; choose the "
            "folder of one or a few people.")
    return [
        MaskWalk(*key, tuple(readers[name] for name in sorted(groups[key], key=_numbers)))
        for key in sorted(groups, key=lambda key: key[0])
    ]


def recognise(path: str) -> tuple[str, str, str, int | None, str]:
    """(walk, subject, condition, view, layout) of the path of a mask, with forward slashes."""
    for pattern in (_CASIA_FOLDERS, _CASIA_NAMES):
        if found := pattern.search(path):
            subject, condition, view = found.groups()
            return f"{subject}/{condition}/{view}", subject, condition, int(view), "CASIA-B"
    if found := _OUMVLP_RAW.search(path):
        view, sequence, subject = found.groups()
        return f"{subject}/{sequence}/{view}", subject, sequence, int(view), "OU-MVLP"
    if found := _OUMVLP_SORTED.search(path):
        subject, sequence, view = found.groups()
        return f"{subject}/{sequence}/{view}", subject, sequence, int(view), "OU-MVLP"
    folder = str(PurePosixPath(path).parent)
    return ("masks" if folder == "." else folder), "", "", None, "folder"


def _folder_readers(folder: Path) -> dict[str, Callable[[], bytes]]:
    paths = [p for p in folder.rglob("*") if p.suffix.lower() in PICTURES and p.is_file()]
    _check_count(len(paths), folder.name)
    folder = folder.resolve()
    # The whole path: also in a folder of one view, the folders above say whose it is.
    return {
        p.as_posix() if recognise(p.as_posix())[4] != "folder"
        else p.relative_to(folder).as_posix(): _file_reader(p) for p in paths
    }


def _file_reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        if path.stat().st_size > MAX_ENTRY_BYTES:
            raise MediaError(f"{path.name} is too large for a mask; choose a folder of masks.")
        return path.read_bytes()

    return read


def _zip_readers(path: Path) -> dict[str, Callable[[], bytes]]:
    try:
        archive = zipfile.ZipFile(path)
        entries = [e for e in archive.infolist() if not e.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise MediaError(f"{path.name} is not a zip file, or it is damaged; make it again.") \
            from error
    if any(_escapes(entry.filename) for entry in entries):
        raise MediaError(
            f"{path.name} holds paths that point outside of it, which no honest archive does; "
            "make the zip again from the folder of masks.")
    masks = [
        e for e in entries if PurePosixPath(e.filename).suffix.lower() in PICTURES
        and "__MACOSX" not in e.filename
    ]
    _check_count(len(masks), path.name)
    if sum(e.file_size for e in masks) > MAX_TOTAL_BYTES or any(
        e.file_size > MAX_ENTRY_BYTES for e in masks
    ):
        raise MediaError(
            f"{path.name} would unpack to more than {MAX_TOTAL_BYTES / 1e9:.0f} GB, or holds a "
            f"picture over {MAX_ENTRY_BYTES / 1e6:.0f} MB; choose fewer walks.")
    return {e.filename: _entry_reader(archive, e) for e in masks}


def _entry_reader(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with archive.open(entry) as file:
                content = file.read(MAX_ENTRY_BYTES + 1)  # the header may have lied
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
            raise MediaError(
                f"{entry.filename} cannot be unpacked (damaged, or with a password); make the zip "
                "again.") from error
        if len(content) > MAX_ENTRY_BYTES:
            raise MediaError(f"{entry.filename} unpacks to far more than it says; do not use it.")
        return content

    return read


def _escapes(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/"))
    return parts.is_absolute() or ".." in parts.parts or bool(re.match(r"^[A-Za-z]:", name))


def _check_count(count: int, name: str) -> None:
    if count > MAX_PICTURES:
        raise MediaError(
            f"{name} holds {count:,} pictures and the limit is {MAX_PICTURES:,}; choose the folder "
            "of one or a few people.")


def _decode(content: bytes, name: str) -> np.ndarray:
    """uint8 0/255 ``[H, W]``: brighter than half is the person."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if max(picture.size) > MAX_SIDE:
                raise MediaError(
                    f"A mask of {name} has {picture.size[0]} x {picture.size[1]} pixels; masks "
                    f"have at most {MAX_SIDE} on a side.")
            grey = np.asarray(picture.convert("L"))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise MediaError(f"A mask of {name} is not a picture, or it is damaged.") from error
    half = 0 if grey.max() <= 1 else 127  # some sets hold 0 and 1
    return np.where(grey > half, np.uint8(255), np.uint8(0))


def _numbers(name: str) -> tuple[list[int], str]:
    """Sorts ``9.png`` before ``10.png``."""
    return [int(digits) for digits in _ORDER.findall(PurePosixPath(name).name)], name
