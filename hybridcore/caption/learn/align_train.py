"""Train the aligner.

``python -m hybridcore.caption.learn.align_train --data FLICKR8K --cache CACHE``

A batch holds photographs, each in one of its views and with one of its five sentences; all others
of the batch are its negatives. With ``--hold-out N`` the choices that the options
offer are tried on the last N training photographs, kept back, and what they gave goes into
``RUN/tried.jsonl``; without, the aligner learns from all of them and its card takes that table in.
Measured by ``python -m hybridcore.caption.learn.align_evaluate``, which completes the card.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from hybridcore.caption.align import (
    AlignConfig,
    VisualSemanticAligner,
    margin_loss,
    pair_scores,
    softmax_loss,
)
from hybridcore.caption.align_predict import WEIGHTS_NAME
from hybridcore.caption.learn.align_evaluate import retrieval, score_all, without_end
from hybridcore.caption.learn.align_features import Pairs, load_features, pairs
from hybridcore.caption.learn.data import encode_captions, encode_views, read_flickr8k
from hybridcore.caption.vocabulary import Vocabulary
from hybridcore.device import describe, pick_device
from hybridcore.training.options import script_parser
from hybridcore.training.run import ClockRun, log_to, seed_everything
from hybridcore.training.sources import FLICKR8K, PAPERS
from hybridcore.weights import save_weights

MARGIN = {True: 0.2, False: 1.0}  # of cosines; of the paper's products
TEMPERATURE = 0.05  # of cosines

logger = logging.getLogger("hybridcore.training")


def train_aligner(
    model: VisualSemanticAligner, views: list[NDArray[np.float16]], words: NDArray[np.int16], *,
    minutes: float, folder: Path, batch: int, rate: float, loss: str, seed: int,
) -> float:
    """Train ``model`` on the regions' components for ``minutes``, leave it with its averaged
    weights, and return how often it went through the photographs."""
    logger.info("%d parameters", sum(p.numel() for p in model.parameters()))
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.02)
    run = ClockRun(model, optimiser, minutes=minutes, directory=folder, average_decay=0.99)
    sentences = without_end(torch.from_numpy(words.astype(np.int64)))

    def loss_of(part: Pairs) -> torch.Tensor:
        scores = pair_scores(model.project(part.regions), model.encode_words(part.words))
        if loss == "softmax":
            return softmax_loss(scores, TEMPERATURE)
        return margin_loss(scores, MARGIN[model.config.unit])

    model.train()
    run.learn(pairs(views, sentences, batch, seed=seed + run.step), loss_of)
    return run.step * batch / len(words)


def main() -> None:
    parser = script_parser(
        __doc__, data="folder of flickr8k.zip", cache="the encoder's grids",
        run="checkpoint, log and trials", minutes=8, seed=True)
    parser.add_argument("--views", type=int, default=4, help="of each training photograph")
    parser.add_argument("--batch", type=int, default=100, help="photographs, a sentence each")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--dropout", type=float, default=0.3)
    parser.add_argument("--recurrent", choices=("gru", "rnn"), default="gru")
    parser.add_argument("--score", choices=("cosine", "product"), default="cosine")
    parser.add_argument("--loss", choices=("softmax", "margin"), default="softmax")
    parser.add_argument("--hold-out", type=int, default=0, help="photographs, for a trial")
    args = parser.parse_args()
    choices = (f"--recurrent {args.recurrent} --score {args.score} --loss {args.loss} "
               f"--dropout {args.dropout:g} --rate {args.rate:g} --batch {args.batch}")
    log_to(args.run / "align.txt")
    logger.info("%s", choices)

    train = read_flickr8k(args.data, "train")
    views = encode_views(train.photos, args.views, args.cache)
    learned = len(train.photos) - args.hold_out
    vocabulary = Vocabulary.of(text for group in train.captions[:learned] for text in group)
    words = encode_captions(train.captions, vocabulary)
    components, features = load_features(views, args.cache)
    seed_everything(args.seed)
    model = VisualSemanticAligner(config=AlignConfig(
        vocabulary=len(vocabulary), cell_dim=features[0].shape[-1], recurrent=args.recurrent,
        unit=args.score == "cosine", dropout=args.dropout,
    ))
    name = "align" if not args.hold_out else choices.replace("--", "").replace(" ", "_")
    passes = train_aligner(
        model, [regions[:learned] for regions in features], words[:learned],
        minutes=args.minutes, folder=args.run / name, batch=args.batch, rate=args.rate,
        loss=args.loss, seed=args.seed,
    )
    logger.info("%.1f passes", passes)
    model = components.fold(model)
    trials = args.run / "tried.jsonl"
    if args.hold_out:
        rows = retrieval(score_all(model, views[0][learned:], words[learned:]))
        figures = ", ".join(f"{row['name']} {row['value']:g}" for row in rows)
        logger.info("%s", figures)
        with trials.open("a") as file:
            file.write(json.dumps({
                "what": f"{choices}, {args.minutes:g} minutes ({passes:.1f} passes), without the "
                        f"last {args.hold_out:,} training photographs",
                "gave": f"on these: {figures}",
            }) + "\n")
        return
    save_weights(model, WEIGHTS_NAME, {
        "title": "Visual-semantic alignment",
        "description": "Words, read both ways, and regions of the picture in one space: finds what "
                       "each word is about, and which pictures and sentences belong together.",
        "paper": PAPERS["visual_semantic"],
        "differences": [
            "19 fixed windows over the grid of a frozen EfficientNet-Lite and the whole picture, "
            "in place of 19 detections and the whole picture: a region does not follow an object",
            "Bidirectional GRU in place of a bidirectional ReLU network; word vectors are learned, "
            "in place of word2vec",
            "A score is a mean of cosines, each word with a learned weight, in place of a sum of "
            "products",
            "AdamW, averaged weights",
            *(["Cross entropy over the batch, both ways (Radford et al., CLIP, 2021), in place of "
               "margins"] if args.loss == "softmax" else []),
        ],
        "config": vars(model.config),
        "training": {
            "data": [FLICKR8K],
            "started_from": "random weights, on the shared encoder, frozen",
            "command": "python -m hybridcore.caption.learn.align_train --data FLICKR8K "
                       f"--cache CACHE --run RUN --minutes {args.minutes:g} --views {args.views} "
                       f"{choices} --seed {args.seed}",
            "seed": args.seed, "minutes": args.minutes, "passes": round(passes, 1),
            "hardware": describe(pick_device("cpu")),
        },
        "metrics": [],
        "tried": [json.loads(line) for line in trials.read_text().splitlines()]
        if trials.exists() else [],
        "limits": [
            "Trained on 6,000 photographs, most of them of people and dogs outdoors",
            "It learned with 20 boxes over a grid of 7 x 7 cells, the same for every picture; a "
            "sentence is put among the boxes of the words that are seen, if there are any: "
            "roughly where, never the outline of a thing",
            "Nobody marked in the training photographs what a word is about; the model found out "
            "from whole sentences, so a word may point to what often goes with it",
            "Words that occur fewer than five times in the training captions are all one to it",
        ],
        "vocabulary": vocabulary.words,
    })


if __name__ == "__main__":
    main()
