"""Say only what is supported, and prefer to say what is sure.

After Anderson et al., *Guided Open Vocabulary Image Captioning with Constrained Beam Search*, EMNLP
2017 (arXiv 1612.00576), turned round: in place of words that a sentence must contain, words that it
may not. A thing or a colour that nothing heard supports has probability zero, as has a thing that
the sentence named already, and any word that it said already but for small ones. Among ended
sentences the best is the one with the highest

    score / length ** alpha + reward * sum over heard things said of (2 p - 1)

so a sure thing is worth saying, and one more likely wrong than right is not. The search itself is
that of :mod:`hybridcore.caption.decode`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from hybridcore.caption.say import NOTHING, Heard, Memory, Say, SayState
from hybridcore.caption.vocabulary import END, START, UNKNOWN
from hybridcore.layers.half import HalfMatrix

REWARD = 0.5
LEAST_WORDS = 5
_UNENDED = 10.0  # what it costs a sentence to have no end
_WANTED = 3.0  # nats, what is added to a word that a person asks for until it is said
_AGAIN = 1e4  # nats, what it costs to name a thing again: as much as what is forbidden


@dataclass(frozen=True)
class Support:
    """What may be said of N pictures: of the words ``numbers [V']`` of the vocabulary; the others
    may be said of none of them.

    memory: of what was heard. bias and free_bias ``[N, V']``: that of the output layer, -inf for
    words that may not be said, the latter while a person says the words. says ``[N, M, V']``: 1
    where a word says a heard concept. worth ``[N, M]``: of saying each; more than 1: a person asks
    for it.
    """

    numbers: Tensor
    memory: Memory
    bias: Tensor
    free_bias: Tensor
    says: Tensor
    worth: Tensor

    @property
    def features(self) -> Tensor:
        """``[N, M, ...]``, for those who count the pictures."""
        return self.memory.features

    def places(self, numbers: Sequence[int]) -> tuple[int, ...]:
        """Where words of the vocabulary stand among those here."""
        wanted = torch.tensor(numbers, dtype=torch.long)
        return tuple(torch.searchsorted(self.numbers, wanted).tolist())


@dataclass(frozen=True)
class Going:
    """Sentences on their way: ``length`` words each so far; spent: bool ``[N, K, V']``, the words
    that they may not say again; ``attention [N, K, M]`` to what was heard, before the last word
    (None: there is none yet, or sentences were picked since)."""

    state: SayState
    spent: Tensor
    length: int = 0
    attention: Tensor | None = None

    def pick(self, rows: Tensor) -> Going:
        """Those of the sentences ``rows [N, K']``, which may repeat."""
        spent = self.spent[torch.arange(len(rows))[:, None], rows]
        return Going(self.state.pick(rows), spent, self.length)


class SupportedSayer:
    """The sentence model, its weights final, held to what supports it. Words are numbered as in
    :class:`Support`; the marks at the beginning of a vocabulary keep their numbers.

    Args:
        never: bool ``[V]``, words that are not said at all.
        often: bool ``[V]``, words that a sentence may say more than once.
    """

    def __init__(
        self, model: Say, never: Tensor, often: Tensor, *, reward: float = REWARD,
        least_words: int = LEAST_WORDS,
    ) -> None:
        self.model, self.never, self.often = model, never, often
        self._output = HalfMatrix(model.embedding.weight)
        self.reward, self.least_words = reward, least_words

    def read(
        self, heard: Heard, allowed: Tensor, worth: Tensor, free: Sequence[int] = ()
    ) -> Support:
        """What is computed once a picture.

        Args:
            allowed: bool ``[N, C]``, concepts that may be said (:meth:`Concepts.supported`).
            worth: ``[N, M]``, of each heard concept: ``2 p - 1`` for a thing, 0 for others, more
                than 1 for what a person asks for.
            free: words that a person says.
        """
        of_word, given = self.model.of_word, list(free)
        banned = self.never | (of_word >= 0) & ~allowed[:, of_word.clamp(min=0)]  # [N, V]
        banned[:, [START, UNKNOWN]] = True
        kept = ~banned.all(0)
        kept[[START, END, UNKNOWN, *given]] = True
        numbers = kept.nonzero()[:, 0]
        freed = banned.index_fill(1, torch.tensor(given, dtype=torch.long), False)
        bias, free_bias = (
            self.model.bias.masked_fill(mask, -torch.inf)[:, numbers] for mask in (banned, freed))
        concepts = heard.concepts[..., None]
        says = (of_word[numbers] == concepts) & (concepts != NOTHING)  # [N, M, V']
        return Support(
            numbers, self.model.read(heard), bias, free_bias, says.to(bias.dtype), worth)

    def begin(self, support: Support, sentences: int) -> Going:
        """The state before the first word of ``sentences`` sentences a picture."""
        spent = torch.zeros(len(support.features), sentences, len(support.numbers)).bool()
        return Going(self.model.begin(support.memory, sentences), spent)

    def next_words(
        self, support: Support, words: Tensor, going: Going, *, free: bool = False
    ) -> tuple[Tensor, Going]:
        """Log-probabilities ``[N, K, V']`` among the words that may be said after ``words``, and
        the state then; ``free``: a person says the next one."""
        readout, copy, attention, *after = self.model.advance(
            support.memory, support.numbers[words], going.state)
        state = SayState(*after)
        logits = self._output(readout)[..., support.numbers]
        logits += (support.free_bias if free else support.bias)[:, None]
        if not free:
            wanted = _WANTED * (support.worth > 1)[:, None] * (1 - state.said)
            copy = copy + wanted - _AGAIN * state.said
        logits.baddbmm_(copy, support.says)
        once = ~self.often[support.numbers[words]]
        spent = going.spent.scatter(2, words[..., None], once[..., None])
        if not free:
            logits.masked_fill_(spent, -torch.inf)
            if going.length < self.least_words:
                logits[..., END] = -torch.inf
        return logits.log_softmax(-1), Going(state, spent, going.length + 1, attention)

    def worth(self, support: Support, words: Tensor) -> Tensor:
        """What the things that the sentences ``[N, K, T]`` name are worth, ``[N, K]``."""
        concepts = support.memory.heard.concepts
        said = self.model.of_word[support.numbers[words]]
        says = said[..., None] == concepts[:, None, None]  # [N, K, T, M]
        gained = (says.any(2) * support.worth[:, None]).sum(-1)
        return self.reward * gained - _UNENDED * ~(words == END).any(-1)
