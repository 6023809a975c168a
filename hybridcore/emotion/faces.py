"""A clip in, what three witnesses say of every face in it out.

>>> film = FaceWitnesses.load().look(Clip.open("talk.mp4"))
>>> film.tracks[0].face.argmax(1)
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hybridcore.device import pick_device
from hybridcore.emotion.c3d import CENTRE
from hybridcore.emotion.classes import EMOTIONS
from hybridcore.emotion.crops import grey_crops, regions_of
from hybridcore.emotion.face_lstm import RATE
from hybridcore.emotion.face_networks import FaceMemory, FaceMotion
from hybridcore.emotion.face_runtime import FaceRuntime, calibrated_log
from hybridcore.emotion.face_track import FaceTrack
from hybridcore.emotion.masked import Masked
from hybridcore.media import CHUNK, Chunk, Clip
from hybridcore.people.result import Face
from hybridcore.people.steps import GAP
from hybridcore.people.watch import SIDE, Watch
from hybridcore.progress import Progress, report

AGAIN = 0.75  # s between two looks for new faces, each of which costs as much as two frames


@dataclass(frozen=True, eq=False)
class FaceFilm:
    """times: float64 ``[T]``, s, of all frames; tracks: the faces in them, in the order of coming.
    """

    times: NDArray[np.float64]
    tracks: tuple[FaceTrack, ...]


@dataclass(frozen=True, eq=False)
class _Sight:
    """One face in one frame: crop ``[S, S]``, logits ``[7]``, features ``[256]``, and how probable
    it is that mouth and nose are covered."""

    crop: NDArray[np.uint8]
    logits: NDArray[np.float32]
    features: NDArray[np.float32]
    covered: float


@dataclass(eq=False)
class FaceWitnesses:
    """Finds the faces of a clip, and asks the CNN, the LSTM and C3D what they show, unless
    mouth and nose are covered."""

    cnn: FaceRuntime
    memory: FaceMemory
    motion: FaceMotion
    masked: Masked

    @classmethod
    def load(cls, device: str | None = None) -> FaceWitnesses:
        """With the weights that ship. They run on the CPU whatever the ``device``: they are small,
        and so are crops.

        Raises:
            WeightsError: if they are missing or are not the ones that their cards name.
            OptionError: there is no such device.
        """
        pick_device(device)
        return cls(FaceRuntime.load(), FaceMemory.load(), FaceMotion.load(), Masked.load())

    def look(self, source: Clip, progress: Progress | None = None) -> FaceFilm:
        """Every face that is seen for a while.

        ``progress(done, total)`` is called after every chunk, in frames; it stops the run by
        raising. What is known so far is the film as far as it has been read.

        Raises:
            MediaError: if the clip cannot be decoded.
            WeightsError: if weights of the networks that find faces are missing.
        """
        run = _Run(self, source)
        for chunk in source.chunks(size=source.info.within(SIDE), length=CHUNK):
            run.update(chunk)
            done = chunk.start + len(chunk.frames)
            report(progress, done, max(source.info.frame_count, done), run.film)
        return run.film()

    def together(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Log probabilities ``[7]`` of what faces show together: the LSTM reads their crops
        ``[n, S, S]`` one after another as if they were one face over time."""
        said, _ = self.memory.read(self.cnn.look(crops).features, crops,
                                   np.ones(len(crops), bool))
        return said[-1]

    def evidence(self, crop: NDArray[np.uint8], emotion: int) -> NDArray[np.float32]:
        """What every place of a crop adds to the logit of an expression, ``[S, S]``; see
        :meth:`FaceRuntime.evidence`."""
        return self.cnn.evidence(crop, emotion)

    def reliance(self, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Log probabilities ``[9, 9, 7]`` of a crop with a patch around each place; see
        :meth:`FaceRuntime.reliance`."""
        return self.cnn.reliance(crop)


@dataclass(eq=False)
class _Run:
    """The faces of one clip, while it is read."""

    witnesses: FaceWitnesses
    source: Clip
    watch: Watch = field(default_factory=lambda: Watch(
        bodies=False, faces=True, again=AGAIN))
    sights: dict[tuple[int, int], _Sight] = field(default_factory=dict)  # by track and frame

    def update(self, chunk: Chunk) -> None:
        """Look at the next frames."""
        places: list[tuple[int, int]] = []
        crops: list[NDArray[np.uint8]] = []
        for frame, seen in zip(chunk.frames, self.watch.update(chunk), strict=True):
            if seen.faces:
                meshes = np.stack([face.landmarks[:, :2] for face in seen.faces])
                crops.append(grey_crops(frame, regions_of(meshes)))
                places += [(face.number, face.frame) for face in seen.faces]
        if places:
            together = np.concatenate(crops)
            looked = self.witnesses.cnn.look(together)
            self.sights.update({
                place: _Sight(*values) for place, *values in
                zip(places, together, looked.logits, looked.features,
                    self.witnesses.masked.p(looked.grid).tolist(), strict=True)})

    def film(self) -> FaceFilm:
        """The frames so far."""
        people = self.watch.result()
        scale = self.source.info.width / max(1, people.size[1])
        return FaceFilm(people.times, tuple(self._track(face, scale) for face in people.faces))

    def _track(self, face: Face, scale: float) -> FaceTrack:
        sights = [self.sights[face.number, int(frame)] for frame in face.frames]
        crops = np.stack([sight.crop for sight in sights])
        steps, rows, seen = at_even_pace(face.times)
        remembered, memory = self.witnesses.memory.read(
            np.stack([sights[row].features for row in rows]), crops[rows], seen)
        at = np.maximum(np.searchsorted(steps, face.times + 1e-6, side="right") - 1, 0)
        return FaceTrack(
            number=face.number, frames=face.frames, times=face.times,
            boxes=face.boxes * np.float32(scale),
            mesh=face.landmarks[..., :2] * np.float32(scale), crops=crops,
            face=calibrated_log(np.stack([sight.logits for sight in sights]),
                                self.witnesses.cnn.temperature),
            over_time=remembered[at],
            motion=_in_the_middle(self.witnesses.motion.read(crops[rows], seen), steps, face.times),
            covered=np.array([sight.covered for sight in sights], np.float32),
            steps=steps, at=at, memory=memory)


def at_even_pace(
    times: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:
    """Steps ``[m]``, s, from ``times [T]`` at which a face was seen: when they are, the last of the
    times before each, and whether that was a moment ago."""
    steps = times[0] + np.arange(int((times[-1] - times[0]) * RATE + 1e-6) + 1) / RATE
    rows = np.searchsorted(times, steps + 1e-6, side="right") - 1
    return steps, rows, steps - times[rows] < GAP


def _in_the_middle(
    clips: NDArray[np.float32], steps: NDArray[np.float64], times: NDArray[np.float64],
) -> NDArray[np.float32]:
    """What is said of the clips that begin at every step, at the frames in their middles; NaN at
    frames without."""
    said = np.full((len(times), len(EMOTIONS)), np.nan, np.float32)
    clip = np.rint((times - steps[0]) * RATE).astype(int) - CENTRE
    there = (clip >= 0) & (clip < len(clips))
    said[there] = clips[clip[there]]
    return said
