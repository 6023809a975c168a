"""One number that the networks read, worked out: how fast what moves goes down at a frame."""

from __future__ import annotations

import numpy as np

from hybridcore.layers.dot_product import DotProduct
from hybridcore.media import Clip
from hybridcore.sound.features import SIZE, MotionMaps
from hybridcore.sound.result import SoundResult
from hybridcore.sound.strokes import falling
from hybridcore.system import Answer, At


def downward_speed(answer: Answer[Clip, SoundResult], at: At) -> DotProduct | None:
    """The statistic "speed down of what moves" of a frame; None at the first, which has none
    before it.

    Raises:
        MediaError: the clip does not decode any more.
    """
    if at.frame == 0:
        return None
    times = answer.result.prediction.times[at.frame - 1 : at.frame + 1]
    frames = np.stack(answer.source.frames_at(times.tolist(), SIZE))
    weights, speeds = falling(MotionMaps().step(frames, times)[1:])
    return DotProduct(
        picture=frames[1], weights=weights[0], values=speeds[0],
        names=("share of the movement w", "speed down v"), total_name="x = Σ w·log(1 + v)",
        note="One of the statistics that the networks read at every frame: how fast what moves "
             "goes down. It is high on the way to a hit and falls to nothing at it.")
