"""What somebody wears, as a unit vector: whoever wears the same lies near.

A look at a person (:mod:`hybridcore.gait.looks`) goes through the frozen trunk of the shared
encoder. Of its cells of stride 16, those on the body are averaged in horizontal stripes from head
to foot, as in the part-based baseline of Sun et al., *Beyond Part Models: Person Retrieval with
Refined Part Pooling*, ECCV 2018 (there with trained features). A linear map, learned from people
seen by two cameras, keeps what tells people apart and drops what a camera, the light or a turn of
the body changes (linear discriminant analysis, Fisher 1936):

    x_t = [mean of the cells a of stripe k, weighted by the mask, for every stripe k]
    e   = u / |u|,   u = mean_t (W x_t + b) / |W x_t + b|       over the looks t
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hybridcore.cards import load_card
from hybridcore.encoder.encoder import Encoder, shared_encoder
from hybridcore.gait.looks import HEIGHT, WIDTH, Looks
from hybridcore.gait.seen_before import Limits
from hybridcore.weights import load_into

WEIGHTS_NAME = "gait_clothes"
ENLARGED = 2  # px that the encoder sees for one of a look
STRIDE = 16  # px of the encoder for one of its cells


@dataclass(frozen=True)
class ClothesConfig:
    """Sizes of the map."""

    channels: int = 112  # of a cell
    stripes: int = 8  # from head to foot
    dim: int = 60  # of the embedding


class ClothesNet(nn.Module):
    """Stripes ``[..., stripes * channels]`` of looks -> unit vectors ``[..., dim]``."""

    def __init__(self, *, config: ClothesConfig) -> None:
        super().__init__()
        self.config = config
        self.project = nn.Linear(config.stripes * config.channels, config.dim)

    def forward(self, stripes: Tensor) -> Tensor:
        return F.normalize(self.project(stripes), dim=-1)


class Clothes:
    """The encoder with the map behind it, ready to run on one device.

    digest: names the weights (their hash), as embeddings of others cannot be compared; limits: the
    similarities that decide.
    """

    def __init__(
        self, network: ClothesNet, encoder: Encoder, *, digest: str, limits: Limits
    ) -> None:
        self.digest, self.limits = digest, limits
        self._network = network.to(encoder.device)
        self._encoder = encoder

    @torch.inference_mode()
    def embed(self, looks: Looks) -> np.ndarray | None:
        """float32 ``[dim]``, unit length, of the mean over looks; None where there are none."""
        if not len(looks):
            return None
        stripes = look_stripes(
            self._encoder, np.stack(looks.pictures), np.stack(looks.masks),
            self._network.config.stripes)
        mean = self._network(stripes).mean(0)
        return np.asarray(F.normalize(mean, dim=-1).float().cpu().numpy())


def look_stripes(
    encoder: Encoder, pictures: np.ndarray, masks: np.ndarray, count: int
) -> Tensor:
    """The stripes of looks, pictures uint8 ``[n, 128, 48, 3]`` and masks uint8 ``[n, 64, 24]``:
    float32 ``[n, count * channels]``."""
    size = (ENLARGED * WIDTH, ENLARGED * HEIGHT)
    large = np.stack([cv2.resize(one, size, interpolation=cv2.INTER_LINEAR) for one in pictures])
    grid = encoder.encode(large, "grid16")["grid16"]  # [n, C, 16, 6]
    cells = (size[0] // STRIDE, size[1] // STRIDE)
    weights = torch.from_numpy(np.stack([
        cv2.resize(mask, cells, interpolation=cv2.INTER_AREA) for mask in masks
    ])).to(grid)[:, None] + 0.25  # of 255: where a stripe has no body at all, its mean counts
    weighed = (grid * weights).unflatten(2, (count, -1)).sum((3, 4))  # [n, C, stripes]
    total = weights.unflatten(2, (count, -1)).sum((3, 4))
    return (weighed / total).transpose(1, 2).flatten(1)


@cache
def shared_clothes(device: str | None = None) -> Clothes:
    """The one that a process shares on a device, loaded when first asked for.

    Raises:
        WeightsError: if weights are missing or are not the ones their cards name.
    """
    card = load_card(WEIGHTS_NAME)
    network = load_into(ClothesNet(config=ClothesConfig(**card["config"])), WEIGHTS_NAME)
    return Clothes(network, shared_encoder(device), digest=card["sha256"],
                   limits=Limits(**card["thresholds"]))
