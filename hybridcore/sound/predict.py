"""The sound maker: a silent clip in, a :class:`SoundResult` out.

The networks run once over a clip (:meth:`SoundMaker.run`). Everything after them, from the
threshold to the choice of a sound for each hit, is quick and is done again at every change
(:meth:`SoundMaker.finish`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hybridcore.encoder.encoder import Encoder, shared_encoder
from hybridcore.errors import MediaError, NotYet
from hybridcore.layers.flow import FlowRecorder, Step
from hybridcore.media import Clip
from hybridcore.progress import Progress, report
from hybridcore.sound import exemplar, parametric
from hybridcore.sound.bank import Bank, shipped_bank
from hybridcore.sound.cochleagram import RATE, Sound
from hybridcore.sound.events import UNSURE, Onset
from hybridcore.sound.features import read_features
from hybridcore.sound.heard import sound_onsets
from hybridcore.sound.materials import ACTIONS
from hybridcore.sound.mix import Piece, mix
from hybridcore.sound.model import KINDS, KNOWN_MATERIALS, Kind, SoundModel
from hybridcore.sound.networks import FramePrediction, FramePredictor, load_model
from hybridcore.sound.onsets import pick_onsets
from hybridcore.sound.own_bank import read_own_bank
from hybridcore.sound.result import Method, SoundResult
from hybridcore.sound.threshold import card_lateness, card_sureness, card_threshold

_SHORTEST, _LONGEST = 0.3, 600.0  # s
_SLOWEST = 10.0  # frames a second
_QUIETEST = 1e-3  # a track whose peak is below is silence


@dataclass(frozen=True, eq=False)
class ClipPrediction:
    """What the networks predict for a clip.

    duration: of the clip, s. by_kind: of each kind of network. flow: how the tensors of this clip
    went through each. own_onsets: float64 ``[K]``, s, the onsets in the clip's own sound, which no
    network is given; None where it has none, or only silence.
    """

    duration: float
    by_kind: dict[str, FramePrediction]
    flow: dict[str, tuple[Step, ...]]
    own_onsets: NDArray[np.float64] | None


class SoundMaker:
    """Makes the sound of a silent clip.

    >>> maker = SoundMaker.load()
    >>> clip = Clip.open("stick.mp4")
    >>> result = maker.finish(maker.run(clip), clip, "lstm")
    >>> result.sound, result.onsets
    """

    def __init__(self, encoder: Encoder, models: Mapping[Kind, SoundModel]) -> None:
        self.encoder = encoder
        self.models = {kind: model.to(encoder.device) for kind, model in models.items()}

    @classmethod
    def load(cls, device: str | None = None) -> SoundMaker:
        """Read the weights of the encoder and of the models of all kinds.

        Raises:
            WeightsError: if weights are missing or are not the ones their cards name.
        """
        return cls(shared_encoder(device), {kind: load_model(kind) for kind in KINDS})

    def run(self, source: Clip, progress: Progress | None = None) -> ClipPrediction:
        """Run the networks of all kinds over every frame of the clip.

        ``progress(done, total)`` is called after every chunk, in frames; it stops the run by
        raising. What is known so far is the prediction of the kinds that need not wait for the end.

        Raises:
            MediaError: the clip cannot be decoded, is too short or too long, or has too few frames.
        """
        check(source)
        flow = FlowRecorder()
        predictors = {kind: FramePredictor(model) for kind, model in self.models.items()}
        for chunk in read_features(source, self.encoder, flow=flow):
            for predictor in predictors.values():
                predictor.step(chunk)
            report(progress, chunk.done, max(source.info.frame_count, chunk.done),
                   lambda: _so_far(predictors))
        own = own_sound(source)
        return ClipPrediction(
            duration=source.info.duration,
            by_kind={kind: predictor.finish() for kind, predictor in predictors.items()},
            flow={kind: flow.steps + predictor.flow.steps
                  for kind, predictor in predictors.items()},
            own_onsets=None if own is None else np.asarray(
                sound_onsets(own, RATE).times, np.float64),
        )

    def finish(
        self, outputs: ClipPrediction, source: Clip, kind: Kind, *, method: Method = "exemplar",
        threshold: float | None = None, bank: Bank | Path | None = None, seed: int = 0,
        onsets: Sequence[Onset] | None = None,
    ) -> SoundResult:
        """The sound of what one kind of network predicts; see :func:`make_sound`.

        Args:
            threshold: least probability of an onset, 0..1; None: that of the kind's card.
            bank: or the folder, zip or recording to read it from; None: the one that ships.
            onsets: a person's own, in place of those that reach the threshold.

        Raises:
            MediaError: the bank cannot be used.
            NotYet: of a clip that is still being read, the network has not said anything.
        """
        if kind not in outputs.by_kind:
            raise NotYet("This network says nothing before it has seen the whole clip.")
        prediction = outputs.by_kind[kind]
        threshold = card_threshold(kind) if threshold is None else threshold
        if onsets is None:
            onsets = find_onsets(
                prediction, threshold, card_lateness(kind), card_sureness(kind))
        return make_sound(
            prediction, onsets, outputs.duration, kind=kind, threshold=threshold, method=method,
            bank=read_own_bank(bank) if isinstance(bank, Path) else bank, seed=seed)


def _so_far(predictors: Mapping[Kind, FramePredictor]) -> ClipPrediction:
    """What is known of a clip that is still being read, as of a clip that ends there."""
    by_kind: dict[str, FramePrediction] = {}
    for kind, predictor in predictors.items():
        if (prediction := predictor.so_far()) is not None:
            by_kind[kind] = prediction
    duration = max((float(part.times[-1]) for part in by_kind.values()), default=0.0)
    return ClipPrediction(duration, by_kind, {}, None)


def check(clip: Clip) -> None:
    """Say in words why a clip cannot be given a sound.

    Raises:
        MediaError: it is too short, too long, or has too few frames a second.
    """
    info = clip.info
    if info.duration < _SHORTEST or info.frame_count < 3:
        raise MediaError(
            f"The clip lasts {info.duration:.2f} s, too short to see anything move. Choose a "
            "longer one.")
    if info.duration > _LONGEST:
        raise MediaError(
            f"The clip lasts {info.duration / 60:.0f} minutes and the limit here is "
            f"{_LONGEST / 60:.0f}; cut out the part with the hits.")
    if info.frame_rate < _SLOWEST:
        raise MediaError(
            f"The clip has {info.frame_rate:.3g} frames a second. A hit lasts less than a tenth "
            f"of a second, so at least {_SLOWEST:.0f} are needed.")


def own_sound(clip: Clip) -> Sound | None:
    """The clip's own sound at 44.1 kHz, None where it has none, or only silence.

    It is read from the file whenever it is asked for: kept, it would be the most of a result.
    """
    try:
        sound = clip.sound(RATE)
    except MediaError:
        return None
    return sound if np.abs(sound).max(initial=0) > _QUIETEST else None


def find_onsets(
    prediction: FramePrediction, threshold: float, late: float = 0.0, sure: float = 0.0
) -> list[Onset]:
    """The onsets whose probability reaches ``threshold`` (0..1), in order of time, each ``late`` s
    before the peak of the probability; their materials as far as one's probability reaches
    ``sure``."""
    frames, times = pick_onsets(prediction.times, prediction.onset, threshold)
    return [
        Onset(
            time=float(max(time - late, 0.0)), strength=float(prediction.strength[frame]),
            action=ACTIONS[int(prediction.action[frame].argmax())],
            material=named_material(prediction.material[frame], sure),
            confidence=float(prediction.onset[frame]),
        )
        for frame, time in zip(frames, times, strict=True)
    ]


def named_material(probabilities: NDArray[np.float32], sure: float) -> str:
    """The likeliest of ``KNOWN_MATERIALS [14]``, or unsure where its probability is below
    ``sure``."""
    likeliest = int(probabilities.argmax())
    return KNOWN_MATERIALS[likeliest] if probabilities[likeliest] >= sure else UNSURE


def make_sound(
    prediction: FramePrediction, onsets: Sequence[Onset], duration: float, *, kind: Kind,
    threshold: float, method: Method = "exemplar", bank: Bank | None = None, seed: int = 0,
) -> SoundResult:
    """The sound of given onsets, which may have been edited; the network does not run.

    Args:
        onsets: in any order; those outside the clip are left out.
        duration: of the clip, s.
        kind, threshold: of the prediction and of its onsets.
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
        duration=duration, kind=kind, prediction=prediction, threshold=threshold,
        onsets=tuple(kept), sound=np.ascontiguousarray(sound), method=method, bank=bank)
