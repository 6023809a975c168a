"""Measure the networks of the DNA room that ship, and write what is found into their cards.

``python -m hybridcore.dna.learn.measure --data FOLDER --matrix PFM``
"""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from hybridcore.cards import load_card, write_card
from hybridcore.dna.danq import KINDS, DanQ, DanQConfig, Kind
from hybridcore.dna.learn.baselines import baseline_rows
from hybridcore.dna.learn.cards import ABOUT, DATA, LIMITS
from hybridcore.dna.learn.data import LabelledSequences, judged_pairs, read_ctcf, read_promoters
from hybridcore.dna.learn.evaluate import fit_calibration, motif_rows, rows_of
from hybridcore.training.options import script_parser
from hybridcore.weights import load_into

logger = logging.getLogger("hybridcore.training")


def read_sets(folder: Path) -> dict[str, LabelledSequences]:
    """All that is learned from and judged, by target."""
    return {"ctcf": read_ctcf(folder / "Keras-genomics" / "example"),
            "tata": read_promoters(folder / "CNNPromoterData"), "boxes": judged_pairs()}


def measure(
    kinds: Sequence[Kind], sets: Mapping[str, LabelledSequences], matrix: Path | None = None
) -> None:
    """Write into the cards of these networks how well the weights that lie beside them do.

    matrix: counts of CTCF's published motif; None: nothing is compared with it.
    """
    for kind in kinds:
        card = load_card(f"dna_{kind}")
        network = load_into(DanQ(config=DanQConfig(**card["config"])), card["name"])
        rows = rows_of(network, sets)
        found = {**ABOUT[kind], "metrics": rows, "calibration": fit_calibration(network, sets),
                 "limits": LIMITS, "training": {**card["training"], "data": DATA}}
        if kind == "danq":
            found["baselines"] = baseline_rows(sets)
            if matrix is not None:
                rows += motif_rows(network, sets["ctcf"].part("learn"), matrix)
        for row in rows:
            logger.info("%s %s", kind, row)
        write_card({**card, **found})


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = script_parser(__doc__, data="folder with Keras-genomics and CNNPromoterData")
    add_matrix(parser)
    args = parser.parse_args()
    torch.set_flush_denormal(True)
    measure(KINDS, read_sets(args.data), args.matrix)


def add_matrix(parser: ArgumentParser) -> None:
    parser.add_argument("--matrix", type=Path, metavar="PFM",
                        help="counts of CTCF's published motif, four lines A, C, G, T")


if __name__ == "__main__":
    main()
