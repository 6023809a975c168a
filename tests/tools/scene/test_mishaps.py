"""What spoils footage."""

import numpy as np

from hybridcore.training.spoil import noise
from tools.scene.mishaps import Mishap, spoil


def test_a_mishap_touches_its_frames_only_and_repeats():
    clean = [np.full((8, 8, 3), 128, np.uint8)] * 10
    grain = Mishap(noise, 0.2, 0.4, 1.0, (0.5,) * 8)
    spoilt, again = (spoil(clean, [grain], 10, seed=1) for _ in range(2))
    assert [bool((f != 128).any()) for f in spoilt] == [False] * 2 + [True] * 4 + [False] * 4
    np.testing.assert_array_equal(spoilt, again)
