"""Answers -> what a page shows beside charts: player, sentence over its picture, items."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

import numpy as np

from hybridcore.caption.figures import spelled
from hybridcore.caption.inside import CaptionAnswer, inside_of, picture_of
from hybridcore.caption.result import Inside
from hybridcore.caption.video import webvtt
from hybridcore.figures import PALETTE, attention_bytes
from hybridcore.media.picture import SHOWN_SIDE, jpeg
from hybridcore.system import At, Item, Items
from hybridcore.text import percent
from hybridcore.view import Heat, Line, Panel, PlayerView, SentenceView, Series, Strip

ATTENTION = "Attention"
# The bytes that a browser gets are made once a view, so a view is made once.
_views: WeakKeyDictionary[CaptionAnswer, dict[int, SentenceView]] = WeakKeyDictionary()


def player_view(answer: CaptionAnswer, item: int) -> PlayerView | None:
    """A video with its sentences as subtitles and as a strip; None for a picture."""
    segments, info = answer.outputs.segments, getattr(answer.source, "info", None)
    if segments is None or info is None:
        return None
    starts = segments.spans[:, 0]
    texts = [picture.best.text for picture in answer.result.pictures]
    codes = np.clip(np.searchsorted(starts, segments.times, "right") - 1, 0, None)
    colours = [PALETTE[k % (len(PALETTE) - 1)] for k in range(len(texts))]
    return PlayerView(
        times=segments.times, strips=[Strip("Caption", codes, texts, colours)],
        subtitles=webvtt(answer.result), cuts=[float(start) for start in starts if start > 0],
        size=(info.width, info.height), alt="The video with its captions as subtitles",
        sound=info.has_sound,
    )


def items(answer: CaptionAnswer) -> Items:
    """The sentences of a picture, the best first, or the segments of a video."""
    result = answer.result
    if result.spans is None:
        return Items("Sentence shown, the best first", tuple(
            Item(f"{caption.text} ({caption.log_probability:.1f} nats)")
            for caption in result.pictures[0].captions))
    return Items("Segment", tuple(
        Item(f"{start:.1f} to {end:.1f} s: {picture.best.text}", start, end, frame)
        for (start, end), picture, frame in zip(
            result.spans, result.pictures, answer.outputs.segments.frames, strict=True)
    ), follow=True)


def sentence_view(answer: CaptionAnswer, at: At) -> SentenceView:
    """The sentence that is chosen over its picture, word by word."""
    views = _views.setdefault(answer, {})
    if at.item not in views:
        number, _ = answer.result.place(at.item)
        name = (answer.source.name if answer.result.spans is None
                else f"in the middle of segment {number + 1}")
        views[at.item] = _sentence(
            picture_of(answer, at.item), f"The picture {name}", inside_of(answer, at.item),
            answer.result.given)
    return views[at.item]


def pick(answer: CaptionAnswer, at: At, label: str) -> Mapping[str, str]:
    """Another word at the place ``at.word``: the sentence begins as it does up to there, with this
    word next."""
    words = answer.result.at(at.item).words
    return {"prefix": " ".join([*words[: at.word], label])}


def most_focused(inside: Inside) -> int:
    """The word before which attention was most at one place; the end does not count."""
    if inside.attention is None:
        return 0
    return int(inside.attention[: max(1, len(inside.words) - 1)].max((1, 2)).argmax())


def _sentence(picture: np.ndarray, alt: str, inside: Inside, given: int) -> SentenceView:
    rows = [[spelled(word) for word in row] for row in inside.alternatives]
    labels = sorted({word for row in rows for word in row})
    index = np.array([[labels.index(word) for word in row] for row in rows])
    count = np.arange(len(inside.words))
    lines = [
        Line("word", [spelled(word) for word in inside.words], count),
        Line("probability", [percent(p) for p in inside.probabilities], count),
        Line("entropy", [f"{bits:.1f} bits" for bits in inside.entropy], count),
    ]
    if inside.gate is not None:
        lines.append(Line("gate β, how much picture", [f"{b:.2f}" for b in inside.gate], count))
    others = Series("other candidates (choose one to go on from there)", labels, index,
                    inside.alternative_probabilities, pick=True)
    maps = None if inside.attention is None else attention_bytes(inside.attention)
    return SentenceView(
        picture=jpeg(picture, SHOWN_SIDE), size=(picture.shape[1], picture.shape[0]),
        words=inside.words, probabilities=inside.probabilities,
        overlays=[] if maps is None else [Heat(ATTENTION, maps)],
        overlay=None if maps is None else ATTENTION, selected=most_focused(inside),
        panels=[Panel("This word", [others], lines)], given=given, alt=alt,
    )
