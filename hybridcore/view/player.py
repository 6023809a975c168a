"""Everything that one synced player shows: a video and what lies over, below and beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hybridcore.packing import pack, smallest
from hybridcore.view.panels import Panel
from hybridcore.view.shared import (
    Overlay,
    check_codes,
    check_colours,
    check_length,
    check_overlays,
)


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
        check_codes(self.name, self.codes, self.labels)
        check_colours(self.name, self.colours, len(self.labels), "label")
        if self.confidence is not None and len(self.confidence) != len(self.codes):
            raise ValueError(f"strip {self.name!r}: one confidence a frame is needed")

    def tree(self) -> dict[str, Any]:
        """Everything for `packing.pack`."""
        certain = self.confidence
        return {
            "name": self.name,
            "labels": list(self.labels),
            "colours": list(self.colours),
            "codes": smallest(self.codes),
            "confidence": None if certain is None else certain.astype(np.float32),
        }


@dataclass(frozen=True, eq=False)
class SoundTrack:
    """A sound to play in place of the video's own.

    Attributes:
        samples: float32 [n] in [-1, 1], from time 0 on.
        rate: samples a second.
    """

    samples: np.ndarray
    rate: int

    def __post_init__(self) -> None:
        if self.samples.ndim != 1 or self.samples.dtype != np.float32:
            raise ValueError("the samples of a sound track must be float32 [n]")
        if self.rate <= 0:
            raise ValueError("the rate of a sound track must be positive")


@dataclass(frozen=True, eq=False)
class PlayerView:
    """Everything one synced player shows. Build it once per result and keep it: the bytes that go
    to the browser are made once per object.

    Attributes:
        times: float64 [T], seconds, strictly increasing: when each frame appears.
        video: a browser-playable file (Path) or an address (str); None: the page puts in what a
            browser can play of the input.
        track: a sound that the page plays in place of the input's own; None: the input's own.
        strips: rows below the video.
        overlays: drawn over the video, one chosen by the viewer.
        overlay: the name of the one chosen at first; None: none.
        panels: cards beside the video.
        cuts: seconds at which the scene changes.
        size: (width, height) of the picture, so that space is kept before the video has loaded.
        poster: a picture to show until the video has loaded.
        alt: what the video shows, for those who cannot see it.
        sound: offer a mute button, as a `track` does by itself.
        subtitles: a WebVTT file's text, shown over the video; None: none.

    Raises:
        ValueError: lengths do not agree, times do not increase, or the overlay chosen is not there.
    """

    times: np.ndarray
    video: str | Path | None = None
    track: SoundTrack | None = None
    strips: Sequence[Strip] = ()
    overlays: Sequence[Overlay] = ()
    overlay: str | None = None
    panels: Sequence[Panel] = ()
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
        for strip in self.strips:
            check_length(strip.name, len(strip.codes), count)
        check_overlays(self.overlays, self.overlay, count)
        for panel in self.panels:
            panel.check(count)

    def to_bytes(self) -> bytes:
        """All arrays and texts for the browser, in the format of `packing`."""
        return pack({
            "times": self.times.astype(np.float64),
            "cuts": [float(cut) for cut in self.cuts],
            "strips": [strip.tree() for strip in self.strips],
            "overlays": [overlay.tree() for overlay in self.overlays],
            "overlay": self.overlay,
            "panels": [panel.tree() for panel in self.panels],
        })
