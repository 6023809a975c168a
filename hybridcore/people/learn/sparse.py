"""Sparse tensors of a TFLite file as dense ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import tflite


def dense(stored: np.ndarray, sparsity: Any, shape: tuple[int, ...]) -> np.ndarray:
    """A tensor of compressed rows (TACO format): blocks, if any, lie along the last axis."""
    order = sparsity.TraversalOrderAsNumpy()
    blocks = sparsity.BlockMapAsNumpy() if sparsity.BlockMapLength() else np.empty(0, np.int32)
    levels = [sparsity.DimMetadata(k) for k in range(sparsity.DimMetadataLength())]
    rank = len(shape)
    places = np.zeros((1, 0), np.int64)  # coordinates along the levels so far
    for level in levels:
        if level.Format() == tflite.DimensionType.DENSE:
            size = level.DenseSize()
            inner = np.tile(np.arange(size), len(places))
            places = np.hstack([places.repeat(size, 0), inner[:, None]])
            continue
        starts, indices = _vector(level, "Segments"), _vector(level, "Indices")
        counts = np.diff(starts)
        places = np.hstack([places.repeat(counts, 0), indices[:, None]])
    coordinates = np.zeros((len(places), rank), np.int64)
    sizes = {int(axis): levels[rank + k].DenseSize() for k, axis in enumerate(blocks)}
    for column, axis in enumerate(order):
        if axis < rank:
            coordinates[:, axis] += places[:, column] * sizes.get(int(axis), 1)
        else:
            coordinates[:, blocks[axis - rank]] += places[:, column]
    whole = np.zeros(shape, stored.dtype)
    whole[tuple(coordinates.T)] = stored
    return whole


def _vector(level: Any, what: str) -> np.ndarray:
    """The ``Segments`` or ``Indices`` of a compressed axis, of whatever width they are stored."""
    kind = getattr(level, f"Array{what}Type")()
    table = getattr(level, f"Array{what}")()
    vector = {
        tflite.SparseIndexVector.Int32Vector: tflite.Int32Vector,
        tflite.SparseIndexVector.Uint16Vector: tflite.Uint16Vector,
        tflite.SparseIndexVector.Uint8Vector: tflite.Uint8Vector,
    }[kind]()
    vector.Init(table.Bytes, table.Pos)
    return vector.ValuesAsNumpy().astype(np.int64)
