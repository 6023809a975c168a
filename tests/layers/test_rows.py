"""Rows that come chunk by chunk are those of the whole, and stay as they were."""

import numpy as np
import torch

from hybridcore.layers.rows import Rows


def test_rows_so_far_stay_as_they_are() -> None:
    rows, values = Rows(), np.arange(6000, dtype=np.float32).reshape(3000, 2)
    rows.add(a=values[:10])
    early = rows.so_far("a")
    kept = early.copy()
    for at in range(10, 3000, 23):
        rows.add(a=torch.from_numpy(values[at : at + 23]), b=np.ones(1))
    np.testing.assert_array_equal(early, kept)
    np.testing.assert_array_equal(rows.so_far("a"), values)
    assert np.shares_memory(rows.so_far("a"), rows.so_far("a")), "nothing is copied"
    np.testing.assert_array_equal(rows.join("a"), values)
    assert rows.so_far("b").sum() == len(range(10, 3000, 23))
