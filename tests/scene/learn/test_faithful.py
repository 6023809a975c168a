from __future__ import annotations

import numpy as np
import pytest
import torch

from hybridcore.layers.influence import Reading
from hybridcore.scene.learn.faithful import drops


def test_what_carries_the_label_costs_more_than_what_does_not() -> None:
    inputs = torch.zeros(40, 2)
    inputs[[4, 9, 20, 21, 33], 0] = 1.0
    reading = Reading(title="Sum", inputs=inputs, blank=torch.zeros(2),
                      memory=lambda x: x.cumsum(1), head=lambda h: h.log_softmax(-1))
    named, random = drops(reading, np.random.default_rng(0))
    whole = float(torch.tensor([5.0, 0.0]).softmax(0)[0])
    assert named == pytest.approx(whole - 0.5, abs=1e-5)
    assert 0 <= random < named / 2
