"""The gait recogniser: a clip or masks in, a :class:`GaitResult` out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from hybridcore.gait import notes
from hybridcore.gait.background import Method
from hybridcore.gait.clean import Person, find_people
from hybridcore.gait.evidence import identify
from hybridcore.gait.gallery import Gallery, GalleryError
from hybridcore.gait.in_place import join_pieces
from hybridcore.gait.mask_set import MaskSet
from hybridcore.gait.masks import RATE, MaskWalk
from hybridcore.gait.measures import find_rhythm
from hybridcore.gait.networks import Network, load_networks
from hybridcore.gait.result import GaitResult, Identity, Walk
from hybridcore.gait.silhouettes import CHUNK, Sighting, watch
from hybridcore.gait.tracks import Track, Tracker
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.media import Clip
from hybridcore.progress import Progress

SHORTEST = 0.5  # s; what is seen for less is no track
SHORTEST_STILL = 1.5  # s; a patch of noise stays in place too, but not for long
ENOUGH = 10  # usable silhouettes from which somebody can be recognised
_CROPPED = 0.9  # share of a mask's height that the person fills if the mask was cut to it


class GaitRecogniser:
    """Follows, measures and recognises everybody who walks through a clip.

    >>> recogniser = GaitRecogniser.load()
    >>> result = recogniser.run(Clip.open("corridor.mp4"))
    >>> result.walks[0].rhythm.cadence
    """

    def __init__(self, networks: Mapping[str, Network]) -> None:
        """networks: by their kinds."""
        self.networks = networks
        self._models = {kind: network.model.eval() for kind, network in networks.items()}
        self.device = next(self._models["lstm"].parameters()).device

    @classmethod
    def load(cls, device: str | None = None) -> GaitRecogniser:
        """Read the weights of all kinds.

        Raises:
            WeightsError: if they are missing or are not the ones their cards name.
        """
        return cls(load_networks(device))

    def open_gallery(self, path: str | Path | None, kind: str = "lstm") -> Gallery:
        """A gallery for the network of a kind: a file, or (None) in memory only.

        Raises:
            GalleryError: the file is damaged or is not a gallery.
        """
        network = self.networks[kind]
        return Gallery(path, network=network.digest, threshold=network.threshold)

    def run(
        self, source: Clip | MaskSet, progress: Progress | None = None, *,
        background: Method = "auto", chunk: int = CHUNK,
    ) -> GaitResult:
        """Everybody who walks in a clip, or every walk of a mask set, read by every network.

        ``progress(done, total)`` is called now and then, in frames; it stops the run by raising.
        The result does not depend on ``chunk``.

        Raises:
            MediaError: if the clip or the masks cannot be read.
        """
        if isinstance(source, Clip):
            return self._run_clip(source, progress, background, chunk)
        return self._run_masks(source, progress)

    def finish(
        self, outputs: GaitResult, source: Clip | MaskSet, kind: str, *,
        gallery: Gallery | str | Path | None = None, enrol: str = "", walker: int | None = None,
    ) -> GaitResult:
        """The walks as the network of one kind sees them.

        Args:
            gallery: of that network, or a file to open as one: walks are compared with it.
            enrol: a name under which one walk is added to the gallery first.
            walker: its id; None: the only one that can be enrolled.

        Raises:
            GalleryError: the file is no gallery; or it is not clear who is to be enrolled, or
                nobody can be.
        """
        if gallery is not None and not isinstance(gallery, Gallery):
            gallery = self.open_gallery(gallery, kind)
        result = outputs.of(kind)
        if enrol:
            result = replace(
                result, notes=(*result.notes, _enrol(result, gallery, enrol, walker)))
        return result if gallery is None else result.of(kind, gallery.known())

    def trace(self, identity: Identity, kind: str = "lstm") -> LSTMTrace | None:
        """Gates, cell and hidden states of the LSTM over a walk, ``[m, H]`` each; None where the
        network of that kind has none."""
        if identity.inputs is None or identity.hidden is None:
            return None
        return lstm_trace(
            self._models[kind].lstm, torch.from_numpy(identity.inputs).to(self.device),
            torch.from_numpy(identity.hidden).to(self.device))

    def _run_clip(
        self, clip: Clip, progress: Progress | None, method: Method, chunk: int
    ) -> GaitResult:
        sighting = watch(clip, method, progress, chunk=chunk)
        scale = sighting.size[1] / clip.info.width
        walks: list[Walk] = []
        pieces = False
        for track in join_pieces(sighting.tracks, sighting.times, sighting.size):
            if _counts(track, sighting.times):
                number = len(walks) + 1
                walk = self._walk(track, sighting, number, f"walker {number}", scale)
                if track.in_place and notes.UNSURE in walk.notes:
                    pieces = True  # leaves in the wind, or a screen
                else:
                    walks.append(walk)
        remarks = []
        if len(sighting.times) < 2:
            remarks.append(notes.ONE_FRAME)
        elif pieces:
            remarks.append(notes.PIECES)
        elif all(notes.STANDS in walk.notes for walk in walks):
            remarks.append(notes.NOBODY)
        if sighting.camera_moves:
            remarks.append(f"The {notes.CAMERA}.")
        if sighting.crowd >= notes.CROWD:
            remarks.append(f"There is {notes.CROWDED}.")
        return GaitResult(
            width=clip.info.width, height=clip.info.height, duration=clip.info.duration,
            times=sighting.times, method=sighting.method, walks=tuple(walks), notes=tuple(remarks))

    def _run_masks(self, source: MaskSet, progress: Progress | None) -> GaitResult:
        found: list[list[Walk]] = []
        done = number = 0
        for masks in source.walks:
            times = np.arange(len(masks)) / RATE
            found.append([])
            for track, name, cropped in _tracks_of(masks, times):
                number += 1
                sighting = Sighting(masks.size, times, [track], "auto", False, 1)
                found[-1].append(self._walk(track, sighting, number, name, 1.0, cropped=cropped))
            done += len(masks)
            if progress:
                progress(done, len(source.times))
        walks = tuple(
            replace(walk, placement=placement)
            for own, placement in zip(found, source.placements, strict=True) for walk in own)
        height, width = source.size
        nobody = () if walks else ("No mask shows a person.",)
        return GaitResult(
            width=width, height=height, duration=source.duration, times=source.times,
            method="masks", walks=walks, notes=(*source.left_out(), *nobody))

    def _walk(
        self, track: Track, sighting: Sighting, number: int, name: str, scale: float, *,
        cropped: bool = False,
    ) -> Walk:
        frames = np.array(track.frames)
        times = sighting.times[frames]
        silhouettes = np.stack([person.silhouette for person in track.persons])
        usable = np.ones(len(frames), bool) if cropped else ~notes.touching(track, sighting.size)
        still = not cropped and not track.in_place and notes.stands(track)
        rhythm = find_rhythm(silhouettes[usable], times[usable])
        if still and rhythm.step is not None:
            still = False  # on a treadmill
        remarks = [] if name.startswith("walker ") else [name]
        if sighting.camera_moves:
            remarks.append(notes.CAMERA)
        if sighting.crowd >= notes.CROWD:
            remarks.append(notes.CROWDED)
        if cropped:
            remarks += [] if rhythm.cycles else [notes.SHORT]
        else:
            remarks += notes.describe(track, sighting.size, scale, rhythm, still=still)
        torso = notes.TORSO in remarks
        if torso or track.in_place:
            rhythm = rhythm.without_steps()
        hopeless = still or torso or track.in_place or sighting.camera_moves
        readable = not hopeless and usable.sum() >= ENOUGH
        height, width = sighting.size
        boxes = np.array([(p.left, p.top, p.width, p.height) for p in track.persons], np.float32)
        return Walk(
            id=number, name=name, frames=frames, times=times, size=sighting.size,
            boxes=boxes / np.array([width, height, width, height], np.float32),
            middles=np.array([p.middle for p in track.persons], np.float32) / width,
            silhouettes=silhouettes, usable=usable, feet_bits=_feet_bits(track, width),
            rhythm=rhythm, notes=tuple(remarks),
            identities=identify(self._models, silhouettes[usable], times[usable])
            if readable else {},
        )


def _counts(track: Track, times: np.ndarray) -> bool:
    """Whether a track is long and person-shaped enough to be a walker."""
    seconds = times[track.frames[-1]] - times[track.frames[0]]
    if notes.stands(track) and not track.in_place:
        shape = float(np.median([p.height / p.width for p in track.persons]))
        return bool(seconds >= SHORTEST_STILL and 1.3 < shape < 5)
    return bool(seconds >= SHORTEST)


def _feet_bits(track: Track, width: int) -> np.ndarray:
    """:attr:`Walk.feet_bits` of a track in pictures of that ``width``."""
    feet = np.zeros((len(track.persons), width), bool)
    for row, person in zip(feet, track.persons, strict=True):
        row[person.left : person.left + person.width] = person.feet
    return np.packbits(feet, axis=1)


def _enrol(
    result: GaitResult, gallery: Gallery | None, name: str, walker: int | None
) -> str:
    """Add one walk to a gallery: the one asked for, or the only one that can be enrolled.

    Returns:
        A sentence on it.

    Raises:
        GalleryError: there is no gallery, no such walk, or there are several and none was named.
    """
    if gallery is None:
        raise GalleryError("To enrol somebody, name the gallery file too: --gallery FILE.")
    able = [walk for walk in result.walks if walk.identity is not None]
    if walker is not None:
        able = [walk for walk in able if walk.id == walker]
    if not able:
        raise GalleryError("There is no walk here that is long and whole enough to enrol.")
    if len(able) > 1:
        ids = ", ".join(str(walk.id) for walk in able)
        raise GalleryError(f"Several people walk here; choose one of {ids} with --walker.")
    able[0].enrol(gallery, name)
    where = "the gallery" if gallery.path is None else gallery.path.name
    return f"{able[0].name} is now in {where} as {name}."


def _tracks_of(masks: MaskWalk, times: np.ndarray) -> list[tuple[Track, str, bool]]:
    """Tracks in a walk of masks, their names, and whether the masks were cut to the person.

    times: s, of its frames. The sets of the field hold one person a picture; in other folders there
    may be several.
    """
    frames: list[int] = []
    found: list[list[list[Person]]] = [[] for _ in masks.people or ("",)]
    nothing = np.zeros(masks.size, np.uint8)
    for frame, labels in masks.labels():
        frames.append(frame)
        for number, people in enumerate(found, 1):
            own = np.where(labels == number, np.uint8(255), np.uint8(0))
            people.append(find_people(own, nothing))
    if len(found) > 1:
        tracks = [(_largest(frames, people), f"{masks.name}, person {name}", False)
                  for people, name in zip(found, masks.people, strict=True)]
        return [found for found in tracks if found[0].tried and _counts(found[0], times)]
    (people,) = found
    tallest = [max((p.height for p in persons), default=0) for persons in people] or [0]
    cropped = masks.cut_out or bool(np.median(tallest) >= _CROPPED * masks.size[0])
    if not cropped and masks.layout == "folder":
        tracker = Tracker()
        for frame, persons in zip(frames, people, strict=True):
            tracker.step(persons, frame, float(times[frame]))
        return [(track, masks.name, False) for track in tracker.tracks]
    track = _largest(frames, people)
    return [(track, masks.name, cropped)] if track.frames else []


def _largest(frames: list[int], people: list[list[Person]]) -> Track:
    """The largest person of each frame that shows one."""
    track = Track()
    for frame, persons in zip(frames, people, strict=True):
        if persons:
            track.frames.append(frame)
            track.persons.append(max(persons, key=_filled))
    return track


def _filled(person: Person) -> int:
    """How much of the picture a person covers, roughly."""
    return person.width * person.height
