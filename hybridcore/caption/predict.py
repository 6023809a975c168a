"""The captioner: a picture or a video in, a :class:`CaptionResult` out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import entr
from torch import Tensor

from hybridcore.caption.align_predict import Aligner
from hybridcore.caption.decode import beam_search, sample, teacher_force
from hybridcore.caption.grid import CELLS, SIDE, encode_grid
from hybridcore.caption.model import KINDS, CaptionModel
from hybridcore.caption.networks import load_model, load_vocabulary
from hybridcore.caption.options import DEFAULTS, SAMPLING, DecodingOptions
from hybridcore.caption.result import (
    CaptionResult,
    Captions,
    Encoding,
    Inside,
    Segmentation,
    Segments,
)
from hybridcore.caption.transcript import transcribe
from hybridcore.caption.vocabulary import UNKNOWN, Vocabulary
from hybridcore.encoder.encoder import Encoder, shared_encoder
from hybridcore.layers.flow import FlowRecorder
from hybridcore.layers.recurrent import lstm_trace
from hybridcore.media.clip import Clip
from hybridcore.media.picture import Picture, resize
from hybridcore.progress import Progress

AT_ONCE = 32  # pictures; bounds the memory
FRAME_SIDE = 640  # longer side of the frames of a video that are captioned
TOP = 10  # words shown at every step


class Captioner:
    """Says what pictures and videos show, and what stood behind every word.

    >>> captioner = Captioner.load()
    >>> encoding = captioner.run(picture)
    >>> captioner.finish(encoding, picture, "attend").at(0).text
    """

    def __init__(
        self, encoder: Encoder, models: dict[str, CaptionModel],
        vocabularies: dict[str, Vocabulary],
    ) -> None:
        self.encoder = encoder
        self.models = {kind: model.to(encoder.device) for kind, model in models.items()}
        self.vocabularies = vocabularies

    @classmethod
    def load(cls, device: str | None = None) -> Captioner:
        """Read the weights.

        Raises:
            WeightsError: if weights are missing or are not the ones their cards name.
        """
        return cls(
            shared_encoder(device), {kind: load_model(kind) for kind in KINDS},
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
        """Encode a picture, or the middle frame of each segment of a video.

        Args:
            progress: counts pictures.
            scene: where the segments of the video are.

        Raises:
            MediaError: the video cannot be decoded any more.
            ValueError: a video without its segments.
        """
        flow = FlowRecorder()
        if isinstance(source, Picture):
            return Encoding(self.encode([source.array], progress, flow), flow.steps)
        if scene is None:
            raise ValueError("the captioner of a video needs its segments")
        spans = scene.spans()
        middles = [(start + end) / 2 for start, end in spans]
        frames = source.frames_at(middles, source.info.within(FRAME_SIDE))
        return Encoding(
            self.encode(frames, progress, flow), flow.steps,
            Segments(np.array(spans), np.stack(frames), scene.times))

    def encode(
        self, pictures: Sequence[np.ndarray], progress: Progress | None = None,
        flow: FlowRecorder | None = None,
    ) -> NDArray[np.float32]:
        """The encoder's cells, float32 ``[N, 49, 2560]``, of uint8 RGB pictures of any size."""
        flow = flow or FlowRecorder()
        cells: list[np.ndarray] = []
        for part, frames, grid in self._grids(pictures):
            _note(flow, part, frames, grid)
            cells.append(_cells(grid))
            if progress:
                progress(sum(map(len, cells)), len(pictures))
        return np.concatenate(cells)

    def finish(
        self, outputs: Encoding, source: Picture | Clip, kind: str, *,
        decoding: str = DEFAULTS["decoding"], beam: int = DEFAULTS["beam"],
        alpha: float = DEFAULTS["alpha"], most_words: int = DEFAULTS["most_words"],
        temperature: float = DEFAULTS["temperature"], nucleus: float = DEFAULTS["nucleus"],
        seed: int = DEFAULTS["seed"], prefix: str = DEFAULTS["prefix"],
        align: str = DEFAULTS["align"],
    ) -> CaptionResult:
        """The sentences of one network; the options: :data:`hybridcore.caption.options.OPTIONS`."""
        numbers, unknown = self.prefix(prefix, kind)
        options = DecodingOptions(
            beam=beam, alpha=alpha, most_words=most_words, prefix=numbers,
            temperature=temperature, nucleus=nucleus, seed=seed)
        captions = self.caption(outputs.cells, kind, options, sampling=decoding == SAMPLING)
        spans = None if outputs.segments is None else tuple(
            (float(start), float(end)) for start, end in outputs.segments.spans)
        return CaptionResult(
            kind, tuple(captions), spans, given=len(numbers), unknown=unknown, own=align)

    def many(
        self, pictures: Sequence[Picture], kind: str, options: Mapping[str, Any]
    ) -> Iterator[tuple[Encoding, CaptionResult]]:
        """:meth:`run` and :meth:`finish` of several pictures, which go through the networks
        together."""
        for part, frames, grid in self._grids([picture.array for picture in pictures]):
            cells = _cells(grid)
            result = self.finish(Encoding(cells, ()), pictures[0], kind, **options)
            for k, captions in enumerate(result.pictures):
                one, flow = slice(k, k + 1), FlowRecorder()
                _note(flow, part[one], frames[one], grid[one])
                yield Encoding(cells[one], flow.steps), replace(result, pictures=(captions,))

    @torch.inference_mode()
    def caption(
        self, cells: NDArray[np.float32], kind: str, options: DecodingOptions,
        *, sampling: bool = False,
    ) -> list[Captions]:
        """Caption ``cells [N, 49, 2560]``, by beam search, or by drawing words at random."""
        model, vocabulary = self.models[kind], self.vocabularies[kind]
        decode = sample if sampling else beam_search
        captions = []
        for part in torch.from_numpy(cells).split(AT_ONCE):
            decoded = decode(model, model.read(part.to(self.encoder.device)), options)
            captions += [transcribe(decoded, photo, vocabulary) for photo in range(len(part))]
        return captions

    @torch.inference_mode()
    def look_inside(
        self, cells: NDArray[np.float32], kind: str, numbers: Sequence[int]
    ) -> Inside:
        """What stood behind every word of the sentence ``numbers`` of a picture, ``[49, 2560]``."""
        model, vocabulary = self.models[kind], self.vocabularies[kind]
        reading = model.read(torch.from_numpy(cells).to(self.encoder.device)[None])
        forced = teacher_force(model, reading, numbers)
        p = np.exp(forced.log_probabilities)  # [T, V]
        best = np.argsort(-p, axis=1, kind="stable")[:, :TOP]
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
        return Inside(
            words=tuple(vocabulary.words[i] for i in forced.words),
            probabilities=p[np.arange(len(p)), forced.words],
            alternatives=tuple(tuple(vocabulary.words[i] for i in row) for row in best),
            alternative_probabilities=np.take_along_axis(p, best, 1),
            entropy=(entr(p).sum(1) / np.log(2)).astype(np.float32),
            attention=None if forced.attention is None
            else forced.attention.reshape(-1, CELLS, CELLS),
            gate=forced.gate,
            trace=lstm_trace(model.lstm, forced.inputs, forced.hidden,
                             first_h=forced.first_h, first_c=forced.first_c),
            flow=flow.steps,
        )

    def prefix(self, text: str, kind: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Numbers of the first words that a person gives, and those words that are not known."""
        vocabulary = self.vocabularies[kind]
        numbers = tuple(i for i in vocabulary.encode(text) if i != UNKNOWN)
        return numbers, tuple(vocabulary.unknown(text))

    def _grids(
        self, pictures: Sequence[np.ndarray]
    ) -> Iterator[tuple[Sequence[np.ndarray], np.ndarray, Tensor]]:
        """Some pictures at a time, as the encoder reads them, and its grids."""
        for at in range(0, len(pictures), AT_ONCE):
            part = pictures[at : at + AT_ONCE]
            frames = np.stack([resize(picture, SIDE) for picture in part])
            yield part, frames, encode_grid(self.encoder, frames)


def _cells(grid: Tensor) -> NDArray[np.float32]:
    """``[N, 2560, 7, 7] -> [N, 49, 2560]``."""
    return np.ascontiguousarray(grid.flatten(2).transpose(1, 2).cpu().numpy())


def _note(
    flow: FlowRecorder, pictures: Sequence[np.ndarray], frames: np.ndarray, grid: Tensor
) -> None:
    """Record the shapes on the way from pictures to the encoder's grids."""
    flow.note("picture", (len(pictures), *pictures[0].shape), trained=False)
    flow.note("resized", frames, trained=False)
    flow.note("Lite0, two tops", grid, trained=False)
