"""Show, Attend and Tell: before every word, the network chooses where to look.

Paper: Xu et al., *Show, Attend and Tell: Neural Image Caption Generation with Visual Attention*,
ICML 2015 (arXiv 1502.03044), soft attention (section 4.2). Annotations ``a_i`` are the cells of the
encoder's grid, ``y_t`` words, ``E`` the embedding:

    h_0, c_0 = tanh of a linear map of mean_i a_i each
    e_ti  = v . tanh(W_a a_i + W_h h_{t-1}),    alpha_t = softmax(e_t)
    z_t   = beta_t sum_i alpha_ti a_i,          beta_t = sigmoid(f . h_{t-1})
    h_t, c_t = LSTM([E y_{t-1}, z_t], h_{t-1}, c_{t-1})
    p(y_t) ~ exp(E (L_y E y_{t-1} + L_h h_t + L_z z_t))         deep output

The doubly stochastic term is :func:`doubly_stochastic`.

Deviations: that term asks for an equal share a cell; the cells come from a frozen EfficientNet-Lite
with two tops (objects and scenes, side by side) and pass a learned projection with layer norm; the
output layer is the embedding itself, so ``E y`` passes ``L_y`` before it (else every word would
vote for itself).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

import torch
from torch import Tensor, nn

from hybridcore.caption.model import CaptionConfig, CaptionModel, Reading, Sentences, State
from hybridcore.layers.half import HalfMatrix, lstm_state


class ShowAttendTell(CaptionModel):
    """Soft attention over the grid, an LSTM, deep output."""

    def __init__(self, *, config: CaptionConfig) -> None:
        super().__init__(config=config)
        a, e, h = config.features, config.embedding, config.hidden
        self.annotate = nn.Sequential(nn.Linear(config.cell_dim, a), nn.LayerNorm(a), nn.ReLU())
        self.key = nn.Linear(a, config.attention, bias=False)  # W_a
        self.query = nn.Linear(h, config.attention + 1)  # W_h and f
        self.score = nn.Linear(config.attention, 1, bias=False)  # v
        self.initial = nn.Linear(a, 2 * h)
        self.lstm = nn.LSTM(e + a, h, batch_first=True)
        self.deep = nn.Linear(e + h + a, e)  # L_y, L_h, L_z
        self._matrix: HalfMatrix | None = None

    def for_decoding(self) -> Self:
        from_input, from_hidden, *biases = self.lstm.all_weights[0]
        self._matrix = HalfMatrix(torch.cat([from_input, from_hidden], 1), biases[0] + biases[1])
        return super().for_decoding()

    def _gates(self, word: Tensor) -> Callable[[int, Tensor, Tensor], Tensor]:
        """The LSTM's gates ``[N, K, 4 hidden]`` at step t, from t, z and h, as a function; ``word
        [N, K, T, embedding]``."""
        matrix = self._matrix
        if matrix is not None and not torch.is_grad_enabled():
            return lambda t, z, h: matrix(torch.cat([word[:, :, t], z, h], -1))
        # What the words alone give to the gates needs no recurrence: one product for all of them.
        size = self.config.embedding
        from_input, from_hidden, *biases = self.lstm.all_weights[0]
        from_words = nn.functional.linear(word, from_input[:, :size], biases[0] + biases[1])
        weight = torch.cat([from_input[:, size:], from_hidden], 1)  # [4 hidden, A + hidden]
        return lambda t, z, h: from_words[:, :, t] + nn.functional.linear(
            torch.cat([z, h], -1), weight)

    def read(self, cells: Tensor) -> Reading:
        annotations = self.dropout(self.annotate(cells))  # [N, L, A]
        return Reading(annotations, self.key(annotations))

    def begin(self, reading: Reading, sentences: int) -> State:
        start = torch.tanh(self.initial(reading.features.mean(1)))  # [N, 2 hidden]
        h, c = start[:, None].expand(-1, sentences, -1).chunk(2, -1)
        return State(h, c)

    def look(self, h: Tensor, reading: Reading) -> tuple[Tensor, Tensor, Tensor]:
        """From ``h [N, K, hidden]``: z ``[N, K, A]``, alpha ``[N, K, L]``, beta ``[N, K, 1]``."""
        assert reading.keys is not None
        query, gate = self.query(h).split([self.config.attention, 1], -1)
        mixed = torch.tanh(reading.keys[:, None] + query[:, :, None])  # [N, K, L, attention]
        alpha = self.score(mixed).squeeze(-1).softmax(-1)
        beta = gate.sigmoid()
        return beta * torch.bmm(alpha, reading.features), alpha, beta

    def forward(self, reading: Reading, words: Tensor, first: State | None = None) -> Sentences:
        first = state = first or self.begin(reading, words.shape[1])
        word = self.embed(words)  # [N, K, T, embedding]
        gates = self._gates(word)
        contexts, maps, betas, hidden = [], [], [], []
        for t in range(word.shape[2]):
            z, alpha, beta = self.look(state.h, reading)
            state = State(*lstm_state(gates(t, z, state.h), state.c))
            contexts.append(z)
            maps.append(alpha)
            betas.append(beta[..., 0])
            hidden.append(state.h)
        z, h = torch.stack(contexts, 2), torch.stack(hidden, 2)
        return Sentences(
            readout=self.deep(torch.cat([word, self.dropout(h), z], -1)),
            inputs=torch.cat([word, z], -1), hidden=h, first=first, last=state,
            attention=torch.stack(maps, 2), gate=torch.stack(betas, 2),
        )


def doubly_stochastic(attention: Tensor, valid: Tensor) -> Tensor:
    """How unevenly sentences looked over the grid (equation 14), the mean over cells.

    ``attention [N, K, T, L]``; ``valid [N, K, T]`` tells words from padding. Where the paper asks
    for one look a cell, we ask for ``T / L``, which a sentence shorter than the grid can give.
    """
    looked = (attention * valid[..., None]).sum(2)  # [N, K, L]
    share = valid.sum(2, keepdim=True) / attention.shape[-1]
    return (share - looked).square().mean()
