"""The rendered sample clips, and what is said to be true of them."""

import json
from pathlib import Path

import numpy as np
import pytest

from hybridcore.gait.samples import SAMPLES
from hybridcore.media import Clip
from hybridcore.system import Sample
from tools.gait.backdrop import HEIGHT, RATE, WIDTH
from tools.gait.samples import CASTS, SECONDS


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.key)
def test_committed_clips(sample: Sample, tmp_path: Path) -> None:
    path = sample.path(tmp_path)
    assert path.stat().st_size < 500_000
    clip = Clip.open(path)
    truth = json.loads(path.with_suffix(".json").read_text())
    assert truth["rate"] == RATE
    assert len(truth["walkers"]) == len(CASTS[sample.key])
    assert clip.info.duration == pytest.approx(SECONDS, abs=0.1)
    for one in truth["walkers"]:
        assert 0.8 < one["period"] < 1.6
        assert len(one["boxes"]) == round(SECONDS * RATE)
        boxes = [box for box in one["boxes"] if box]
        assert len(boxes) > 0.7 * len(one["boxes"])
        left, top, right, bottom = np.array(boxes).T
        assert (left < right).all()
        assert (top < bottom).all()
        assert right.max() <= WIDTH
        assert bottom.max() <= HEIGHT
