"""Stored results: those of the samples are there, and the tool keeps them so."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from hybridcore.scene.system import SYSTEM
from hybridcore.store import SHIPPED, load
from hybridcore.system import Kind, Reader, Sample, System
from tools import results


def test_the_scenes_of_every_sample_ship(tmp_path: Path) -> None:
    """Of these very files, weights and options: otherwise the page would label them again."""
    looks = results.sample_looks(SYSTEM, tmp_path)
    assert {path.stem for path in SHIPPED.glob("scene-*.npz")} == set(looks)
    for name, (_, source, _) in looks.items():
        stored = load(SHIPPED / f"{name}.npz", SYSTEM.output_type)
        np.testing.assert_array_equal(
            stored.times, np.concatenate([chunk.times for chunk in source.chunks((32, 32))]))
        assert stored.duration == source.duration
        assert set(stored.tracks) == {kind.key for kind in SYSTEM.kinds}


@dataclass(frozen=True)
class Sum:
    """value: int64 ``[1]``."""

    value: np.ndarray


@dataclass(frozen=True)
class Bytes:
    name: str
    path: Path

    @property
    def digest(self) -> str:
        return self.path.read_bytes().hex()

    @classmethod
    def open(cls, path: Path) -> "Bytes":
        return cls(path.name, path)


@pytest.fixture
def adding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    """A system that adds the bytes of its samples up."""
    samples = []
    for name, content in (("a", b"\x01\x02"), ("b", b"\x07")):
        path = tmp_path / f"{name}.png"
        path.write_bytes(content)
        samples.append(Sample(name, name, "", path))
    monkeypatch.setattr(results, "run", lambda system, reader, source, options, progress: Sum(
        np.array([sum(source.path.read_bytes())])))
    return System(
        key="adding", title="Adding", icon="", sentence="", papers=(), limits=(),
        reads=(Reader("picture", Bytes.open),), kinds=(Kind("sum", "Sum"), Kind("too", "Too")),
        samples=tuple(samples), outputs=Sum, load=lambda device: None,
        text=lambda answer: "", headline=lambda answer: "", exports=())


def test_results_are_made_kept_made_again_and_removed(adding: System, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    for stale in ("adding-0", "other-0"):
        (folder / f"{stale}.npz").write_bytes(b"")
    results.make(adding, folder)
    made = sorted(set(folder.iterdir()) - {folder / "other-0.npz"})
    assert len(made) == 2  # the stale one is gone, and that of another system is let alone
    assert (folder / "other-0.npz").exists()
    assert sorted(int(load(path, Sum).value[0]) for path in made) == [3, 7]
    made[0].write_bytes(b"")
    results.make(adding, folder)
    assert made[0].stat().st_size == 0
    results.make(adding, folder, again=True)
    assert made[0].stat().st_size > 0
    results.make(replace(adding, samples=adding.samples[:1]), folder)
    assert sum(path.name.startswith("adding-") for path in folder.iterdir()) == 1
