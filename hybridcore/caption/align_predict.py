"""The aligner: which part of a picture each word of a sentence is about, and which pictures and
sentences belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from hybridcore.caption.align import (
    AlignConfig,
    HeardWords,
    VisualSemanticAligner,
    pair_scores,
)
from hybridcore.caption.phrases import Phrase, decode_chain, phrases
from hybridcore.caption.regions import boxes
from hybridcore.caption.vocabulary import PADDING, UNKNOWN, Vocabulary, tokenize
from hybridcore.cards import load_card
from hybridcore.device import pick_device
from hybridcore.errors import TextError
from hybridcore.weights import load_into

WEIGHTS_NAME = "caption_align"
BETA = 0.03  # what two neighbouring words gain by one region: some three phrases a sentence
MOST_WORDS = 100  # of a person's sentence


@dataclass(frozen=True)
class Alignment:
    """A sentence of T words on a picture of R regions.

    words: as they were read, lower case, without punctuation; unknown: those of them that the
    model has never learned, and takes as one and the same word. scores: float32 ``[T, R]``, the
    cosine of word and region times the word's weight, which is one on average. regions: int64
    ``[T]``, of each word, in ``phrases``, which are runs of one region. boxes: float32 ``[R, 4]``,
    x0, y0, x1, y1 in 0..1 of the picture; the first is the whole picture. score: of the pair,
    the mean over words of their best region's score, as :meth:`Aligner.rank` has it.
    """

    words: tuple[str, ...]
    unknown: tuple[str, ...]
    scores: NDArray[np.float32]
    regions: NDArray[np.int64]
    phrases: tuple[Phrase, ...]
    boxes: NDArray[np.float32]
    score: float


class Aligner:
    """Puts sentences and pictures together.

    >>> aligner = Aligner.load()
    >>> cells = captioner.see([picture])  # the encoder's grid
    >>> aligner.align(cells[0], "A dog runs on the grass").phrases
    """

    def __init__(
        self, model: VisualSemanticAligner, vocabulary: Vocabulary, device: torch.device
    ) -> None:
        self.model, self.vocabulary, self.device = model.to(device), vocabulary, device

    @classmethod
    def load(cls, device: str | None = None) -> Aligner:
        """Read the weights.

        Raises:
            WeightsError: if they are missing or are not the ones their card names.
        """
        card = load_card(WEIGHTS_NAME)
        model = load_into(
            VisualSemanticAligner(config=AlignConfig(**card["config"])), WEIGHTS_NAME)
        return cls(model, Vocabulary(tuple(card["vocabulary"])), pick_device(device))

    @torch.inference_mode()
    def see(self, cells: Tensor) -> Tensor:
        """Region vectors ``[N, R, joint]`` of the encoder's grids, float32 ``[N, 49, 2560]``."""
        return self.model.see(cells.to(self.device))

    @torch.inference_mode()
    def hear(self, texts: Sequence[str]) -> HeardWords:
        """Word vectors of sentences.

        Raises:
            TextError: if a text has no word, too many, or none that the model knows.
        """
        numbers = [torch.tensor(self._read(text)) for text in texts]
        padded = pad_sequence(numbers, batch_first=True, padding_value=PADDING)
        return self.model.hear(padded.to(self.device))

    @torch.inference_mode()
    def align(self, cells: Tensor, text: str, *, beta: float = BETA) -> Alignment:
        """Find the region of every word of ``text`` in one picture, ``cells [49, 2560]``.

        Raises:
            TextError: as :meth:`hear`.
        """
        heard = self.hear([text])
        count = len(heard.vectors)
        scores = (count * heard.vectors @ self.see(cells[None])[0].T).float().cpu().numpy()
        regions = decode_chain(scores, beta)
        return Alignment(
            words=tuple(tokenize(text)), unknown=tuple(self.vocabulary.unknown(text)),
            scores=scores, regions=regions, phrases=phrases(scores, regions), boxes=boxes(),
            score=float(scores.max(1).mean()),
        )

    @torch.inference_mode()
    def rank(self, cells: Tensor, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well every text fits every picture: float32 ``[N, K]`` of ``cells [N, 49, 2560]``.

        Raises:
            TextError: as :meth:`hear`, also if there is no text.
        """
        if not texts:
            raise TextError("There is no sentence: write at least one.")
        return pair_scores(self.see(cells), self.hear(texts)).float().cpu().numpy()

    def _read(self, text: str) -> list[int]:
        numbers = self.vocabulary.encode(text)
        if not numbers:
            raise TextError("The sentence is empty: write a few English words.")
        if len(numbers) > MOST_WORDS:
            raise TextError(
                f"The sentence has {len(numbers)} words: write at most {MOST_WORDS}."
            )
        if all(number == UNKNOWN for number in numbers):
            raise TextError(
                f"None of the words of “{text.strip()}” is known: the model learned "
                f"{len(self.vocabulary):,} English words from captions of photographs. Describe "
                "what the picture shows in simple words."
            )
        return numbers


@cache
def shared_aligner() -> Aligner:
    """The aligner that all sessions of a server share, loaded when first asked for."""
    return Aligner.load()
