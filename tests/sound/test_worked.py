"""The statistic that is worked out is the one that the networks read."""

from pathlib import Path

import numpy as np
import pytest

from hybridcore.sound.features import SIZE, MotionMaps
from hybridcore.sound.strokes import STATISTICS, StrokeStatistics
from hybridcore.sound.system import SYSTEM
from hybridcore.system import At
from tests.sound.made import answer


def test_the_speed_down_is_that_of_the_features(video: Path) -> None:
    shown = answer("lstm", video)
    maps, strokes = MotionMaps(), StrokeStatistics()
    read = np.concatenate([
        strokes.step(maps.step(part.frames, part.times))
        for part in shown.source.chunks(size=SIZE)])
    expected = read[:, STATISTICS.index("speed down of what moves")]
    for frame in (1, int(expected.argmax())):
        product = SYSTEM.worked(shown, At(frame=frame))
        assert product.total == pytest.approx(float(expected[frame]), abs=1e-5)
        assert product.picture.shape == (*SIZE, 3)
    assert expected.max() > 0
    assert SYSTEM.worked(shown, At(frame=0)) is None
