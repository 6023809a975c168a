"""One number on the way to an identity, worked out: what a strip of a silhouette says."""

from __future__ import annotations

import cv2
import numpy as np

from hybridcore.gait.charts import GaitAnswer, walk_at
from hybridcore.gait.energy import gait_energy
from hybridcore.layers.dot_product import DotProduct
from hybridcore.system import At

_ENLARGED = 4  # pixels of the picture for one of the silhouette


def strip_feature(answer: GaitAnswer, at: At) -> DotProduct | None:
    """The strongest feature of a strip, of the last silhouette that the network has read.

    Of each row of its cells, mean and maximum are added: twice a mean in which the highest cell of
    a row counts for half of it. None before the first silhouette.
    """
    walk = walk_at(answer, at)
    if walk is None or walk.identity is None:
        return None
    read = walk.identity.at[walk.frames[walk.usable][walk.identity.at] <= at.frame]
    if not len(read):
        return None
    average = answer.kind == "gei"
    silhouette = gait_energy(walk.used[read]) if average else walk.used[read[-1]] / 255
    cells = answer.model.cells(silhouette, answer.kind)  # [C, 16, 6]
    strips = answer.model.networks[answer.kind].model.frames.strips
    rows = cells.mean(2) + cells.max(2)  # [C, 16]
    features = rows.reshape(len(rows), strips, -1).mean(2)  # [C, strips]
    channel, strip = (int(k) for k in np.unravel_index(features.argmax(), features.shape))
    own = slice(strip * rows.shape[1] // strips, (strip + 1) * rows.shape[1] // strips)
    weights = np.zeros(cells.shape[1:], np.float32)
    count = own.stop - own.start
    weights[own] = 0.5 / (count * weights.shape[1])
    weights[np.arange(own.start, own.stop), cells[channel, own].argmax(1)] += 0.5 / count
    picture = np.repeat((silhouette * 255).astype(np.uint8)[..., None], 3, 2)
    picture = cv2.resize(picture, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_NEAREST)
    what = "the energy image so far" if average else "this silhouette"
    return DotProduct(
        picture=picture, weights=weights, values=cells[channel],
        names=("weight w", f"feature a[{channel}]"), total_name=f"s[{strip}, {channel}] = 2·Σ w·a",
        scale=2.0, scale_name="2",
        note=f"Of the {strips} strips and {len(cells)} features that the CNN finds in {what}, "
             f"feature {channel} in strip {strip + 1} from the top is the strongest.")
