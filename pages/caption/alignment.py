"""The sentence, or the visitor's own, word by word on the parts of the picture."""

from __future__ import annotations

import numpy as np
import streamlit as st

from hybridcore.caption import figures
from hybridcore.caption.align_predict import shared_aligner
from hybridcore.caption.result import CaptionResult
from hybridcore.studio.inputs import plain
from pages.caption import KEY


def show_alignment(picture: np.ndarray, result: CaptionResult) -> None:
    """Phrases in the colours of their regions, the regions, and every word's scores."""
    text = st.text_input("Your own sentence on this picture", key=f"{KEY}.aligned",
                         placeholder=result.best.text) or result.best.text
    alignment = shared_aligner().align(result.cells, text)
    if alignment.unknown:
        st.caption(":material/warning: Not among the words this model knows: "
                   f"**{plain(', '.join(alignment.unknown))}**")
    st.html(f'<p style="font-size:1.25rem">{figures.phrase_text(alignment)}</p>')
    st.caption(f"Each phrase has the colour of its region; grey is the whole picture. "
               f"Image and sentence fit with a score of {alignment.score:.2f}.")
    left, right = st.columns(2)
    left.plotly_chart(figures.alignment_picture(picture, alignment), key=f"{KEY}.regions",
                      alt="The picture with the regions that the phrases speak of")
    right.plotly_chart(figures.alignment_scores(alignment), key=f"{KEY}.scores",
                       alt="Score of every word for every region")
