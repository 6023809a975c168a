"""Image captioning: a sentence for a picture, and what stood behind every word of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
import torch
from torch import Tensor

from hybridcore.caption import figures
from hybridcore.caption.align_predict import shared_aligner
from hybridcore.caption.cli import is_video
from hybridcore.caption.decode import MOST_WORDS, Options
from hybridcore.caption.model import KINDS, Kind
from hybridcore.caption.networks import NAMES
from hybridcore.caption.predict import shared_captioner
from hybridcore.caption.result import CaptionResult, Inside, to_json_text
from hybridcore.caption.samples import SAMPLES
from hybridcore.caption.video import (
    CaptionedSegment,
    Span,
    burn_in,
    captioned,
    middle_frames,
    webvtt,
)
from hybridcore.errors import HybridCoreError
from hybridcore.figures import PALETTE, attention_bytes
from hybridcore.media import Clip, browser_preview
from hybridcore.media.clip import VIDEO_ENDINGS
from hybridcore.media.picture import ENDINGS, jpeg, read_picture
from hybridcore.scene.predict import shared_labeler
from hybridcore.scene.samples import PHOTOGRAPHS, TOUR, SampleClip, sample_path, sample_thumbnail
from hybridcore.scene.store import load_result, stored_path
from hybridcore.studio import cards, exports, inputs, jobs, pictures
from hybridcore.studio.gallery import Thumb, gallery
from hybridcore.studio.player import PlayerView, Seek, Strip, synced_player
from hybridcore.studio.routing import through_app
from hybridcore.studio.sentence import SentenceView, sentence_picture
from hybridcore.studio.view import Line, Overlay, Panel, Series
from hybridcore.weights import all_cards

KEY = "caption"
SIDE = 800  # longer side of a picture on the page


@dataclass(frozen=True)
class Film:
    """A video cut into segments, the frame in the middle of each, and what the encoder saw there.

    times float64 ``[T]``, seconds; segment int ``[T]``, of every frame.
    """

    clip: Clip
    video: Path
    spans: list[Span]
    frames: list[np.ndarray]
    cells: Tensor
    times: np.ndarray
    segment: np.ndarray


def watch(clip: Clip, folder: Path, progress: jobs.Progress) -> Film:
    """The job behind a video; the segments are the scene labeller's."""
    scenes = load_result(stored_path(clip.sha256), clip.sha256) or shared_labeler().run(
        clip, lambda done, total: progress.update(done, total, "Finding segments"))
    spans = [(s.start, s.end) for s in scenes.segments("lstm")]
    frames = middle_frames(
        clip, spans, lambda done, total: progress.update(done, total, "Looking at segments"))
    video = browser_preview(
        clip, folder, cancelled=progress.cancelled,
        progress=lambda part: progress.update(int(100 * part), 100, "Preparing the video"))
    starts = np.array([start for start, _ in spans])
    segment = np.searchsorted(starts, scenes.times, "right") - 1
    return Film(clip, video, spans, frames, shared_captioner().see(frames), scenes.times, segment)


@st.cache_data(max_entries=512, show_spinner=False)
def thumb(path: Path) -> bytes:
    """A small JPEG of a picture or of a video's first frame."""
    return jpeg(middle_frames(Clip.open(path), [(0, 0)])[0] if is_video(path)
                else read_picture(path, 320), 320)


@st.cache_data(max_entries=16, show_spinner=False)
def picture_of(path: Path) -> np.ndarray:
    return read_picture(path, SIDE)


@st.cache_resource(max_entries=256, show_spinner="Looking at the picture")
def cells_of(path: Path) -> Tensor:
    """What the encoder sees in a picture, ``[49, 2560]``."""
    return shared_captioner().see([picture_of(path)])[0]


@st.cache_data(max_entries=16, show_spinner="Captioning the pictures")
def notes_of(paths: Sequence[Path], kind: Kind) -> list[str]:
    results = shared_captioner().say(torch.stack([cells_of(path) for path in paths]), kind)
    return [result.best.text for result in results]


