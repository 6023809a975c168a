"""What the cards of spoken digits say beside what is measured."""

from __future__ import annotations

from typing import Any

from hybridcore.digits.model import Kind
from hybridcore.training.sources import EMODB, PAPERS, SPOKEN_DIGITS, SYNTHESISED_DIGITS

DATA = [SPOKEN_DIGITS, SYNTHESISED_DIGITS, EMODB]
ABOUT: dict[Kind, dict[str, Any]] = {
    "bilstm": {
        "title": "Spoken digits, bidirectional LSTM",
        "description": "Two convolutions over log mel bands, a bidirectional LSTM, and at every "
                       "step a digit or a blank; trained without being told when.",
        "paper": PAPERS["ctc"],
        "differences": ["Convolutions below the LSTM", "No peepholes",
                        "Digits strung together from single recordings",
                        "Made speakers first: synthesisers say digits in 310 voices, from which "
                        "the network learns before it hears a person"],
    },
    "lstm": {
        "title": "Spoken digits, LSTM",
        "description": "The same, reading forwards only: what a stream needs.",
        "differences": ["Not bidirectional"],
    },
    "cnn": {
        "title": "Spoken digits, no recurrence",
        "description": "The same convolutions without memory.",
        "differences": ["No recurrence: 130 ms are all that it hears at once"],
    },
}
TRIED: dict[Kind, list[dict[str, str]]] = {
    "bilstm": [
        {"what": "1,000 steps of 32 digits on 150 voices of this project's synthesiser alone, then "
                 "500 on all; six speakers",
         "gave": "digit error rate 18.8 % (13.7 to 22.7), spoilt 22.2 %: too few steps"},
        {"what": "The same voices, 2,500 steps of 64 digits; george alone",
         "gave": "7.3 %, spoilt 12.4 %, where the shipped recipe has 11.2 and 11.8 %: of one "
                 "speaker, so it may be chance"},
        {"what": "Bands down to 50 dB below the mean in place of 30, 1,500 steps; george alone",
         "gave": "14.4 %: silence is quieter than in anything that was spoilt with noise"},
    ],
}
LIMITS = [
    "Learned from six men who say English digits, one at a time, strung together here, and from "
    "made voices, which are of nobody who judges it: digits that run into each other, women, "
    "children and other accents are heard worse",
    "How many digits are wrong depends on who speaks far more than on what is said; six speakers "
    "are few to say it by. Weak consonants (3, 6, 8) are confused most: there is nothing above "
    "4 kHz. What was tried was looked at on one of the six, george",
    "It knows the ten digits and silence; any other word becomes digits, mostly unsure ones, or "
    "nothing. That it is sure of none where half are unsure was chosen on the recordings that the "
    "figures of being sure are of, those of EmoDB too",
]
