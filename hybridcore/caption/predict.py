"""The captioner: a picture or a video in, a :class:`CaptionResult` out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from hybridcore.caption.align_predict import Aligner
from hybridcore.caption.compounds import merge
from hybridcore.caption.decode import beam_search, sample, teacher_force
from hybridcore.caption.grid import CELLS, SIDE, join_grids
from hybridcore.caption.looks import Look, joined_encodings
from hybridcore.caption.model import KINDS, CaptionModel
from hybridcore.caption.networks import load_model, load_vocabulary
from hybridcore.caption.options import DEFAULTS, SAMPLING, DecodingOptions
from hybridcore.caption.result import (
    MEAN_STEP,
    CaptionResult,
    Captions,
    Encoding,
    Inside,
    Segmentation,
    Segments,
)
from hybridcore.caption.see import FEATURES, Seer
from hybridcore.caption.shots import FRAMES, MIDDLE, moments
from hybridcore.caption.speak import Speaker
from hybridcore.caption.steps import inside
from hybridcore.caption.transcript import transcribe
from hybridcore.caption.vocabulary import UNKNOWN, Vocabulary, tokenise
from hybridcore.device import in_parts
from hybridcore.encoder.encoder import Encoder, shared_encoder
from hybridcore.layers.flow import FlowRecorder
from hybridcore.layers.recurrent import lstm_trace
from hybridcore.media.clip import Clip
from hybridcore.media.picture import Picture, resize
from hybridcore.progress import Progress, report

AT_ONCE = 32  # pictures; bounds the memory
SHOTS_AT_ONCE = AT_ONCE // FRAMES
FRAME_SIDE = 640  # longer side of the frames of a video
SAY = "say"  # the kind that says what it saw


class Captioner:
    """Says what pictures and videos show, and what stood behind every word.

    >>> captioner = Captioner.load()
    >>> encoding = captioner.run(picture)
    >>> captioner.finish(encoding, picture, "say").at(0).text
    """

    def __init__(
        self, encoder: Encoder, seer: Seer, speaker: Speaker, models: dict[str, CaptionModel],
        vocabularies: dict[str, Vocabulary],
    ) -> None:
        self.encoder, self.seer, self.speaker = encoder, seer, speaker
        self.models = {
            kind: model.to(encoder.device).for_decoding() for kind, model in models.items()}
        self.vocabularies = vocabularies

    @classmethod
    def load(cls, device: str | None = None) -> Captioner:
        """Read the weights.

        Raises:
            WeightsError: if weights are missing or are not the ones their cards name.
        """
        return cls(
            shared_encoder(device), Seer.load(device), Speaker.load(),
            {kind: load_model(kind) for kind in KINDS},
            {kind: load_vocabulary(kind) for kind in KINDS},
        )

    @cached_property
    def aligner(self) -> Aligner:
        """The aligner on the same device, loaded when first asked for.

        Raises:
            WeightsError: as :meth:`load`.
        """
        return Aligner.load(str(self.encoder.device))

    def run(
        self, source: Picture | Clip, progress: Progress | None = None, *,
        scene: Segmentation | None = None,
    ) -> Encoding:
        """Encode a picture, or some frames of each segment of a video.

        Args:
            progress: counts pictures or segments. What is known so far is the encoding of those so
                far.
            scene: where the segments of the video are.

        Raises:
            MediaError: the video cannot be decoded any more.
            ValueError: a video without its segments.
        """
        if isinstance(source, Picture):
            return self.encode([source.array], progress)
        if scene is None:
            raise ValueError("the captioner of a video needs its segments")
        return self._watch(source, scene, progress)

    def encode(
        self, pictures: Sequence[np.ndarray], progress: Progress | None = None
    ) -> Encoding:
        """The encoding of uint8 RGB pictures of any size."""
        flow, parts = FlowRecorder(), list[Encoding]()
        for look in self._looks(pictures):
            look.note(flow)
            parts.append(look.encoding)
            report(progress, sum(len(part.cells) for part in parts), len(pictures),
                   lambda: joined_encodings(parts, flow))
        return joined_encodings(parts, flow)

    def _watch(
        self, clip: Clip, scene: Segmentation, progress: Progress | None
    ) -> Encoding:
        """The encoding of the segments of a video."""
        flow, parts, middles = FlowRecorder(), list[Encoding](), list[np.ndarray]()
        spans, size = scene.spans(), clip.info.within(FRAME_SIDE)

        def known() -> Encoding:
            count = len(middles)
            segments = Segments(np.array(spans)[:count], np.stack(middles), scene.times)
            return joined_encodings(parts, flow, segments.first(count))

        for at in range(0, len(spans), SHOTS_AT_ONCE):
            frames = clip.frames_at(moments(spans[at : at + SHOTS_AT_ONCE]), size)
            (look,) = self._looks(frames)
            look.note(flow)
            parts.append(look.shots)
            flow.note(MEAN_STEP, parts[-1].cells, trained=False)
            middles += frames[MIDDLE::FRAMES]
            report(progress, len(middles), len(spans), known)
        return known()

    def finish(
        self, outputs: Encoding, source: Picture | Clip, kind: str, *,
        decoding: str = DEFAULTS["decoding"], beam: int = DEFAULTS["beam"],
        alpha: float = DEFAULTS["alpha"], most_words: int = DEFAULTS["most_words"],
        temperature: float = DEFAULTS["temperature"], nucleus: float = DEFAULTS["nucleus"],
        seed: int = DEFAULTS["seed"], prefix: str = DEFAULTS["prefix"],
        align: str = DEFAULTS["align"], add: str = DEFAULTS["add"],
        without: str = DEFAULTS["without"], shot: str = DEFAULTS["shot"],
    ) -> CaptionResult:
        """The sentences of one network; the options: :data:`hybridcore.caption.options.OPTIONS`."""
        outputs = outputs.read_by(shot)
        numbers, unknown = self.prefix(prefix, kind)
        options = DecodingOptions(
            beam=beam, alpha=alpha, most_words=most_words, prefix=numbers,
            temperature=temperature, nucleus=nucleus, seed=seed)
        sampling = decoding == SAMPLING
        if kind == SAY:
            added, strange = self.speaker.hearer.named(add)
            left_out, _ = self.speaker.hearer.named(without)
            unknown = tuple(dict.fromkeys((*unknown, *strange)))
            captions = self.say(outputs, options, sampling=sampling, add=added, without=left_out)
        else:
            captions = self.caption(outputs.cells, kind, options, sampling=sampling)
        spans = None if outputs.segments is None else tuple(
            (float(start), float(end)) for start, end in outputs.segments.spans)
        return CaptionResult(
            kind, tuple(captions), spans, given=len(numbers), unknown=unknown, own=align)

    def many(
        self, pictures: Sequence[Picture], kind: str, options: Mapping[str, Any]
    ) -> Iterator[tuple[Encoding, CaptionResult]]:
        """:meth:`run` and :meth:`finish` of several pictures, which go through the networks
        together."""
        for look in self._looks([picture.array for picture in pictures]):
            result = self.finish(look.encoding, pictures[0], kind, **options)
            for k, captions in enumerate(result.pictures):
                one, flow = look.one(k), FlowRecorder()
                one.note(flow)
                yield joined_encodings([one.encoding], flow), replace(result, pictures=(captions,))

    def say(
        self, outputs: Encoding, options: DecodingOptions, *, sampling: bool = False,
        add: Sequence[str] = (), without: Sequence[str] = (), style: str = "coco",
    ) -> list[Captions]:
        """Say what was seen; ``add`` and ``without``: words, :meth:`Hearer.choose`; style:
        :meth:`Speaker.speak`."""
        hearer = self.speaker.hearer
        heard = [hearer.choose(words, add=add, without=without)
                 for words in self.seer.words_in(outputs.seen)]
        contrasts = outputs.contrasts.tolist()

        def spoken(part: slice) -> list[Captions]:
            return self.speaker.speak(
                heard[part], contrasts[part], options, sampling=sampling, style=style)

        return in_parts(spoken, len(heard), most=AT_ONCE, device=torch.device("cpu"))

    def caption(
        self, cells: NDArray[np.float32], kind: str, options: DecodingOptions,
        *, sampling: bool = False,
    ) -> list[Captions]:
        """Caption ``cells [N, 49, 2560]``, by beam search, or by drawing words at random."""
        model, vocabulary = self.models[kind], self.vocabularies[kind]
        decode = sample if sampling else beam_search

        @torch.inference_mode()
        def decoded(part: slice) -> list[Captions]:
            some = torch.from_numpy(cells[part]).to(self.encoder.device)
            sentences = decode(model, model.read(some), options)
            return [transcribe(sentences, photo, vocabulary) for photo in range(len(some))]

        return in_parts(decoded, len(cells), most=AT_ONCE, device=self.encoder.device)

    @torch.inference_mode()
    def look_inside(
        self, cells: NDArray[np.float32], kind: str, numbers: Sequence[int]
    ) -> Inside:
        """What stood behind every word of the sentence ``numbers`` of a picture, ``[49, 2560]``."""
        model, vocabulary = self.models[kind], self.vocabularies[kind]
        reading = model.read(torch.from_numpy(cells).to(self.encoder.device)[None])
        forced = teacher_force(model, reading, numbers)
        flow = FlowRecorder()
        flow.note("cells of the picture", cells, trained=False)
        if forced.attention is None:
            flow.note("image embedding", reading.features[0], symbol="x_-1")
        else:
            flow.note("annotations", reading.features[0], symbol="a")
            flow.note("attention", forced.attention, symbol="alpha")
        flow.note("LSTM input", forced.inputs, symbol="x_t")
        flow.note("LSTM", forced.hidden, symbol="h_t")
        flow.note("softmax", forced.log_probabilities, symbol="p")
        trace = lstm_trace(model.lstm, forced.inputs, forced.hidden,
                           first_h=forced.first_h, first_c=forced.first_c)
        return inside(
            vocabulary, numbers, forced.log_probabilities, trace, flow.steps,
            attention=None if forced.attention is None
            else forced.attention.reshape(-1, CELLS, CELLS), gate=forced.gate)

    def prefix(self, text: str, kind: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Numbers of the first words that a person gives, and those words that are not known."""
        if kind == SAY:  # compounds are one word to it
            vocabulary, words = self.speaker.vocabulary, merge(tokenise(text))
        else:
            vocabulary, words = self.vocabularies[kind], tuple(tokenise(text))
        known = [vocabulary.numbers.get(word, UNKNOWN) for word in words]
        return (tuple(number for number in known if number != UNKNOWN),
                tuple(word for word, n in zip(words, known, strict=True) if n == UNKNOWN))

    def _looks(self, pictures: Sequence[np.ndarray]) -> Iterator[Look]:
        """Some pictures at a time, through the encoder and the word network."""
        for at in range(0, len(pictures), AT_ONCE):
            part = pictures[at : at + AT_ONCE]
            frames = np.stack([resize(picture, SIDE) for picture in part])
            features = self.encoder.encode(frames, *FEATURES)
            yield Look(part, frames, join_grids(features), self.seer.read(features))
