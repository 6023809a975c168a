"""Deep visual-semantic alignments: words and regions of pictures in one space.

Paper: Karpathy & Fei-Fei, *Deep Visual-Semantic Alignments for Generating Image Descriptions*, CVPR
2015 (arXiv 1412.2306), section 3.1. ``I_b`` are 19 regions and the whole picture, ``w_t`` words:

    v_i = W_m CNN(I_b) + b_m
    e_t = f(W_e E w_t + b_e),    h^f, h^b: recurrent networks over e, forwards and backwards
    s_t = W_d (h^f_t + h^b_t) + b_d
    S_kl = sum_{t in l} max_{i in k} v_i . s_t               picture k, sentence l
    C = sum_k [sum_l max(0, S_kl - S_kk + m) + sum_l max(0, S_lk - S_kk + m)]

``f`` is the ReLU. Phrases are then runs of words with one region: :mod:`phrases`.

Deviations: regions are windows of a frozen EfficientNet-Lite's grid (:mod:`regions`), not
detections; ``E`` is learned, not word2vec; no ReLU after ``W_d``; the recurrent networks are GRUs
and see the word through a matrix of their own (``recurrent="rnn"`` has the paper's ReLU network).
With ``unit``, ``v_i`` has length one and the lengths of a sentence's ``s_t`` sum to one, so ``S``
is a mean of cosines in which every word weighs as much as it says, and a long sentence gains
nothing. In place of the margins of ``C``, what ships learned by a softmax over the batch, both ways
(Radford et al., *Learning Transferable Visual Models From Natural Language Supervision*, ICML
2021): it goes on learning from pairs that are in order already, and finds far more after as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from hybridcore.caption.regions import pooling
from hybridcore.caption.vocabulary import PADDING


@dataclass(frozen=True)
class AlignConfig:
    """Sizes and choices; see above."""

    vocabulary: int
    cell_dim: int = 2560
    joint: int = 256  # of v and s
    embedding: int = 200
    hidden: int = 200
    recurrent: Literal["gru", "rnn"] = "gru"
    unit: bool = True
    dropout: float = 0.3


@dataclass(frozen=True)
class WordVectors:
    """Words of K sentences, one after the other: vectors float32 ``[M, joint]``; owner int64
    ``[M]``, the sentence of each."""

    vectors: Tensor
    owner: Tensor
    sentences: int


class VisualSemanticAligner(nn.Module):
    """Grid cells -> region vectors; words -> word vectors."""

    pooling: Tensor

    def __init__(self, *, config: AlignConfig) -> None:
        super().__init__()
        self.config = config
        e, h = config.embedding, config.hidden
        self.register_buffer("pooling", torch.from_numpy(pooling()), persistent=False)
        self.region = nn.Linear(config.cell_dim, config.joint)  # W_m
        self.embedding = nn.Embedding(config.vocabulary, e)  # E
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.enter = nn.Linear(e, e)  # W_e
        self.recurrent: nn.RNNBase = (
            nn.GRU(e, h, batch_first=True, bidirectional=True) if config.recurrent == "gru"
            else nn.RNN(e, h, batch_first=True, bidirectional=True, nonlinearity="relu")
        )
        self.leave = nn.Linear(h, config.joint)  # W_d
        self.dropout = nn.Dropout(config.dropout)

    def encode_regions(self, cells: Tensor) -> Tensor:
        """Regions ``[N, R, joint]`` of ``cells [N, 49, cell_dim]``."""
        return self.project(self.pooling @ cells)

    def project(self, pooled: Tensor) -> Tensor:
        """Regions ``[N, R, joint]`` of their features ``[N, R, cell_dim]``."""
        vectors = self.region(self.dropout(pooled))
        return F.normalize(vectors, dim=-1) if self.config.unit else vectors

    def encode_words(self, words: Tensor) -> WordVectors:
        """Word vectors of sentences ``words [K, T]``, each followed by PADDING; none is empty."""
        valid = words != PADDING  # [K, T]
        entered = F.relu(self.enter(self.dropout(self.embedding(words.clamp(min=0)))))
        packed = pack_padded_sequence(
            self.dropout(entered), valid.sum(1).cpu(), batch_first=True, enforce_sorted=False)
        both, _ = pad_packed_sequence(
            self.recurrent(packed)[0], batch_first=True, total_length=words.shape[1])
        forwards, backwards = both[valid].chunk(2, -1)  # [M, hidden]
        vectors = self.leave(self.dropout(forwards + backwards))
        owner = valid.nonzero()[:, 0]
        if self.config.unit:
            total = vectors.new_zeros(len(words)).index_add(0, owner, vectors.norm(dim=-1))
            vectors = vectors / total[owner, None].clamp(min=1e-6)
        return WordVectors(vectors, owner, len(words))


def pair_scores(regions: Tensor, words: WordVectors) -> Tensor:
    """``S [N, K]`` of N pictures, ``regions [N, R, joint]``, and K sentences."""
    photos, count, _ = regions.shape
    each = words.vectors @ regions.flatten(0, 1).T  # [M, N R]
    best = each.view(-1, photos, count).amax(-1)  # [M, N]
    return best.new_zeros(words.sentences, photos).index_add(0, words.owner, best).T


def margin_loss(scores: Tensor, margin: float) -> Tensor:
    """``C`` of ``scores [N, N]``, a picture and its own sentence on the diagonal, over N.

    Sentences (rows) and pictures (columns) that come closer to the true pair than ``margin`` cost.
    """
    true = scores.diagonal()
    own = torch.eye(len(scores), dtype=torch.bool, device=scores.device)
    sentences = (margin + scores - true[:, None]).clamp(min=0).masked_fill(own, 0)
    pictures = (margin + scores - true[None, :]).clamp(min=0).masked_fill(own, 0)
    return sentences.sum(1).mean() + pictures.sum(0).mean()


def softmax_loss(scores: Tensor, temperature: float) -> Tensor:
    """Cross entropy of finding the true sentence of each picture and the true picture of each
    sentence; ``scores`` as in :func:`margin_loss`."""
    own = torch.arange(len(scores), device=scores.device)
    scores = scores / temperature
    return F.cross_entropy(scores, own) + F.cross_entropy(scores.T, own)
