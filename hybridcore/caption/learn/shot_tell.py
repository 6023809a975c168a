"""Show and Tell of a shot: its frames one after the other, before the first word.

Paper: Venugopalan et al., *Sequence to Sequence: Video to Text*, ICCV 2015 (arXiv 1505.00487), in
one layer: the LSTM that says the words reads the frames first, as if each were a word. ``I_k`` are
frames, from an empty state:

    h_k, c_k = LSTM(CNN(I_k)),    then as in :mod:`hybridcore.caption.tell`

Its twin reads the mean frame instead (Venugopalan et al., *Translating Videos to Natural Language
Using Deep Recurrent Neural Networks*, NAACL 2015), which :class:`ShowTell` does with cells of
several frames as it is. With ``own`` the frames are read by an LSTM of their own, whose last state
begins the sentence, as in Donahue et al., *LRCN*, CVPR 2015.
"""

from __future__ import annotations

from torch import Tensor, nn

from hybridcore.caption.model import CaptionConfig, Reading, State
from hybridcore.caption.tell import ShowTell


class ShotTell(ShowTell):
    """Cells are the frames' mean cells, ``[N, F, cell_dim]``."""

    def __init__(self, *, config: CaptionConfig, own: bool = False) -> None:
        super().__init__(config=config)
        self.watch = nn.LSTM(config.embedding, config.hidden, batch_first=True) if own else None

    def start_watching(self) -> None:
        """Begin with the weights of the LSTM that says the words."""
        if self.watch is not None:
            self.watch.load_state_dict(self.lstm.state_dict())

    def read(self, cells: Tensor) -> Reading:
        return Reading(self.see(cells))  # [N, F, embedding]

    def begin(self, reading: Reading, sentences: int) -> State:
        _, (h, c) = (self.watch or self.lstm)(reading.features)  # [1, N, hidden]
        return State(*(x[0][:, None].expand(-1, sentences, -1) for x in (h, c)))
