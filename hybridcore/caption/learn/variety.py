"""How many different words the attention model uses, against its CIDEr.

``python -m hybridcore.caption.learn.variety --data FLICKR8K --cache CACHE [--other WEIGHTS]``

Over the photographs of Flickr8k's dev split, in each of these ways to use more words:

- ``--keep k``: weights between others (``--other``, such as those of ``train --onward``) and the
  ones that ship; below 0 beyond the others (Wortsman et al., arXiv 2109.01903).
- ``--tilt t``: ``t`` times the log frequency of every word taken from its logit (Menon et al.,
  *Long-Tail Learning via Logit Adjustment*, ICLR 2021, arXiv 2007.07314).
- ``--particular p``: ``p`` times the log-probability that a word has of the mean photograph taken
  from that which it has of this one, among words at least a tenth as likely as the likeliest (Li et
  al., *Contrastive Decoding*, ACL 2023, arXiv 2210.15097).
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

from hybridcore.caption.decode import beam_search
from hybridcore.caption.learn.data import (
    as_cells,
    encode_captions,
    encode_dev,
    encode_views,
    read_flickr8k,
)
from hybridcore.caption.learn.evaluate import PHOTOS_AT_ONCE, ciders
from hybridcore.caption.learn.train import word_counts
from hybridcore.caption.model import CaptionModel, Reading, State
from hybridcore.caption.networks import load_model, load_vocabulary
from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.vocabulary import tokenise
from hybridcore.training.metrics import bootstrap
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to

PLAUSIBLE = 0.1  # of the likeliest word's probability

logger = logging.getLogger("hybridcore.training")


@dataclass(frozen=True)
class Both:
    """A sentence's states about its photograph and about the mean one."""

    own: State
    mean: State

    def pick(self, rows: Tensor) -> Both:
        return Both(self.own.pick(rows), self.mean.pick(rows))


class Particular:
    """Says what a photograph has and the mean one has not; ``mean``: the cells of that one,
    ``[1, L, C]``."""

    def __init__(self, model: CaptionModel, mean: Tensor, share: float) -> None:
        self.model, self.share, self.mean = model, share, model.read(mean)

    def _means(self, photos: int) -> Reading:
        assert self.mean.keys is not None
        return Reading(self.mean.features.expand(photos, -1, -1),
                       self.mean.keys.expand(photos, -1, -1))

    def begin(self, reading: Reading, sentences: int) -> Both:
        return Both(self.model.begin(reading, sentences),
                    self.model.begin(self._means(len(reading.features)), sentences))

    def next_words(
        self, reading: Reading, words: Tensor, state: Both, *, free: bool = False
    ) -> tuple[Tensor, Both]:
        own, after = self.model.next_words(reading, words, state.own)
        mean, after_mean = self.model.next_words(
            self._means(len(reading.features)), words, state.mean)
        unlikely = own < own.max(-1, keepdim=True).values + math.log(PLAUSIBLE)
        worth = (own - self.share * mean.clamp(min=-30)).masked_fill(unlikely, -1e3)
        return worth.log_softmax(-1), Both(after, after_mean)

    def worth(self, reading: Reading, words: Tensor) -> Tensor:
        return self.model.worth(reading, words)


def main() -> None:
    parser = script_parser(__doc__, data="folder of flickr8k.zip", cache="the encoder's grids")
    parser.add_argument("--other", type=Path, help="weights of the same network")
    parser.add_argument("--keep", type=float, default=1.0)
    parser.add_argument("--tilt", type=float, default=0.0)
    parser.add_argument("--particular", type=float, default=0.0)
    parser.add_argument("--beam", type=int, default=DecodingOptions.beam)
    args = parser.parse_args()
    log_to(args.cache / "variety.txt")
    train, dev = (read_flickr8k(args.data, split) for split in ("train", "dev"))
    grids = encode_dev(dev.photos, args.cache)
    model, vocabulary = load_model("attend"), load_vocabulary("attend")
    if args.other:
        others = load_file(args.other)
        model.load_state_dict({name: others[name].float().lerp(value, args.keep)
                               for name, value in model.state_dict().items()})
    counts = word_counts(encode_captions(train.captions, vocabulary), len(vocabulary)) + 1
    model.bias.data -= args.tilt * (counts / counts.sum()).log()
    (view,) = encode_views(train.photos, 1, args.cache)
    sentences = []
    with torch.inference_mode():
        mean = as_cells(np.array(view[::12])).mean(0, keepdim=True)
        sayer = Particular(model, mean, args.particular) if args.particular else model
        for at in range(0, len(grids), PHOTOS_AT_ONCE):
            reading = model.read(as_cells(np.array(grids[at : at + PHOTOS_AT_ONCE])))
            said = beam_search(sayer, reading, DecodingOptions(beam=args.beam)).words[:, 0]
            sentences += [vocabulary.decode(words) for words in said]
    each = ciders(sentences, dev.captions)
    words = {word for text in sentences for word in tokenise(text)}
    logger.info("%s: %d different words, CIDEr %.3f (%.3f to %.3f)", vars(args), len(words),
                *bootstrap(each, np.ones(len(each))))


if __name__ == "__main__":
    main()
