"""Trees of arrays as one block of bytes that the browser reads without copying.

Layout, little endian: uint32 length of the header, the header (UTF-8 JSON, padded with spaces so
that the data starts on a multiple of 8), then the raw arrays, each on a multiple of 8. In the
header an array is `{"dtype": name, "shape": [...], "offset": bytes from the start of the data}`.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

_ALIGN = 8
_DTYPES = {"uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"}


def pack(tree: Any) -> bytes:
    """Pack nested dicts and lists of plain values and arrays.

    Args:
        tree: what JSON can hold, plus numpy arrays of the dtypes JavaScript has typed arrays for.
            An array that occurs more than once is packed once.

    Returns:
        The block; `unpack` restores the tree.

    Raises:
        TypeError: an array has another dtype (int64, float16, bool, ...).
    """
    blocks: list[bytes] = []
    references: dict[int, dict[str, Any]] = {}  # of arrays by identity; the tree keeps them alive
    size = 0

    def reference(node: Any) -> Any:
        nonlocal size
        if isinstance(node, np.ndarray):
            if id(node) in references:
                return references[id(node)]
            if node.dtype.name not in _DTYPES:
                raise TypeError(f"an array of {node.dtype.name} cannot be sent to the browser")
            offset, data = size, node.astype(node.dtype.newbyteorder("<"), copy=False).tobytes()
            blocks.append(data + bytes(-len(data) % _ALIGN))
            size += len(blocks[-1])
            references[id(node)] = {
                "dtype": node.dtype.name, "shape": list(node.shape), "offset": offset}
            return references[id(node)]
        if isinstance(node, dict):
            return {name: reference(value) for name, value in node.items()}
        if isinstance(node, (list, tuple)):
            return [reference(value) for value in node]
        return node

    header = json.dumps(reference(tree), separators=(",", ":")).encode()
    header += b" " * (-(4 + len(header)) % _ALIGN)
    return len(header).to_bytes(4, "little") + header + b"".join(blocks)


def unpack(block: bytes) -> Any:
    """Restore what `pack` packed; arrays are read-only views of `block`."""
    start = 4 + int.from_bytes(block[:4], "little")

    def restore(node: Any) -> Any:
        if isinstance(node, dict) and node.keys() == {"dtype", "shape", "offset"}:
            dtype = np.dtype(node["dtype"]).newbyteorder("<")
            count = int(np.prod(node["shape"], dtype=np.int64))
            flat = np.frombuffer(block, dtype, count, start + node["offset"])
            return flat.reshape(node["shape"])
        if isinstance(node, dict):
            return {name: restore(value) for name, value in node.items()}
        if isinstance(node, list):
            return [restore(value) for value in node]
        return node

    return restore(json.loads(block[4:start]))


def smallest(values: np.ndarray) -> np.ndarray:
    """The same integers in the smallest dtype that `pack` takes and that holds them all."""
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    for dtype in (np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32):
        if np.iinfo(dtype).min <= low and high <= np.iinfo(dtype).max:
            return values.astype(dtype)
    raise TypeError("integers beyond 32 bits cannot be sent to the browser")
