"""How often the shipped models hear something where nothing is struck.

``python -m hybridcore.sound.learn.nothing --data fight-events.zip --cache DIR``

Measured on surveillance clips in which people walk, stand and talk (the set's "normal" ones; Akti
et al. 2019): no place, camera or motion that the models were trained on. The figure goes into their
cards.
"""

from __future__ import annotations

import csv
import io
import logging
import zipfile
from collections import defaultdict
from pathlib import Path

import numpy as np

from hybridcore.cards import load_card, write_card
from hybridcore.encoder.encoder import Encoder
from hybridcore.media import Clip
from hybridcore.sound.features import read_features
from hybridcore.sound.model import KINDS
from hybridcore.sound.networks import load_model, predict_frames
from hybridcore.sound.onsets import pick_onsets
from hybridcore.sound.threshold import card_threshold
from hybridcore.training.metrics import bootstrap
from hybridcore.training.options import script_parser

logger = logging.getLogger("hybridcore.training")

NAME = "false onsets per minute in clips where nothing is struck"


def main() -> None:
    parser = script_parser("Count false onsets where nothing is struck.", data="fight-events.zip",
                           cache="for the clips")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    models = {kind: load_model(kind) for kind in KINDS}
    encoder = Encoder.load("cpu")
    seconds: dict[str, float] = defaultdict(float)
    alarms: dict[str, dict[str, int]] = {kind: defaultdict(int) for kind in KINDS}
    args.cache.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(args.data) as opened:
        table = csv.DictReader(io.StringIO(opened.read("labels.csv").decode()))
        rows = [row for row in table if row["label"] == "normal"]
        for row in rows:
            video = Path(opened.extract(row["file"], args.cache))
            chunks = list(read_features(Clip.open(video), encoder))
            video.unlink()
            times = np.concatenate([chunk.times for chunk in chunks])
            seconds[row["source"]] += float(times[-1] - times[0])
            for kind, model in models.items():
                onset = predict_frames(model, chunks).onset
                alarms[kind][row["source"]] += len(
                    pick_onsets(times, onset, card_threshold(kind))[0])
    minutes = np.array(list(seconds.values())) / 60
    for kind in KINDS:
        rate, low, high = bootstrap(
            np.array([alarms[kind][source] for source in seconds]) / 1.0, minutes)
        card = load_card(f"sound_{kind}")
        kept = [row for row in card["metrics"] if row["name"] != NAME]
        logger.info("%s: %.2f a minute (%.2f to %.2f)", kind, rate, low, high)
        write_card({**card, "metrics": [*kept, {
            "name": NAME, "split": f"{len(rows)} surveillance clips of {len(seconds)} cameras, "
                                   "of a data set that the models never saw",
            "count": len(rows), "seconds": round(60 * float(minutes.sum()), 1), "unit": "/min",
            "value": round(rate, 2), "interval": [round(low, 2), round(high, 2)]}]})


if __name__ == "__main__":
    main()
