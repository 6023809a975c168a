"""Answers -> what a page shows beside charts: player, sentence over its picture, items."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

import numpy as np

from hybridcore.caption.figures import spelled
from hybridcore.caption.inside import (
    CaptionAnswer,
    heard_of,
    inside_of,
    maps_of,
    picture_of,
    regions_in,
)
from hybridcore.caption.predict import SAY
from hybridcore.caption.region_figures import region_overlay
from hybridcore.caption.result import Caption, Inside
from hybridcore.caption.speak import NOT_SURE
from hybridcore.caption.ticks import ticked, ticks
from hybridcore.caption.video import webvtt
from hybridcore.figures import PALETTE, attention_bytes
from hybridcore.media.picture import SHOWN_SIDE, jpeg
from hybridcore.system import At, Item, Items
from hybridcore.text import percent
from hybridcore.view import Event, Heat, Line, Panel, PlayerView, SentenceView, Series, Strip

ATTENTION = "Attention"
SEEN = "Where the word was seen"
LANGUAGE, TOO_LITTLE = "language alone, so no map", "too little was seen"
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
        parts=[float(start) for start in starts],
        size=(info.width, info.height), sound=info.has_sound,
        alt=f"The clip {answer.source.name} with its captions as subtitles",
    )


def items(answer: CaptionAnswer) -> Items:
    """The sentences of a picture, the best first, or the segments of a video."""
    result = answer.result
    if result.spans is None:
        return Items("Sentence shown, the best first", tuple(
            Item(f"{caption.text} ({_likelihood(caption)})")
            for caption in result.pictures[0].captions))
    return Items("Segment", tuple(
        Item(f"{start:.1f} to {end:.1f} s: {picture.best.text}", start, end, frame)
        for (start, end), picture, frame in zip(
            result.spans, result.pictures, answer.outputs.segments.frames, strict=True)
    ), follow=True)


def events(answer: CaptionAnswer) -> list[Event]:
    """Where the sentence of a video changes; none in a picture."""
    result = answer.result
    return [Event(start, picture.best.text)
            for (start, _), picture in zip(result.spans or (), result.pictures, strict=False)]


def sentence_view(answer: CaptionAnswer, at: At) -> SentenceView:
    """The sentence that is chosen over its picture, word by word."""
    views = _views.setdefault(answer, {})
    if at.item not in views:
        number, _ = answer.result.place(at.item)
        name = (answer.source.name if answer.result.spans is None
                else f"in the middle of segment {number + 1}")
        views[at.item] = _sentence(
            answer, at.item, f"The picture {name}: {answer.result.at(at.item).text}")
    return views[at.item]


def pick(answer: CaptionAnswer, at: At, label: str) -> Mapping[str, str]:
    """A seen word: ticked off, or on. Another word at the place ``at.word``: the sentence begins as
    it does up to there, with this word next."""
    if (options := ticked(answer, label)) is not None:
        return options
    words = answer.result.at(at.item).words
    return {"prefix": " ".join([*words[: at.word], label])}


def most_focused(maps: np.ndarray) -> int:
    """The word whose map ``[T, h, w]`` is most at one place; the end does not count."""
    return int(maps[: max(1, len(maps) - 1)].max((1, 2)).argmax())


def _sentence(answer: CaptionAnswer, item: int, alt: str) -> SentenceView:
    picture, caption = picture_of(answer, item), answer.result.at(item)
    inside, maps = inside_of(answer, item), maps_of(answer, item)
    count = np.arange(len(caption.words))
    lines = [Line("word", [spelled(word) for word in caption.words], count)]
    if answer.kind == SAY:
        lines.append(Line("said because of", _supports(answer, item, caption), count))
    lines.append(Line("probability", [percent(p) for p in caption.probabilities], count))
    series = [ticks(answer, item, len(count))] if answer.kind == SAY else []
    if inside is not None:
        lines += _certainty(inside)
        series.append(_others(inside))
    name = SEEN if answer.kind == SAY else ATTENTION
    heat = [] if maps is None else [Heat(name, attention_bytes(maps))]
    return SentenceView(
        picture=jpeg(picture, SHOWN_SIDE), size=(picture.shape[1], picture.shape[0]),
        words=caption.words, probabilities=np.array(caption.probabilities, np.float32),
        overlays=[*heat, *region_overlay(regions_in(answer, item), len(count))],
        overlay=None if maps is None else name,
        selected=_telling(answer, item, caption, maps),
        panels=[Panel("This word", series, lines)],
        given=0 if caption.alone else answer.result.given, alt=alt,
    )


def _telling(
    answer: CaptionAnswer, item: int, caption: Caption, maps: np.ndarray | None
) -> int:
    """The word to look at first: the surest of those seen, or where the network looked hardest."""
    if answer.kind == SAY:
        p = {word.name: word.probability for word in heard_of(answer, item)}
        return int(np.argmax([p.get(name or "", 0.0) for name in caption.supports]))
    return 0 if maps is None else most_focused(maps)


def _supports(answer: CaptionAnswer, item: int, caption: Caption) -> list[str]:
    """What supports each word, as a person reads it."""
    heard = {word.name: word for word in heard_of(answer, item)}

    def said(name: str | None) -> str:
        if name is None:
            return TOO_LITTLE if caption.text == NOT_SURE else LANGUAGE
        word = heard[name]
        return f"{name}, added by you" if word.own else f"{name}, seen: {percent(word.probability)}"

    return [said(name) for name in caption.supports]


def _certainty(inside: Inside) -> list[Line]:
    count = np.arange(len(inside.words))
    lines = [Line("entropy", [f"{bits:.1f} bits" for bits in inside.entropy], count)]
    if inside.gate is not None:
        lines.append(Line("gate β, how much picture", [f"{b:.2f}" for b in inside.gate], count))
    return lines


def _others(inside: Inside) -> Series:
    """The likeliest words at every step."""
    rows = [[spelled(word) for word in row] for row in inside.alternatives]
    labels = sorted({word for row in rows for word in row})
    index = np.array([[labels.index(word) for word in row] for row in rows])
    return Series("other candidates (choose one to go on from there)", labels, index,
                  inside.alternative_probabilities, pick=True)


def _likelihood(caption: Caption) -> str:
    return "not sure" if caption.alone else f"{caption.log_probability:.1f} nats"
