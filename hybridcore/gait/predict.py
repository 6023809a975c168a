"""The gait recogniser: a clip or masks in, a :class:`GaitResult` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from hybridcore.errors import MediaError
from hybridcore.gait import notes
from hybridcore.gait.background import Method
from hybridcore.gait.clean import Person, find_people
from hybridcore.gait.clothes import Clothes, shared_clothes
from hybridcore.gait.evidence import identify
from hybridcore.gait.gallery import Gallery, GalleryError
from hybridcore.gait.in_place import join_pieces
from hybridcore.gait.mask_set import MaskSet
from hybridcore.gait.masks import RATE, MaskWalk
from hybridcore.gait.measures import find_rhythm
from hybridcore.gait.networks import Network, load_networks
from hybridcore.gait.outline import outline
from hybridcore.gait.persons import watch_people
from hybridcore.gait.result import GaitResult
from hybridcore.gait.silhouettes import Sighting, watch
from hybridcore.gait.tracks import Track, Tracker
from hybridcore.gait.walk import Identity, Walk
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.media import CHUNK, Clip
from hybridcore.progress import Progress

Silhouettes = Literal["auto", "people", "background"]

SHORTEST = 0.5  # s; what is seen for less is no track
SHORTEST_PERSON = 1.0  # s; likewise of what a network takes for somebody
SHORTEST_STILL = 1.5  # s; a patch of noise stays in place too, but not for long
ENOUGH = 10  # usable silhouettes from which somebody can be recognised
_CROPPED = 0.9  # share of a mask's height that the person fills if the mask was cut to it


class GaitRecogniser:
    """Follows, measures and recognises everybody who walks through a clip.

    >>> recogniser = GaitRecogniser.load()
    >>> result = recogniser.run(Clip.open("corridor.mp4"))
    >>> result.walks[0].rhythm.cadence
    """

    def __init__(self, networks: Mapping[str, Network], clothes: Clothes) -> None:
        """networks: by their kinds."""
        self.networks, self.clothes = networks, clothes
        self._models = {kind: network.model.eval() for kind, network in networks.items()}
        self.device = next(self._models["lstm"].parameters()).device

    @classmethod
    def load(cls, device: str | None = None) -> GaitRecogniser:
        """Read the weights of all kinds.

        Raises:
            WeightsError: if they are missing or are not the ones their cards name.
        """
        return cls(load_networks(device), shared_clothes(device))

    def open_gallery(self, path: str | Path | None, kind: str = "lstm") -> Gallery:
        """A gallery for the network of a kind: a file, or (None) in memory only.

        Raises:
            GalleryError: the file is damaged or is not a gallery.
        """
        network = self.networks[kind]
        return Gallery(path, network=network.digest, threshold=network.threshold,
                       clothes_network=self.clothes.digest)

    def run(
        self, source: Clip | MaskSet, progress: Progress | None = None, *,
        silhouettes: Silhouettes = "auto", background: Method = "auto", chunk: int = CHUNK,
    ) -> GaitResult:
        """Everybody who walks in a clip, or every walk of a mask set, read by every network.

        silhouettes: of a clip from people whom a network finds in it, or from what differs from the
        ``background``; ``auto``: from people, if there are any.

        ``progress(done, total)`` is called now and then, in frames; it stops the run by raising.
        What is known so far is where people are, not yet their steps or who they are: both are
        found in whole walks. The result does not depend on ``chunk``.

        Raises:
            MediaError: if the clip or the masks cannot be read, or there is but one frame.
        """
        if isinstance(source, Clip):
            return self._run_clip(source, progress, silhouettes, background, chunk)
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
            result = replace(result, notes=(
                *result.notes, _enrol(result, gallery, enrol, walker, source.name)))
        if gallery is not None:
            result = result.of(kind, gallery.known())
        enrolled = () if gallery is None else gallery.sightings()
        return result.recalled(enrolled, self.clothes.limits, source.name)

    def trace(self, identity: Identity, kind: str = "lstm") -> LSTMTrace | None:
        """Gates, cell and hidden states of the LSTM over a walk, ``[m, H]`` each; None where the
        network of that kind has none."""
        if identity.inputs is None or identity.hidden is None:
            return None
        return lstm_trace(
            self._models[kind].lstm, torch.from_numpy(identity.inputs).to(self.device),
            torch.from_numpy(identity.hidden).to(self.device))

    @torch.inference_mode()
    def cells(self, silhouette: np.ndarray, kind: str) -> np.ndarray:
        """What the CNN of a kind makes of a silhouette or an average of some, ``[64, 44]`` in 0..1:
        float32 ``[C, 16, 6]``."""
        batch = torch.from_numpy(silhouette.astype(np.float32)).to(self.device)[None, None]
        return np.asarray(self._models[kind].frames.cnn(batch)[0].cpu().numpy())

    def _run_clip(
        self, clip: Clip, progress: Progress | None, silhouettes: Silhouettes, method: Method,
        chunk: int,
    ) -> GaitResult:
        so_far = partial(_so_far, clip)
        sighting = None
        if silhouettes != "background":
            sighting = watch_people(clip, progress, chunk=chunk, so_far=so_far)
        if sighting is None or (silhouettes == "auto" and not _lasting(sighting)):
            read = 0 if sighting is None else len(sighting.times)
            sighting = watch(clip, method, progress, chunk=chunk, so_far=so_far, read=read)
        if len(sighting.times) < 2:
            raise MediaError(notes.ONE_FRAME)
        if sighting.method == "people":
            return self._of_people(clip, sighting)
        return self._of_pieces(clip, sighting)

    def _of_people(self, clip: Clip, sighting: Sighting) -> GaitResult:
        lasting = _lasting(sighting)
        large = [track for track in lasting if not _small(track, sighting, clip)]
        walks = [self._walk(track, sighting, number, f"walker {number}")
                 for number, track in enumerate(large, 1)]
        remarks = [] if walks else [notes.NOBODY]
        if len(large) < len(lasting):
            remarks.append(notes.too_small(len(lasting) - len(large)))
        return _result(clip, sighting, walks, remarks)

    def _of_pieces(self, clip: Clip, sighting: Sighting) -> GaitResult:
        walks: list[Walk] = []
        pieces, small = False, 0
        for track in join_pieces(sighting.tracks, sighting.times, sighting.size):
            if not _counts(track, sighting.times):
                continue
            if _small(track, sighting, clip) and not track.in_place:
                small += 1
                continue
            number = len(walks) + 1
            walk = self._walk(track, sighting, number, f"walker {number}")
            if track.in_place and notes.UNSURE in walk.notes:
                pieces = True  # leaves in the wind, or a screen
            else:
                walks.append(walk)
        remarks = []
        if pieces:
            remarks.append(notes.PIECES)
        elif all(notes.STANDS in walk.notes for walk in walks):
            remarks.append(notes.NOBODY)
        if small:
            remarks.append(notes.too_small(small))
        if len(sighting.moving):
            remarks.append(notes.camera_moves(sighting.moving))
        if sighting.crowd >= notes.CROWD:
            remarks.append(f"There is {notes.CROWDED}.")
        return _result(clip, sighting, walks, remarks)

    def _run_masks(self, source: MaskSet, progress: Progress | None) -> GaitResult:
        found: list[list[Walk]] = []
        done = number = 0
        for masks in source.walks:
            times = np.arange(len(masks)) / RATE
            found.append([])
            for track, name, cropped in _tracks_of(masks, times):
                number += 1
                sighting = Sighting(masks.size, times, [track], "masks", 1)
                found[-1].append(self._walk(track, sighting, number, name, cropped=cropped))
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
        self, track: Track, sighting: Sighting, number: int, name: str, *, cropped: bool = False
    ) -> Walk:
        walk = outline(track, sighting, number, name, whole=cropped)
        silhouettes, times = walk.used, walk.used_times
        ankles = np.array([person.ankles for person in track.persons])[walk.usable]
        still = not cropped and not track.in_place and notes.stands(track, sighting.times)
        rhythm = find_rhythm(silhouettes, times, ankles)
        if still and rhythm.step is not None:
            still = False  # on a treadmill, or for a while
        remarks = [] if name.startswith("walker ") else [name]
        if len(sighting.moving) and not walk.usable.any():
            remarks.append(notes.CAMERA)
        if sighting.method != "people" and sighting.crowd >= notes.CROWD:
            remarks.append(notes.CROWDED)
        if cropped:
            remarks += [] if rhythm.cycles else [notes.SHORT]
        else:
            remarks += notes.describe(track, sighting.size, rhythm, still=still)
        torso = notes.TORSO in remarks
        if torso or track.in_place:
            rhythm = rhythm.without_steps()
        read = np.arange(len(times))
        if rhythm.walking.sum() >= ENOUGH:
            read = np.flatnonzero(rhythm.walking)  # who stands in between shows no gait
        identities = {}
        if len(read) >= ENOUGH and not (still or torso or track.in_place):
            identities = {
                kind: replace(identity, at=read[identity.at]) for kind, identity in
                identify(self._models, silhouettes[read], times[read]).items()}
        looks = track.looks
        return replace(
            walk, rhythm=rhythm, notes=tuple(remarks), identities=identities,
            clothes=self.clothes.embed(looks),
            picture=looks.pictures[len(looks) // 2] if len(looks) else None)


def _lasting(sighting: Sighting) -> list[Track]:
    """The people who are seen for long enough to be somebody."""
    times = sighting.times
    return [track for track in sighting.tracks
            if times[track.frames[-1]] - times[track.frames[0]] >= SHORTEST_PERSON]


def _small(track: Track, sighting: Sighting, clip: Clip) -> bool:
    """Whether somebody is too small in the clip's own picture."""
    return notes.height(track) * clip.info.width / sighting.size[1] < notes.SMALL


