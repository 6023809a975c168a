"""Everything that one sentence over its picture shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hybridcore.packing import pack
from hybridcore.view.panels import Panel
from hybridcore.view.shared import Overlay, check_length, check_overlays


@dataclass(frozen=True, eq=False)
class SentenceView:
    """Everything one sentence shows; what a player has for frames, it has for T words.

    Attributes:
        picture: a JPEG file's bytes.
        size: (width, height) of the picture.
        words: T words; those in angle brackets are marks, such as ``<end>``.
        probabilities: float [T] in [0, 1], that of each word.
        overlays: drawn over the picture, one chosen by the viewer.
        overlay: the name of the one chosen at first; None: none.
        panels: cards on a word; the labels of a series with `pick` can be chosen.
        given: how many words at the beginning were given, not generated.
        selected: the position of the word that is chosen at first.
        alt: what the picture shows, for those who cannot see it.

    Raises:
        ValueError: lengths do not agree, or the overlay or the word chosen is not there.
    """

    picture: bytes
    size: tuple[int, int]
    words: Sequence[str]
    probabilities: np.ndarray
    overlays: Sequence[Overlay] = ()
    overlay: str | None = None
    panels: Sequence[Panel] = ()
    given: int = 0
    selected: int = 0
    alt: str = "Picture"

    def __post_init__(self) -> None:
        count = len(self.words)
        check_length("probabilities", len(self.probabilities), count)
        check_overlays(self.overlays, self.overlay, count)
        if count and not 0 <= self.selected < count:
            raise ValueError("there is no such word to choose at first")
        for panel in self.panels:
            panel.check(count)

    def to_bytes(self) -> bytes:
        """All arrays and texts for the browser, in the format of `packing`."""
        return pack({
            "words": list(self.words),
            "probabilities": self.probabilities.astype(np.float32),
            "given": self.given,
            "overlays": [overlay.tree() for overlay in self.overlays],
            "overlay": self.overlay,
            "panels": [panel.tree() for panel in self.panels],
        })
