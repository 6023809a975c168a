"""Show and Tell: the network sees the photograph once, before the first word.

Paper: Vinyals et al., *Show and Tell: A Neural Image Caption Generator*, CVPR 2015 (arXiv
1411.4555), section 3.1. ``I`` is the photograph, ``S_t`` words, ``W_e`` the embedding:

    x_{-1} = CNN(I),    x_t = W_e S_t,    h_t, c_t = LSTM(x_t),    p_{t+1} = softmax(W_o h_t)

The photograph goes through the LSTM as if it were a word, from an empty state, and is never seen
again; what is forgotten of it is lost. There is no attention to show.

Deviations: a frozen EfficientNet-Lite with two tops, pooled, in place of GoogLeNet; ``h`` passes a
linear map to the size of the embedding, which is the output layer too (tied).
"""

from __future__ import annotations

from torch import Tensor, nn

from hybridcore.caption.model import CaptionConfig, CaptionModel, Reading, Sentences, State


class ShowTell(CaptionModel):
    """One look, then an LSTM language model."""

    def __init__(self, *, config: CaptionConfig) -> None:
        super().__init__(config=config)
        e, h = config.embedding, config.hidden
        self.see = nn.Sequential(
            nn.Linear(config.cell_dim, config.features), nn.LayerNorm(config.features), nn.ReLU(),
            nn.Dropout(config.dropout), nn.Linear(config.features, e),
        )
        self.lstm = nn.LSTM(e, h, batch_first=True)
        self.deep = nn.Linear(h, e)

    def read(self, cells: Tensor) -> Reading:
        return Reading(self.see(cells.mean(1)))  # [N, embedding]

    def begin(self, reading: Reading, sentences: int) -> State:
        _, (h, c) = self.lstm(reading.features[:, None])  # [1, N, hidden]
        return State(*(x[0][:, None].expand(-1, sentences, -1) for x in (h, c)))

    def forward(self, reading: Reading, words: Tensor, first: State | None = None) -> Sentences:
        first = first or self.begin(reading, words.shape[1])
        inputs = self.embed(words)  # [N, K, T, embedding]
        rows = inputs.shape[:2]
        before = tuple(x.flatten(0, 1)[None].contiguous() for x in (first.h, first.c))
        hidden, (h, c) = self.lstm(inputs.flatten(0, 1), before)  # [N K, T, hidden]
        hidden = hidden.unflatten(0, rows)
        return Sentences(
            readout=self.deep(self.dropout(hidden)), inputs=inputs, hidden=hidden, first=first,
            last=State(h[0].unflatten(0, rows), c[0].unflatten(0, rows)),
        )
