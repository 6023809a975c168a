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
:data:`RATE`. What the values of the pictures mean, :mod:`~hybridcore.gait.mask_values` says; when
each was taken, :mod:`~hybridcore.gait.mask_times`.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

import cv2
import numpy as np

from hybridcore.errors import MediaError
from hybridcore.gait.mask_times import frame_numbers, sort_key
from hybridcore.gait.mask_values import Meaning, Survey
from hybridcore.media.archive import Bounds, Reader, open_archive
from hybridcore.media.formats import endings
from hybridcore.media.picture_values import MAX_SIDE, picture_values

RATE = 25.0  # frames a second
BOUNDS = Bounds(files=60_000, file_bytes=32_000_000, total_bytes=2_000_000_000)
MAX_WALKS = 400
_CUT_OUT = 4  # different sizes in one walk: each mask was cut to its person

_CONDITION = r"(?:nm|bg|cl|bkgrd)-?\d*"
_CASIA_FOLDERS = re.compile(rf"(?:^|/)(\d{{3}})/({_CONDITION})/(\d{{3}})/[^/]+$", re.IGNORECASE)
_CASIA_NAMES = re.compile(
    rf"(?:^|/)(\d{{3}})-({_CONDITION})-(\d{{3}})-\d+\.[^/]+$", re.IGNORECASE)
_OUMVLP_RAW = re.compile(r"(?:^|/)Silhouette_(\d{3})-(\d{2})/(\d{5})/[^/]+$", re.IGNORECASE)
_OUMVLP_SORTED = re.compile(r"(?:^|/)(\d{5})/(\d{2})/(\d{3})/[^/]+$")


