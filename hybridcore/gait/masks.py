"""Silhouettes segmented elsewhere: a folder or a zip of masks, and two layouts of the field.

=========  =====================================================  ==================================
layout     paths                                                  recognised by
=========  =====================================================  ==================================
CASIA-B    ``001/nm-01/090/*.png``, or all in one folder as       condition ``nm``, ``bg``, ``cl``,
           ``001-nm-01-090-031.png``                              ``bkgrd`` and a view of 3 digits
OU-MVLP    ``Silhouette_090-00/00001/*.png``, or sorted as        the name ``Silhouette_VIEW-SEQ``,
           ``00001/00/090/*.png``                                 or folders of 5, 2 and 3 digits
folder     any other: the pictures of one folder are one walk     pictures
=========  =====================================================  ==================================

CASIA-B: Yu, Tan & Tan, ICPR 2006. OU-MVLP: Takemura et al., IPSJ TCVA 2018. Both run at
:data:`RATE`.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from hybridcore.errors import MediaError
from hybridcore.media.archive import Bounds, Reader, open_archive
from hybridcore.media.formats import endings

RATE = 25.0  # frames a second
BOUNDS = Bounds(files=60_000, file_bytes=32_000_000, total_bytes=2_000_000_000)
MAX_WALKS = 400
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
    _readers: tuple[Reader, ...]

    def __len__(self) -> int:
        return len(self._readers)

    def mask(self, k: int) -> np.ndarray:
        """Mask number ``k``, uint8 0/255 ``[H, W]``, in its own size.

        Raises:
            MediaError: the file is no picture, or is too large.
        """
        return _decode(self._readers[k](), self.name)

    def masks(self) -> np.ndarray:
        """uint8 0/255 ``[n, H, W]``, all of the size of the first.

        Raises:
            MediaError: as :meth:`mask`.
        """
        pictures = [self.mask(k) for k in range(len(self))]
        height, width = pictures[0].shape
        return np.stack([
            p if p.shape == (height, width)
            else cv2.resize(p, (width, height), interpolation=cv2.INTER_NEAREST)
            for p in pictures
        ])

    def feed(self, digest: hashlib._Hash) -> None:
        """Add its name and what its files hold to a hash."""
        digest.update(repr((self.name, self.view, self.layout, len(self))).encode())
        for read in self._readers:
            content = read()
            digest.update(f"{len(content)} ".encode())
            digest.update(content)


def open_masks(path: Path) -> list[MaskWalk]:
    """The walks in a folder or a zip of masks, by name.

    Raises:
        MediaError: there are none, or too many; the zip is damaged, points outside of itself or
            unpacks to more than the limits.
    """
    readers = _readers(path)
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
        if match := pattern.search(path):
            subject, condition, view = match.groups()
            return f"{subject}/{condition}/{view}", subject, condition, int(view), "CASIA-B"
    if match := _OUMVLP_RAW.search(path):
        view, sequence, subject = match.groups()
        return f"{subject}/{sequence}/{view}", subject, sequence, int(view), "OU-MVLP"
    if match := _OUMVLP_SORTED.search(path):
        subject, sequence, view = match.groups()
        return f"{subject}/{sequence}/{view}", subject, sequence, int(view), "OU-MVLP"
    folder = str(PurePosixPath(path).parent)
    return ("masks" if folder == "." else folder), "", "", None, "folder"


def _readers(path: Path) -> Mapping[str, Reader]:
    archive = open_archive(path, endings("picture"), BOUNDS)
    for name, why in archive.refused:
        raise MediaError(
            f"{path.name} is not read because of {name}: {why}; make it again from the masks of "
            "one or a few people.")
    if path.is_file():
        return archive.files
    # The whole path: also in a folder of one view, the folders above say whose it is.
    folder = path.resolve()
    whole = {name: (folder / name).as_posix() for name in archive.files}
    return {
        whole[name] if recognise(whole[name])[4] != "folder" else name: read
        for name, read in archive.files.items()
    }


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
