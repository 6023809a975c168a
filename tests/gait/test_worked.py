"""The number that is worked out is the one that the network computes."""

import numpy as np
import pytest
import torch

from hybridcore.gait.model import KINDS
from hybridcore.gait.system import SYSTEM
from hybridcore.media import Clip
from hybridcore.system import At
from tests.gait.conftest import Answering


@pytest.mark.parametrize("kind", KINDS)
@torch.inference_mode()
def test_a_strip_says_what_the_network_says(
    kind: str, answering: Answering, two_walkers: Clip
) -> None:
    answer = answering(two_walkers, kind)
    walk = answer.result.walks[1]
    read = walk.identity.at[:9]
    frame = int(walk.frames[walk.usable][read[-1]])
    silhouettes = torch.from_numpy(walk.used[read]).float() / 255
    seen = silhouettes.mean(0) if kind == "gei" else silhouettes[-1]
    network = answer.model.networks[kind].model.frames
    cells = network.cnn(seen[None, None])
    parts = (cells.mean(3) + cells.amax(3)).unflatten(2, (network.strips, -1)).mean(3)
    product = SYSTEM.worked(answer, At(frame=frame, item=1))
    assert product.total == pytest.approx(float(parts.max()), abs=1e-4)
    assert product.weights.sum() == pytest.approx(1)
    assert np.count_nonzero(product.weights.sum(1)) == 16 // network.strips
    assert SYSTEM.worked(answer, At(frame=int(walk.frames[0]) - 1, item=1)) is None
