"""The report on a set whose answers are known."""

import numpy as np
import torch

from hybridcore.encoder.grids import pack_grid
from hybridcore.scene.learn.data import SequenceSet, batches
from hybridcore.scene.learn.evaluate import Predictions, evaluate, frame_row, moving_average
from hybridcore.scene.model import KINDS, SceneConfig, SceneModel


def small_set() -> SequenceSet:
    """Two sequences of 20 and 30 frames, each with a new shot in the middle."""
    labels = np.repeat([0, 1, 2, 0], [10, 10, 15, 15])
    cuts = np.zeros(50, bool)
    cuts[[10, 35]] = True
    degraded = np.zeros(50, bool)
    degraded[[3, 4, 40]] = True
    grids = np.random.default_rng(0).integers(0, 256, (50, 4, 12), np.uint8)
    return SequenceSet(grids, labels, degraded, cuts, np.array([0, 20, 50]))


def rows_of(predictions: Predictions) -> dict[tuple[str, str], dict]:
    return {(r["name"], r["split"]): r for r in evaluate(predictions, small_set())}


def test_a_perfect_model_scores_100() -> None:
    data = small_set()
    perfect = np.eye(6, dtype=np.float32)[data.labels] * 0.9 + 0.02
    rows = rows_of(Predictions(perfect, data.cuts.astype(np.float32)))
    assert {row["value"] for row in rows.values()} == {100.0}
    assert rows["top-1", "degraded frames"]["count"] == 3
    assert rows["top-1", "clean frames"]["count"] == 47


def test_wrong_degraded_frames_are_counted_there() -> None:
    data = small_set()
    seen = data.labels.copy()
    seen[[3, 4]] = 5
    rows = rows_of(Predictions(np.eye(6, dtype=np.float32)[seen], None))
    assert rows["top-1", "degraded frames"]["value"] == round(100 / 3, 2)
    assert rows["top-1", "clean frames"]["value"] == 100
    # Two changes of label around the flicker are taken for cuts.
    assert rows["cut precision", "all sequences"]["value"] == 50
    assert rows["cut recall", "all sequences"]["value"] == 100


def test_moving_average_is_causal_and_stops_at_sequences() -> None:
    data = small_set()
    p = np.random.default_rng(0).random((50, 3)).astype(np.float32)
    smooth = moving_average(p, data.starts, 4)
    np.testing.assert_allclose(smooth[0], p[0], rtol=1e-5)
    np.testing.assert_allclose(smooth[20], p[20], rtol=1e-5)
    np.testing.assert_allclose(smooth[30], p[27:31].mean(0), rtol=1e-5)
    np.testing.assert_allclose(smooth[21], p[20:22].mean(0), rtol=1e-5)


def test_an_interval_holds_its_value() -> None:
    data = small_set()
    hits = np.arange(50) % 2 == 0
    row = frame_row("top-1", "all frames", hits, data, np.ones(50, bool))
    low, high = row["interval"]
    assert low <= row["value"] <= high
    assert (row["value"], row["unit"], row["count"]) == (50, "%", 50)


def test_batches_are_padded_and_complete() -> None:
    data = small_set()
    batch = next(batches(data, 2, seed=0))
    assert batch.cells.shape == (2, 30, 4, 12)
    assert sorted((batch.labels >= 0).sum(1).tolist()) == [20, 30]
    assert int(batch.cuts.sum()) == 2
    assert float(batch.cells.max()) <= 6


def test_grids_survive_packing() -> None:
    grid = torch.rand(3, 12, 2, 2) * 6
    packed = pack_grid(grid)
    assert packed.shape == (3, 4, 12)
    back = torch.from_numpy(packed.astype(np.float32)) * (6 / 255)
    torch.testing.assert_close(back, grid.flatten(2).transpose(1, 2), atol=0.013, rtol=0)


def test_models_run_on_stored_cells() -> None:
    data = small_set()
    for kind in KINDS:
        config = SceneConfig(kind=kind, cell_dim=12, classes=6, dim=10, hidden=10, attention=4)
        assert SceneModel(config=config)(data.cells(1)).logits.shape == (1, 30, 6)
