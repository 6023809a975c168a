"""A film, a picture or a sound in, what every witness says of it out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from hybridcore.cards import load_card
from hybridcore.emotion.face_track import COVERED, FaceTrack
from hybridcore.emotion.faces import FaceFilm, FaceWitnesses
from hybridcore.emotion.hearing import VoiceTrack, VoiceWitness
from hybridcore.emotion.result import EmotionOutputs, EmotionResult, Person
from hybridcore.emotion.spectrum import RATE
from hybridcore.emotion.witnesses import FACES, FUSED, WITNESSES
from hybridcore.errors import MediaError, NotYet
from hybridcore.media import Clip
from hybridcore.media.recording import Recording
from hybridcore.media.sound import read_sound
from hybridcore.progress import Progress, Watched, report

Source = Clip | Recording
_PARTS = 4  # of a recording
_WEIGHTS = {one.key: one.weight for one in WITNESSES}


class EmotionReader:
    """All witnesses, on one device.

    >>> reader = EmotionReader.load()
    >>> result = reader.finish(reader.run(Clip.open("talk.mp4")), clip, "fused")
    """

    def __init__(self, faces: FaceWitnesses, voice: VoiceWitness) -> None:
        self.faces, self.voice = faces, voice

    @classmethod
    def load(cls, device: str | None = None) -> EmotionReader:
        """Read the weights of every witness.

        Raises:
            WeightsError: they are missing or are not the ones that their cards name.
            OptionError: there is no such device.
        """
        return cls(FaceWitnesses.load(device), VoiceWitness.load(device))

    def run(self, source: Source, progress: Progress | None = None) -> EmotionOutputs:
        """Look at all faces and listen to the sound.

        Raises:
            MediaError: the input cannot be decoded.
        """
        sound = sound_of(source)
        if isinstance(source, Recording):
            assert sound is not None
            for done in range(1, _PARTS + 1):
                outputs = self._heard(source, sound[: -(-len(sound) * done // _PARTS)])
                report(progress, done, _PARTS, partial(replace, outputs))
            return outputs
        voice = None if sound is None else self.voice.hear(sound)
        so_far = partial(_outputs, source, voice)
        return so_far(self.faces.look(source, _offering(so_far, progress)))

    def _heard(self, source: Recording, sound: np.ndarray) -> EmotionOutputs:
        """What is said of the beginning of a recording."""
        voice = self.voice.hear(sound)
        return EmotionOutputs(voice.times, source.duration, source.size, (), voice)

    def finish(
        self, outputs: EmotionOutputs, source: Source, kind: str, *, limit: float = 0.0,
        muted: Collection[str] = (), face: float = _WEIGHTS["face"],
        over_time: float = _WEIGHTS["over_time"], motion: float = _WEIGHTS["motion"],
        voice: float = _WEIGHTS["voice"],
    ) -> EmotionResult:
        """What they say under weights that a person set.

        limit: from how probable on an emotion is named; 0: that of each witness's card. muted: keys
        of the witnesses who are not heard. face, over_time, motion, voice: weights.

        Raises:
            NotYet: there is no frame yet.
        """
        if not len(outputs.times):
            raise NotYet
        weights = {"face": face, "over_time": over_time, "motion": motion, "voice": voice}
        heard = {w.key: 0.0 if w.key in muted else weights[w.key] for w in WITNESSES}
        limits = _limits(heard) if limit == 0 else dict.fromkeys((FUSED, *weights), limit)
        return EmotionResult(kind, outputs, heard, limits)


def _limits(weights: Mapping[str, float]) -> dict[str, float]:
    """From how probable on an emotion is named: where three of ten that a witness names are wrong;
    all together the strictest of those that are heard, as nothing is known of them together."""
    found = {w.key: float(load_card(w.card)["calibration"]["sure"]) for w in WITNESSES}
    heard = [found[key] for key, weight in weights.items() if weight > 0]
    return found | {FUSED: max(heard or found.values())}


def sound_of(source: Source) -> np.ndarray | None:
    """Its sound, float32 ``[n]`` at 16 kHz; None where there is none that can be heard."""
    if isinstance(source, Recording):
        return read_sound(source.path, RATE)
    if source.info.sound_stream is None:
        return None
    try:
        sound = source.sound(RATE)
    except MediaError:  # a track that does not decode must not hide the picture
        return None
    return sound if len(sound) else None


def _outputs(source: Clip, voice: VoiceTrack | None, film: FaceFilm) -> EmotionOutputs:
    """Faces and voice of a film together."""
    size = source.info.width, source.info.height
    return EmotionOutputs(film.times, source.duration, size,
                          tuple(_person(track, size) for track in film.tracks), voice)


def _offering(
    outputs: Callable[[FaceFilm], EmotionOutputs], progress: Progress | None
) -> Progress | None:
    """The same progress for those who look at faces: what they offer are faces alone."""
    return _Offering(outputs, progress) if isinstance(progress, Watched) else progress


class _Offering:
    """A :class:`Watched` that takes films of faces and offers outputs."""

    def __init__(self, outputs: Callable[[FaceFilm], EmotionOutputs], progress: Watched) -> None:
        self._outputs, self._progress = outputs, progress

    def __call__(self, done: int, total: int) -> None:
        self._progress(done, total)

    def offer(self, make: Callable[[], FaceFilm]) -> None:
        """Offer what is known of the film so far."""
        self._progress.offer(lambda: self._outputs(make()))


def _person(track: FaceTrack, size: tuple[int, int]) -> Person:
    sides = np.array(size, np.float32)
    hidden = track.unsure[:, None]
    return Person(
        track.number, track.frames, (track.boxes / np.tile(sides, 2)).astype(np.float32),
        (track.mesh / sides).astype(np.float32), track.crops,
        {key: np.where(hidden, np.float32("nan"), getattr(track, key)) for key in FACES},
        track.mouth, track.quality, track.doubts[COVERED], track.trace)

