"""Data sets, faults and sequences to learn from."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from hybridcore.pose.actions import ACTIONS
from hybridcore.pose.joints import HIPS, JOINTS, LEGS
from hybridcore.pose.learn.compose import Composer, batch_of
from hybridcore.pose.learn.evaluate import delays, fit_temperature
from hybridcore.pose.learn.skeletons import SkeletonClip, read_jhmdb
from hybridcore.pose.learn.spoil import front, mirror, picture, resample, spoil
from hybridcore.pose.learn.train import loss_of
from hybridcore.pose.learn.vocabulary import IGNORED, UNKNOWN, frame_labels
from hybridcore.pose.model import PoseOutput


def clip(action: str, source: str = "utd", *, frames: int = 60, moves: bool = True) -> SkeletonClip:
    """Somebody who stands still, waves an arm for the middle third, and stands still again."""
    rest = np.array([[0, -.7, 0], [.2, -.5, 0], [-.2, -.5, 0], [.25, -.2, 0], [-.25, -.2, 0],
                     [.25, 0, 0], [-.25, 0, 0], [.1, 0, 0], [-.1, 0, 0], [.1, .4, 0], [-.1, .4, 0],
                     [.1, .8, 0], [-.1, .8, 0]], np.float32)
    joints = np.repeat(rest[None], frames, 0)
    if moves:
        third = slice(frames // 3, 2 * frames // 3)
        wave = 0.4 * np.sin(np.arange(frames)[third])[:, None]
        joints[third, 3:7, 0] += wave
        joints[third, 5:7, 1] += 1.5 * wave
    return SkeletonClip(joints, 30.0, action, source, "p", False)


def test_pickles_are_read_without_running_anything(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (tmp_path / "ran",)  # type: ignore[return-value]

    good = {"pose": [np.zeros((20, 15, 2))], "label": ["run"]}
    for name, content in (("GT_train_1.pkl", good), ("GT_test_1.pkl", {"pose": Evil()})):
        (tmp_path / name).write_bytes(pickle.dumps(content, protocol=2))
    with pytest.raises(pickle.UnpicklingError):
        read_jhmdb(tmp_path, 1)
    assert not (tmp_path / "ran").exists()


def test_still_ends_of_a_recording_are_standing() -> None:
    labels = frame_labels(clip("3"))
    names = [ACTIONS[k] for k in labels[[2, 30, 57]]]
    assert names == ["standing", "waving", "standing"]
    assert ACTIONS[frame_labels(clip("25"))[57]] == "sitting"
    assert (frame_labels(clip("16"))[25:35] == UNKNOWN).all()


def test_a_pace_of_its_own_keeps_the_ends() -> None:
    own = clip("3").joints
    for rng in (None, np.random.default_rng(1)):
        paced = resample(own, 30.0, rng)
        np.testing.assert_allclose(paced[0], own[0], atol=1e-6)
        assert len(resample(own, 30.0, rng, 5)) == 5
    assert len(resample(own, 30.0)) == 30


def test_a_picture_is_flat_and_mirrors_twice_to_itself() -> None:
    rng = np.random.default_rng(0)
    flat = picture(clip("3").joints, rng)
    assert flat.shape == (60, 13, 2)
    np.testing.assert_array_equal(mirror(mirror(flat, True), True), flat)
    assert JOINTS[0] == "nose"


def test_faults_grow_with_their_strength() -> None:
    flat = picture(clip("3").joints, np.random.default_rng(0)).astype(np.float32)
    joints = np.repeat(flat[None], 40, 0)
    missing, moved = [], []
    for strength in (0.0, 1.0, 2.0):
        spoiled = spoil(joints, np.random.default_rng(1), np.full(40, strength))
        missing.append(np.isnan(spoiled).mean())
        moved.append(np.nanmean(np.abs(spoiled - joints)))
    assert missing[0] == moved[0] == 0
    assert 0.05 < missing[1] < missing[2] < 0.6
    assert moved[1] < moved[2]
    assert np.isnan(spoiled[:, :, list(LEGS)]).all((1, 2, 3)).any()  # legs out of the picture


def test_sequences_join_clips_without_a_jump() -> None:
    composer = Composer([clip("3"), clip("4"), clip("16")])
    rng = np.random.default_rng(2)
    sequences = [composer.draw(rng, count=3, warp=False) for _ in range(8)]
    for sequence in sequences:
        assert len(sequence.labels) == len(sequence.joints)
        hips = sequence.joints[:, list(HIPS)].mean(1)
        assert np.abs(np.diff(hips, axis=0)).max() < 0.1  # torsos
        assert {IGNORED} < set(sequence.labels.tolist())
    joints, labels = batch_of(sequences)
    assert joints.shape[:2] == labels.shape
    assert (labels[:, -1] == IGNORED).sum() >= len(sequences) - 1


def test_the_loss_wants_to_be_unsure_of_the_unknown() -> None:
    def loss(logits: torch.Tensor, label: int) -> float:
        output = PoseOutput(logits[None, None], torch.zeros(0), torch.zeros(0))
        # A named step beside it, so that there is a loss of names.
        named = PoseOutput(torch.cat([output.logits, torch.zeros(1, 1, len(ACTIONS))], 1),
                           output.inputs, output.hidden)
        return float(loss_of(named, torch.tensor([[label, 0]])))

    sure, level = torch.zeros(len(ACTIONS)), torch.zeros(len(ACTIONS))
    sure[3] = 5.0
    assert loss(sure, 3) < loss(level, 3)
    assert loss(sure, UNKNOWN) > loss(level, UNKNOWN)
    assert loss(sure, IGNORED) == loss(level, IGNORED)


def test_delays_count_from_the_beginning_of_an_action() -> None:
    composer = Composer([clip("3", moves=True)])
    sequence = composer.draw(np.random.default_rng(0), count=1, warp=False)
    wave = ACTIONS.index("waving")
    began = int(np.flatnonzero(sequence.labels == wave)[0])
    said = sequence.labels.copy()
    said[began : began + 3] = ACTIONS.index("golf swing")
    late, missed = delays([said], [sequence])
    assert 3 in late.tolist()
    assert not missed.any()
    _, missed = delays([np.full_like(said, ACTIONS.index("golf swing"))], [sequence])
    assert missed.all()


def test_a_temperature_undoes_what_logits_were_multiplied_by() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (4000, len(ACTIONS)))
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    labels = np.array([rng.choice(len(ACTIONS), p=row) for row in p])
    sequence = type("S", (), {"labels": labels})()
    assert fit_temperature([3 * logits], [sequence]) == pytest.approx(3, rel=0.1)


def test_a_kinect_body_gets_the_proportions_of_landmarks() -> None:
    own = clip("3").joints
    own[:, 7:9, 1] -= 0.15  # hips high in the pelvis, as Kinect has them
    found = front(own)
    neck, hips, knees = (found[:, list(pair)].mean(1) for pair in ((1, 2), (7, 8), (9, 10)))
    torso, thigh, head, across = (
        np.median(np.linalg.norm(part, axis=-1))
        for part in (hips - neck, knees - hips, found[:, 0] - neck, found[:, 7] - found[:, 8]))
    np.testing.assert_allclose(
        [thigh / torso, head / torso, across / torso], [0.78, 0.46, 0.4], rtol=0.03)
    np.testing.assert_array_equal(found[:, 9:], own[:, 9:, :2])  # knees and ankles stay
