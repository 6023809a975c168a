"""Decoded numbers as words: the sentences of a picture, and the tree of all that was followed."""

from __future__ import annotations

import numpy as np

from hybridcore.caption.decode import Decoded
from hybridcore.caption.result import Caption, Captions, Node
from hybridcore.caption.vocabulary import Vocabulary


def transcribe(decoded: Decoded, photo: int, vocabulary: Vocabulary) -> Captions:
    """The sentences of one photograph."""
    return Captions(_captions(decoded, photo, vocabulary), _tree(decoded, photo, vocabulary))


def _captions(decoded: Decoded, photo: int, vocabulary: Vocabulary) -> tuple[Caption, ...]:
    captions = []
    for rank, score in enumerate(decoded.score[photo]):
        if not np.isfinite(score):
            continue  # an unused beam: the vocabulary or the prefix left fewer sentences
        numbers, log_p = decoded.sentence(photo, rank)
        captions.append(Caption(
            text=vocabulary.decode(numbers), words=tuple(vocabulary.words[i] for i in numbers),
            numbers=tuple(int(i) for i in numbers),
            probabilities=tuple(float(p) for p in np.exp(log_p)), log_probability=float(score),
        ))
    return tuple(captions)


def _tree(decoded: Decoded, photo: int, vocabulary: Vocabulary) -> tuple[Node, ...]:
    """The words that were followed, step by step; the END that ended sentences repeat is left
    out."""
    tree, best = decoded.tree, decoded.sentence(photo)[0].tolist()
    nodes: list[Node] = []
    above: dict[int, int] = {}  # beam at the step before -> position in nodes
    paths: dict[int, tuple[int, ...]] = {-1: ()}  # position -> the words up to it
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
            paths[len(nodes)] = (*paths[before], int(word))
            nodes.append(Node(
                word=vocabulary.words[word], step=t, parent=before,
                probability=float(np.exp(tree.log_probabilities[t, photo, beam])),
                score=float(tree.scores[t, photo, beam]),
                best=list(paths[len(nodes)]) == best[: t + 1],
            ))
        above = here
    return tuple(nodes)
