"""The clips open and are what they say."""

from pathlib import Path

import numpy as np
import pytest

from hybridcore.errors import MediaError
from hybridcore.media import Clip
from hybridcore.scene import photographs, samples
from hybridcore.scene.montage import join


def test_a_dissolve_overlaps_and_a_cut_does_not():
    dark, bright = (np.full((2, 2, 3), value, np.uint8) for value in (0, 200))
    frames = join([[dark] * 6, [bright] * 6, [dark] * 2], [3, 0])
    assert [int(f[0, 0, 0]) for f in frames] == [0] * 3 + [50, 100, 150] + [200] * 3 + [0] * 2


@pytest.mark.parametrize("sample", [samples.TOUR, samples.HARD], ids=lambda s: s.name)
def test_committed_clips_open_and_are_small(sample, tmp_path):
    path = samples.sample_path(sample, tmp_path)
    assert path.parent == samples.COMMITTED
    assert path.stat().st_size < 1_500_000
    info = Clip.open(path).info
    assert (info.width, info.height, info.codec, info.pixel_format) == (640, 360, "h264", "yuv420p")
    assert info.frame_rate == pytest.approx(25)
    assert 8 <= info.duration <= 14


def test_photographs_are_composed_once(tmp_path, monkeypatch):
    monkeypatch.setattr(photographs, "RATE", 5)  # a fifth of the frames
    monkeypatch.setattr(photographs, "DISSOLVE", 4)
    path = samples.sample_path(samples.PHOTOGRAPHS, tmp_path / "new")
    assert [p.name for p in path.parent.iterdir()] == ["photographs.mp4"]
    stamp = path.stat().st_mtime_ns
    assert samples.sample_path(samples.PHOTOGRAPHS, tmp_path / "new") == path
    assert path.stat().st_mtime_ns == stamp
    assert Clip.open(path).info.frame_count == 4 * 3 * 5 - 4


def test_a_missing_photograph_is_told_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MediaError, match=r"china\.jpg"):
        samples.sample_path(samples.PHOTOGRAPHS, tmp_path)
    assert not list(Path(tmp_path).iterdir())
