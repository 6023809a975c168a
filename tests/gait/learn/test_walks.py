"""Skeletons, bodies and rendered silhouettes."""

import math

import numpy as np
import pytest

from hybridcore.gait.align import align
from hybridcore.gait.learn import skeleton as sk
from hybridcore.gait.learn.body import CONDITIONS, Outfit, Shape, dress
from hybridcore.gait.learn.data import batches, identities
from hybridcore.gait.learn.render import Camera, silhouettes
from hybridcore.gait.learn.spoil import spoil
from hybridcore.gait.learn.walks import (
    FRAMES,
    Clips,
    Recipe,
    render_clip,
    render_clips,
    shape_of,
    split_people,
)

STANDING = {  # x ahead, y up, metres around the pelvis
    sk.HEAD: (0, 0.66), sk.NECK: (0, 0.48), sk.SPINE: (0, 0.07), sk.PELVIS: (0, 0),
    sk.SHOULDER_R: (0, 0.42), sk.ELBOW_R: (0, 0.16), sk.WRIST_R: (0, -0.08),
    sk.HAND_R: (0, -0.14), sk.HIP_R: (0, -0.05), sk.KNEE_R: (0, -0.48),
    sk.ANKLE_R: (0, -0.85), sk.FOOT_R: (0.08, -0.90),
}
PERIOD = 36  # frames


def walker(frames: int = 120, lean: float = 0.0) -> np.ndarray:
    """Somebody who swings stiff legs and arms, ``[T, 20, 3]``."""
    joints = np.zeros((frames, 20, 3), np.float32)
    for joint, place in STANDING.items():
        joints[:, joint, :2] = place
        if joint in sk._OUT:
            joints[:, joint + 1, :2] = place
    swing = 0.45 * np.sin(2 * np.pi * np.arange(frames) / PERIOD)
    for side, sign in ((0, 1), (1, -1)):
        for root, limb, part in ((sk.HIP_R, (sk.KNEE_R, sk.ANKLE_R, sk.FOOT_R), 1.0),
                                 (sk.SHOULDER_R, (sk.ELBOW_R, sk.WRIST_R, sk.HAND_R), -0.8)):
            for joint in limb:
                arm = joints[:, joint + side] - joints[:, root + side]
                cos, sin = np.cos(sign * part * swing), np.sin(sign * part * swing)
                turned = np.stack([cos * arm[:, 0] - sin * arm[:, 1],
                                   sin * arm[:, 0] + cos * arm[:, 1], arm[:, 2]], 1)
                joints[:, joint + side] = joints[:, root + side] + turned
    cos, sin = math.cos(lean), math.sin(lean)
    joints[..., 1:] = joints[..., 1:] @ np.array([[cos, sin], [-sin, cos]], np.float32)
    return joints


@pytest.fixture(scope="module")
def walk() -> sk.Walk:
    return sk.Walk(walker(), "007", 2, False)


def test_level_undoes_a_tilt_of_the_sensor() -> None:
    np.testing.assert_allclose(sk.level(walker(lean=0.3)), walker(), atol=2e-3)


def test_swapped_legs_are_put_back() -> None:
    joints = walker()
    spoilt = joints.copy()
    for a, b in ((sk.KNEE_R, sk.KNEE_L), (sk.ANKLE_R, sk.ANKLE_L), (sk.FOOT_R, sk.FOOT_L)):
        spoilt[37:53, [a, b]] = joints[37:53, [b, a]]  # one step of 18 frames
    assert np.abs(spoilt - joints).max() > 0.2
    away = np.abs(sk.untangle(spoilt) - joints).max((1, 2))
    assert (away > 0.05).mean() < 0.05


def test_passes_leave_out_standing_and_walk_ahead() -> None:
    standing = np.repeat(walker(1), 80, 0)
    back = walker(150) * np.float32([-1, 1, -1])
    passes = sk.straight_passes(np.concatenate([standing, walker(150), standing, back, standing]))
    assert [way for _, way in passes] == [True, False]
    for joints, _ in passes:
        assert 100 < len(joints) < 180
        toes = joints[:, sk.FOOT_R, 0] - joints[:, sk.ANKLE_R, 0]
        assert toes.mean() > 0


def test_time_is_interpolated() -> None:
    joints = walker(3)
    np.testing.assert_allclose(
        sk.at_times(joints, np.array([0.0, 0.5, 2.0])),
        [joints[0], (joints[0] + joints[1]) / 2, joints[2]], atol=1e-6)


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("view", [0, 54, 90, 180])
def test_the_body_is_inside_the_picture(condition: str, view: float, walk: sk.Walk) -> None:
    rng = np.random.default_rng(1)
    shape = Shape.draw(rng)
    body = dress(sk.widen(walk.joints[:36], shape.shoulders), shape, Outfit.draw(condition, rng))
    for distance, height in ((3.5, 1.1), (8, -0.2)):
        camera = Camera(view, distance, height)
        masks = silhouettes(body, camera)
        assert masks.any((1, 2)).all()
        assert not masks[:, [0, -1]].any()
        assert not masks[:, :, [0, -1]].any()


def test_the_other_side_is_the_mirror_image(walk: sk.Walk) -> None:
    """Left and right exchanged and seen from the other side: the same, mirrored."""
    joints = sk.widen(walk.joints[:10], 0.36)
    other = joints.copy() * np.float32([1, 1, -1])
    for joint in sk._OUT:
        other[:, [joint, joint + 1]] = other[:, [joint + 1, joint]]
    for view in (0, 36, 90):
        ours = silhouettes(dress(joints, Shape(), Outfit()), Camera(view))
        theirs = silhouettes(dress(other, Shape(), Outfit()), Camera(-view))
        differ = (ours != theirs[:, :, ::-1]).mean((1, 2))
        assert differ.max() < 0.03  # a pixel of the rim may round to either side