def start_over(prefix: str = "") -> None:
    """Begin with ``prefix`` and show the best sentence."""
    st.session_state.update({f"{KEY}.prefix": prefix, f"{KEY}.rank": 0})


def another() -> None:
    """Another picture or video was chosen."""
    start_over()
    for name in ("segment", "wish", "frame"):
        st.session_state.pop(f"{KEY}.{name}", None)


def draw_again() -> None:
    st.session_state[f"{KEY}.seed"] += 1


def controls() -> tuple[Kind, Options, bool]:
    """Which model, how to decode, and whether words are drawn at random."""
    first = st.columns([4, 3, 2, 2, 2], vertical_alignment="bottom")
    kind: Kind = first[0].segmented_control(
        "Model", KINDS, format_func=lambda k: NAMES[k], default="attend", required=True,
        key=f"{KEY}.model", persist_state="session")
    draw = first[1].segmented_control(
        "Decoding", ("Beam search", "Sampling"), default="Beam search", required=True,
        key=f"{KEY}.mode", persist_state="session") == "Sampling"
    slider = partial(st.slider, persist_state="session")
    more: dict[str, Any] = {}
    with first[2]:
        beam = slider("Sentences" if draw else "Beam", 1, 10, 5, key=f"{KEY}.beam")
    with first[3]:
        if draw:
            more["temperature"] = slider("Temperature", 0.1, 2.0, 0.8, 0.05,
                                         key=f"{KEY}.temperature")
        else:
            more["alpha"] = slider("Length", 0.0, 2.0, 0.7, 0.1, key=f"{KEY}.alpha", help="0 takes "
                                   "the likeliest sentence, a short one; more favours longer ones.")
    with first[4]:
        if draw:
            more["nucleus"] = slider("Nucleus", 0.05, 1.0, 0.9, 0.05, key=f"{KEY}.nucleus")
        else:
            more["most_words"] = slider("Most words", 4, MOST_WORDS, MOST_WORDS,
                                        key=f"{KEY}.most")
    words, again = st.columns([5, 1], vertical_alignment="bottom")
    text = words.text_input(
        "First words", key=f"{KEY}.prefix", placeholder="Type how the sentence begins, and the "
        "network goes on; or choose another word beside the picture")
    prefix, unknown = shared_captioner().prefix(text, kind)
    seed = st.session_state.setdefault(f"{KEY}.seed", 0)
    if draw:
        again.button("Draw again", icon=":material/casino:", width="stretch", on_click=draw_again)
    else:
        again.button("Start over", icon=":material/restart_alt:", width="stretch",
                     disabled=not text, on_click=start_over)
    if unknown:
        st.caption(":material/warning: Not among the words that this model knows, so left out: "
                   f"**{inputs.plain(', '.join(unknown))}**")
    return kind, Options(beam=beam, prefix=prefix, seed=seed, **more), draw


def view_of(picture: np.ndarray, name: str, inside: Inside, given: int) -> SentenceView:
    """What the browser needs of one sentence."""
    rows = [[figures.spelled(word) for word in row] for row in inside.alternatives]
    labels = sorted({word for row in rows for word in row})
    index = np.array([[labels.index(word) for word in row] for row in rows])
    count = np.arange(len(inside.words))
    lines = [
        Line("said", [figures.spelled(w) for w in inside.words], count),
        Line("probability", [f"{p:.1%}" for p in inside.probabilities], count),
        Line("entropy", [f"{bits:.1f} bits" for bits in inside.entropy], count),
    ]
    if inside.gate is not None:
        lines.append(Line("gate β, how much picture", [f"{b:.2f}" for b in inside.gate], count))
    overlays = [] if inside.attention is None else [
        Overlay("Attention", attention_bytes(inside.attention))]
    return SentenceView(
        picture=jpeg(picture, SIDE), size=(picture.shape[1], picture.shape[0]),
        words=inside.words, probabilities=inside.probabilities, overlays=overlays, given=given,
        panels=[
            Panel("This word", [Series("it could have been (choose one to go on from there)",
                                       labels, index, inside.alternative_probabilities,
                                       pick=True)], lines),
        ],
        alt=f"The picture {name}",
    )


