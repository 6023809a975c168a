"""What the cards of the DNA networks say beside what is measured."""

from __future__ import annotations

from typing import Any

from hybridcore.dna.danq import Kind
from hybridcore.training.sources import CTCF_PEAKS, PAPERS, PROMOTERS

DATA = [CTCF_PEAKS, PROMOTERS]
ABOUT: dict[Kind, dict[str, Any]] = {
    "danq": {
        "title": "DanQ, small",
        "description": "96 scanners of 20 letters, the best fit of each in every fourth letter, a "
                       "bidirectional LSTM over these places, a probability for each target.",
        "paper": PAPERS["danq"],
        "differences": [
            "Windows of 101 letters and three targets in place of 1,000 and 919",
            "Fewer and smaller layers: 96 scanners in place of 320, 48 units in place of 320",
            "Both strands are read by the same weights and the likelier one counts, so that a site "
            "has a strand; in the paper both are averaged",
            "AdamW and averaged weights in place of RMSprop and the best epoch",
        ],
    },
    "places": {
        "title": "Motifs in their places",
        "description": "The same scanners and places, straight to the dense layer: it knows where "
                       "each motif lies, and has no memory.",
        "differences": ["No recurrence"],
    },
    "motifs": {
        "title": "Motifs only",
        "description": "The same scanners; only how well each fits anywhere in the window.",
        "paper": PAPERS["deepbind"],
        "differences": ["No recurrence and no places"],
    },
}
LIMITS = [
    "A probability is that of a window of which half hold a site, as in training; along a genome "
    "sites are a thousand times rarer, so most of what is found there by letters alone is none",
    "CTCF was told from shuffled letters, not from the rest of the genome, which is harder",
    "Promoters were told from stretches inside genes, which also differ in how many G and C they "
    "have, and from shuffled promoters; it knows those that have a TATA box",
    "Made pairs are no biology: they show what a network must know to tell distance and order",
    "Of CTCF it knows the cells that the peaks are from, and nothing of methylation or of what "
    "else decides in a cell whether a site is used",
    "Not for medical use",
]
