"""What stood behind the words of a sentence, from what the network said at every step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import entr

from hybridcore.caption.result import Inside
from hybridcore.caption.vocabulary import Vocabulary
from hybridcore.layers.flow import Step
from hybridcore.layers.recurrent import LSTMTrace

TOP = 10  # words shown at every step


def inside(
    vocabulary: Vocabulary, numbers: Sequence[int], log_probabilities: np.ndarray,
    trace: LSTMTrace, flow: tuple[Step, ...], *, attention: np.ndarray | None = None,
    gate: np.ndarray | None = None, hearing: np.ndarray | None = None,
) -> Inside:
    """Of the T words ``numbers``, from ``log_probabilities [T, V]`` of all words at every step."""
    p = np.exp(log_probabilities)
    best = np.argsort(-p, axis=1, kind="stable")[:, :TOP]
    return Inside(
        words=tuple(vocabulary.words[i] for i in numbers),
        probabilities=p[np.arange(len(p)), np.asarray(numbers)],
        alternatives=tuple(tuple(vocabulary.words[i] for i in row) for row in best),
        alternative_probabilities=np.take_along_axis(p, best, 1),
        entropy=(entr(p).sum(1) / np.log(2)).astype(np.float32),
        attention=attention, gate=gate, trace=trace, flow=flow, hearing=hearing,
    )
