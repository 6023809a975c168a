"""Self-critical training.

``python -m hybridcore.caption.learn.selfcritical --data FLICKR8K ...``

A captioner that ships goes on learning from its own sentences (Rennie et al., *Self-critical
Sequence Training for Image Captioning*, CVPR 2017, arXiv 1612.00563). For each photograph it draws
K sentences; each is rewarded by its CIDEr against the five captions of the photograph, less the
mean reward of the other K - 1 (Luo, *A Better Variant of Self-Critical Sequence Training*, 2020,
arXiv 2003.09971):

    loss = - mean_k (r_k - mean_{j != k} r_j) sum_t log p(w_kt)

The weights that ship are the mean of those before and after (Wortsman et al., *Robust Fine-Tuning
of Zero-Shot Models*, CVPR 2022, arXiv 2109.01903), which did better than either.

CIDEr is that of pycocoevalcap (a development dependency), with the document frequencies of the
training captions. The end of a sentence counts as a word, so that none stops in the middle.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import torch
from pycocoevalcap.cider.cider_scorer import CiderScorer, cook_refs, cook_test

from hybridcore.caption.decode import sample
from hybridcore.caption.learn.data import draw_views, encode_views, read_flickr8k
from hybridcore.caption.model import KINDS, CaptionModel, decoder_inputs, in_sentence
from hybridcore.caption.networks import load_model, load_vocabulary
from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.vocabulary import END, MARKS, Vocabulary, tokenise
from hybridcore.cards import load_card
from hybridcore.encoder.grids import unpack_grid
from hybridcore.training.options import script_parser
from hybridcore.training.run import ClockRun, log_to, seed_everything
from hybridcore.weights import save_weights

logger = logging.getLogger("hybridcore.training")


class Reward:
    """CIDEr of sentences against the captions of training photographs, 0 to about 10."""

    def __init__(self, captions: Sequence[Sequence[str]]) -> None:
        ended = [[" ".join([*tokenise(c), MARKS[END]]) for c in group] for group in captions]
        self.references = [cook_refs(group) for group in ended]
        self.scorer = CiderScorer()
        self.scorer.crefs = self.references
        self.scorer.compute_doc_freq()

    def __call__(self, sentences: Sequence[str], photos: Sequence[int]) -> np.ndarray:
        """float32 ``[S]``; sentence ``s`` is about photograph ``photos[s]``."""
        # The scorer goes through its sentences, and takes the size of the corpus from the number
        # of its references: those of all photographs follow those that are asked for.
        references = [self.references[p] for p in photos]
        self.scorer.crefs = references + self.references[: len(self.references) - len(references)]
        self.scorer.ctest = [cook_test(sentence) for sentence in sentences]
        return np.array(self.scorer.compute_cider(), np.float32)


def loss_of(
    model: CaptionModel, cells: torch.Tensor, photos: np.ndarray, reward: Reward,
    vocabulary: Vocabulary, *, sentences: int, seed: int,
) -> tuple[torch.Tensor, float]:
    """The loss above for one batch of ``cells [N, L, C]``, and the mean reward."""
    model.eval()
    with torch.inference_mode():
        drawn = sample(model, model.read(cells), DecodingOptions(beam=sentences, seed=seed))
    words = torch.from_numpy(drawn.words)  # [N, K, T]
    valid = in_sentence(words)
    texts = [
        " ".join(vocabulary.words[w] for w in row[keep])
        for row, keep in zip(drawn.words.reshape(-1, words.shape[-1]),
                             valid.flatten(0, 1).numpy(), strict=True)
    ]
    rewards = torch.from_numpy(reward(texts, np.repeat(photos, sentences).tolist()))
    rewards = rewards.view(len(cells), sentences)
    others = (rewards.sum(1, keepdim=True) - rewards) / (sentences - 1)
    model.train()
    output = model(model.read(cells), decoder_inputs(words))
    log_p = model.log_probabilities(output.readout).gather(-1, words[..., None])[..., 0]
    gained = (rewards - others)[..., None] * log_p.masked_fill(~valid, 0)
    return -gained.sum() / valid.sum(), float(rewards.mean())


def main() -> None:
    parser = script_parser(
        __doc__, data="folder of flickr8k.zip", cache="the encoder's grids",
        run="checkpoint and log", minutes=20, seed=True)
    parser.add_argument("--kind", choices=KINDS, default="attend")
    parser.add_argument("--views", type=int, default=4, help="of each training photograph")
    parser.add_argument("--batch", type=int, default=24, help="photographs")
    parser.add_argument("--sentences", type=int, default=5, help="drawn for each photograph")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--keep", type=float, default=0.5,
                        help="share of the weights before in those that ship")
    args = parser.parse_args()
    log_to(args.run / f"{args.kind}.txt")

    train = read_flickr8k(args.data, "train")
    views = encode_views(train.photos, args.views, args.cache)
    model, vocabulary = load_model(args.kind), load_vocabulary(args.kind)
    card = load_card(f"caption_{args.kind}")
    before = {name: value.clone() for name, value in model.state_dict().items()}
    reward = Reward(train.captions)
    optimiser = torch.optim.AdamW(model.parameters(), lr=args.rate, weight_decay=0.0)
    run = ClockRun(model, optimiser, minutes=args.minutes, directory=args.run / args.kind,
                   average_decay=0.99)
    rng = seed_everything(args.seed + run.step)
    earned: list[float] = []
    for step in run.steps():
        photos = np.sort(rng.choice(len(train.photos), args.batch, replace=False))
        cells = unpack_grid(draw_views(views, photos, rng))
        loss, mean = loss_of(model, cells, photos, reward, vocabulary,
                             sentences=args.sentences, seed=step)
        run.apply(loss)
        earned.append(mean)
        if len(earned) == 20:
            logger.info("mean reward of the sentences drawn: %.3f", np.mean(earned))
            earned.clear()
    model.load_state_dict({
        name: value.lerp(before[name], args.keep) for name, value in run.average.values.items()
    })
    training = card["training"]
    training["command"] += (
        " && python -m hybridcore.caption.learn.selfcritical --data FLICKR8K --cache CACHE "
        f"--run RUN --kind {args.kind} --minutes {args.minutes:g} --views {args.views} "
        f"--batch {args.batch} --sentences {args.sentences} --rate {args.rate:g} "
        f"--keep {args.keep:g} --seed {args.seed}"
    )
    training["minutes"] += args.minutes
    save_weights(model.eval(), f"caption_{args.kind}", card)


if __name__ == "__main__":
    main()
