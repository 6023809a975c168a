"""The tour of DNA. What each card claims, tests/systems/test_tours.py holds to the numbers."""

from __future__ import annotations

from hybridcore.dna.samples import MENDED
from hybridcore.system import TourCard

TOUR = (
    TourCard(
        key="strands", title="Two sites, two strands",
        text="Random letters with the core of CTCF in them twice. The scanners and the LSTM find "
             "both, each on its own strand, and nothing else.",
        sample="dna-two", kind="danq"),
    TourCard(
        key="damaged", title="Two letters broke it",
        text="The core of CTCF, two of its letters changed, is no site. Below is every change "
             "there is: the bluest one puts back what was there.",
        sample="dna-damaged", kind="danq"),
    TourCard(
        key="mended", title="One letter mends it",
        text="One of the two is put back, and it is a site again. Each letter is as high as what "
             "it is worth; a click changes it.",
        sample="dna-damaged", kind="danq", options={"mutations": MENDED}),
    TourCard(
        key="apart", title="How far apart?",
        text="These two boxes are a pair 17 letters apart, and none at 24. The LSTM tells which; "
             "the same scanners without places cannot.",
        sample="dna-boxes", kind="danq", tab="apart", options={"target": "boxes"}),
)