def show(
    picture: np.ndarray, name: str, result: CaptionResult, options: Options
) -> None:
    """The sentence over its picture, and what was inside."""
    place, below = st.container(), st.container()
    rank = below.selectbox(
        "Sentence shown, the best first", range(len(result.captions)), key=f"{KEY}.rank",
        format_func=lambda k: f"{result.captions[k].text} "
                              f"({result.captions[k].log_probability:.1f} nats)")
    caption = result.captions[rank]
    inside = shared_captioner().look_inside(result, caption.numbers)
    focused = 0 if inside.attention is None else int(
        inside.attention[: max(1, len(inside.words) - 1)].max((1, 2)).argmax())

    def go_on(at: int, word: str) -> None:
        start_over(" ".join([*inside.words[:at], word]))

    with place:
        word = sentence_picture(
            view_of(picture, name, inside, len(options.prefix)), key=f"{KEY}.sentence",
            selected=focused, on_pick=go_on)
    if inside.attention is None:
        place.caption("Show and Tell sees the picture once, before the first word; it has no map.")
    st.subheader("Look inside")
    look_inside(picture, result, inside, word, options)


@st.fragment
def look_inside(
    picture: np.ndarray, result: CaptionResult, inside: Inside, word: int, options: Options
) -> None:
    """Attention, alternatives, LSTM, beams, models, alignment, data flow."""
    config = shared_captioner().models[result.kind].config
    size = (picture.shape[1], picture.shape[0])
    charts = {
        "Attention": (
            "Where the network looked before each word: 7 x 7 cells; each map sums to one and is "
            "drawn from its own darkest to its own brightest cell.",
            partial(figures.attention_strip, picture, inside)),
        "Alternatives": (
            "The ten likeliest words at every step; the one that was said is framed.",
            partial(figures.alternatives, inside)),
        "Certainty": (
            "How sure the network was of each word, how much of the picture it let in, and the "
            "entropy of all that it could have said.", partial(figures.certainty, inside)),
        "Beam tree": (
            "Every word that was followed. The thick way is the best sentence; a larger dot is a "
            "likelier word, given those before it.", partial(figures.beam_tree, result.tree)),
        "Data flow": (
            "The tensors of this picture on their way through the network.",
            partial(figures.data_flow, result, inside, config, size)),
    }
    views = {
        "Gates and states": partial(lstm, inside, word),
        "Models side by side": partial(side_by_side, result, options),
        "Alignment": partial(align, picture, result),
    }
    names = ["Attention", "Alternatives", "Certainty", "Gates and states", "Beam tree",
             "Models side by side", "Alignment", "Data flow"]
    if inside.attention is None:
        names.remove("Attention")
    for name, tab in zip(names, st.tabs(names, on_change="rerun", key=f"{KEY}.tabs"), strict=True):
        if not tab.open:
            continue
        with tab:
            if name in views:
                try:
                    views[name]()
                except HybridCoreError as error:
                    st.error(str(error), icon=":material/error:")
                continue
            text, draw = charts[name]
            st.caption(text)
            st.plotly_chart(draw(), key=f"{KEY}.{name}", alt=text)


def lstm(inside: Inside, word: int) -> None:
    units = figures.units_by_word(inside.trace, word)
    left, right = st.columns([1, 3])
    unit = left.selectbox(f"Unit, those that “{figures.spelled(inside.words[word])}” changed "
                          "most first", units.tolist(), key=f"{KEY}.unit")
    shown = right.slider("Units shown", 8, 128, 32, step=8, key=f"{KEY}.units")
    st.plotly_chart(figures.unit_lines(inside, unit, word), key=f"{KEY}.unit.lines",
                    alt=f"Gates and states of unit {unit} over the words")
    st.plotly_chart(figures.gate_maps(inside, units[:shown], word), key=f"{KEY}.gates",
                    alt="Heat maps of gates and states over the words")


def side_by_side(result: CaptionResult, options: Options) -> None:
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


