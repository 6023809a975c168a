"""Answers -> the charts of the page: what stood behind the sentence that is looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from hybridcore.caption import figures
from hybridcore.caption.inside import (
    CaptionAnswer,
    alignment_of,
    cells_of,
    encoding_of,
    heard_of,
    inside_of,
    maps_of,
    picture_of,
    regions_in,
    word_maps,
)
from hybridcore.caption.region_figures import regions_picture
from hybridcore.caption.result import Caption, CaptionResult
from hybridcore.caption.speak import NOT_SURE
from hybridcore.layers.dot_product import DotProduct
from hybridcore.layers.flow import FlowRecorder, Step
from hybridcore.system import At, States
from hybridcore.text import percent


def attention(answer: CaptionAnswer, at: At) -> go.Figure | None:
    """The picture once a word, under its map; None without attention."""
    maps = maps_of(answer, at.item)
    if maps is None:
        return None
    words = answer.result.at(at.item).words
    return figures.attention_strip(picture_of(answer, at.item), words, maps)


def hearing(answer: CaptionAnswer, at: At) -> go.Figure | None:
    """Attention over the words heard; None where the model hears none."""
    inside = inside_of(answer, at.item)
    if inside is None or inside.hearing is None:
        return None
    names = [word.name for word in heard_of(answer, at.item)]
    return figures.hearing(inside.words, names, inside.hearing)


def alternatives(answer: CaptionAnswer, at: At) -> go.Figure | None:
    """The likeliest words at every step; None where words stand alone."""
    inside = inside_of(answer, at.item)
    return None if inside is None else figures.alternatives(inside)


def certainty(answer: CaptionAnswer, at: At) -> go.Figure | None:
    """Probability, gate and entropy of every word; None where words stand alone."""
    inside = inside_of(answer, at.item)
    return None if inside is None else figures.certainty(inside)


def beam_tree(answer: CaptionAnswer, at: At) -> go.Figure | None:
    """Every word that was followed for the picture; None where there was nothing to say."""
    number, _ = answer.result.place(at.item)
    tree = answer.result.pictures[number].tree
    return figures.beam_tree(tree) if tree else None


def sentences(answer: CaptionAnswer, at: At) -> pd.DataFrame:
    """All sentences of the picture, or of the segment."""
    number, _ = answer.result.place(at.item)
    rows = answer.result.pictures[number].to_table()
    return pd.DataFrame(rows).drop(columns="sure", errors="ignore").rename(columns={
        "rank": "Rank", "caption": "Sentence", "log_probability": "Log-probability, nats"})


def models(answer: CaptionAnswer, at: At) -> go.Figure:
    """The best sentence of every model, word by word."""
    return figures.side_by_side(_best_of_all(answer, at))


def words_seen(answer: CaptionAnswer, at: At) -> go.Figure | None:
    """The picture once for each word that was seen in it, under the map of that word; None where
    it is sure of none."""
    heard = {word.name: word for word in heard_of(answer, at.item)}
    maps = word_maps(answer, at.item, heard)
    if not maps:
        return None
    titles = [f"{name} · {percent(heard[name].probability)}" for name in maps]
    return figures.attention_strip(
        picture_of(answer, at.item), titles, np.stack(list(maps.values())))


def regions(answer: CaptionAnswer, at: At) -> go.Figure | None:
    """The picture with a box for each thing that is seen in it; None where there is none."""
    found = regions_in(answer, at.item)
    if not found:
        return None
    maps = word_maps(answer, at.item, {region.word for region in found})
    return regions_picture(picture_of(answer, at.item), found, maps)


def support(answer: CaptionAnswer, at: At) -> pd.DataFrame | None:
    """The sentence word by word, with what supports each; None of models that do not know."""
    caption = answer.result.at(at.item)
    if not caption.supports:
        return None
    p = {word.name: word.probability for word in heard_of(answer, at.item)}
    return pd.DataFrame([
        {"Word": figures.spelled(word), "Supported by": name or "language alone",
         "Seen with": percent(p[name]) if name else ""}
        for word, name in zip(caption.words, caption.supports, strict=True)
    ])


def models_table(answer: CaptionAnswer, at: At) -> pd.DataFrame:
    """The best sentence of every model, and how well it fits by the aligner."""
    best = _best_of_all(answer, at)
    said = [caption.text for caption in best.values() if caption.text != NOT_SURE]
    fits = dict(zip(
        said, answer.model.aligner.rank(cells_of(answer, at.item), said)[0], strict=True))
    return pd.DataFrame([
        {"Model": title, "Sentence": caption.text,
         "Log-probability, nats": None if caption.alone else round(caption.log_probability, 2),
         "Fit, by the alignment model":
             round(float(fits[caption.text]), 2) if caption.text in fits else None}
        for title, caption in best.items()
    ])


def alignment(answer: CaptionAnswer, at: At) -> go.Figure | None:
    """The sentence on the parts of the picture; None where there is none."""
    return None if _nothing_to_align(answer, at) else figures.alignment_picture(
        picture_of(answer, at.item), alignment_of(answer, at.item))


def alignment_scores(answer: CaptionAnswer, at: At) -> go.Figure | None:
    """Score of every word for every region; None where there is no sentence."""
    return None if _nothing_to_align(answer, at) else figures.alignment_scores(
        alignment_of(answer, at.item))


def states(answer: CaptionAnswer, at: At) -> States | None:
    """The LSTM over the words; units that the chosen word changed most come first. None where
    words stand alone."""
    inside = inside_of(answer, at.item)
    if inside is None:
        return None
    words = [figures.spelled(word) for word in inside.words]
    word = min(at.word, len(words) - 1)
    return States(
        trace=inside.trace, x=words, units=figures.units_by_word(inside.trace, word),
        order=f"those that “{words[word]}” changed most first", over_time=False)


@torch.inference_mode()
def context_feature(answer: CaptionAnswer, at: At) -> DotProduct | None:
    """The strongest number of what the network let in before a word; None without attention."""
    inside = inside_of(answer, at.item)
    if inside is None or inside.attention is None or inside.gate is None:
        return None
    model = answer.model.models[answer.kind]
    cells = torch.from_numpy(cells_of(answer, at.item)).to(answer.model.encoder.device)
    annotations = model.read(cells).features[0].cpu().numpy()  # [L, A]
    word = min(at.word, len(inside.words) - 1)
    alpha = inside.attention[word]  # [h, w]
    feature = int((alpha.ravel() @ annotations).argmax())
    return DotProduct(
        picture=picture_of(answer, at.item), weights=alpha,
        values=annotations[:, feature].reshape(alpha.shape),
        names=("attention", f"annotation a[{feature}]"),
        total_name=f"z[{feature}] = β · Σ attention·a[{feature}]",
        scale=float(inside.gate[word]), scale_name="β",
        note=f"Before “{figures.spelled(inside.words[word])}”: of the {annotations.shape[1]} "
             f"numbers that the network lets in, number {feature} is the highest.",
    )


def flow(answer: CaptionAnswer, at: At) -> Sequence[Step]:
    """From the picture to its sentences."""
    number, _ = answer.result.place(at.item)
    captions = answer.result.pictures[number].captions
    decoded = FlowRecorder()
    decoded.note("sentences", (len(captions), max(len(c.words) for c in captions)), symbol="y")
    inside = inside_of(answer, at.item)
    seen = answer.outputs.read_by(answer.options["shot"]).flow
    return (*seen, *(() if inside is None else inside.flow), *decoded.steps)


def _nothing_to_align(answer: CaptionAnswer, at: At) -> bool:
    return not answer.result.own.strip() and answer.result.at(at.item).text == NOT_SURE


def _best_of_all(answer: CaptionAnswer, at: At) -> dict[str, Caption]:
    """The best sentence of the picture by each kind of model, all decoded alike."""
    number, _ = answer.result.place(at.item)

    def best(kind: str) -> Caption:
        if kind == answer.kind:
            return answer.result.pictures[number].best
        result: CaptionResult = answer.model.finish(
            encoding_of(answer, at.item), answer.source, kind, **answer.options)
        return result.pictures[0].best

    return {kind.title: best(kind.key) for kind in answer.system.kinds}
