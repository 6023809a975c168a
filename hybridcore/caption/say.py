"""Say what was seen: a sentence from a set of words, learned from text alone.

The network never sees a picture. It hears the concepts that one shows (:mod:`concepts`), each with
how sure they are, and says them in a sentence, as novel object captioning does (Hendricks et al.
2016; Wu et al. 2016, attributes in place of image features; Feng et al. 2019, text without
pictures). With ``m_i`` the memory of a heard concept, ``s_ti`` whether it was said before step t:

    m_i = relu(W_m [E w_i; B sureness_i; C count_i])            E of the concept, not of a word
    e_ti = v . tanh(W_a m_i + W_h h_{t-1} + u s_ti),            alpha_t = softmax(e_t)
    h_t, c_t = LSTM([E y_{t-1}, sum_i alpha_ti m_i], h_{t-1}, c_{t-1})
    p(y_t) ~ exp(E r_t + b + copy_t[concept of y]),             r_t = L [E y_{t-1}, h_t, z_t]
    copy_ti = q_i . (W_c h_t) + u_c s_ti for a heard concept, 0 for the others

Coverage is exact: ``s_ti`` is known from the words said, not guessed from attention (See et al.
2017). ``copy`` speaks for every surface form of a concept; language picks the form.

Deviations: the first state is a style (whose sentences: Flickr's or COCO's) and the mean memory.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from hybridcore.caption.concepts import NO_CONCEPT

SURENESS = (0.4, 0.6, 0.8, 0.93)  # between five buckets, of the probability that a word is right
COUNTS = ("unknown", "one", "many")
NOTHING = -1  # pads the heard concepts of several pictures


@dataclass(frozen=True)
class SayConfig:
    """Sizes; ``styles`` whose sentences were learned."""

    vocabulary: int
    concepts: int
    styles: int = 2
    embedding: int = 256
    attention: int = 256
    hidden: int = 512
    dropout: float = 0.3


@dataclass(frozen=True)
class Heard:
    """What N pictures show: concept numbers ``[N, M]``, :data:`NOTHING` after the last; sureness
    bucket 0..4 and count 0..2 (:data:`COUNTS`), ``[N, M]``; style ``[N]``. All int64."""

    concepts: Tensor
    sureness: Tensor
    counts: Tensor
    style: Tensor

    def to(self, device: torch.device) -> Heard:
        """The same on another device."""
        return Heard(*(x.to(device) for x in vars(self).values()))


@dataclass(frozen=True)
class Memory:
    """Computed once a picture: features, keys and copy queries ``[N, M, ...]``."""

    heard: Heard
    features: Tensor
    keys: Tensor
    copies: Tensor
    present: Tensor  # bool [N, M]


@dataclass(frozen=True)
class SayState:
    """Between two words: h, c ``[N, K, hidden]``; said ``[N, K, M]``, 0 or 1."""

    h: Tensor
    c: Tensor
    said: Tensor

    def pick(self, rows: Tensor) -> SayState:
        """The states of the sentences ``rows [N, K']``, which may repeat."""
        return SayState(*(
            x.gather(1, rows[..., None].expand(*rows.shape, x.shape[-1]))
            for x in (self.h, self.c, self.said)))


class Say(nn.Module):
    """Heard concepts -> words; ``of_word [V]`` names the concept that each word says."""

    of_word: Tensor

    def __init__(self, *, config: SayConfig) -> None:
        super().__init__()
        self.config = config
        e, a, h = config.embedding, config.attention, config.hidden
        of_word = torch.full((config.vocabulary,), NO_CONCEPT)
        self.register_buffer("of_word", of_word, persistent=False)  # the card has it
        self.embedding = nn.Embedding(config.vocabulary, e)
        self.names = nn.Embedding(config.concepts, e)
        for table in (self.embedding, self.names):
            nn.init.normal_(table.weight, std=e**-0.5)
        self.bias = nn.Parameter(torch.zeros(config.vocabulary))
        self.sureness = nn.Embedding(len(SURENESS) + 1, 32)
        self.count = nn.Embedding(len(COUNTS), 32)
        self.style = nn.Embedding(config.styles, a)
        self.memory = nn.Sequential(nn.Linear(e + 64, a), nn.ReLU())
        self.initial = nn.Linear(2 * a, 2 * h)
        self.key = nn.Linear(a, a, bias=False)
        self.query = nn.Linear(h, a)
        self.covered = nn.Parameter(torch.zeros(a))
        self.score = nn.Linear(a, 1, bias=False)
        self.lstm = nn.LSTMCell(e + a, h)
        self.deep = nn.Linear(e + h + a, e)
        self.copy_key = nn.Linear(a, a)
        self.copy_query = nn.Linear(h, a)
        self.copy_covered = nn.Parameter(torch.zeros(()))
        self.dropout = nn.Dropout(config.dropout)

    def read(self, heard: Heard) -> Memory:
        """What is computed once a picture."""
        present = heard.concepts != NOTHING
        entry = torch.cat([
            self.dropout(self.names(heard.concepts.clamp(min=0)) * self.config.embedding**0.5),
            self.sureness(heard.sureness), self.count(heard.counts)], -1)
        features = self.memory(entry) * present[..., None]
        copies = self.copy_key(features) * self.config.attention**-0.5
        return Memory(heard, features, self.key(features), copies, present)

    def begin(self, memory: Memory, sentences: int) -> SayState:
        """The state before the first word of ``sentences`` sentences a picture."""
        present = memory.present.sum(1, keepdim=True).clamp(min=1)
        start = torch.cat([
            memory.features.sum(1) / present, self.style(memory.heard.style)], -1)
        h, c = torch.tanh(self.initial(start))[:, None].expand(-1, sentences, -1).chunk(2, -1)
        said = memory.features.new_zeros(*h.shape[:2], memory.present.shape[1])
        return SayState(h, c, said)

    def advance(self, memory: Memory, words: Tensor, state: SayState) -> tuple[Tensor, ...]:
        """Take in ``words [N, K]``: readout ``[N, K, e]``, copy scores and attention
        ``[N, K, M]``, and h, c and said after them."""
        word = self.dropout(self.embedding(words) * self.config.embedding**0.5)
        says = self.of_word[words][..., None] == memory.heard.concepts[:, None]  # [N, K, M]
        said = torch.maximum(state.said, says.to(state.said.dtype))
        mixed = torch.tanh(
            memory.keys[:, None] + self.query(state.h)[:, :, None]
            + said[..., None] * self.covered)
        score = self.score(mixed)[..., 0].masked_fill(~memory.present[:, None], -1e4)
        alpha = score.softmax(-1)
        z = torch.einsum("nkm,nma->nka", alpha, memory.features)
        h, c = self.lstm(
            torch.cat([word, z], -1).flatten(0, 1),
            (state.h.flatten(0, 1), state.c.flatten(0, 1)))
        h, c = h.view_as(state.h), c.view_as(state.c)
        readout = self.deep(torch.cat([word, self.dropout(h), z], -1))
        copy = torch.einsum("nka,nma->nkm", self.copy_query(h), memory.copies)
        copy = (copy + said * self.copy_covered) * memory.present[:, None]
        return readout, copy, alpha, h, c, said

    def logits(self, memory: Memory, readout: Tensor, copy: Tensor) -> Tensor:
        """``readout [N, K, e]`` and ``copy [N, K, M]`` -> logits ``[N, K, V]``."""
        concepts = memory.heard.concepts
        index = torch.where(memory.present, concepts, self.config.concepts)
        bonus = copy.new_zeros(*copy.shape[:2], self.config.concepts + 1)
        bonus = bonus.scatter_add(2, index[:, None].expand_as(copy), copy)
        words = nn.functional.linear(self.dropout(readout), self.embedding.weight, self.bias)
        of_word = torch.where(self.of_word >= 0, self.of_word, self.config.concepts)
        return words + bonus[..., of_word]

    def forward(self, memory: Memory, words: Tensor) -> Tensor:
        """Logits ``[N, T, V]`` of the words after each of ``words [N, T]``, which begin with
        START; one sentence a picture."""
        state = self.begin(memory, 1)
        readouts, copies = [], []
        for word in words.unbind(1):
            readout, copy, _, *after = self.advance(memory, word[:, None], state)
            state = SayState(*after)
            readouts.append(readout)
            copies.append(copy)
        return self.logits(memory, torch.cat(readouts, 1), torch.cat(copies, 1))

    def lstm_inputs(self, memory: Memory, words: Tensor, attention: Tensor) -> Tensor:
        """What the LSTM was given at ``words [T]`` of one picture, ``[T, e + a]``, from the
        attention ``[T, M]`` that it paid then."""
        word = self.embedding(words) * self.config.embedding**0.5
        return torch.cat([word, attention @ memory.features[0]], -1)


def bucket(probability: Tensor) -> Tensor:
    """Sureness bucket 0..4 of calibrated probabilities."""
    return torch.bucketize(probability, torch.tensor(SURENESS, device=probability.device))
