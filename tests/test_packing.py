"""What goes to the browser comes out of the block as it went in."""

import numpy as np
import pytest

from hybridcore.packing import pack, smallest, unpack


@pytest.mark.parametrize("name", ["s", "so", "sou", "soun", "sound", "sound ", "sound t", "ünï"])
def test_arrays_are_aligned(name: str) -> None:
    """A typed array in JavaScript must start on a multiple of its item size."""
    block = pack({name: [np.ones(3, np.uint8), np.arange(2.0)]})
    assert (4 + int.from_bytes(block[:4], "little")) % 8 == 0
    np.testing.assert_array_equal(unpack(block)[name][1], [0.0, 1.0])


def test_an_array_that_occurs_twice_is_packed_once() -> None:
    array, equal = np.arange(1000.0), np.arange(1000.0)
    block = pack({"a": array, "b": [array]})
    assert len(block) < 1.2 * array.nbytes
    np.testing.assert_array_equal(unpack(block)["b"][0], array)
    assert len(pack([array, equal])) > 2 * array.nbytes, "another object may change"


def test_smallest() -> None:
    for values, dtype in [([0, 255], "uint8"), ([-1, 4], "int8"), ([-1, 999], "int16")]:
        assert smallest(np.array(values)).dtype == dtype
    with pytest.raises(TypeError, match="32 bits"):
        smallest(np.array([1 << 40]))


def test_arrays_the_browser_cannot_read_are_refused() -> None:
    with pytest.raises(TypeError, match="int64"):
        pack({"a": np.arange(3)})
