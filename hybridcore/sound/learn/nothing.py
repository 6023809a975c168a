"""How often the shipped models hear something where nothing is struck.

``python -m hybridcore.sound.learn.nothing --data fight-events.zip --cache DIR``

Measured on the cameras that the models did not learn from (unstruck.py). The figure goes into their
cards. Run it after train.py, with the same ``--cache``.
"""

from __future__ import annotations

import logging
from collections import defaultdict

import numpy as np

from hybridcore.cards import load_card, write_card
from hybridcore.sound.learn.evaluate import predict_example
from hybridcore.sound.learn.unstruck import by_camera, camera, prepare_unstruck
from hybridcore.sound.model import KINDS
from hybridcore.sound.networks import load_model
from hybridcore.sound.onsets import pick_onsets
from hybridcore.sound.threshold import card_threshold
from hybridcore.training.metrics import bootstrap
from hybridcore.training.options import script_parser

logger = logging.getLogger("hybridcore.training")

NAME = "false onsets per minute in clips where nothing is struck"


def main() -> None:
    parser = script_parser("Count false onsets where nothing is struck.", data="fight-events.zip",
                           cache="for features of the clips")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    learned, judged = by_camera(prepare_unstruck(args.data, args.cache / "unstruck"))
    cameras = sorted({camera(one) for one in judged})
    seconds: dict[str, float] = defaultdict(float)
    for one in judged:
        seconds[camera(one)] += float(one.times[-1] - one.times[0])
    minutes = np.array([seconds[name] for name in cameras]) / 60
    for kind in KINDS:
        model, threshold = load_model(kind), card_threshold(kind)
        alarms: dict[str, float] = defaultdict(float)
        for one in judged:
            onset = predict_example(model, one).onset
            alarms[camera(one)] += len(pick_onsets(one.times, onset, threshold)[0])
        rate, low, high = bootstrap(np.array([alarms[name] for name in cameras]), minutes)
        card = load_card(f"sound_{kind}")
        kept = [row for row in card["metrics"] if row["name"] != NAME]
        logger.info("%s: %.2f a minute (%.2f to %.2f)", kind, rate, low, high)
        write_card({**card, "metrics": [*kept, {
            "name": NAME,
            "split": f"{len(judged)} surveillance clips of {len(cameras)} cameras; the models "
                     f"learned from {len(learned)} clips of other cameras of that set",
            "count": len(judged), "seconds": round(60 * float(minutes.sum()), 1), "unit": "/min",
            "value": round(rate, 2), "interval": [round(low, 2), round(high, 2)]}]})


if __name__ == "__main__":
    main()
