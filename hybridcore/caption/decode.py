"""From a network to sentences: batched beam search that keeps its whole tree, and sampling.

All photographs and all their beams take each step together; what depends on the photograph alone
(a reading) is computed once and shared by its beams. A sentence that has ended keeps its beam and
its score while the others go on, so the answer for a photograph does not depend on the others in
its batch. Beam 1 is greedy decoding.

A score is the sum of the log-probabilities of the words, the END included. Among ended sentences
the best is the one with the highest ``score / length ** alpha``; alpha 0 favours short ones. A
model may add what it thinks of a whole sentence to that (:meth:`Sayer.worth`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from hybridcore.caption.model import CaptionModel, Reading, decoder_inputs, in_sentence
from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.vocabulary import END, START

Step = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]  # the fields of Tree, ``[N, K]`` each
_KEPT = 1e4  # lifts ended sentences over all others when beams are chosen
_FORBIDDEN = -1e3  # no sentence is as unlikely


class Sayer(Protocol):
    """What says words one by one, of readings of N photographs, K sentences each.

    A reading has ``features [N, ...]``; a state ``pick(rows [N, K'])``.
    """

    def begin(self, reading: Any, sentences: int) -> Any:
        """The state before the first word."""
        ...

    def next_words(
        self, reading: Any, words: Tensor, state: Any, *, free: bool = False
    ) -> tuple[Tensor, Any]:
        """Log-probabilities ``[N, K, V]`` of the words after ``words [N, K]``, and the state then.

        free: a person says the next word, so nothing is forbidden.
        """
        ...

    def worth(self, reading: Any, words: Tensor) -> Tensor:
        """What whole sentences ``[N, K, T]`` are worth beside their likelihood, ``[N, K]``."""
        ...


@dataclass(frozen=True)
class Decoded:
    """Sentences of N photographs, K each, the best first.

    words int64 ``[N, K, T]``, END and then END again after it (a sentence stopped at the longest
    length has none); log_probabilities float32 ``[N, K, T]``, 0 after the END; score ``[N, K]``,
    their sum.
    """

    words: np.ndarray
    log_probabilities: np.ndarray
    score: np.ndarray
    tree: Tree

    def sentence(self, photo: int, rank: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Words up to the END and their log-probabilities, ``[t]`` each."""
        valid = in_sentence(torch.from_numpy(self.words[photo, rank])).numpy()
        return self.words[photo, rank][valid], self.log_probabilities[photo, rank][valid]

    def numbered(self, numbers: np.ndarray) -> Decoded:
        """The same with the words ``numbers [V']`` for their places among these."""
        tree = replace(self.tree, words=numbers[self.tree.words])
        return replace(self, words=numbers[self.words], tree=tree)


@dataclass(frozen=True)
class Tree:
    """Everything that the beams followed: step T, photograph N, beam K.

    words, parents (the beam at the step before) int64, log_probabilities of the word and scores of
    the sentence up to it float32, live bool: false for a sentence that had ended before.
    All ``[T, N, K]``; an unused beam has the score ``-inf``.
    """

    words: np.ndarray
    parents: np.ndarray
    log_probabilities: np.ndarray
    scores: np.ndarray
    live: np.ndarray


@torch.inference_mode()
def beam_search(model: Sayer, reading: Any, options: DecodingOptions) -> Decoded:
    """The best ``options.beam`` sentences of every photograph."""
    photos, beams = len(reading.features), options.beam
    device = reading.features.device
    state = model.begin(reading, beams)
    words = torch.full((photos, beams), START, device=device)
    score = torch.full((photos, beams), -torch.inf, device=device)
    score[:, 0] = 0  # all beams start alike, so one of them is enough
    ended = torch.zeros_like(words, dtype=torch.bool)
    rows: list[Step] = []
    for t in range(options.most_words):
        forced = options.prefix[t] if t < len(options.prefix) else None
        log_p, state = model.next_words(reading, words, state, free=forced is not None)
        parents, words, gained = _choose(log_p, score, ended, forced)
        score = score.gather(1, parents) + gained
        score = score.masked_fill(score < _FORBIDDEN, -torch.inf)
        live = ~ended.gather(1, parents)
        state = state.pick(parents)
        ended = ~live | (words == END)
        rows.append((words, parents, gained, score, live))
        if ended.all():
            break
    return _gather(model, reading, rows, options.alpha)


def _choose(
    log_p: Tensor, score: Tensor, ended: Tensor, forced: int | None
) -> tuple[Tensor, Tensor, Tensor]:
    """Parents, words and the words' log-probabilities of the next beams, ``[N, K]`` each."""
    photos, beams, vocabulary = log_p.shape
    only_end = torch.full((vocabulary,), -torch.inf, device=log_p.device)
    only_end[END] = 0
    log_p[ended] = only_end  # an ended sentence says END for ever, for free
    if forced is not None:
        parents = torch.arange(beams, device=log_p.device).expand(photos, -1)
        words = torch.full_like(parents, forced)
        return parents, words, log_p[:, :, forced]
    rank = (score + _KEPT * ended)[..., None] + log_p
    _, best = rank.flatten(1).topk(beams, 1)  # [N, K]
    return best // vocabulary, best % vocabulary, log_p.flatten(1).gather(1, best)


def _gather(
    model: Sayer, reading: Any, followed: Sequence[Step], alpha: float
) -> Decoded:
    """The tree; follow its parents back from the last step and order the sentences."""
    tree = Tree(*(torch.stack(column).cpu().numpy() for column in zip(*followed, strict=True)))
    steps, photos, beams = tree.words.shape
    rows = np.arange(photos)[:, None]
    at = np.tile(np.arange(beams), (photos, 1))
    words = np.empty((photos, beams, steps), np.int64)
    log_p = np.empty((photos, beams, steps), np.float32)
    for t in reversed(range(steps)):
        words[..., t], log_p[..., t] = tree.words[t, rows, at], tree.log_probabilities[t, rows, at]
        at = tree.parents[t, rows, at]
    said = torch.from_numpy(words)
    length = in_sentence(said).sum(-1).numpy()
    worth = model.worth(reading, said.to(reading.features.device)).cpu().numpy()
    score = tree.scores[-1]
    order = np.argsort(-(score / length**alpha + worth), axis=1, kind="stable")
    return Decoded(words[rows, order], log_p[rows, order], score[rows, order], tree)


@torch.inference_mode()
def sample(model: Sayer, reading: Any, options: DecodingOptions) -> Decoded:
    """``options.beam`` sentences of every photograph, each drawn word by word.

    The log-probabilities are the network's own, before temperature and nucleus.
    """
    photos, count = len(reading.features), options.beam
    generator = torch.Generator().manual_seed(options.seed)
    state = model.begin(reading, count)
    words = torch.full((photos, count), START, device=reading.features.device)
    score = torch.zeros(words.shape, device=words.device)
    ended = torch.zeros_like(words, dtype=torch.bool)
    parents = torch.arange(count, device=words.device).expand(photos, -1)
    rows: list[Step] = []
    for t in range(options.most_words):
        forced = options.prefix[t] if t < len(options.prefix) else None
        log_p, state = model.next_words(reading, words, state, free=forced is not None)
        if forced is not None:
            words = torch.full_like(words, forced)
        else:
            words = _draw(log_p, options, generator)
        words = words.masked_fill(ended, END)
        gained = log_p.gather(2, words[..., None])[..., 0].masked_fill(ended, 0)
        score = score + gained
        rows.append((words, parents, gained, score, ~ended))
        ended = ended | (words == END)
        if ended.all():
            break
    return _gather(model, reading, rows, options.alpha)


def _draw(log_p: Tensor, options: DecodingOptions, generator: torch.Generator) -> Tensor:
    """A word of each row of ``log_p [N, K, V]``."""
    p = (log_p / options.temperature).softmax(-1).flatten(0, 1).cpu()
    value, word = p.sort(-1, descending=True)
    above = value.cumsum(-1) - value  # what the likelier words sum to
    value = value.masked_fill(above >= options.nucleus, 0)
    pick = torch.multinomial(value, 1, generator=generator)
    return word.gather(1, pick)[:, 0].view(log_p.shape[:2]).to(log_p.device)


@dataclass(frozen=True)
class TeacherForced:
    """What stood behind every word of one sentence: T words, its END included.

    log_probabilities float32 ``[T, V]``, of all words at every step; attention float32 ``[T, L]``
    and gate float32 ``[T]``, None without attention; inputs ``[T, D]`` (x_t), hidden ``[T, H]``
    (h_t) and the state before the first word, ``[H]`` each.
    """

    words: np.ndarray
    log_probabilities: np.ndarray
    attention: np.ndarray | None
    gate: np.ndarray | None
    inputs: Tensor
    hidden: Tensor
    first_h: Tensor
    first_c: Tensor


@torch.inference_mode()
def teacher_force(model: CaptionModel, reading: Reading, words: Sequence[int]) -> TeacherForced:
    """Go through one sentence of one photograph (``reading`` of one) once more, word by word."""
    numbers = torch.tensor(words, device=reading.features.device)
    output = model(reading, decoder_inputs(numbers)[None, None])
    log_p = model.log_probabilities(output.readout[0, 0])
    attention, gate = (
        None if x is None else x[0, 0].cpu().numpy() for x in (output.attention, output.gate)
    )
    return TeacherForced(
        words=numbers.cpu().numpy(), log_probabilities=log_p.cpu().numpy(), attention=attention,
        gate=gate, inputs=output.inputs[0, 0], hidden=output.hidden[0, 0],
        first_h=output.first.h[0, 0], first_c=output.first.c[0, 0],
    )
