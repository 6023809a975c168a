"""The captioner: pictures in, a :class:`CaptionResult` for each out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
import torch
from scipy.special import entr
from torch import Tensor

from hybridcore.caption.decode import Decoded, Options, beam_search, look_back, sample
from hybridcore.caption.grid import CELLS, SIDE, encode_grid
from hybridcore.caption.model import KINDS, CaptionModel, Kind
from hybridcore.caption.networks import load_model, load_vocabulary
from hybridcore.caption.result import TOP, Caption, CaptionResult, Inside, Node
from hybridcore.caption.vocabulary import UNKNOWN, Vocabulary
from hybridcore.encoder.encoder import Encoder
from hybridcore.layers.recurrent import lstm_trace
from hybridcore.media.picture import resize

AT_ONCE = 32  # pictures; bounds the memory


class Captioner:
    """Says what pictures show, and what stood behind every word.

    >>> captioner = Captioner.load()
    >>> (result,) = captioner.run([read_picture(path)])
    >>> result.best.text
    """

    def __init__(
        self, encoder: Encoder, models: dict[Kind, CaptionModel],
        vocabularies: dict[Kind, Vocabulary],
    ) -> None:
        self.encoder = encoder
        self.models = {kind: model.to(encoder.device) for kind, model in models.items()}
        self.vocabularies = vocabularies

    @classmethod
    def load(cls, device: str | None = None, kinds: Iterable[Kind] = KINDS) -> Captioner:
        """Read the weights of the encoder and of the models named.

        Raises:
            WeightsError: if weights are missing or are not the ones their cards name.
        """
        kinds = tuple(kinds)
        return cls(
            Encoder.load(device), {kind: load_model(kind) for kind in kinds},
            {kind: load_vocabulary(kind) for kind in kinds},
        )

    def see(self, pictures: Sequence[np.ndarray]) -> Tensor:
        """The encoder's grids, float32 ``[N, 49, 2560]``, of uint8 RGB pictures of any size."""
        grids = []
        for at in range(0, len(pictures), AT_ONCE):
            frames = np.stack([resize(picture, SIDE) for picture in pictures[at : at + AT_ONCE]])
            grids.append(encode_grid(self.encoder, frames).flatten(2).transpose(1, 2))
        return torch.cat(grids)

    def run(
        self, pictures: Sequence[np.ndarray], kind: Kind = "attend",
        options: Options | None = None,
    ) -> list[CaptionResult]:
        """Caption pictures, uint8 RGB ``[h, w, 3]`` of any sizes, all at once."""
        return self.say(self.see(pictures), kind, options)

    @torch.inference_mode()
    def say(
        self, cells: Tensor, kind: Kind = "attend", options: Options | None = None,
        *, draw: bool = False,
    ) -> list[CaptionResult]:
        """Caption what :meth:`see` saw, by beam search, or by drawing words at random."""
        model, vocabulary = self.models[kind], self.vocabularies[kind]
        decode = sample if draw else beam_search
        results = []
        for part in cells.split(AT_ONCE):
            decoded = decode(model, model.read(part), options or Options())
            results += [
                CaptionResult(
                    kind=kind, captions=_captions(decoded, photo, vocabulary),
                    tree=_tree(decoded, photo, vocabulary), cells=part[photo],
                )
                for photo in range(len(part))
            ]
        return results

    @torch.inference_mode()
    def look_inside(self, result: CaptionResult, numbers: Sequence[int]) -> Inside:
        """What stood behind every word of the sentence ``numbers`` of the picture of ``result``."""
        model, vocabulary = self.models[result.kind], self.vocabularies[result.kind]
        spoken = look_back(model, model.read(result.cells[None]), numbers)
        p = np.exp(spoken.log_probabilities)  # [T, V]
        best = np.argsort(-p, axis=1, kind="stable")[:, :TOP]
        rows = np.arange(len(p))
        return Inside(
            words=tuple(vocabulary.words[i] for i in spoken.words),
            numbers=tuple(int(i) for i in spoken.words),
            probabilities=p[rows, spoken.words],
            alternatives=tuple(tuple(vocabulary.words[i] for i in row) for row in best),
            alternative_probabilities=np.take_along_axis(p, best, 1),
            entropy=(entr(p).sum(1) / np.log(2)).astype(np.float32),
            attention=None if spoken.attention is None
            else spoken.attention.reshape(-1, CELLS, CELLS),
            gate=spoken.gate,
            trace=lstm_trace(model.lstm, spoken.inputs, spoken.hidden,
                             first_h=spoken.first_h, first_c=spoken.first_c),
        )

    def prefix(self, text: str, kind: Kind) -> tuple[tuple[int, ...], list[str]]:
        """Numbers of the first words that a person gives, and those words that are not known."""
        vocabulary = self.vocabularies[kind]
        known = tuple(i for i in vocabulary.encode(text) if i != UNKNOWN)
        return known, vocabulary.unknown(text)


def _captions(decoded: Decoded, photo: int, vocabulary: Vocabulary) -> tuple[Caption, ...]:
    found = []
    for rank, score in enumerate(decoded.score[photo]):
        if not np.isfinite(score):
            continue  # a beam that never was: the vocabulary or the prefix left fewer sentences
        numbers, log_p = decoded.sentence(photo, rank)
        found.append(Caption(
            text=vocabulary.decode(numbers), words=tuple(vocabulary.words[i] for i in numbers),
            numbers=tuple(int(i) for i in numbers),
            probabilities=tuple(float(p) for p in np.exp(log_p)), log_probability=float(score),
        ))
    return tuple(found)


def _tree(decoded: Decoded, photo: int, vocabulary: Vocabulary) -> tuple[Node, ...]:
    """The words that were followed, step by step; the END that ended sentences repeat is left
    out."""
    tree, best = decoded.tree, decoded.sentence(photo)[0].tolist()
    nodes: list[Node] = []
    above: dict[int, int] = {}  # beam at the step before -> position in nodes
    said: dict[int, tuple[int, ...]] = {-1: ()}  # position -> the words up to it
    for t in range(len(tree.words)):
        here: dict[int, int] = {}
        for beam, (word, parent) in enumerate(
            zip(tree.words[t, photo], tree.parents[t, photo], strict=True)
        ):
            before = above.get(int(parent), -1)
            if not np.isfinite(tree.scores[t, photo, beam]):
                continue
            if not tree.live[t, photo, beam]:
                here[beam] = before
                continue
            here[beam] = len(nodes)
            said[len(nodes)] = (*said[before], int(word))
            nodes.append(Node(
                word=vocabulary.words[word], step=t, parent=before,
                probability=float(np.exp(tree.log_probabilities[t, photo, beam])),
                score=float(tree.scores[t, photo, beam]),
                best=list(said[len(nodes)]) == best[: t + 1],
            ))
        above = here
    return tuple(nodes)


@cache
def shared_captioner() -> Captioner:
    """The captioner that all sessions of a server share, loaded when first asked for."""
    return Captioner.load()
