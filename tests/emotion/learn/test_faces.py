"""What the witnesses of faces learn from, and how they are measured."""

from itertools import islice

import numpy as np
import pytest
import torch

from hybridcore.emotion.c3d import CENTRE, FRAMES, C3DConfig
from hybridcore.emotion.face import standardised
from hybridcore.emotion.learn import faces_measure as measure
from hybridcore.emotion.learn.c3d_flat import FlatC3D, inflated
from hybridcore.emotion.learn.c3d_train import clips
from hybridcore.emotion.learn.faces_data import Faces, not_blank, unseen
from hybridcore.emotion.learn.faces_spoil import changed
from hybridcore.emotion.learn.faces_tracks import FACES, make_tracks
from hybridcore.training.calibration import (
    calibration_error,
    calibration_interval,
    fit_temperature,
)

RNG = np.random.default_rng(0)


def plain(levels: list[int]) -> Faces:
    """Faces that can be told apart by their mean, the label is their place."""
    noise = RNG.integers(-8, 9, (len(levels), 48, 48))
    crops = np.array(levels)[:, None, None] + noise
    return Faces(crops.astype(np.uint8), np.arange(len(levels)) % 7)


def test_only_faces_that_were_nowhere_else_are_judged() -> None:
    test, train = plain([40, 80, 120, 160]), plain([60, 90])
    crops = np.concatenate([test.crops, train.crops[:1], test.crops[1:2],
                            np.zeros((1, 48, 48), np.uint8)])
    faces = Faces(crops, np.arange(7))
    assert unseen(faces, train).labels.tolist() == [0, 1, 2, 3]
    assert len(not_blank(faces)) == 6


def test_changed_faces_stay_as_the_network_expects_them() -> None:
    torch.manual_seed(0)
    crops = torch.from_numpy(RNG.integers(0, 256, (30, 48, 48), np.uint8))
    x = changed(crops, 64)
    assert x.shape == (30, 3, 64, 64)
    assert torch.equal(x[:, 0], x[:, 2])
    assert x.mean().abs() < 0.05
    assert 0.3 < float(x.std()) < 0.6
    covered = (x[:, 0] == 0).flatten(1).float().mean(1)
    assert 0.1 < float((covered > 0.005).float().mean()) < 0.8


def test_tracks_use_every_face_once_and_label_what_weighs_more() -> None:
    levels = [20 + 4 * k for k in range(FACES * 10)]
    faces = plain(levels)
    tracks = make_tracks(faces, 10, seed=1)
    assert tracks.crops.shape[:2] == tracks.labels.shape
    shown = np.abs(tracks.crops.astype(float).mean((2, 3))[..., None] - levels)
    clear = (tracks.spoilt == 0) & tracks.seen & (shown.min(-1) < 1)
    nearest = shown.argmin(-1)
    assert clear.mean() > 0.2
    assert (nearest[clear] % 7 == tracks.labels[clear]).mean() > 0.9
    first = nearest[np.arange(10), clear.argmax(1)]
    assert len(set(first.tolist())) == 10
    assert tracks.seen.any(1).all()
    assert (tracks.spoilt[~tracks.seen] == 1).all()


def test_a_clip_is_told_by_the_face_in_its_middle() -> None:
    levels = [20 + 4 * k for k in range(50)]
    some = islice(clips(plain(levels), np.random.default_rng(0)), 8)
    batch, rows = (torch.cat(parts) for parts in zip(*some, strict=True))
    assert batch.shape == (len(rows), FRAMES, 48, 48)

    def told(at: int) -> float:
        means = batch[:, at].float().mean((1, 2))
        return float(((means - torch.tensor(levels)[rows]).abs() < 2).float().mean())

    assert told(CENTRE) > 0.5  # most of the others are spoilt, or between two faces
    assert max(told(0), told(FRAMES - 1)) < told(CENTRE) - 0.2


@torch.no_grad()
def test_an_inflated_network_says_of_a_still_clip_what_the_flat_one_says() -> None:
    torch.manual_seed(0)
    flat = FlatC3D(config=C3DConfig())
    for _ in range(3):  # so that batch norm has something to copy
        flat(0.5 * torch.randn(16, 1, 48, 48) + 0.1)
    deep = inflated(flat.eval()).eval()
    crops = torch.from_numpy(RNG.integers(0, 256, (2, 48, 48), np.uint8))
    x = standardised(crops[:, None].float())
    said = flat(x)
    assert (said[0] - said[1]).abs().max() > 1e-3
    torch.testing.assert_close(deep(crops[:, None].expand(-1, FRAMES, -1, -1)), said)
    halves = standardised(crops.repeat_interleave(FRAMES // 2, 0)[:, None].float())
    grid = deep.layers(halves.transpose(0, 1)[None])  # one face, then another
    torch.testing.assert_close(grid.mean(2)[0], flat.layers(x).mean(0))


def test_a_temperature_makes_confident_logits_honest() -> None:
    truth = RNG.normal(size=(4000, 7))
    labels = (truth + RNG.gumbel(size=truth.shape)).argmax(1)  # drawn as likely as they say
    assert fit_temperature(3 * truth, labels) == pytest.approx(3, rel=0.1)
    said = measure.told(3 * truth, 1.0, labels, np.arange(4000))
    honest = measure.told(truth, 1.0, labels, np.arange(4000))
    assert calibration_error(said.p.max(1), said.right) > 0.2
    value, low, high = calibration_interval(honest.p.max(1), honest.right, honest.groups)
    assert value < 0.03
    assert low < high < 0.06


def test_a_moving_average_leaves_out_what_is_not_seen() -> None:
    p = np.zeros((1, 5, 2))
    p[0, :, 0] = [1, 1, 0, 0, 0]
    p[..., 1] = 1 - p[..., 0]
    seen = np.array([[True, True, False, True, True]])
    said = measure.averaged(p, seen, 3)
    np.testing.assert_allclose(said[0, :, 0], [1, 1, 1, 0.5, 0])
    labels = np.array([[0, 0, 1, 1, 1]])
    assert measure.best_window(p, seen, labels) == 1


def test_gains_are_counted_in_points_over_groups() -> None:
    labels, groups = np.zeros(200, int), np.arange(200) // 4
    good, bad = np.zeros((200, 7)), np.zeros((200, 7))
    good[:, 0] = bad[:, 0] = 1
    bad[::4] = np.eye(7)[1]
    row = measure.gain_row("gain", "made up", measure.Told(good, labels, groups),
                           measure.Told(bad, labels, groups))
    assert row["value"] == 25.0
    assert row["interval"] == [25.0, 25.0]
    rows = measure.emotion_rows("made up", measure.Told(bad, labels, groups))
    assert [row["value"] for row in rows] == [75.0, 75.0]