def _so_far(clip: Clip, sighting: Sighting) -> GaitResult:
    """Everybody seen until now in a clip that is still being read."""
    walks = [
        outline(track, sighting, number, f"walker {number}")
        for number, track in enumerate(
            (track for track in sighting.tracks if _counts(track, sighting.times)), 1)]
    return _result(clip, sighting, walks, ())


def _result(
    clip: Clip, sighting: Sighting, walks: Sequence[Walk], remarks: Sequence[str]
) -> GaitResult:
    return GaitResult(
        width=clip.info.width, height=clip.info.height, duration=clip.info.duration,
        times=sighting.times, method=sighting.method, walks=tuple(walks), notes=tuple(remarks))


def _counts(track: Track, times: np.ndarray) -> bool:
    """Whether a track is long and person-shaped enough to be a walker."""
    seconds = times[track.frames[-1]] - times[track.frames[0]]
    if notes.stands(track, times) and not track.in_place:
        shape = float(np.median([p.height / p.width for p in track.persons]))
        return bool(seconds >= SHORTEST_STILL and 1.3 < shape < 5)
    return bool(seconds >= SHORTEST)


def _enrol(
    result: GaitResult, gallery: Gallery | None, name: str, walker: int | None, video: str
) -> str:
    """Add one walk of a video to a gallery: the one asked for, or the only one that can be.

    Returns:
        A sentence on it.

    Raises:
        GalleryError: there is no gallery, no such walk, or there are several and none was named.
    """
    if gallery is None:
        raise GalleryError("To enrol somebody, name a gallery file as well: --gallery FILE.")
    able = [walk for walk in result.walks if walk.identity is not None]
    if walker is not None:
        able = [walk for walk in able if walk.id == walker]
    if not able:
        raise GalleryError("No walk here is long and complete enough to enrol.")
    if len(able) > 1:
        ids = ", ".join(str(walk.id) for walk in able)
        raise GalleryError(f"Several people walk here; choose one of {ids} with --walker.")
    able[0].enrol(gallery, name, video)
    where = "the gallery" if gallery.path is None else gallery.path.name
    return f"{able[0].name} is now enrolled in {where} as {name}."


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
