"""What the player shows of a result: the sound that was made, strips of hits, bars a frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hybridcore.figures import OTHER
from hybridcore.media import Clip
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.events import UNSURE, Onset
from hybridcore.sound.figures import MATERIAL_COLOURS, OWN
from hybridcore.sound.materials import ACTIONS, MATERIALS
from hybridcore.sound.model import KNOWN_MATERIALS
from hybridcore.sound.networks import FramePrediction
from hybridcore.sound.result import SoundResult
from hybridcore.system import Answer, Item, Items
from hybridcore.view import Event, Line, Panel, PlayerView, Series, SoundTrack, Strip

_MARK = 0.06  # s that an onset lasts on the strip
_SAID = 0.5  # s that its material is said over the picture
_LIKELIEST = 5  # materials shown
_STRUCK = (*MATERIALS, UNSURE, "other")


def player_view(answer: Answer[Clip, SoundResult], item: int) -> PlayerView:
    """The clip with the sound that was made, and what the chosen model says of every frame."""
    result, info = answer.result, answer.source.info
    times, own = result.prediction.times, answer.outputs.own_onsets
    strips = [Strip("Predicted hits", made_codes(times, result.onsets), _STRUCK,
                    [*MATERIAL_COLOURS.values(), OTHER, OTHER])]
    if own is not None:
        strips.append(Strip("Original sound", own_codes(times, own), ("onset",), (OWN,)))
    return PlayerView(
        times=times, track=SoundTrack(result.sound, RATE), strips=strips,
        panels=_panels(result.prediction),
        label=Line("Struck", _STRUCK, made_codes(times, result.onsets, _SAID)),
        size=(info.width, info.height),
        alt=f"The clip {answer.source.name} with its generated sound: "
            f"{answer.system.headline(answer)}")


def hits(answer: Answer[Clip, SoundResult]) -> Items:
    """Every onset that is heard, from the frame that is on at its time."""
    times, onsets = answer.result.prediction.times, answer.result.onsets
    frames = np.searchsorted(times, [onset.time for onset in onsets], side="right") - 1
    return Items("Hit", tuple(
        Item(f"{k} · {onset.time:.2f} s · {onset.material}", start=float(times[max(0, frame)]))
        for k, (onset, frame) in enumerate(zip(onsets, frames, strict=True), 1)), follow=True)


def events(answer: Answer[Clip, SoundResult]) -> list[Event]:
    """Every onset that is heard."""
    return [Event(onset.time, f"hit {k}: {onset.material}")
            for k, onset in enumerate(answer.result.onsets, 1)]


def made_codes(
    times: NDArray[np.float64], onsets: Sequence[Onset], lasting: float = _MARK
) -> NDArray[np.int64]:
    """Which material is struck at each of ``times [T]``, position in ``MATERIALS``, the position
    after where that is unsure, and the last of a material that is not one of them; -1 where nothing
    is struck.

    lasting: s that an onset is shown.
    """
    codes = np.full(len(times), -1)
    places = {name: k for k, name in enumerate(_STRUCK)}
    for onset in onsets:
        codes[_marked(times, onset.time, lasting)] = places.get(onset.material, len(_STRUCK) - 1)
    return codes


def own_codes(times: NDArray[np.float64], own: NDArray[np.floating]) -> NDArray[np.int64]:
    """0 at the frames of an onset ``own [K]`` (s) in the clip's own sound, otherwise -1."""
    codes = np.full(len(times), -1)
    for time in own:
        codes[_marked(times, float(time))] = 0
    return codes


def _panels(prediction: FramePrediction) -> list[Panel]:
    materials = _strongest(prediction.material, _LIKELIEST)
    actions = _strongest(prediction.action, len(ACTIONS))
    now = prediction.onset[:, None]
    return [
        Panel("When and how it strikes", [
            Series("Onset", ("struck now",), np.zeros(now.shape, int), now),
            Series("Action", ACTIONS, *actions)]),
        Panel("What is struck", [Series(
            "Material", KNOWN_MATERIALS, *materials,
            colours=[MATERIAL_COLOURS[material] for material in KNOWN_MATERIALS])]),
    ]


def _strongest(
    shares: NDArray[np.float32], count: int
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Positions and values ``[T, count]`` of the largest of ``[T, n]``, largest first."""
    order = np.argsort(-shares, axis=1)[:, :count]
    return order, np.take_along_axis(shares, order, 1)


def _marked(times: NDArray[np.float64], time: float, lasting: float = _MARK) -> slice:
    first = max(0, int(np.searchsorted(times, time, side="right")) - 1)
    return slice(first, max(first + 1, int(np.searchsorted(times, time + lasting))))
