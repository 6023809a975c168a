"""The sound maker: a silent clip in, a :class:`SoundResult` out.

The network runs once over a clip (:meth:`SoundMaker.predict`). Everything after it, from the
threshold to the choice of a sound for each hit, is quick and is done again at every change
(:func:`make_sound`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from hybridcore.cards import load_card
from hybridcore.encoder.encoder import Encoder
from hybridcore.errors import MediaError
from hybridcore.media import Clip
from hybridcore.progress import Progress
from hybridcore.sound import exemplar, parametric
from hybridcore.sound.bank import Bank, shipped_bank
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.events import Onset
from hybridcore.sound.features import FeatureChunk, read_features
from hybridcore.sound.materials import ACTIONS
from hybridcore.sound.mix import Piece, mix
from hybridcore.sound.model import KNOWN_MATERIALS, Kind, SoundModel
from hybridcore.sound.networks import FramePrediction, load_model, predict_frames
from hybridcore.sound.onsets import pick_onsets
from hybridcore.sound.result import Method, SoundResult

_SHORTEST, _LONGEST = 0.3, 600.0  # s
_SLOWEST = 10.0  # frames a second


class SoundMaker:
    """Makes the sound of a silent clip.

    >>> result = SoundMaker.load().run(Clip.open("stick.mp4"))
    >>> result.sound, result.onsets
    """

    def __init__(self, encoder: Encoder, model: SoundModel, threshold: float) -> None:
        self.encoder = encoder
        self.model = model.to(encoder.device)
        self.threshold = threshold

    @classmethod
    def load(cls, device: str | None = None, kind: Kind = "lstm") -> SoundMaker:
        """Read the weights of the encoder and of the model.

        Raises:
            WeightsError: if weights are missing or are not the ones their cards name.
        """
        threshold = float(load_card(f"sound_{kind}")["threshold"])
        return cls(Encoder.load(device), load_model(kind), threshold)

    def predict(self, clip: Clip, progress: Progress | None = None) -> FramePrediction:
        """Run the network over every frame of the clip.

        ``progress(done, total)`` is called after every chunk, in frames; it stops the run by
        raising.

        Raises:
            MediaError: the clip cannot be decoded, is too short, too long or too slow to be heard.
        """
        check(clip)

        def watched() -> Iterator[FeatureChunk]:
            for chunk in read_features(clip, self.encoder):
                yield chunk
                if progress:
                    progress(chunk.done, max(clip.info.frame_count, chunk.done))

        return predict_frames(self.model, watched())

    def run(
        self, clip: Clip, progress: Progress | None = None, *, method: Method = "exemplar",
        bank: Bank | None = None, threshold: float | None = None, seed: int = 0,
    ) -> SoundResult:
        """From the clip to its sound; see :meth:`predict` and :func:`make_sound`."""
        prediction = self.predict(clip, progress)
        onsets = find_onsets(prediction, self.threshold if threshold is None else threshold)
        return make_sound(
            prediction, onsets, clip.info.duration, method=method, bank=bank, seed=seed,
            model=self.model.config.kind)


def check(clip: Clip) -> None:
    """Say in words why a clip cannot be given a sound.

    Raises:
        MediaError: it is too short, too long, or has too few frames a second.
    """
    info = clip.info
    if info.duration < _SHORTEST or info.frame_count < 3:
        raise MediaError(
            f"The clip lasts {info.duration:.2f} s; nothing can be seen to move in so short a "
            "time. Choose a longer one.")
    if info.duration > _LONGEST:
        raise MediaError(
            f"The clip lasts {info.duration / 60:.0f} minutes and the limit here is "
            f"{_LONGEST / 60:.0f}; cut out the part in which things are struck.")
    if info.frame_rate < _SLOWEST:
        raise MediaError(
            f"The clip has {info.frame_rate:.3g} frames a second. A hit lasts less than a tenth "
            f"of a second, so at least {_SLOWEST:.0f} are needed.")


def find_onsets(prediction: FramePrediction, threshold: float) -> list[Onset]:
    """The onsets whose probability reaches ``threshold`` (0..1), in order of time."""
    frames, times = pick_onsets(prediction.times, prediction.onset, threshold)
    return [
        Onset(
            time=float(max(time, 0.0)), strength=float(prediction.strength[frame]),
            action=ACTIONS[int(prediction.action[frame].argmax())],
            material=KNOWN_MATERIALS[int(prediction.material[frame].argmax())],
            confidence=float(prediction.onset[frame]),
        )
        for frame, time in zip(frames, times, strict=True)
    ]


def make_sound(
    prediction: FramePrediction, onsets: Sequence[Onset], duration: float, *,
    method: Method = "exemplar", bank: Bank | None = None, seed: int = 0, model: str = "lstm",
) -> SoundResult:
    """The sound of given onsets, which may have been edited; the network does not run.

    Args:
        onsets: in any order; those outside the clip are left out.
        duration: of the clip, s.
        bank: where exemplars come from; by default the one that ships.
        seed: of the noise that the parametric method shapes.
    """
    bank = bank or shipped_bank()
    kept = sorted((o for o in onsets if 0 <= o.time < duration), key=lambda onset: onset.time)
    if method == "exemplar":
        names = exemplar.nearest(bank, prediction.cochleagram, kept)
        kept = [replace(o, exemplar=name) for o, name in zip(kept, names, strict=True)]
        pieces = [
            Piece(bank[o.exemplar].sound, bank[o.exemplar].onset, o.time, o.strength) for o in kept]
    else:
        kept = [replace(o, exemplar="") for o in kept]
        pieces = parametric.pieces(prediction.cochleagram, kept, seed)
    sound = mix(pieces, round(duration * RATE))
    return SoundResult(
        duration=duration, model=model, prediction=prediction, onsets=tuple(kept),
        sound=np.ascontiguousarray(sound), method=method, bank=bank.name)


@cache
def shared_maker() -> SoundMaker:
    """The sound maker that all sessions of a server share, loaded when first asked for."""
    return SoundMaker.load()
