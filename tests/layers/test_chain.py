"""Labels along a chain."""

import numpy as np

from hybridcore.layers.chain import runs


def test_runs() -> None:
    assert runs(np.array([4, 4, 1, 1, 1, 4])) == [(0, 2, 4), (2, 5, 1), (5, 6, 4)]
