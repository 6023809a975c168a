"""Everything that one synced player shows: a video and what lies over, below and beside it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hybridcore.packing import pack, smallest
from hybridcore.view.panels import Line, Panel
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
        opacity: of overlays, until the viewer sets it; None: that of the player.
        above: a PNG of the picture's shape that lies over every overlay, such as the scale of a
            map; None: nothing does.
        panels: cards beside the video.
        label: said large over the picture on a stage; None: what the first strip says, and those
            with the same labels that say something else.
        cuts: seconds at which the scene changes.
        parts: seconds at which another part begins, of which Python hears also while the video
            plays.
        size: (width, height) of the picture, so that space is kept before the video has loaded.
        poster: a picture to show until the video has loaded: a JPEG file, or its bytes.
        alt: what the video shows, for those who cannot see it.
        sound: offer a mute button, as a `track` does by itself.
        subtitles: a WebVTT file's text, shown over the video; None: none.
        length: s, of the whole video where frames follow that are not known yet; None: all are.
        start: the frame on which it begins, where the first ones show nothing yet.
        stops: playing stops after the last frame, where the video goes on.

    Raises:
        ValueError: lengths do not agree, times do not increase, or the overlay chosen is not there.
    """

    times: np.ndarray
    video: str | Path | None = None
    track: SoundTrack | None = None
    strips: Sequence[Strip] = ()
    overlays: Sequence[Overlay] = ()
    overlay: str | None = None
    opacity: float | None = None
    above: bytes | None = None
    panels: Sequence[Panel] = ()
    label: Line | None = None
    cuts: Sequence[float] = ()
    parts: Sequence[float] = ()
    size: tuple[int, int] | None = None
    poster: Path | bytes | None = None
    alt: str = "Video"
    sound: bool = False
    subtitles: str | None = None
    length: float | None = None
    start: int = 0
    stops: bool = False

    def __post_init__(self) -> None:
        count = len(self.times)
        if self.times.ndim != 1 or count == 0 or np.any(np.diff(self.times) <= 0):
            raise ValueError("times must be [T], T > 0, strictly increasing")
        for strip in self.strips:
            check_length(strip.name, len(strip.codes), count)
        check_overlays(self.overlays, self.overlay, count)
        for panel in self.panels:
            panel.check(count)
        if self.label is not None:
            self.label.check(count)

    @property
    def span(self) -> tuple[float, float]:
        """Seconds at which its strips begin and end; the last frame lasts as the one before it."""
        last = self.times[-1] - self.times[-2] if len(self.times) > 1 else 1 / 30
        return float(self.times[0]), float(self.times[-1] + last)

    def tree(self) -> dict[str, Any]:
        """All arrays and texts for the browser, for `packing.pack`."""
        return {
            "times": self.times.astype(np.float64),
            "length": self.length,
            "cuts": [float(cut) for cut in self.cuts],
            "parts": [float(part) for part in self.parts],
            "strips": [strip.tree() for strip in self.strips],
            "overlays": [overlay.tree() for overlay in self.overlays],
            "overlay": self.overlay,
            "opacity": self.opacity,
            "above": None if self.above is None else
            f"data:image/png;base64,{b64encode(self.above).decode()}",
            "stops": self.stops,
            "panels": [panel.tree() for panel in self.panels],
            "label": None if self.label is None else self.label.tree(),
        }

    def to_bytes(self) -> bytes:
        """The same as one block."""
        return pack(self.tree())
