"""The gait recogniser: a clip or masks in, a :class:`GaitResult` out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch

from hybridcore.cards import load_card
from hybridcore.device import pick_device
from hybridcore.gait import notes
from hybridcore.gait.background import Method
from hybridcore.gait.clean import Person, find_people
from hybridcore.gait.gallery import Gallery
from hybridcore.gait.masks import RATE, MaskWalk
from hybridcore.gait.measures import find_rhythm
from hybridcore.gait.model import VIEWS, GaitNet, GaitState
from hybridcore.gait.networks import load_model
from hybridcore.gait.result import GaitResult, Identity, Walk
from hybridcore.gait.silhouettes import CHUNK, Sighting, watch
from hybridcore.gait.tracks import Track, Tracker
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.media import Clip
from hybridcore.progress import Progress

SHORTEST = 0.5  # s; what is seen for less is no track
SHORTEST_STILL = 1.5  # s; a patch of noise stays in place too, but not for long
ENOUGH = 10  # usable silhouettes from which somebody can be recognised
NETWORK_RATE = 30.0  # silhouettes a second that the network learned from
_SLICE = 256  # silhouettes through the network at once
_CROPPED = 0.9  # share of a mask's height that the person fills if the mask was cut to it


class GaitRecognizer:
    """Follows, measures and recognises everybody who walks through a clip.

    >>> recognizer = GaitRecognizer.load()
    >>> result = recognizer.run(Clip.open("corridor.mp4"))
    >>> result.walks[0].rhythm.cadence
    """

    def __init__(self, model: GaitNet, *, network: str, threshold: float) -> None:
        """network: names the weights (their hash); threshold: distance of the open-set decision."""
        self.model = model.eval()
        self.network = network
        self.threshold = threshold
        self.device = next(model.parameters()).device

    @classmethod
    def load(cls, device: str | None = None) -> GaitRecognizer:
        """Read the weights of the LSTM.

        Raises:
            WeightsError: if they are missing or are not the ones their card names.
        """
        card = load_card("gait_lstm")
        model = load_model("lstm").to(pick_device(device))
        return cls(model, network=card["sha256"], threshold=float(card["threshold"]))

    def open_gallery(self, path: str | Path | None) -> Gallery:
        """A gallery for this network: a file, or (None) in memory only.

        Raises:
            GalleryError: the file is damaged or is not a gallery.
        """
        return Gallery(path, network=self.network, threshold=self.threshold)

    def run(
        self, source: Clip | Sequence[MaskWalk], gallery: Gallery | None = None,
        progress: Progress | None = None, *, method: Method = "auto", chunk: int = CHUNK,
    ) -> GaitResult:
        """Everybody who walks in a clip, or every walk of a mask set.

        ``progress(done, total)`` is called now and then, in frames; it stops the run by raising.
        The result does not depend on ``chunk``.

        Raises:
            MediaError: if the clip or the masks cannot be read.
        """
        result = self._run_clip(source, progress, method, chunk) if isinstance(source, Clip) \
            else self._run_masks(source, progress)
        return result.matched(gallery)

    def trace(self, identity: Identity) -> LSTMTrace:
        """Gates, cell and hidden states of the LSTM over a walk, ``[m, H]`` each."""
        return lstm_trace(
            self.model.lstm, torch.from_numpy(identity.inputs).to(self.device),
            torch.from_numpy(identity.hidden).to(self.device))

    def _run_clip(
        self, clip: Clip, progress: Progress | None, method: Method, chunk: int
    ) -> GaitResult:
        seen = watch(clip, method, progress, chunk=chunk)
        scale = seen.size[1] / clip.info.width
        tracks = [track for track in seen.tracks if _counts(track, seen.times)]
        walks = [
            self._walk(track, seen, number, f"walker {number}", scale)
            for number, track in enumerate(tracks, 1)
        ]
        remarks = []
        if len(seen.times) < 2:
            remarks.append(notes.ONE_FRAME)
        elif all(notes.STANDS in walk.notes for walk in walks):
            remarks.append(notes.NOBODY)
        if seen.camera_moves:
            remarks.append(f"The {notes.CAMERA}.")
        if seen.crowd >= notes.CROWD:
            remarks.append(f"There is {notes.CROWDED}.")
        return GaitResult(
            width=clip.info.width, height=clip.info.height, duration=clip.info.duration,
            times=seen.times, method=seen.method, walks=tuple(walks), notes=tuple(remarks))

    def _run_masks(self, sets: Sequence[MaskWalk], progress: Progress | None) -> GaitResult:
        walks: list[Walk] = []
        total, done, size = sum(len(walk) for walk in sets), 0, (1, 1)
        longest = max((len(walk) for walk in sets), default=0)
        for masks in sets:
            pictures = masks.masks()
            size = pictures.shape[1], pictures.shape[2]
            times = np.arange(len(pictures)) / RATE
            for track, cropped in _tracks_of(pictures, times, masks.layout):
                seen = Sighting(size, times, [track], "auto", False, 1)
                walk = self._walk(track, seen, len(walks) + 1, masks.name, 1.0, cropped=cropped)
                walks.append(walk)
            done += len(masks)
            if progress:
                progress(done, total)
        return GaitResult(
            width=size[1], height=size[0], duration=longest / RATE,
            times=np.arange(max(longest, 1)) / RATE, method="masks", walks=tuple(walks),
            notes=() if walks else ("No mask shows a person.",))

    def _walk(
        self, track: Track, seen: Sighting, number: int, name: str, scale: float, *,
        cropped: bool = False,
    ) -> Walk:
        frames = np.array(track.frames)
        times = seen.times[frames]
        silhouettes = np.stack([person.silhouette for person in track.persons])
        usable = np.ones(len(frames), bool) if cropped else ~notes.touching(track, seen.size)
        still = not cropped and notes.stands(track)
        rhythm = find_rhythm(silhouettes[usable], times[usable])
        if still and rhythm.step is not None:
            still = False  # on a treadmill
        remarks = [] if name.startswith("walker ") else [name]
        if seen.camera_moves:
            remarks.append(notes.CAMERA)
        if seen.crowd >= notes.CROWD:
            remarks.append(notes.CROWDED)
        if cropped:
            remarks += [] if rhythm.cycles else [notes.SHORT]
        else:
            remarks += notes.describe(track, seen.size, scale, rhythm, still=still)
        torso = notes.TORSO in remarks
        if torso:
            rhythm = rhythm.without_steps()
        hopeless = still or torso or seen.camera_moves
        identity = None
        if not hopeless and usable.sum() >= ENOUGH:
            identity = self._identify(silhouettes[usable], times[usable])
        height, width = seen.size
        boxes = np.array([(p.left, p.top, p.width, p.height) for p in track.persons], np.float32)
        return Walk(
            id=number, name=name, frames=frames, times=times,
            boxes=boxes / np.array([width, height, width, height], np.float32),
            middles=np.array([p.middle for p in track.persons], np.float32) / width,
            silhouettes=silhouettes, usable=usable,
            feet=tuple(person.feet for person in track.persons), feet_width=width,
            rhythm=rhythm, identity=identity,
            view=None if identity is None else VIEWS[int(identity.views[-1].argmax())],
            matches=(), notes=tuple(remarks),
        )

    @torch.inference_mode()
    def _identify(self, silhouettes: np.ndarray, times: np.ndarray) -> Identity:
        """The network over usable silhouettes uint8 ``[n, 64, 44]``, thinned to its frame rate."""
        interval = float(np.median(np.diff(times)))
        at = np.arange(0, len(silhouettes), max(1, round(1 / (interval * NETWORK_RATE))))
        state: GaitState | None = None
        parts: list[tuple[np.ndarray, ...]] = []
        for begin in range(0, len(at), _SLICE):
            batch = torch.from_numpy(silhouettes[at[begin : begin + _SLICE]]).float() / 255
            output = self.model(batch[None].to(self.device), state)
            state = output.state
            parts.append(tuple(
                tensor[0].float().cpu().numpy() for tensor in (
                    output.embedding, output.view_logits.softmax(-1), output.inputs, output.hidden)
            ))
        joined = (np.concatenate(part) for part in zip(*parts, strict=True))
        return Identity(at, *joined)


def _counts(track: Track, times: np.ndarray) -> bool:
    """Whether a track is long and person-shaped enough to be told of."""
    seconds = times[track.frames[-1]] - times[track.frames[0]]
    if notes.stands(track):
        shape = float(np.median([p.height / p.width for p in track.persons]))
        return bool(seconds >= SHORTEST_STILL and 1.3 < shape < 5)
    return bool(seconds >= SHORTEST)


def _tracks_of(masks: np.ndarray, times: np.ndarray, layout: str) -> list[tuple[Track, bool]]:
    """Tracks in masks uint8 ``[n, H, W]``, and whether they were cut to the person.

    The sets of the field hold one person a picture; in other folders there may be several.
    """
    nothing = np.zeros(masks.shape[1:], np.uint8)
    people = [find_people(mask, nothing) for mask in masks]
    tallest = [max((p.height for p in found), default=0) for found in people]
    cropped = bool(np.median(tallest) >= _CROPPED * masks.shape[1])
    if not cropped and layout == "folder":
        tracker = Tracker()
        for k, found in enumerate(people):
            tracker.step(found, k, float(times[k]))
        return [(track, False) for track in tracker.tracks]
    track = Track()
    for k, found in enumerate(people):
        if found:
            track.frames.append(k)
            track.persons.append(max(found, key=_filled))
    return [(track, cropped)] if track.frames else []


def _filled(person: Person) -> int:
    """How much of the picture a person covers, roughly."""
    return person.width * person.height


@cache
def shared_recognizer() -> GaitRecognizer:
    """The recogniser that all sessions of a server share, loaded when first asked for."""
    return GaitRecognizer.load()
