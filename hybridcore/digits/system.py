"""Spoken digits as a system: what it reads, which networks it has, what it shows."""

from __future__ import annotations

from hybridcore.digits.samples import SAMPLES
from hybridcore.digits.tour import TOUR
from hybridcore.options import Number
from hybridcore.system import Chart, Export, Kind, Reader, System, lazy
from hybridcore.text import write_csv, write_json

_CHARTS = "hybridcore.digits.charts"
_VIEW = "hybridcore.digits.view"
_OPEN = lazy("hybridcore.media.recording:Recording.open")

SYSTEM = System(
    key="digits",
    title="Spoken digits",
    icon=":material/mic:",
    rank=80,
    sentence="Say a telephone number: convolutions, an LSTM in both directions and CTC write it "
             "down, though nobody ever told them when a digit is said.",
    papers=(
        "Graves, Fernandez, Gomez & Schmidhuber, Connectionist temporal classification: labelling "
        "unsegmented sequence data with recurrent neural networks, ICML 2006",
        "Graves & Schmidhuber, Framewise phoneme classification with bidirectional LSTM, Neural "
        "Networks 2005",
        "Amodei et al., Deep Speech 2: end-to-end speech recognition in English and Mandarin, "
        "ICML 2016 (convolutions below)",
        "Hannun, Sequence modeling with CTC, Distill 2017 (prefix search)",
    ),
    limits=(
        "It knows the ten English digits and nothing else: another word or another language "
        "becomes digits, mostly ones that it is not sure of, or nothing.",
        "It learned from six men who said one digit at a time, and from made voices: women, "
        "children and digits that run into each other are heard worse. Not for anything where a "
        "wrong digit does harm.",
    ),
    reads=(Reader("sound", _OPEN), Reader("video", _OPEN)),
    kinds=(
        Kind("bilstm", "Both directions", "digits_bilstm"),
        Kind("lstm", "Forwards only", "digits_lstm"),
        Kind("cnn", "No recurrence", "digits_cnn", memory=False),
    ),
    options=(
        Number(key="threshold", title="Sure from", default=0.0, low=0.0, high=1.0, step=0.05,
               help="Probability of a digit from which it is called sure; 0: where 2 % of the "
                    "digits called sure are wrong."),
    ),
    samples=SAMPLES,
    outputs=lazy("hybridcore.digits.result:DigitOutputs"),
    load=lazy("hybridcore.digits.predict:DigitReader.load"),
    text=lambda answer: answer.result.to_text(),
    headline=lambda answer: answer.result.headline(),
    view=lazy(f"{_VIEW}:player_view"),
    items=lazy(f"{_VIEW}:items"),
    events=lazy(f"{_VIEW}:events"),
    facts=lazy(f"{_CHARTS}:facts"),
    notes=lazy(f"{_CHARTS}:notes"),
    states=lazy(f"{_CHARTS}:states"),
    flow=lazy(f"{_CHARTS}:flow"),
    charts=(
        Chart("labels", "Labels", "Probability of the blank and of every digit over time",
              lazy(f"{_CHARTS}:probabilities"), over_time=True),
        Chart("lattice", "Lattice",
              "The sound, and below it the states of the CTC lattice over time",
              lazy(f"{_CHARTS}:lattice"), inside=True, over_time=True,
              note="All paths that say the digits heard, with a blank (·) before, between and "
                   "after them: how likely they are in each state at each step. Training adds "
                   "these paths up, so it needs no times."),
        Chart("sequences", "Best path and prefix search",
              "Table of the likeliest sequences of digits", lazy(f"{_CHARTS}:sequences"),
              inside=True,
              note="The likeliest path is not always of the likeliest sequence: many paths say the "
                   "same, and prefix search adds them up."),
        Chart("networks", "The networks side by side",
              "Table of what each network hears, and of how many digits it is sure",
              lazy(f"{_CHARTS}:networks"),
              note="The same sound, heard with what follows, without it, and without any memory: "
                   "130 ms at a time are less than a digit."),
    ),
    exports=(
        Export(key="csv", title="CSV", file_name="digits.csv", mime="text/csv", write=write_csv),
        Export(key="json", title="JSON", file_name="digits.json", mime="application/json",
               write=write_json),
        Export(key="vtt", title="VTT", file_name="digits.vtt", mime="text/vtt",
               write=lazy("hybridcore.digits.exports:write_vtt")),
    ),
    tour=TOUR,
)
