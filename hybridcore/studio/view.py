"""What the synced player shows: plain arrays over the frames of one video.

T is the number of frames. Nothing here knows which system made the arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from hybridcore.studio.packing import pack, smallest


@dataclass(frozen=True, eq=False)
class Strip:
    """One row below the video that colours every frame by its label.

    Attributes:
        name: what the row shows.
        codes: int [T], position in `labels`; -1 where there is nothing to show.
        labels: names.
        colours: one CSS hex colour a label.
        confidence: float [T] in [0, 1]; a less certain frame is paler. None: all certain.
    """

    name: str
    codes: np.ndarray
    labels: Sequence[str]
    colours: Sequence[str]
    confidence: np.ndarray | None = None

    def __post_init__(self) -> None:
        _check_codes(self.name, self.codes, self.labels)
        if len(self.colours) != len(self.labels):
            raise ValueError(f"strip {self.name!r}: one colour a label is needed")
        if self.confidence is not None and len(self.confidence) != len(self.codes):
            raise ValueError(f"strip {self.name!r}: one confidence a frame is needed")


@dataclass(frozen=True, eq=False)
class Overlay:
    """A map drawn over the video.

    Attributes:
        name: how the viewer finds it in the list of overlays.
        maps: uint8 [T, gh, gw], row 0 at the top; the grid covers the whole picture.
        kind: how it is drawn. "heat": 0 is transparent, 255 is brightest, smooth in between.
    """

    name: str
    maps: np.ndarray
    kind: Literal["heat"] = "heat"

    def __post_init__(self) -> None:
        if self.maps.ndim != 3 or self.maps.dtype != np.uint8:
            raise ValueError(f"overlay {self.name!r}: maps must be uint8 [T, gh, gw]")


@dataclass(frozen=True, eq=False)
class Series:
    """The k strongest labels of every frame, as bars.

    Attributes:
        name: which model or signal.
        labels: names.
        index: int [T, k], position in `labels`, strongest first.
        value: float [T, k], from 0 to the panel's `maximum`.
        hollow: draw outlines only (the baseline beside the model).
        colours: one CSS hex colour a label; None: the theme's primary colour.
        pick: whether the viewer may choose one of the labels (`sentence_picture`); those in
            parentheses cannot be chosen.
    """

    name: str
    labels: Sequence[str]
    index: np.ndarray
    value: np.ndarray
    hollow: bool = False
    colours: Sequence[str] | None = None
    pick: bool = False

    def __post_init__(self) -> None:
        if self.index.ndim != 2 or self.index.shape != self.value.shape:
            raise ValueError(f"series {self.name!r}: index and value must both be [T, k]")
        _check_codes(self.name, self.index, self.labels)
        if self.colours is not None and len(self.colours) != len(self.labels):
            raise ValueError(f"series {self.name!r}: one colour a label is needed")


@dataclass(frozen=True, eq=False)
class Line:
    """One line of text that follows the video, such as the group a scene belongs to.

    Attributes:
        name: what the line says.
        labels: its texts.
        codes: int [T], position in `labels`; -1 leaves the line empty.
    """

    name: str
    labels: Sequence[str]
    codes: np.ndarray

    def __post_init__(self) -> None:
        _check_codes(self.name, self.codes, self.labels)


@dataclass(frozen=True, eq=False)
class Sprites:
    """Somebody who moves through the video: a small picture at each of n frames, and its place.

    Attributes:
        name: drawn beside the box.
        colour: CSS hex colour of picture and box.
        frames: int [n], strictly increasing, in [0, T).
        pictures: uint8 [n, h, w]; 0 is transparent.
        places: float [n, 4], where the picture lies: left, top, width, height, as shares of the
            video's sides; it may stick out.
        boxes: float [n, 4], the outline to draw, in the same units.
        counted: bool [n], which pictures go into the mean that a panel builds up.
    """

    name: str
    colour: str
    frames: np.ndarray
    pictures: np.ndarray
    places: np.ndarray
    boxes: np.ndarray
    counted: np.ndarray

    def __post_init__(self) -> None:
        count = len(self.frames)
        if self.pictures.ndim != 3 or self.pictures.dtype != np.uint8:
            raise ValueError(f"sprites {self.name!r}: pictures must be uint8 [n, h, w]")
        lengths = {len(part) for part in (self.pictures, self.places, self.boxes, self.counted)}
        if lengths != {count} or count == 0 or np.any(np.diff(self.frames) <= 0):
            raise ValueError(f"sprites {self.name!r}: n > 0 of everything, frames increasing")


@dataclass(frozen=True, eq=False)
class Panel:
    """A card beside the video that says what this frame holds.

    Attributes:
        title: its heading.
        series: groups of bars, drawn one below the other.
        lines: lines of text above the bars.
        maximum: the value of a full bar.
        percent: write values as percent of 1; otherwise with two decimals.
        sprites: positions in the view's `sprites`: the picture of this frame, and beside it the
            mean of all counted pictures so far.
    """

    title: str
    series: Sequence[Series] = ()
    lines: Sequence[Line] = ()
    maximum: float = 1.0
    percent: bool = True
    sprites: Sequence[int] = ()


@dataclass(frozen=True, eq=False)
class PlayerView:
    """Everything one synced player shows. Build it once per result and keep it: the bytes that go
    to the browser are made once per object.

    Attributes:
        video: a browser-playable file (Path) or an address (str).
        times: float64 [T], seconds, strictly increasing: when each frame appears.
        strips: rows below the video.
        overlays: maps to draw over the video, chosen by the viewer.
        panels: cards beside the video.
        sprites: who moves through the video; an overlay of their pictures and boxes is offered.
        cuts: seconds at which the scene changes.
        size: (width, height) of the picture, so that space is kept before the video has loaded.
        poster: a picture to show until the video has loaded.
        alt: what the video shows, for those who cannot see it.
        sound: offer a mute button.
        subtitles: a WebVTT file's text, shown over the video; None: none.

    Raises:
        ValueError: lengths do not agree, or times do not increase.
    """

    video: str | Path
    times: np.ndarray
    strips: Sequence[Strip] = ()
    overlays: Sequence[Overlay] = ()
    panels: Sequence[Panel] = ()
    sprites: Sequence[Sprites] = ()
    cuts: Sequence[float] = ()
    size: tuple[int, int] | None = None
    poster: Path | None = None
    alt: str = "Video"
    sound: bool = False
    subtitles: str | None = None

    def __post_init__(self) -> None:
        count = len(self.times)
        if self.times.ndim != 1 or count == 0 or np.any(np.diff(self.times) <= 0):
            raise ValueError("times must be [T], T > 0, strictly increasing")
        lengths = [(strip.name, len(strip.codes)) for strip in self.strips]
        check_lengths([*lengths, *lengths_of(self.overlays, self.panels)], count)
        for sprites in self.sprites:
            if sprites.frames[0] < 0 or sprites.frames[-1] >= count:
                raise ValueError(f"{sprites.name!r} has a frame that the video lacks")
        if any(not 0 <= k < len(self.sprites) for panel in self.panels for k in panel.sprites):
            raise ValueError("a panel shows sprites that are not there")

    def to_bytes(self) -> bytes:
        """All arrays and texts for the browser, in the format of `packing`."""
        return pack(
            {
                "times": self.times.astype(np.float64),
                "cuts": [float(cut) for cut in self.cuts],
                "strips": [_pack_strip(strip) for strip in self.strips],
                **pack_parts(self.overlays, self.panels),
                "sprites": [_pack_sprites(sprites) for sprites in self.sprites],
            }
        )


@dataclass(frozen=True)
class Seek:
    """A wish to move the video, made by another element of the page.

    Attributes:
        time: seconds; the player shows the frame that is on screen at that time.
        nonce: any number that differs from the last wish, so that the same time can be asked twice.
    """

    time: float
    nonce: int


def lengths_of(overlays: Sequence[Overlay], panels: Sequence[Panel]) -> list[tuple[str, int]]:
    """How many frames each part has, with its name."""
    lengths = [(overlay.name, len(overlay.maps)) for overlay in overlays]
    for panel in panels:
        lengths += [(series.name, len(series.index)) for series in panel.series]
        lengths += [(line.name, len(line.codes)) for line in panel.lines]
    return lengths


def check_lengths(lengths: Sequence[tuple[str, int]], count: int) -> None:
    """Raise ValueError unless every part has ``count`` frames."""
    for name, length in lengths:
        if length != count:
            raise ValueError(f"{name!r} has {length} frames where there are {count}")


def pack_parts(overlays: Sequence[Overlay], panels: Sequence[Panel]) -> dict[str, Any]:
    """Overlays and panels as a tree for `packing.pack`."""
    return {
        "overlays": [
            {"name": overlay.name, "kind": overlay.kind, "maps": overlay.maps}
            for overlay in overlays
        ],
        "panels": [_pack_panel(panel) for panel in panels],
    }


def _check_codes(name: str, codes: np.ndarray, labels: Sequence[str]) -> None:
    if codes.dtype.kind not in "iu":
        raise ValueError(f"{name!r}: codes must be integers")
    if codes.size and not -1 <= int(codes.min()) <= int(codes.max()) < len(labels):
        raise ValueError(f"{name!r}: a code has no label")


def _pack_strip(strip: Strip) -> dict[str, Any]:
    certain = strip.confidence
    return {
        "name": strip.name,
        "labels": list(strip.labels),
        "colours": list(strip.colours),
        "codes": smallest(strip.codes),
        "confidence": None if certain is None else certain.astype(np.float32),
    }


def _pack_panel(panel: Panel) -> dict[str, Any]:
    return {
        "title": panel.title,
        "maximum": panel.maximum,
        "percent": panel.percent,
        "sprites": list(panel.sprites),
        "series": [
            {
                "name": series.name,
                "labels": list(series.labels),
                "colours": None if series.colours is None else list(series.colours),
                "hollow": series.hollow,
                "pick": series.pick,
                "index": smallest(series.index),
                "value": series.value.astype(np.float32),
            }
            for series in panel.series
        ],
        "lines": [
            {"name": line.name, "labels": list(line.labels), "codes": smallest(line.codes)}
            for line in panel.lines
        ],
    }


def _pack_sprites(sprites: Sprites) -> dict[str, Any]:
    return {
        "name": sprites.name,
        "colour": sprites.colour,
        "frames": sprites.frames.astype(np.int32),
        "pictures": sprites.pictures,
        "places": sprites.places.astype(np.float32),
        "boxes": sprites.boxes.astype(np.float32),
        "counted": sprites.counted.astype(np.uint8),
    }
