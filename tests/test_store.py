"""Results as files: read back as they were, bounded, and never anything but what was asked for."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from hybridcore.store import Store, load, save


@dataclass(frozen=True)
class Walk:
    name: str
    boxes: np.ndarray
    view: int | None


@dataclass(frozen=True)
class Found:
    times: np.ndarray
    scores: dict[Literal["a", "b"], np.ndarray]
    walks: tuple[Walk, ...]
    shape: tuple[int, ...]
    note: str | None = None


@pytest.fixture
def found() -> Found:
    rng = np.random.default_rng(0)
    return Found(
        times=np.arange(5) / 7, scores={"a": rng.random((5, 3), np.float32), "b": np.ones(5, bool)},
        walks=(Walk("one", rng.integers(0, 1000, (4, 2)), 90),
               Walk("two", np.empty((0, 2), np.float32), None)),
        shape=(3, 4))


def assert_same(one: Found, other: Found, tolerance: float = 0.0) -> None:
    np.testing.assert_array_equal(one.times, other.times)
    for key in ("a", "b"):
        assert one.scores[key].dtype == other.scores[key].dtype
        np.testing.assert_allclose(one.scores[key], other.scores[key], atol=tolerance)
    for walk, back in zip(one.walks, other.walks, strict=True):
        assert (walk.name, walk.view) == (back.name, back.view)
        assert walk.boxes.dtype == back.boxes.dtype
        np.testing.assert_array_equal(walk.boxes, back.boxes)
    assert (one.shape, one.note) == (other.shape, other.note)
    assert isinstance(other.walks, tuple)


def test_a_result_is_read_back_as_it_was(found: Found, tmp_path: Path) -> None:
    save(found, tmp_path / "found.npz")
    assert_same(found, load(tmp_path / "found.npz", Found))
    assert stat.S_IMODE((tmp_path / "found.npz").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["found.npz"]


def test_half_precision_is_smaller_and_keeps_times_and_types(found: Found, tmp_path: Path) -> None:
    save(found, tmp_path / "half.npz", half=True)
    assert_same(found, load(tmp_path / "half.npz", Found), 1e-3)
    save(found, tmp_path / "full.npz")
    assert (tmp_path / "half.npz").stat().st_size < (tmp_path / "full.npz").stat().st_size


def test_what_cannot_be_read_is_not_there(found: Found, tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.find("missing", Found) is None
    store.keep("good", found)
    again = store.find("good", Found)
    assert again is not None
    assert_same(found, again)
    assert store.find("good", Walk) is None  # another type than asked for
    content = (tmp_path / "good.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(content[: len(content) // 2])
    assert store.find("cut", Found) is None
    np.savez(tmp_path / "pickled.npz", tree=np.array([{}], object), allow_pickle=True)
    assert store.find("pickled", Found) is None


def test_a_store_is_bounded_in_age_and_size(found: Found, tmp_path: Path) -> None:
    old, used, new, newest = (f"scene-{number:032x}" for number in range(4))
    others = [tmp_path / "holiday.jpg", tmp_path / "measured.npz"]  # it is somebody's folder
    for path in others:
        path.write_text("not ours")
    store = Store(tmp_path, max_seconds=60)
    store.keep(old, found)
    store.keep(used, found)
    for path in tmp_path.iterdir():
        os.utime(path, (0, 0))
    assert store.holds(old)
    assert store.find(used, Found)  # being used makes it young
    store.keep(new, found)
    assert [store.holds(key) for key in (old, used, new)] == [False, True, True]
    size = (tmp_path / f"{new}.npz").stat().st_size
    small = Store(tmp_path, max_bytes=size)
    small.keep(newest, found)
    assert {path.stem for path in tmp_path.glob("scene-*")} == {newest}
    assert all(path.exists() for path in others)


def test_a_disk_that_cannot_be_written_costs_nothing_but_time(
    found: Found, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    store = Store(tmp_path / "file")
    store.keep("key", found)
    assert "was not kept" in caplog.text
    assert store.find("key", Found) is None
