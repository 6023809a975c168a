"""How well pictures and sentences find each other.

``python -m hybridcore.caption.learn.align_evaluate --data FLICKR8K --cache CACHE``

Retrieval among the 1,000 photographs and 5,000 sentences of Flickr8k's dev split, which had no part
in training or in any choice. Annotation: a photograph looks for one of its five sentences among all
sentences. Search: a sentence looks for its photograph. R@k is the share that finds it among the
best k. Beside the fixed boxes that the aligner learned with stand those of the words that are seen
in a photograph (:mod:`hybridcore.caption.word_regions`), alone and together with the fixed ones;
differences are paired. The figures complete the card.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from hybridcore.caption.align import VisualSemanticAligner, pair_scores
from hybridcore.caption.align_predict import WEIGHTS_NAME
from hybridcore.caption.learn.data import encode_captions, read_flickr8k
from hybridcore.caption.predict import Captioner
from hybridcore.caption.regions import fixed_regions
from hybridcore.caption.vocabulary import END, PADDING
from hybridcore.caption.word_regions import regions_of, word_regions
from hybridcore.cards import load_card, write_card
from hybridcore.encoder.grids import unpack_grid
from hybridcore.media.picture import read_picture
from hybridcore.training.metrics import bootstrap, share_row
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to

SPLIT = "Flickr8k dev, 1,000 photographs and 5,000 sentences"
BEST = (1, 5, 10)
FIXED = "fixed boxes"
WAYS = (FIXED, "boxes of words", "both")
AT_ONCE = 100

logger = logging.getLogger("hybridcore.training")
Row = dict[str, object]


@torch.inference_mode()
def score_all(
    model: VisualSemanticAligner, grids: NDArray[np.uint8], words: NDArray[np.int16]
) -> NDArray[np.float32]:
    """Every photograph with every sentence, float32 ``[P, 5 P]``, of grids uint8
    ``[P, 49, 2560]`` and words as :func:`~hybridcore.caption.learn.data.encode_captions` gives
    them."""
    model.eval()
    parts = range(0, len(grids), AT_ONCE)
    return score_regions(model, torch.cat([
        model.encode_regions(unpack_grid(np.array(grids[at : at + AT_ONCE]))) for at in parts
    ]), words)


@torch.inference_mode()
def score_regions(
    model: VisualSemanticAligner, regions: torch.Tensor, words: NDArray[np.int16]
) -> NDArray[np.float32]:
    """The same of region vectors ``[P, R, joint]``."""
    sentences = without_end(torch.from_numpy(words.astype(np.int64))).flatten(0, 1)
    scores = [pair_scores(regions, model.encode_words(part)) for part in sentences.split(AT_ONCE)]
    return torch.cat(scores, 1).numpy()


@torch.inference_mode()
def encode_ways(
    model: VisualSemanticAligner, captioner: Captioner, photos: Sequence[Path]
) -> dict[str, torch.Tensor]:
    """Region vectors ``[P, R, joint]`` of photographs by each of :data:`WAYS`; a photograph with
    fewer regions than others has the whole several times, which changes no score."""
    fixed, hearer = fixed_regions().pooling, captioner.speaker.hearer
    found: dict[str, list[torch.Tensor]] = {way: [] for way in WAYS}
    for at in range(0, len(photos), AT_ONCE):
        encoding = captioner.encode([read_picture(path) for path in photos[at : at + AT_ONCE]])
        for k in range(len(encoding.cells)):
            one = encoding.one(k)
            heard = hearer.choose(captioner.seer.words_in(one.seen)[0])
            maps = captioner.seer.maps(one.seen, one.cells[0], [word.name for word in heard])
            own = regions_of(word_regions(heard, maps, hearer.kind_of)).pooling
            for way, pooling in zip(WAYS, (fixed, own, np.concatenate([fixed, own])), strict=True):
                found[way].append(model.project(torch.from_numpy(pooling @ one.cells[0])))
    most = max(len(one) for ones in found.values() for one in ones)
    return {way: torch.stack([torch.cat([one, one[:1].expand(most - len(one), -1)])
                              for one in ones]) for way, ones in found.items()}


def gained(way: str, own: NDArray[np.float32], fixed: NDArray[np.float32]) -> Iterator[Row]:
    """What scores by a way find more than those by the fixed boxes, in points, paired."""
    k, both = max(BEST), zip(ranks(own), ranks(fixed), strict=True)
    for name, (places, before) in zip(("annotation", "search"), both, strict=True):
        more = ((places <= k).astype(float) - (before <= k)).reshape(len(own), -1)
        value, low, high = (
            round(100 * v, 2) for v in bootstrap(more.mean(1), np.ones(len(more))))
        yield {"name": f"{name} R@{k}, {way}, more than with the fixed boxes", "split": SPLIT,
               "count": places.size, "value": value, "unit": "points", "interval": [low, high]}


def without_end(words: torch.Tensor) -> torch.Tensor:
    """Sentences as inputs, from sentences as targets."""
    return words.masked_fill(words == END, PADDING)


def ranks(scores: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of what is right, from 1, of ``scores [P, S P]`` with S sentences a photograph.

    Annotation ``[P]``: of the best of a photograph's own sentences among all. Search ``[S P]``: of
    a sentence's photograph among all. What scores the same as the right one stands before it.
    """
    owner = np.arange(scores.shape[1]) // (scores.shape[1] // len(scores))
    own = owner == np.arange(len(scores))[:, None]  # [P, S P]
    best = np.where(own, scores, -np.inf).max(1, keepdims=True)
    true = scores[owner, np.arange(scores.shape[1])]
    return (
        ((scores >= best) & ~own).sum(1) + 1,
        ((scores >= true) & ~own).sum(0) + 1,
    )


def retrieval(scores: NDArray[np.float32]) -> Iterator[Row]:
    """R@1, 5 and 10 with their intervals over photographs, and the median rank, both ways; of
    ``scores`` as in :func:`ranks`."""
    ways = dict(zip(("annotation", "search"), ranks(scores), strict=True))
    for way, places in ways.items():
        groups = places.reshape(len(scores), -1)
        counts = np.full(len(groups), groups.shape[1])
        for k in BEST:
            row = share_row(f"{way} R@{k}", SPLIT, (groups <= k).sum(1), counts)
            yield {**row, "headline": True} if k == max(BEST) else row
        yield {
            "name": f"{way} median rank", "split": SPLIT, "count": places.size,
            "value": float(np.median(places)),
        }


def main() -> None:
    parser = script_parser(__doc__, data="folder of flickr8k.zip", cache="log")
    args = parser.parse_args()
    log_to(args.cache / "align_evaluate.txt")

    captioner = Captioner.load("cpu")
    aligner = captioner.aligner
    dev = read_flickr8k(args.data, "dev")
    words = encode_captions(dev.captions, aligner.vocabulary)
    regions = encode_ways(aligner.model, captioner, dev.photos)
    scores = {way: score_regions(aligner.model, one, words) for way, one in regions.items()}
    rows = list(retrieval(scores[FIXED]))
    for way in WAYS[1:]:
        rows += [
            {**{k: v for k, v in row.items() if k != "headline"}, "name": f"{row['name']}, {way}"}
            for row in retrieval(scores[way])]
        rows += gained(way, scores[way], scores[FIXED])
    for row in rows:
        logger.info("%s", row)
    write_card({**load_card(WEIGHTS_NAME), "metrics": rows})


if __name__ == "__main__":
    main()
