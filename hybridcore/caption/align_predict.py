"""The aligner: which part of a picture each word of a sentence is about, and which pictures and
sentences belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from hybridcore.caption.align import (
    AlignConfig,
    VisualSemanticAligner,
    WordVectors,
    pair_scores,
)
from hybridcore.caption.phrases import Phrase, decode_chain, phrases
from hybridcore.caption.regions import Regions, fixed_regions
from hybridcore.caption.vocabulary import PADDING, UNKNOWN, Vocabulary, tokenise
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
    x0, y0, x1, y1 in 0..1 of the picture; the first is the whole picture. names: what each is a
    region of, as far as that is known. score: of the pair, the mean over words of their best
    region's score, as :meth:`Aligner.rank` has it among the fixed ones.
    """

    words: tuple[str, ...]
    unknown: tuple[str, ...]
    scores: NDArray[np.float32]
    regions: NDArray[np.int64]
    phrases: tuple[Phrase, ...]
    boxes: NDArray[np.float32]
    names: tuple[str, ...]
    score: float

    def to_json(self) -> dict[str, Any]:
        """``{"score", "phrases": [{"words", "box", "score"}], "unknown"}``."""
        return {
            "score": round(self.score, 4),
            "phrases": [
                {"words": " ".join(self.words[phrase.start : phrase.end]),
                 "box": [round(float(side), 4) for side in self.boxes[phrase.region]],
                 "score": round(phrase.score, 4)}
                for phrase in self.phrases
            ],
            "unknown": list(self.unknown),
        }


class Aligner:
    """Puts sentences and pictures together.

    >>> aligner = Aligner.load()
    >>> cells = captioner.encode([picture])  # the encoder's grid
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
    def encode_regions(self, cells: NDArray[np.float32]) -> Tensor:
        """Region vectors ``[N, R, joint]`` of the encoder's cells, float32 ``[N, 49, 2560]``."""
        return self.model.encode_regions(torch.from_numpy(cells).to(self.device))

    @torch.inference_mode()
    def encode_words(self, texts: Sequence[str]) -> WordVectors:
        """Word vectors of sentences.

        Raises:
            TextError: if a text has no word, too many, or none that the model knows.
        """
        numbers = [torch.tensor(self._read(text)) for text in texts]
        padded = pad_sequence(numbers, batch_first=True, padding_value=PADDING)
        return self.model.encode_words(padded.to(self.device))

    @torch.inference_mode()
    def align(
        self, cells: NDArray[np.float32], text: str, *, beta: float = BETA,
        regions: Regions | None = None,
    ) -> Alignment:
        """Find the region of every word of ``text`` in one picture, ``cells [49, 2560]``.

        regions: among which; None: the fixed ones.

        Raises:
            TextError: as :meth:`encode_words`.
        """
        words = self.encode_words([text])
        count = len(words.vectors)
        regions = regions or fixed_regions()
        pooled = torch.from_numpy(regions.pooling @ cells).to(self.device)
        scores = (count * words.vectors @ self.model.project(pooled).T).float().cpu().numpy()
        choice = decode_chain(scores, beta)
        return Alignment(
            words=tuple(tokenise(text)), unknown=tuple(self.vocabulary.unknown(text)),
            scores=scores, regions=choice, phrases=phrases(scores, choice), boxes=regions.boxes,
            names=regions.names,
            score=float(scores.max(1).mean()),
        )

    @torch.inference_mode()
    def rank(self, cells: NDArray[np.float32], texts: Sequence[str]) -> NDArray[np.float32]:
        """How well every text fits every picture: float32 ``[N, K]`` of ``cells [N, 49, 2560]``.

        Raises:
            TextError: as :meth:`encode_words`, also if there is no text.
        """
        if not texts:
            raise TextError("There is no sentence: write at least one.")
        scores = pair_scores(self.encode_regions(cells), self.encode_words(texts))
        return scores.float().cpu().numpy()

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
