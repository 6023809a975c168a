"""The sentences of both captioners side by side."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from hybridcore.caption import figures
from hybridcore.caption.align_predict import shared_aligner
from hybridcore.caption.decode import Options
from hybridcore.caption.model import KINDS
from hybridcore.caption.networks import NAMES
from hybridcore.caption.predict import shared_captioner
from hybridcore.caption.result import CaptionResult
from pages.caption import KEY


def compare_models(result: CaptionResult, options: Options) -> None:
    """The sentences of both captioners, and how well the aligner finds that they fit."""
    captioner, text = shared_captioner(), st.session_state[f"{KEY}.prefix"]
    captions = {
        NAMES[kind]: captioner.say(
            result.cells[None], kind, replace(options, prefix=captioner.prefix(text, kind)[0])
        )[0].best
        for kind in KINDS
    }
    st.caption("A darker word is a surer one. Both by beam search, with the settings above.")
    st.plotly_chart(figures.side_by_side(captions), key=f"{KEY}.models",
                    alt="The sentence of each model")
    fits = shared_aligner().rank(result.cells[None], [c.text for c in captions.values()])[0]
    st.table([
        {"Model": name, "Sentence": caption.text,
         "Log-probability, nats": f"{caption.log_probability:.2f}",
         "Fit, by the alignment model": f"{fit:.2f}"}
        for (name, caption), fit in zip(captions.items(), fits, strict=True)
    ])
