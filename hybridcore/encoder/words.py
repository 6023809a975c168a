"""Words from the encoder's grids: what of a vocabulary is in a picture, and where.

Paper: Fang et al., *From Captions to Visual Concepts and Back*, CVPR 2015 (arXiv 1411.4952),
section 3, multiple instance learning with a noisy-or over cells. With ``g_c`` a cell of both tops
and ``m`` the mean cell,

    p_cw = sigmoid(w . g_c + b),   p_w = 1 - (1 - sigmoid(w' . m + b')) prod_c (1 - p_cw)

so every word has its map ``p_cw``, and the picture as a whole counts as one more instance: what
fills it (a place, a crowd) needs no cell of its own.

Deviations: EfficientNet-Lite in place of a VGG, its trunk frozen; the whole picture as an instance;
probabilities are calibrated word by word afterwards (:class:`Calibration`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from hybridcore.cards import load_card
from hybridcore.encoder.efficientnet_lite import LITE_CONFIGS, Top, fold_batch_norm
from hybridcore.encoder.onnx_graph import GRID, GraphBuilder
from hybridcore.onnx_session import cpu_session
from hybridcore.weights import load_into

WORDS_NAME = "encoder_words"
CELLS = 49  # of the grid in training
GRIDS = ("grid16", "object_grid", "scene_grid")  # of the encoder's outputs, what is read
EVIDENCE = ("own_cells", "own_whole", "tuned_cells", "tuned_whole")
MOST_LOGIT = 12.0  # log-odds beyond these are certainty


class WordHead(nn.Module):
    """Grids -> evidence for each word."""

    def __init__(self, *, words: int, channels: int = 2560, rarity: float = 0.01) -> None:
        super().__init__()
        self.cell = nn.Conv2d(channels, words, 1)
        self.whole = nn.Linear(channels, words)
        nn.init.normal_(self.cell.weight, std=0.01)
        nn.init.normal_(self.whole.weight, std=0.01)
        assert self.cell.bias is not None
        nn.init.constant_(self.cell.bias, math.log(rarity / CELLS))
        nn.init.constant_(self.whole.bias, math.log(rarity))

    def forward(self, grid: Tensor) -> WordEvidence:
        """``grid [N, channels, h, w]``, object and scene grid side by side."""
        return WordEvidence(self.cell(grid), self.whole(grid.mean((2, 3))))


@dataclass(frozen=True)
class WordEvidence:
    """Logits before the noisy-or: cells ``[N, W, h, w]`` and the whole picture ``[N, W]``."""

    cells: Tensor
    whole: Tensor

    def log_absent(self) -> Tensor:
        """Log-probability that the word is nowhere, ``[N, W]``."""
        return -softplus(self.cells.float()).sum((2, 3)) - softplus(self.whole.float())

    def logits(self) -> Tensor:
        """Log-odds that the word is somewhere, ``[N, W]``."""
        absent = self.log_absent().clamp(max=-1e-6)
        return torch.log(-torch.expm1(absent)) - absent

    def maps(self) -> Tensor:
        """Probability of every cell, ``[N, W, h, w]``."""
        return self.cells.float().sigmoid()


@dataclass(frozen=True)
class Calibration:
    """Platt scaling a word: ``sigmoid(slope * log-odds + offset)``; ``[W]`` each."""

    slope: Tensor
    offset: Tensor

    def __call__(self, logits: Tensor) -> Tensor:
        return torch.sigmoid(self.slope * logits + self.offset)


class WordNetwork(nn.Module):
    """Two heads, averaged: one on the encoder's own tops, one on a top tuned for words.

    The tuned top starts from the object top and reads the same trunk; each head errs in its own
    way, so their mean is better than either (measured in the card).
    """

    def __init__(self, *, words: int, config_name: str = "lite0") -> None:
        super().__init__()
        config = LITE_CONFIGS[config_name]
        self.own = WordHead(words=words, channels=2 * config.head_channels)
        self.tuned = WordHead(words=words, channels=2 * config.head_channels)
        self.top = fold_batch_norm(Top(config))
        self.slope = nn.Parameter(torch.ones(words))
        self.offset = nn.Parameter(torch.zeros(words))

    def forward(self, grid16: Tensor, object_grid: Tensor, scene_grid: Tensor) -> WordReading:
        """The encoder's outputs :data:`GRIDS` -> what is in the pictures."""
        return self.read(
            self.own(torch.cat([object_grid, scene_grid], 1)),
            self.tuned(torch.cat([self.top(grid16), scene_grid], 1)))

    def read(self, own: WordEvidence, tuned: WordEvidence) -> WordReading:
        """What both heads say together."""
        logits = (own.logits() + tuned.logits()) / 2
        calibration = Calibration(self.slope, self.offset)
        return WordReading(
            calibration(logits.clamp(-MOST_LOGIT, MOST_LOGIT)), (own.maps() + tuned.maps()) / 2)

    def onnx(self) -> bytes:
        """Both heads' evidence as an ONNX graph: :data:`GRIDS` to :data:`EVIDENCE`."""
        graph = GraphBuilder()
        grid16, object_grid, scene_grid = GRIDS
        outputs = list[str]()
        for head, top in ((self.own, object_grid), (self.tuned, graph.top(grid16, self.top))):
            grid = graph.beside(top, scene_grid)
            outputs += [
                graph.plain_conv(grid, head.cell), graph.linear(graph.pool(grid), head.whole)]
        return graph.build(
            "words", dict.fromkeys(GRIDS, GRID), dict(zip(EVIDENCE, outputs, strict=True)))


@dataclass(frozen=True)
class WordReading:
    """Calibrated probabilities ``[N, W]``, and maps ``[N, W, h, w]`` in 0..1."""

    probabilities: Tensor
    maps: Tensor


class WordReader:
    """The word network, ready to run: in ONNX Runtime on a CPU, in torch on a GPU, as the encoder.

    Both are held to the same numbers by a test.
    """

    def __init__(self, network: WordNetwork, device: torch.device) -> None:
        self._network = network.to(device)
        self._session = cpu_session(network.onnx()) if device.type == "cpu" else None

    @torch.inference_mode()
    def __call__(self, features: Mapping[str, Tensor]) -> WordReading:
        """What is in the pictures, from the encoder's outputs :data:`GRIDS` (others are left)."""
        grids = {name: features[name] for name in GRIDS}
        if self._session is None:
            return self._network(*grids.values())
        found = self._session.run(
            list(EVIDENCE), {name: grid.numpy() for name, grid in grids.items()})
        own_cells, own_whole, tuned_cells, tuned_whole = map(torch.from_numpy, found)
        return self._network.read(
            WordEvidence(own_cells, own_whole), WordEvidence(tuned_cells, tuned_whole))


def load_words() -> tuple[WordNetwork, tuple[str, ...]]:
    """The word network with its weights, in eval mode on the CPU, and its words.

    Raises:
        WeightsError: if the weights are missing or are not the ones that the card names.
    """
    words = tuple(load_card(WORDS_NAME)["words"])
    return load_into(WordNetwork(words=len(words)), WORDS_NAME), words
