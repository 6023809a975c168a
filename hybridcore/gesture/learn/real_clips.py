"""What the gesture room says of real clips that somebody labelled by eye.

``python -m hybridcore.gesture.learn.real_clips --data FOLDER``

The folder holds clips and ``labels.csv`` (file, gesture): one of GESTURES that is made in the clip,
or empty where only something without a name here is. A clip is right if its gesture is among those
named; one without a name here is right if nothing is. Rows go into the cards that are there.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from hybridcore.cards import WEIGHTS
from hybridcore.gesture.calibration import THRESHOLD
from hybridcore.gesture.gestures import GESTURES, SAID
from hybridcore.gesture.predict import GestureReader
from hybridcore.gesture.result import GestureResult
from hybridcore.media import Clip
from hybridcore.text import json_text
from hybridcore.training.metrics import share_row
from hybridcore.training.options import script_parser

SPLIT = "real clips from public repositories, labelled by eye before looking"


def named(result: GestureResult) -> list[str]:
    """The gestures named in a clip, in order of time."""
    return [SAID[s.label] for signer in result.signers for s in result.segments(signer)
            if s.label < len(GESTURES)]


def rows_of(folder: Path, kind: str, *, say: bool = False) -> list[dict[str, Any]]:
    """Rows of a card for one kind."""
    model = GestureReader.load()
    right: dict[bool, list[float]] = {True: [], False: []}
    for row in csv.DictReader((folder / "labels.csv").open()):
        clip = Clip.open(folder / row["file"])
        found = named(model.finish(model.run(clip), clip, kind, threshold=THRESHOLD))
        right[bool(row["gesture"])].append(
            float(row["gesture"] in found if row["gesture"] else not found))
        if say:
            print(f"{row['file']}: {row['gesture'] or 'no name here'} -> {', '.join(found) or '-'}")
    return [
        share_row("gesture of a clip is among those named", SPLIT, np.array(right[True]),
                  np.ones(len(right[True]))),
        share_row("nothing is named where the sign has no name here", SPLIT,
                  np.array(right[False]), np.ones(len(right[False]))),
    ]


def main() -> None:
    import json

    args = script_parser(__doc__, data="folder of clips and labels.csv").parse_args()
    for kind in ("lstm", "frame"):
        path = WEIGHTS / f"gesture_{kind}.json"
        card = json.loads(path.read_text())
        kept = [row for row in card["metrics"] if row["split"] != SPLIT]
        card["metrics"] = kept + rows_of(args.data, kind, say=True)
        path.write_text(json_text(card))
        print(*card["metrics"][-2:], sep="\n")


if __name__ == "__main__":
    main()
