"""What the captioners see of a picture: the grids of the encoder's two tops, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from hybridcore.encoder.encoder import OBJECT_SIDE, Encoder

SIDE = OBJECT_SIDE  # of the photographs that the encoder reads
CELLS = SIDE // 32  # of its grid, each way
GRIDS = ("object_grid", "scene_grid")


def join_grids(features: Mapping[str, Tensor]) -> Tensor:
    """The encoder's two grids as one, ``[N, 2560, h, w]``."""
    return torch.cat([features[name] for name in GRIDS], 1)


def encode_grid(encoder: Encoder, frames: np.ndarray) -> Tensor:
    """Grid float32 ``[N, 2560, 7, 7]`` of uint8 ``[N, 224, 224, 3]``, on the encoder's device."""
    return join_grids(encoder.encode(frames, *GRIDS))