@dataclass(frozen=True)
class MaskWalk:
    """One walk of a mask set.

    name: such as ``001/nm-01/090``; view: degrees, None where the layout does not say; layout:
    ``CASIA-B``, ``OU-MVLP`` or ``folder``; files: name and reader, in order.
    """

    name: str
    subject: str
    condition: str
    view: int | None
    layout: str
    files: tuple[tuple[str, Reader], ...]

    def __len__(self) -> int:
        """Frames, with those that have no file."""
        return int(self.frames[-1]) + 1

    @cached_property
    def frames(self) -> np.ndarray:
        """The frame of each file, int ``[n]``, from 0; files that are missing leave gaps."""
        return frame_numbers([name for name, _ in self.files])

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the canvas that all masks lie on, px."""
        return self._found.size

    @property
    def cut_out(self) -> bool:
        """Whether each mask has its own size: it was cut to the person."""
        return self._found.cut_out

    @property
    def people(self) -> tuple[str, ...]:
        """What the pictures call each person, if they tell people apart; else empty."""
        return self._found.meaning.names

    @property
    def unreadable(self) -> tuple[tuple[str, str], ...]:
        """Name of each file that is left out, and a sentence that says why."""
        return self._found.unreadable

    def labels(self) -> Iterator[tuple[int, np.ndarray]]:
        """Frame and uint8 ``[H, W]``: the number of the person in :attr:`people` from 1 (1, where
        people are not told apart), 0 where nobody is."""
        found = self._found
        for frame, codes in self._decoded({}):
            yield frame, _on_canvas(found.meaning.label(codes), found.size)

    def masks(self) -> Iterator[np.ndarray]:
        """uint8 0/255 ``[H, W]`` of every frame in turn; the last one stays where there is none."""
        mask, due = np.zeros(self.size, np.uint8), 0
        for frame, labels in self.labels():
            for _ in range(frame - due):
                yield mask
            mask, due = np.where(labels > 0, np.uint8(255), np.uint8(0)), frame + 1
            yield mask
        for _ in range(len(self) - due):
            yield mask

    @cached_property
    def _found(self) -> _Found:
        survey, sizes, unreadable = Survey(), set(), dict[str, str]()
        for _, codes in self._decoded(unreadable, survey):
            sizes.add(codes.shape)
        if not sizes:
            return _Found(Meaning(0, 0), (1, 1), False, tuple(unreadable.items()))
        meaning = survey.meaning(codes for _, codes in self._decoded({}))
        return _Found(
            meaning, _canvas(sizes), len(sizes) >= _CUT_OUT, tuple(unreadable.items()))

    def _decoded(
        self, unreadable: dict[str, str], survey: Survey | None = None
    ) -> Iterator[tuple[int, np.ndarray]]:
        """Frame and codes of every file that can be read; the others go to ``unreadable``."""
        sent: deque[tuple[int, str]] = deque()

        def contents() -> Iterator[tuple[str, bytes]]:
            for frame, (name, read) in zip(self.frames.tolist(), self.files, strict=True):
                try:
                    content = read()
                except MediaError as error:
                    unreadable[name] = str(error)
                    continue
                sent.append((frame, name))
                yield name, content

        for codes, exact, problem in picture_values(contents()):
            frame, name = sent.popleft()
            if codes is None:
                unreadable[name] = problem
                continue
            if survey is not None:
                survey.add(codes, exact)
            yield frame, codes

    def feed(self, digest: hashlib._Hash) -> None:
        """Add its name and what its files hold to a hash."""
        digest.update(repr((self.name, self.view, self.layout, self.frames.tolist())).encode())
        for _, read in self.files:
            content = read()
            digest.update(f"{len(content)} ".encode())
            digest.update(content)


@dataclass(frozen=True)
class _Found:
    """What the pictures of a walk turned out to be; see the properties of :class:`MaskWalk`."""

    meaning: Meaning
    size: tuple[int, int]
    cut_out: bool
    unreadable: tuple[tuple[str, str], ...]


def open_masks(path: Path) -> tuple[list[MaskWalk], tuple[str, ...]]:
    """The walks in a folder or a zip of masks, by name, and the names of files that macOS added.

    Raises:
        MediaError: there are none, or too many; the zip is damaged, points outside of itself or
            unpacks to more than the limits.
    """
    readers, clutter = _readers(path)
    if not readers:
        raise MediaError(
            f"There are no pictures in {_name(path)}; choose a folder or a zip of silhouette masks "
            "(PNG), for example laid out as CASIA-B: subject/condition/view/*.png.")
    groups: dict[tuple[str, str, str, int | None, str], list[str]] = {}
    for name in readers:
        groups.setdefault(recognise(name), []).append(name)
    if len(groups) > MAX_WALKS:
        raise MediaError(
            f"{_name(path)} holds {len(groups):,} walks and the limit is {MAX_WALKS}; choose "
            "the folder of one or a few people.")
    walks = [
        MaskWalk(*key, tuple((name, readers[name]) for name in sorted(groups[key], key=sort_key)))
        for key in sorted(groups, key=lambda key: key[0])
    ]
    return walks, clutter


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


def _readers(path: Path) -> tuple[Mapping[str, Reader], tuple[str, ...]]:
    archive = open_archive(path, endings("picture"), BOUNDS)
    for name, why in archive.refused:
        raise MediaError(
            f"{_name(path)} is not read because of {name}: {why}; make it again from the masks of "
            "one or a few people.")
    if path.is_file():
        return archive.files, archive.clutter
    # The folders above say whose the folder of one view is, by the path that was given or, where
    # that is a link, by the one that it leads to.
    above = (Path(os.path.abspath(path)), path.resolve())
    return {_whole(name, above): read for name, read in archive.files.items()}, archive.clutter


def _whole(name: str, above: tuple[Path, ...]) -> str:
    """``name`` below the first of the folders with which its layout is known, or alone."""
    whole = ((folder / name).as_posix() for folder in above)
    return next((path for path in whole if recognise(path)[4] != "folder"), name)


def _name(path: Path) -> str:
    """The name of a file or folder, also of ``.``"""
    return path.name or path.resolve().name


def _canvas(sizes: set[tuple[int, ...]]) -> tuple[int, int]:
    """(height, width) on which pictures of these sizes fit once they are equally high."""
    height = max(rows for rows, _ in sizes)
    width = max(round(columns * height / rows) for rows, columns in sizes)
    return height, min(max(width, 1), MAX_SIDE)


def _on_canvas(labels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Labels uint8 ``[h, w]``, in their own proportions, in the middle of a canvas (height, width).
    """
    if labels.shape == size:
        return labels
    rows, columns = labels.shape
    scale = min(size[0] / rows, size[1] / columns)
    height, width = max(1, round(rows * scale)), max(1, round(columns * scale))
    top, left = (size[0] - height) // 2, (size[1] - width) // 2
    canvas = np.zeros(size, np.uint8)
    canvas[top : top + height, left : left + width] = cv2.resize(
        labels, (width, height), interpolation=cv2.INTER_NEAREST)
    return canvas
