"""Where the encoder's object classes are: its classifier, asked cell by cell.

The classifier is linear and reads the mean cell, so what it says of one cell is that cell's share
(class activation maps, Zhou et al., CVPR 2016, arXiv 1512.04150).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from hybridcore.encoder.class_words import class_words
from hybridcore.encoder.encoder import NETWORK
from hybridcore.encoder.imagenet import load_imagenet


@cache
def _classifier() -> nn.Linear:
    return load_imagenet(NETWORK).classifier


@torch.inference_mode()
def class_maps(cells: np.ndarray) -> dict[str, NDArray[np.floating]]:
    """Each plain word's probability in every cell, ``[L]`` in 0..1, of the object grid's cells,
    float32 ``[L, 1280]``."""
    logits = _classifier()(torch.from_numpy(np.ascontiguousarray(cells)))
    return class_words(logits.softmax(1).numpy())
