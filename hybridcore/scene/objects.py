"""The objects in every frame: read closely now and then, and held until the next reading.

The object network names more at the 224 pixels that it was trained with than at the 160 of the
scenes (the encoder's card says how much), where a frame costs twice as much. Objects do not come
and go from one frame to the next, so one is read every ``CLOSER.seconds``, and its answer stands
until the next one is.
"""

from __future__ import annotations

import torch
from torch import Tensor

from hybridcore.encoder.encoder import OBJECT_SIDE, Encoder
from hybridcore.media import Chunk, Closer

CLOSER = Closer((OBJECT_SIDE, OBJECT_SIDE), seconds=0.4)  # 10 frames of 25 a second


class HeldObjects:
    """The objects of one clip, chunk by chunk."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._last: list[Tensor] = []  # the reading that stands, [1, 1000]

    def step(self, part: Chunk) -> Tensor:
        """Probabilities ``[n, 1000]`` of the objects in the frames of the next chunk, which holds
        those that are read ``closer``."""
        assert part.closer is not None
        readings = self._last
        if len(part.closer):
            read = self._encoder.encode(part.closer, "object_logits")["object_logits"]
            readings = [*readings, read.softmax(-1)]
        begins = torch.zeros(len(part.times), dtype=torch.long)
        begins[list(part.closer_at)] = 1
        stands = begins.cumsum(0) - 1 + len(self._last)  # which reading, of every frame
        known = torch.cat(readings)
        self._last = [known[-1:]]
        return known[stands]
