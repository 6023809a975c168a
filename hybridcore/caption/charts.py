"""Answers -> the charts of the page: what stood behind the sentence that is looked at."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from hybridcore.caption import figures
from hybridcore.caption.inside import (
    CaptionAnswer,
    alignment_of,
    cells_of,
    inside_of,
    picture_of,
)
from hybridcore.caption.result import Caption, CaptionResult, Encoding
from hybridcore.layers.flow import FlowRecorder, Step
from hybridcore.system import At, States


def attention(answer: CaptionAnswer, at: At) -> go.Figure | None:
    """The picture once a word, under its map; None without attention."""
    inside = inside_of(answer, at.item)
    if inside.attention is None:
        return None
    return figures.attention_strip(picture_of(answer, at.item), inside.words, inside.attention)


def alternatives(answer: CaptionAnswer, at: At) -> go.Figure:
    """The likeliest words at every step."""
    return figures.alternatives(inside_of(answer, at.item))


def certainty(answer: CaptionAnswer, at: At) -> go.Figure:
    """Probability, gate and entropy of every word."""
    return figures.certainty(inside_of(answer, at.item))


def beam_tree(answer: CaptionAnswer, at: At) -> go.Figure:
    """Every word that was followed for the picture."""
    number, _ = answer.result.place(at.item)
    return figures.beam_tree(answer.result.pictures[number].tree)


def sentences(answer: CaptionAnswer, at: At) -> pd.DataFrame:
    """All sentences of the picture, or of the segment."""
    number, _ = answer.result.place(at.item)
    rows = answer.result.pictures[number].to_table()
    return pd.DataFrame(rows).rename(columns={
        "rank": "Rank", "caption": "Sentence", "log_probability": "Log-probability, nats"})


def models(answer: CaptionAnswer, at: At) -> go.Figure:
    """The best sentence of every model, word by word."""
    return figures.side_by_side(_best_of_all(answer, at))


def models_table(answer: CaptionAnswer, at: At) -> pd.DataFrame:
    """The best sentence of every model, and how well it fits by the aligner."""
    captions = _best_of_all(answer, at)
    fits = answer.model.aligner.rank(
        cells_of(answer, at.item), [caption.text for caption in captions.values()])[0]
    return pd.DataFrame([
        {"Model": title, "Sentence": caption.text,
         "Log-probability, nats": round(caption.log_probability, 2),
         "Fit, by the alignment model": round(float(fit), 2)}
        for (title, caption), fit in zip(captions.items(), fits, strict=True)
    ])


def alignment(answer: CaptionAnswer, at: At) -> go.Figure:
    """The sentence on the parts of the picture."""
    return figures.alignment_picture(
        picture_of(answer, at.item), alignment_of(answer, at.item))


def alignment_scores(answer: CaptionAnswer, at: At) -> go.Figure:
    """Score of every word for every region."""
    return figures.alignment_scores(alignment_of(answer, at.item))


def states(answer: CaptionAnswer, at: At) -> States:
    """The LSTM over the words; units that the chosen word changed most come first."""
    inside = inside_of(answer, at.item)
    words = [figures.spelled(word) for word in inside.words]
    word = min(at.word, len(words) - 1)
    return States(
        trace=inside.trace, x=words, units=figures.units_by_word(inside.trace, word),
        order=f"those that “{words[word]}” changed most first", over_time=False)


def flow(answer: CaptionAnswer, at: At) -> Sequence[Step]:
    """From the picture to its sentences."""
    number, _ = answer.result.place(at.item)
    captions = answer.result.pictures[number].captions
    decoded = FlowRecorder()
    decoded.note("sentences", (len(captions), max(len(c.words) for c in captions)), symbol="y")
    return (*answer.outputs.flow, *inside_of(answer, at.item).flow, *decoded.steps)


def _best_of_all(answer: CaptionAnswer, at: At) -> dict[str, Caption]:
    """The best sentence of the picture by each kind of model, all decoded alike."""
    number, _ = answer.result.place(at.item)

    def best(kind: str) -> Caption:
        if kind == answer.kind:
            return answer.result.pictures[number].best
        one = Encoding(cells_of(answer, at.item), ())
        result: CaptionResult = answer.model.finish(one, answer.source, kind, **answer.options)
        return result.pictures[0].best

    return {kind.title: best(kind.key) for kind in answer.system.kinds}
