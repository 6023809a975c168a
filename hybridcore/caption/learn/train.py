"""Train a captioner.

``python -m hybridcore.caption.learn.train --data FLICKR8K --kind attend ...``

The encoder is frozen: several views of each of the 6,000 training photographs pass it once, and
the captioner learns from their grids. A batch holds photographs with all five of their captions,
so what is computed once a photograph serves five sentences. Measured by
``python -m hybridcore.caption.learn.evaluate``, which completes the card.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from hybridcore.caption.attend import ShowAttendTell, doubly_stochastic
from hybridcore.caption.learn.data import (
    Batch,
    batches,
    encode_captions,
    encode_views,
    read_flickr8k,
)
from hybridcore.caption.model import KINDS, CaptionConfig, CaptionModel, Kind, decoder_inputs
from hybridcore.caption.networks import build, load_model
from hybridcore.caption.vocabulary import PADDING, START, UNKNOWN, Vocabulary
from hybridcore.cards import load_card
from hybridcore.device import describe, pick_device
from hybridcore.training.options import script_parser
from hybridcore.training.run import ClockRun, log_to, seed_everything
from hybridcore.training.sources import FLICKR8K, PAPERS
from hybridcore.weights import save_weights

ABOUT: dict[Kind, dict[str, Any]] = {
    "attend": {
        "title": "Show, Attend and Tell",
        "description": "Soft attention over the encoder's grid before every word, an LSTM, deep "
                       "output.",
        "paper": PAPERS["show_attend_tell"],
        "differences": [
            "A frozen EfficientNet-Lite with two tops (objects, scenes), 7 x 7 cells, in place of "
            "a VGG with 14 x 14",
            "Cells pass a learned projection with layer norm",
            "The output layer is the word embedding itself (tied)",
            "The doubly stochastic term asks for an equal share a cell, which a short sentence "
            "can give",
            "Label smoothing, word dropout, averaged weights",
        ],
    },
    "tell": {
        "title": "Show and Tell",
        "description": "The photograph once, before the first word, then an LSTM language model: "
                       "what attention must beat.",
        "paper": PAPERS["show_and_tell"],
        "differences": [
            "A frozen EfficientNet-Lite with two tops, pooled, in place of GoogLeNet",
            "The output layer is the word embedding itself (tied), and no ensemble",
            "Label smoothing, word dropout, averaged weights",
        ],
    },
}
LIMITS = [
    "Trained on 6,000 photographs, most of them of people and dogs outdoors: anything else is "
    "described as the nearest of these",
    "Counts, colours of small things, text and who does what to whom are often wrong",
    "Uses only words that occur at least five times in the training captions",
    "The training photographs were squashed to a square, and so is every picture here",
]
SMOOTHING = 0.1
WORD_DROPOUT = 0.1
EVENNESS = 1.0  # weight of the doubly stochastic term; lambda in the paper

logger = logging.getLogger("hybridcore.training")


def loss_of(
    model: CaptionModel, batch: Batch, *, smoothing: float = SMOOTHING
) -> torch.Tensor:
    """Cross entropy of all words but UNKNOWN, and the doubly stochastic term where there is one."""
    words = batch.words
    valid = words != PADDING
    inputs = decoder_inputs(words.clamp(min=0))
    drop = (torch.rand(inputs.shape) < WORD_DROPOUT) & (inputs != START)
    output = model(model.read(batch.cells), inputs.masked_fill(drop, UNKNOWN))
    targets = valid & (words != UNKNOWN)
    loss = F.cross_entropy(
        model.classify(output.readout[targets]), words[targets], label_smoothing=smoothing
    )
    if isinstance(model, ShowAttendTell):
        loss = loss + EVENNESS * doubly_stochastic(output.attention, valid)
    return loss


def word_counts(words: np.ndarray, vocabulary: int) -> torch.Tensor:
    """How often each word is to be predicted, float32 ``[V]``."""
    learned = words[(words != PADDING) & (words != UNKNOWN)]
    counts = np.bincount(learned, minlength=vocabulary)
    return torch.from_numpy(counts.astype(np.float32))


def train_one(
    model: CaptionModel, views: list[np.ndarray], words: np.ndarray, *, minutes: float,
    folder: Path, batch: int, rate: float, seed: int, smoothing: float = SMOOTHING,
) -> CaptionModel:
    """Train ``model`` for ``minutes`` and return it with its averaged weights."""
    logger.info("%d parameters", sum(p.numel() for p in model.parameters()))
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.02)
    run = ClockRun(model, optimiser, minutes=minutes, directory=folder, average_decay=0.995)
    loader = batches(views, words, batch, seed=seed + run.step)
    model.train()
    run.learn(loader, lambda part: loss_of(model, part, smoothing=smoothing))
    logger.info("%d steps, %.1f passes", run.step, run.step * batch / len(words))
    return model.eval()


def main() -> None:
    parser = script_parser(
        __doc__, data="folder of flickr8k.zip", cache="the encoder's grids",
        run="checkpoint and log", minutes=20, seed=True)
    parser.add_argument("--kind", choices=KINDS, default="attend")
    parser.add_argument("--views", type=int, default=4, help="of each training photograph")
    parser.add_argument("--batch", type=int, default=24, help="photographs, five captions each")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--dropout", type=float, default=0.4)
    parser.add_argument("--onward", action="store_true",
                        help="start from the weights that ship instead of from random ones")
    parser.add_argument("--smoothing", type=float, default=SMOOTHING, help="of the labels")
    parser.add_argument("--keep", type=float, default=0.0,
                        help="with --onward: share of the weights before in those that ship")
    args = parser.parse_args()
    kind: Kind = args.kind
    log_to(args.run / f"{kind}.txt")

    train = read_flickr8k(args.data, "train")
    views = encode_views(train.photos, args.views, args.cache)
    captions = [caption for group in train.captions for caption in group]
    vocabulary = Vocabulary.of(captions)
    seed_everything(args.seed)
    words = encode_captions(train.captions, vocabulary)
    command = (
        "python -m hybridcore.caption.learn.train --data FLICKR8K --cache CACHE --run RUN "
        f"--kind {kind} --minutes {args.minutes:g} --views {args.views} --batch {args.batch} "
        f"--rate {args.rate:g} --dropout {args.dropout:g} --smoothing {args.smoothing:g} "
        f"--seed {args.seed}"
    )
    minutes = args.minutes
    if args.onward:
        model = load_model(kind)
        before = load_card(f"caption_{kind}")["training"]
        command = f"{before['command']} && {command} --onward --keep {args.keep:g}"
        minutes += before["minutes"]
        kept = {name: value.clone() for name, value in model.state_dict().items()}
    else:
        model = build(kind, CaptionConfig(vocabulary=len(vocabulary), dropout=args.dropout))
        model.start_from(word_counts(words, len(vocabulary)))
    train_one(
        model, views, words, minutes=args.minutes, folder=args.run / kind, batch=args.batch,
        rate=args.rate, seed=args.seed, smoothing=args.smoothing,
    )
    if args.onward:
        model.load_state_dict({
            name: value.lerp(kept[name], args.keep) for name, value in model.state_dict().items()})
    save_weights(model, f"caption_{kind}", {
        **ABOUT[kind],
        "config": vars(model.config),
        "training": {
            "data": [FLICKR8K],
            "started_from": "random weights, on the shared encoder, frozen",
            "command": command,
            "seed": args.seed, "minutes": minutes, "hardware": describe(pick_device("cpu")),
        },
        "metrics": [],
        "limits": LIMITS,
        "vocabulary": vocabulary.words,
    })


if __name__ == "__main__":
    main()
