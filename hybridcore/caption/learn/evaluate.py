"""How good a captioner is.

``python -m hybridcore.caption.learn.evaluate --data FLICKR8K --cache CACHE``

The standard COCO caption evaluation (pycocoevalcap, a development dependency; METEOR and its
tokeniser need a Java) over the 1,000 photographs of Flickr8k's dev split, five references each.
Nothing was trained on them; the length normalisation was chosen on them. The figures complete the
card of each model.
"""

from __future__ import annotations

import contextlib
import io
import logging
import shutil
from collections.abc import Sequence

import numpy as np
import torch
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.meteor.meteor import Meteor
from pycocoevalcap.rouge.rouge import Rouge
from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer

from hybridcore.caption.decode import beam_search
from hybridcore.caption.learn.data import Flickr8k, as_cells, encode_dev, read_flickr8k
from hybridcore.caption.model import KINDS, CaptionModel
from hybridcore.caption.networks import load_model, load_vocabulary
from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.vocabulary import Vocabulary, tokenise
from hybridcore.cards import load_card, write_card
from hybridcore.training.metrics import bootstrap
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to

SPLIT = "Flickr8k dev"
BEAMS = (1, 3, 5, 10)
BEAM = 5  # of the headline figures
PHOTOS_AT_ONCE = 50

logger = logging.getLogger("hybridcore.training")
Row = dict[str, object]


def caption_all(
    model: CaptionModel, grids: np.ndarray, vocabulary: Vocabulary, options: DecodingOptions
) -> list[str]:
    """The best sentence for every grid, uint8 ``[P, 49, 2560]``, or for the mean cells of F frames,
    float ``[P, F, 2560]``."""
    captions = []
    with torch.inference_mode():
        for at in range(0, len(grids), PHOTOS_AT_ONCE):
            cells = as_cells(np.array(grids[at : at + PHOTOS_AT_ONCE]))
            decoded = beam_search(model, model.read(cells), options)
            captions += [vocabulary.decode(words) for words in decoded.words[:, 0]]
    return captions


def coco_scores(captions: Sequence[str], references: Sequence[Sequence[str]]) -> list[Row]:
    """BLEU-1 to 4, ROUGE-L, CIDEr with its interval over photographs, and METEOR if it runs."""
    gold = {i: [{"caption": text} for text in group] for i, group in enumerate(references)}
    ours = {i: [{"caption": text}] for i, text in enumerate(captions)}
    with contextlib.redirect_stdout(io.StringIO()):  # the scorers talk
        gold, ours = PTBTokenizer().tokenize(gold), PTBTokenizer().tokenize(ours)
        bleu, _ = Bleu(4).compute_score(gold, ours)
        rouge, _ = Rouge().compute_score(gold, ours)
        _, cider = Cider().compute_score(gold, ours)
        meteor = Meteor().compute_score(gold, ours)[0] if shutil.which("java") else None
    rows = [row(f"BLEU-{n + 1}", value, len(captions)) for n, value in enumerate(bleu)]
    value, low, high = bootstrap(np.array(cider), np.ones(len(captions)))
    rows += [
        row("ROUGE-L", rouge, len(captions)),
        {**row("CIDEr", value, len(captions)), "interval": [round(low, 3), round(high, 3)]},
    ]
    return rows if meteor is None else [*rows, row("METEOR", meteor, len(captions))]


def ciders(captions: Sequence[str], references: Sequence[Sequence[str]]) -> np.ndarray:
    """The CIDEr of each caption, float64 ``[P]``; the mean is that of all of them."""
    gold = {i: [{"caption": text} for text in group] for i, group in enumerate(references)}
    ours = {i: [{"caption": text}] for i, text in enumerate(captions)}
    with contextlib.redirect_stdout(io.StringIO()):
        gold, ours = PTBTokenizer().tokenize(gold), PTBTokenizer().tokenize(ours)
        each: np.ndarray = np.array(Cider().compute_score(gold, ours)[1])
    return each


def row(name: str, value: float, count: int) -> Row:
    """A figure as a card holds it."""
    return {"name": name, "split": SPLIT, "count": count, "value": round(float(value), 4)}


def variety(captions: Sequence[str], train: Flickr8k) -> list[Row]:
    """Share of distinct captions, and of those that occur verbatim among the training captions."""
    training = {" ".join(tokenise(text)) for group in train.captions for text in group}
    plain = [" ".join(tokenise(text)) for text in captions]
    shares = {
        "distinct captions": len(set(plain)) / len(plain),
        "captions that occur verbatim in the training set":
            float(np.mean([text in training for text in plain])),
    }
    return [
        {**row(name, 100 * share, len(plain)), "unit": "%"} for name, share in shares.items()
    ]


def evaluate(
    model: CaptionModel, vocabulary: Vocabulary, grids: np.ndarray, dev: Flickr8k,
    train: Flickr8k, beams: Sequence[int] = BEAMS,
) -> list[Row]:
    """All figures of one model; those of other beams than the headline's are BLEU-4 and CIDEr."""
    rows: list[Row] = []
    for beam in sorted(beams, key=lambda b: b != BEAM):
        captions = caption_all(model, grids, vocabulary, DecodingOptions(beam=beam))
        scores = coco_scores(captions, dev.captions)
        if beam == BEAM:
            rows += scores + variety(captions, train)
            for figure in rows:
                if figure["name"] in ("BLEU-4", "CIDEr"):
                    figure["headline"] = True
        else:
            rows += [
                {**s, "name": f"{s['name']}, beam {beam}"} for s in scores
                if s["name"] in ("BLEU-4", "CIDEr")
            ]
    return rows


def main() -> None:
    parser = script_parser(__doc__, data="folder of flickr8k.zip", cache="the encoder's grids")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--beams", nargs="+", type=int, default=list(BEAMS))
    args = parser.parse_args()
    log_to(args.cache / "evaluate.txt")

    train, dev = (read_flickr8k(args.data, split) for split in ("train", "dev"))
    grids = encode_dev(dev.photos, args.cache)
    for kind in args.kinds:
        rows = evaluate(
            load_model(kind), load_vocabulary(kind), grids, dev, train, args.beams
        )
        for figure in rows:
            logger.info("%s %s", kind, figure)
        write_card({**load_card(f"caption_{kind}"), "metrics": rows})


if __name__ == "__main__":
    main()