def align(picture: np.ndarray, result: CaptionResult) -> None:
    """The sentence, or the visitor's own, word by word on the parts of the picture."""
    text = st.text_input("Your own sentence on this picture", key=f"{KEY}.aligned",
                         placeholder=result.best.text) or result.best.text
    alignment = shared_aligner().align(result.cells, text)
    if alignment.unknown:
        st.caption(":material/warning: Not among the words this model knows: "
                   f"**{inputs.plain(', '.join(alignment.unknown))}**")
    st.html(f'<p style="font-size:1.25rem">{figures.phrase_text(alignment)}</p>')
    st.caption(f"Each phrase has the colour of its region; grey is the whole picture. "
               f"Image and sentence fit with a score of {alignment.score:.2f}.")
    left, right = st.columns(2)
    left.plotly_chart(figures.alignment_picture(picture, alignment), key=f"{KEY}.regions",
                      alt="The picture with the regions that the phrases speak of")
    right.plotly_chart(figures.alignment_scores(alignment), key=f"{KEY}.scores",
                       alt="Score of every word for every region")


def show_picture(source: inputs.Source, kind: Kind, options: Options, draw: bool) -> None:
    captioner = shared_captioner()
    (result,) = captioner.say(cells_of(source.path)[None], kind, options, draw=draw)
    show(picture_of(source.path), source.name, result, options)
    own = [s for s in pictures.own_files(KEY) if not is_video(s.path)]
    sources = [source] if source.is_sample else own

    def results() -> list[CaptionResult]:
        cells = torch.stack([cells_of(s.path) for s in sources])
        return captioner.say(cells, kind, options, draw=draw)

    def as_json() -> bytes:
        images = [{"file": s.name, **r.to_json()} for s, r in zip(sources, results(), strict=True)]
        return to_json_text(kind, {"images": images}).encode()

    def as_csv() -> bytes:
        rows = [{"file": s.name, **row} for s, r in zip(sources, results(), strict=True)
                for row in r.to_table()]
        return pd.DataFrame(rows).to_csv(index=False).encode()

    exports.download_bar([
        exports.Export("CSV", "captions.csv", "text/csv", as_csv),
        exports.Export("JSON", "captions.json", "application/json", as_json),
    ], key=f"{KEY}.picture")


@st.cache_resource(max_entries=24, show_spinner=False)
def player_view(name: str, texts: Sequence[str], _film: Film, subtitles: str) -> PlayerView:
    colours = [PALETTE[k % (len(PALETTE) - 1)] for k in range(len(texts))]
    return PlayerView(
        video=_film.video, times=_film.times, subtitles=subtitles,
        strips=[Strip("Caption", _film.segment, texts, colours)],
        cuts=[start for start, _ in _film.spans if start > 0],
        size=(_film.clip.info.width, _film.clip.info.height),
        alt="The video with its captions as subtitles", sound=_film.clip.info.has_sound,
    )


def show_video(film: Film, title: str, kind: Kind, options: Options, draw: bool) -> None:
    results = shared_captioner().say(film.cells, kind, options, draw=draw)
    segments = captioned(film.spans, results)
    texts, name = [result.best.text for result in results], film.clip.sha256
    state = st.session_state
    here = min(state.get(f"{KEY}.segment", 0), len(segments) - 1)
    wish = state.get(f"{KEY}.wish")
    frame = synced_player(
        player_view(name, texts, film, webvtt(segments)), key=f"{KEY}.player",
        seek=None if wish is None else Seek(film.spans[min(wish[0], len(texts) - 1)][0], wish[1]))
    if state.get(f"{KEY}.frame", 0) != frame:
        state[f"{KEY}.frame"] = frame
        here = state[f"{KEY}.segment"] = int(film.segment[frame])

    def choose(at: int) -> None:
        state[f"{KEY}.segment"] = at
        state[f"{KEY}.wish"] = (at, state.get(f"{KEY}.wish", (0, 0))[1] + 1)

    gallery([
        Thumb(f"{start:.1f} to {end:.1f} s", jpeg(picture, 320), text)
        for (start, end), picture, text in zip(film.spans, film.frames, texts, strict=True)
    ], key=f"{KEY}.segments", selected=here, on_choose=choose)
    download_video(film, title, segments, kind)
    show(film.frames[here], f"in the middle of segment {here + 1}", results[here], options)