def test_the_right_side_camera_sees_the_walker_go_right(walk: sk.Walk) -> None:
    pixels, _ = Camera(90).project(np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]))
    assert pixels[0, 0] > 10
    assert pixels[1, 1] < -10  # up is towards the top
    assert abs(pixels[2, 0]) < 1e-3


def test_a_coat_and_a_bag_add_to_the_body(walk: sk.Walk) -> None:
    joints = sk.widen(walk.joints[:18], 0.36)
    plain = silhouettes(dress(joints, Shape(), Outfit()), Camera(90)).astype(bool)
    for outfit in (Outfit(coat=1.0), Outfit(carried="backpack"), Outfit(carried="handbag")):
        dressed = silhouettes(dress(joints, Shape(), outfit), Camera(90)).astype(bool)
        assert dressed.sum() > 1.03 * plain.sum()


def test_the_period_is_that_of_the_skeleton(walk: sk.Walk) -> None:
    masks = silhouettes(dress(sk.widen(walk.joints, 0.36), Shape(), Outfit()), Camera(90))
    area = align(masks)[:, 40:].astype(float).mean((1, 2))
    spectrum = np.abs(np.fft.rfft(area - area.mean(), 720))
    steps = spectrum[10:100].argmax() + 10  # of 720 frames
    assert 720 / steps == pytest.approx(PERIOD / 2, abs=0.6)


def test_spoiling_nothing_keeps_everything(walk: sk.Walk) -> None:
    masks = silhouettes(dress(sk.widen(walk.joints[:8], 0.36), Shape(), Outfit()), Camera(90))
    untouched = spoil(masks, np.random.default_rng(0), 0.0)
    assert (untouched != masks).mean() < 0.01
    spoilt = spoil(masks, np.random.default_rng(0), 1.0)
    assert 0.002 < (spoilt != masks).mean() < 0.1


def test_seeds(walk: sk.Walk) -> None:
    clip = render_clip(walk, 3, 1)
    assert clip.shape == (FRAMES, 64, 44)
    np.testing.assert_array_equal(clip, render_clip(walk, 3, 1))
    assert (clip != render_clip(walk, 3, 1, redraw=5)).any()
    assert shape_of("007") == shape_of("007")
    assert shape_of("007") != shape_of("008")


def test_nobody_is_in_two_parts() -> None:
    people = [f"{i:03}" for i in range(140)] * 3
    split = split_people(people)
    parts = [set(split.train), set(split.validation), set(split.test)]
    assert [len(part) for part in parts] == [94, 12, 34]
    assert len(set.union(*parts)) == 140
    assert split == split_people(people[::-1])


def test_clips_and_their_labels(walk: sk.Walk, tmp_path) -> None:
    others = [sk.Walk(walk.joints, name, 1, False) for name in ("001", "002")]
    recipe = Recipe(conditions=(0, 2), plain_until=1)
    clips = render_clips([walk, *others], ["002", "007"], tmp_path, recipe)
    assert len(clips) == (1 + 2) * 11
    assert set(zip(clips.person.tolist(), clips.number.tolist(), strict=True)) == {(0, 1), (1, 2)}
    at = np.flatnonzero((clips.person == 1) & (clips.view == 4) & (clips.condition == 2))
    np.testing.assert_array_equal(clips.silhouettes[at[0]], render_clip(walk, 4, 2))


def test_a_batch_holds_several_clips_of_each_and_redraws_the_bodies_of_half(walk: sk.Walk) -> None:
    everybody = identities(["002", "007"], 2)
    assert [(who.name, who.redrawn) for who in everybody] == [
        ("002", True), ("007", True), ("002", False), ("007", False)]
    walks = [walk, sk.Walk(walk.joints, "002", 1, False)]
    batch = next(batches(walks, everybody, people=3, each=2, frames=4))
    assert batch.silhouettes.shape == (6, 4, 64, 44)
    people = batch.person.tolist()
    assert people[::2] == people[1::2]
    assert len(set(people)) == 3
    flat = batch.silhouettes.flatten(1)
    assert (flat[::2] != flat[1::2]).any(1).all()


def test_a_set_is_read_again(tmp_path, walk: sk.Walk) -> None:
    recipe = Recipe(conditions=(0,), installed=20)
    first = render_clips([walk], ["007"], tmp_path, recipe)
    assert first.silhouettes.shape == (11, 20, 64, 44)
    again = render_clips([], ["007"], tmp_path, recipe)
    assert isinstance(again, Clips)
    np.testing.assert_array_equal(first.silhouettes, again.silhouettes)


def test_a_network_leaves_smooth_outlines_and_loses_parts(walk: sk.Walk) -> None:
    body = dress(walk.joints[:60], shape_of("007"), Outfit())
    masks = silhouettes(body, Camera(90))
    spoilt = np.stack([
        spoil(masks, np.random.default_rng(seed), 1.0, "network") for seed in range(8)])
    assert set(np.unique(spoilt)) == {0, 255}
    lost = ((masks > 0) & (spoilt == 0)).mean((1, 2, 3)) / (masks > 0).mean()
    added = ((masks == 0) & (spoilt > 0)).mean((1, 2, 3)) / (masks > 0).mean()
    assert 0.02 < lost.mean() < 0.3
    assert added.mean() < 0.1  # no shadow
    np.testing.assert_array_equal(
        spoil(masks, np.random.default_rng(1), 0.0, "network") > 0, masks > 0)
