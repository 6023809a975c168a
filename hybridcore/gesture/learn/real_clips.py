"""What the gesture room says of real clips that somebody labelled by eye.

``python -m hybridcore.gesture.learn.real_clips --data FOLDER``

The folder holds clips and ``labels.csv`` (file, gesture): one of GESTURES that is made in the clip,
or empty where only something without a name here is. A clip is right if its gesture is among those
named; one without a name here is right if nothing is. Rows go into the cards that are there.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from hybridcore.cards import load_card, write_card
from hybridcore.gesture.calibration import THRESHOLD
from hybridcore.gesture.gestures import GESTURES, SAID
from hybridcore.gesture.model import KINDS
from hybridcore.gesture.predict import GestureReader
from hybridcore.gesture.result import GestureResult
from hybridcore.media import Clip
from hybridcore.training.metrics import share_row
from hybridcore.training.options import script_parser

SPLIT = "real clips from public repositories, labelled by eye before looking"


def named(result: GestureResult) -> list[str]:
    """The gestures named in a clip, in order of time."""
    return [SAID[s.label] for signer in result.signers for s in result.segments(signer)
            if s.label < len(GESTURES)]


def rows_of(folder: Path, say: Callable[[str], None] = print) -> dict[str, list[dict[str, Any]]]:
    """Rows of the card of every kind that has one; ``say`` is told what is named in each clip."""
    model = GestureReader.load()
    right: dict[tuple[str, bool], list[float]] = {}
    for row in csv.DictReader((folder / "labels.csv").open()):
        clip, wanted = Clip.open(folder / row["file"]), row["gesture"]
        outputs = model.run(clip)
        for kind in KINDS:
            found = named(model.finish(outputs, clip, kind, threshold=THRESHOLD))
            right.setdefault((kind, bool(wanted)), []).append(
                float(wanted in found if wanted else not found))
            say(f"{kind}, {row['file']}: {wanted or 'no name here'} -> {', '.join(found) or '-'}")
    names = {True: "gesture of a clip is among those named",
             False: "nothing is named where the sign has no name here"}
    return {kind: [share_row(names[has], SPLIT, np.array(right[kind, has]),
                             np.ones(len(right[kind, has])))
                   for has in names if (kind, has) in right] for kind in KINDS}


def main() -> None:
    args = script_parser(__doc__, data="folder of clips and labels.csv").parse_args()
    for kind, rows in rows_of(args.data).items():
        card = load_card(f"gesture_{kind}")
        kept = [row for row in card["metrics"] if row["split"] != SPLIT]
        write_card({**card, "metrics": kept + rows})
        print(kind, *rows, sep="\n")


if __name__ == "__main__":
    main()
