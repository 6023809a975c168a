"""Train Show and Tell to read a shot frame by frame, and its twins that do not, and compare them.

``python -m hybridcore.caption.learn.shots_train --data FLICKR8K --cache CACHE --run RUN``

All start from the weights that ship and learn for as long from the same moving, spoilt shots
(:mod:`moving`), of dev photographs that are not measured on and of training photographs:
``frames``, one LSTM that reads the frames and then says the words; ``own``, frames read by an LSTM
of their own; ``mean``, the mean over frames. Measured
on the same shots of the dev photographs as :mod:`shots_evaluate`, beside the weights that ship,
which read the mean over frames. The comparison goes into the card of Show and Tell as what was
tried; weights are not kept.
"""

from __future__ import annotations

import logging
from typing import Literal, get_args

import numpy as np

from hybridcore.caption.learn.data import encode_captions, read_flickr8k
from hybridcore.caption.learn.evaluate import caption_all, ciders
from hybridcore.caption.learn.moving import pool_seen, pool_shots, see_shots
from hybridcore.caption.learn.shot_tell import ShotTell
from hybridcore.caption.learn.shots_evaluate import MEASURED_ON, compared
from hybridcore.caption.learn.train import train_one
from hybridcore.caption.model import CaptionConfig, CaptionModel
from hybridcore.caption.networks import load_model, load_vocabulary
from hybridcore.caption.options import DecodingOptions
from hybridcore.cards import load_card, write_card
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to, seed_everything

Way = Literal["mean", "frames", "own"]
WAYS: tuple[Way, ...] = get_args(Way)
CARD = "caption_tell"
SHIPPED = "the weights that ship on the mean over frames"
TITLES = {
    "mean": "the mean over frames", "frames": "frame after frame, by the LSTM that says the words",
    "own": "frame after frame, by an LSTM of their own"}

logger = logging.getLogger("hybridcore.training")


def start(way: Way) -> CaptionModel:
    """A network that reads shots in one way, with the weights that ship for photographs."""
    if way == "mean":
        return load_model("tell")
    shipped = load_model("tell")
    model = ShotTell(config=CaptionConfig(**load_card(CARD)["config"]), own=way == "own")
    model.load_state_dict(shipped.state_dict(), strict=False)
    model.start_watching()
    return model


def main() -> None:
    parser = script_parser(
        __doc__, data="folder of flickr8k.zip", cache="what was read of the shots",
        run="checkpoints and log", minutes=6, seed=True)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--shots", type=int, default=6000, help="of as many training photographs")
    parser.add_argument("--batch", type=int, default=24, help="shots, five captions each")
    parser.add_argument("--rate", type=float, default=5e-4)
    args = parser.parse_args()
    log_to(args.run / "shots.txt")

    train, dev = (read_flickr8k(args.data, split) for split in ("train", "dev"))
    seen = pool_seen(see_shots(dev.photos, args.cache))
    others = np.setdiff1d(np.arange(len(dev.photos)), np.arange(len(dev.photos))[MEASURED_ON])
    pooled, people = seen.part(others), [dev.captions[k] for k in others]
    if args.shots:
        pooled = pooled.then(pool_shots(train.photos[: args.shots], args.cache))
        people += train.captions[: args.shots]
    asked = seen.part(MEASURED_ON)
    vocabulary, options = load_vocabulary("tell"), DecodingOptions()
    words = encode_captions(people, vocabulary)

    def measure(model: CaptionModel, cells: np.ndarray) -> np.ndarray:
        said = caption_all(model, cells, vocabulary, options)
        return ciders(said, dev.captions[MEASURED_ON])

    base = measure(load_model("tell"), asked.mean())
    logger.info("CIDEr of the weights that ship, mean over frames: %.4f", base.mean())
    each: dict[Way, np.ndarray] = {}
    for way in args.ways:
        learned, read = (
            one.mean() if way == "mean" else one.cells for one in (pooled, asked))
        seed_everything(args.seed)
        model = train_one(
            start(way), [learned], words, minutes=args.minutes, folder=args.run / way,
            batch=args.batch, rate=args.rate, seed=args.seed)
        each[way] = measure(model, read)
        logger.info("%s: %s", way, compared(each[way], base, SHIPPED))
    twin = each.get("mean", base), TITLES["mean"] if "mean" in each else SHIPPED
    tried = [
        {"what": f"{args.minutes:g} more minutes on {len(pooled.cells):,} other moving, spoilt "
                 f"shots, read by: {TITLES[way]}",
         "gave": compared(figures, base, SHIPPED) if way == "mean" else compared(figures, *twin)}
        for way, figures in each.items()]
    card = load_card(CARD)
    write_card({**card, "tried": [*card.get("tried", []), *tried]})


if __name__ == "__main__":
    main()
