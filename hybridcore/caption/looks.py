"""What the encoder and the word network give of some pictures at a time, on the way to an
:class:`Encoding`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from hybridcore.caption.result import Encoding, Segments
from hybridcore.caption.seen import Seen, joined
from hybridcore.caption.shots import FRAMES, MIDDLE, mean, mean_seen, shares
from hybridcore.caption.sureness import contrast
from hybridcore.layers.flow import FlowRecorder


@dataclass(frozen=True)
class Look:
    """Pictures, as the encoder reads them, its grids ``[N, 2560, 7, 7]``, and what is seen."""

    pictures: Sequence[np.ndarray]
    frames: np.ndarray
    grid: Tensor
    seen: Seen

    @cached_property
    def cells(self) -> NDArray[np.float32]:
        """``[N, 49, 2560]``."""
        return np.ascontiguousarray(self.grid.flatten(2).transpose(1, 2).cpu().numpy())

    @cached_property
    def encoding(self) -> Encoding:
        """Of each picture by itself."""
        contrasts = np.array([contrast(cells) for cells in self.cells], np.float32)
        return Encoding(self.cells, self.seen, contrasts, ())

    @cached_property
    def shots(self) -> Encoding:
        """Of shots, whose frames these are, one shot after the other."""
        every = self.encoding
        by_shot = every.contrasts.reshape(-1, FRAMES)
        weights, middle = shares(by_shot), slice(MIDDLE, None, FRAMES)
        return Encoding(
            mean(self.cells, weights), mean_seen(self.seen, weights),
            (by_shot * weights).sum(1), (),
            middle=Encoding(
                self.cells[middle], self.seen.part(middle), every.contrasts[middle], ()))

    def one(self, k: int) -> Look:
        """Only picture ``k``."""
        part = slice(k, k + 1)
        return Look(self.pictures[part], self.frames[part], self.grid[part],
                     self.seen.part(part))

    def note(self, flow: FlowRecorder) -> None:
        """Record the shapes on the way from pictures to grids and words."""
        flow.note("picture", (len(self.pictures), *self.pictures[0].shape), trained=False)
        flow.note("resized", self.frames, trained=False)
        flow.note("Lite0, two tops", self.grid, trained=False)
        flow.note("words seen", self.seen.words, symbol="p_w", trained=False)


def joined_encodings(
    parts: Sequence[Encoding], flow: FlowRecorder, segments: Segments | None = None
) -> Encoding:
    """Encodings one after the other."""
    middles = [part.middle for part in parts if part.middle is not None]
    return Encoding(
        np.concatenate([part.cells for part in parts]), joined([part.seen for part in parts]),
        np.concatenate([part.contrasts for part in parts]), flow.steps, segments,
        joined_encodings(middles, FlowRecorder()) if middles else None)