def download_video(
    film: Film, name: str, segments: Sequence[CaptionedSegment], kind: Kind
) -> None:
    subtitles = webvtt(segments).encode()
    key = f"{film.clip.sha256[:16]}-{hashlib.sha256(subtitles).hexdigest()[:16]}"

    def as_json() -> bytes:
        told = {"videos": [{"file": name, "segments": [s.to_json() for s in segments]}]}
        return to_json_text(kind, told).encode()

    def as_csv() -> bytes:
        rows = [row for segment in segments for row in segment.to_table()]
        return pd.DataFrame(rows).to_csv(index=False).encode()

    def write(progress: jobs.Progress) -> Path:
        path = film.video.with_name(f"{key}-captions.mp4")
        return burn_in(film.clip, segments, path,
                       lambda done, total: progress.update(done, total, "Writing video"))

    exports.download_bar([
        exports.Export("VTT", "captions.vtt", "text/vtt", lambda: subtitles),
        exports.Export("CSV", "captions.csv", "text/csv", as_csv),
        exports.Export("JSON", "captions.json", "application/json", as_json),
        exports.Export("MP4 with subtitles", "captions.mp4", "video/mp4", write, slow=True),
    ], key=key)


def film_sample(clip: SampleClip, caption: str) -> inputs.Sample:
    folder = inputs.spool().folder
    return inputs.Sample(f"Video: {clip.title.lower()}", caption,
                         partial(sample_path, clip, folder), sample_thumbnail(clip, folder))


through_app()
head, about = st.columns([5, 1], vertical_alignment="bottom")
head.title("Image captioning")
head.caption("A sentence for a picture, word by word: where the network looked, what else it could "
             "have said, what its LSTM held. Trained on 6,000 photographs, most of them of people "
             "and dogs outdoors; anything else is described as the nearest of these.")
with about.popover("About", icon=":material/info:", width="stretch"):
    for card in all_cards():
        if card["name"].startswith(KEY) or card["name"] == "encoder":
            cards.show_card(card)
try:
    shared_captioner()
    samples = [inputs.Sample(s.title, f"comes with {s.origin}", s.path) for s in SAMPLES]
    samples += [film_sample(PHOTOGRAPHS, "a camera moves over such photographs"),
                film_sample(TOUR, "rendered by this project")]
except HybridCoreError as error:
    st.error(str(error), icon=":material/error:")
    st.stop()
chosen = pictures.pick_picture(
    samples, key=KEY, types=(*ENDINGS, *VIDEO_ENDINGS), thumb=thumb, on_change=another)
model: Kind = st.session_state.get(f"{KEY}.model", "attend")
own = {str(s.path): s.path for s in pictures.own_files(KEY) if not is_video(s.path)}
ours = {s.name: s.path for s in samples if isinstance(s.path, Path)}
notes = {
    name: text for paths in (own, ours) if paths
    for name, text in zip(paths, notes_of(tuple(paths.values()), model), strict=True)
}
pictures.show_gallery(samples, key=KEY, thumb=thumb, notes=notes, on_change=another)
st.caption("The samples are photographs that come with scikit-image and scikit-learn, and two "
           "videos made by this project; none was learned from.")
if chosen is None:
    st.stop()
model, how, at_random = controls()
if is_video(chosen.path):
    try:
        opened = Clip.open(chosen.path)
    except HybridCoreError as error:
        st.error(str(error), icon=":material/error:")
        st.stop()
    film = jobs.show(jobs.submit(
        (KEY, opened.sha256), partial(watch, opened, inputs.spool().folder)))
    if film is not None:
        show_video(film, chosen.name, model, how, at_random)
else:
    show_picture(chosen, model, how, at_random)
