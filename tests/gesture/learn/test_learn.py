"""Recordings, labels and sequences to learn from."""

import io
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hybridcore.gesture.gestures import GESTURES, WORDS
from hybridcore.gesture.learn import compose, puppet
from hybridcore.gesture.learn.compose import (
    Composer,
    Material,
    attach,
    backwards,
    before_camera,
    in_place,
    paced,
    scaled,
)
from hybridcore.gesture.learn.evaluate import Heard, clip_answer, fit_temperature
from hybridcore.gesture.learn.labels import IGNORED, UNKNOWN, gesture_labels, word_labels
from hybridcore.gesture.learn.play import play
from hybridcore.gesture.learn.recordings import Gesture3D, Person, points_of, read_person
from hybridcore.gesture.learn.spoil import spoil
from hybridcore.gesture.points import BODY, COUNT, HANDS, RATE


def hand(pose: puppet.Pose = puppet.OPEN) -> np.ndarray:
    """A right hand as the sensor sees it: x to the right of the person, y up, z ahead, m."""
    return np.asarray(puppet.joints(pose) * (-1, -1, -1))


def swipe(side: int) -> np.ndarray:
    """Held, quickly to one side, and slowly back: ``[60, 21, 3]``."""
    way = np.concatenate([np.zeros(10), np.linspace(0, 0.3, 8), np.full(6, 0.3),
                          np.linspace(0.3, 0, 36)])
    return hand() + way[:, None, None] * (side, 0, 0)


def person(name: str = "p") -> Person:
    clip = np.full((30, COUNT, 2), np.nan, np.float32)
    clip[:, :BODY] = [(.6, .3), (.8, .6), (.4, .6), (.9, .8), (.3, .8), (.95, .9), (.25, .5)]
    clip[5:20, HANDS[1]] = puppet.joints(puppet.OPEN)[:, :2] + (0.25, 0.5)
    return Person(name, "", np.repeat(clip[None], 3, 0), WORDS)


def test_an_archive_of_frames_becomes_clips(tmp_path: Path) -> None:
    values = np.zeros(1662)
    values[:132] = np.tile((0.5, 0.25, 0.0, 0.9), 33)
    values[-63:] = np.tile((0.1, 0.2, 0.0), 21)
    with tarfile.open(tmp_path / "who+what.tar", "w") as archive:
        for word, frames in (("hello", 30), ("thanks", 29)):
            for frame in range(frames):
                content = io.BytesIO()
                np.save(content, values)
                entry = tarfile.TarInfo(f"MP_Data/{word}/0/{frame}.npy")
                entry.size = content.tell()
                content.seek(0)
                archive.addfile(entry, content)
    found = read_person(tmp_path / "who+what.tar")
    assert found.words == ("hello",)  # the other clip lacks a frame
    assert found.clips.shape == (1, 30, COUNT, 2)
    np.testing.assert_allclose(found.clips[0, 0, 0], (0.5 * 4 / 3, 0.25), rtol=1e-6)
    assert np.isnan(found.clips[0, 0, HANDS[0]]).all()
    np.testing.assert_allclose(found.clips[0, 0, HANDS[1]][0], (0.1 * 4 / 3, 0.2), rtol=1e-6)
    values[3] = 0.1  # the nose is not seen
    assert np.isnan(points_of(values)[0]).all()


@pytest.mark.parametrize(("label", "side"), [(10, -1), (11, 1)])
def test_a_swipe_is_labelled_where_it_is_quick(label: int, side: int) -> None:
    labels = gesture_labels(label, swipe(side))
    active = np.flatnonzero(labels >= 0)
    assert GESTURES[labels.max()] == ("swipe left" if side < 0 else "swipe right")
    assert 8 <= active[0] <= 11
    assert 17 <= active[-1] <= 23
    assert set(labels[40:].tolist()) == {IGNORED}
    assert set(gesture_labels(2, swipe(1)).tolist()) == {UNKNOWN}


def test_a_grab_is_labelled_where_the_hand_is_shut() -> None:
    shares = np.concatenate([np.zeros(10), np.linspace(0, 1, 10), np.ones(10)])
    joints = np.stack([hand(puppet.between(puppet.OPEN, puppet.FIST, s)) for s in shares])
    labels = gesture_labels(7, joints)
    assert set(labels[20:].tolist()) == {GESTURES.index("grab")}
    assert set(labels[:10].tolist()) == {IGNORED}


def test_a_word_is_said_while_a_hand_is_there() -> None:
    clip = person().clips[0]
    labels = word_labels("hello", clip)
    assert set(labels[5:20].tolist()) == {GESTURES.index("hello")}
    assert set(labels[20:].tolist()) == {0}  # for long no hand: nothing
    assert set(labels[:5].tolist()) == {IGNORED}
    assert set(word_labels("tea", clip)[5:20].tolist()) == {UNKNOWN}


def test_a_swipe_backwards_is_one_to_the_other_side() -> None:
    joints = swipe(1)
    labels = gesture_labels(11, joints)
    other, turned = backwards(joints, labels)
    np.testing.assert_array_equal(other[::-1], joints)
    assert GESTURES[turned.max()] == "swipe left"
    assert (turned[::-1] >= 0).tolist() == (labels >= 0).tolist()
    same, kept = backwards(joints, np.full(60, GESTURES.index("pinch")))
    assert same is joints
    assert set(kept.tolist()) == {GESTURES.index("pinch")}


def test_who_swipes_left_moves_to_the_right_of_the_picture() -> None:
    flat = before_camera(swipe(-1), 0, 0, 0)
    assert flat[20, 0, 0] - flat[0, 0, 0] > 0.2
    tip, wrist = flat[0, 12], flat[0, 0]
    assert tip[1] < wrist[1]  # fingers up
    for name, way in (("swipe left", 1), ("swipe right", -1)):
        rng = np.random.default_rng(0)
        moved = []
        for _ in range(60):
            points, labels, _ = play(rng)
            if labels.max() == GESTURES.index(name):
                at = np.flatnonzero(labels >= 0)
                moved.append(points[at[-1], 0, 0] - points[at[0], 0, 0])
        assert len(moved) > 2
        assert np.sign(moved).tolist() == [way] * len(moved)


def test_a_pace_of_its_own_keeps_the_ends_and_the_labels() -> None:
    values, labels = swipe(1), gesture_labels(11, swipe(1))
    for rng in (None, np.random.default_rng(1)):
        slow, marks = paced(values, labels, 20.0, rng)
        np.testing.assert_allclose(slow[[0, -1]], values[[0, -1]], atol=1e-6)
        assert set(marks.tolist()) == set(labels.tolist())
    assert len(paced(values, labels, 20.0)[0]) == round(59 / 20 * RATE) + 1


def test_sequences_have_hands_bodies_and_labels_of_one_length(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compose, "_PLAYS", 40)
    gestures = [Gesture3D(label, swipe(side), 0) for label, side in ((10, -1), (11, 1), (2, 1))]
    shut = np.stack([hand(puppet.between(puppet.OPEN, puppet.FIST, s))
                     for s in np.linspace(0, 1, 30)])
    gestures += [Gesture3D(label, shut, 0) for label in (1, 6, 7, 8, 0)]
    run = np.repeat(puppet.joints(puppet.POINT)[None, :, :2] / 0.09, 40, 0)
    composer = Composer(Material([person()], gestures, [("point", run)]))
    rng = np.random.default_rng(0)
    drawn = [composer.draw(rng, 64) for _ in range(6)]
    for points, labels in drawn:
        assert points.shape == (64, COUNT, 2)
        named = (labels > 0) | (labels == UNKNOWN)
        seen = np.isfinite(points[:, BODY:]).all(-1).any(1)
        assert seen[named].mean() > 0.9
    batch = np.stack([points for points, _ in drawn])
    marks = np.stack([labels for _, labels in drawn])
    spoiled, turned = spoil(batch, marks, rng)
    swapped = (turned != marks).any(1)
    swipes = np.isin(marks, [GESTURES.index("swipe left"), GESTURES.index("swipe right")])
    assert (turned != marks)[swapped].tolist() == swipes[swapped].tolist()
    assert np.isnan(spoiled).sum() > np.isnan(batch).sum()
    both = np.isfinite(batch) & np.isfinite(spoiled)
    assert np.abs(spoiled - batch)[both].mean() > 0


def test_a_hand_takes_the_place_of_another() -> None:
    clip = scaled(person().clips[0])
    shape = np.repeat(puppet.joints(puppet.FIST)[None, :, :2], 12, 0)
    placed = in_place(shape, clip)
    assert placed is not None
    np.testing.assert_allclose(placed[:, HANDS[1].start], clip[:12, 6], atol=1e-6)
    np.testing.assert_allclose(np.ptp(placed[0, HANDS[1]], axis=0), np.ptp(shape[0], axis=0),
                               atol=1e-6)
    clip[:, 6] = np.nan
    assert in_place(shape, clip) is None
    body = clip[:1, :BODY]
    on = attach(shape, body, np.random.default_rng(0))
    assert np.isfinite(on[:, HANDS[1]]).all()
    assert np.isnan(on[:, HANDS[0]]).all()


def test_a_puppet_shuts_its_hand() -> None:
    def spread(pose: puppet.Pose) -> float:
        points = puppet.joints(pose)
        return float(np.linalg.norm(points[[8, 12, 16, 20]] - points[0], axis=-1).mean())

    assert spread(puppet.FIST) < 0.6 * spread(puppet.OPEN)
    pinch = puppet.joints(puppet.PINCH)
    assert np.linalg.norm(pinch[4] - pinch[8]) < 0.03
    pose = replace(puppet.OPEN, turn=20)
    left, right = (puppet.joints(pose, left=side) for side in (True, False))
    assert left[4, 0] < 0 < right[4, 0]  # thumbs towards the middle of who faces the camera


def test_answers_are_measured_where_a_hand_is_seen() -> None:
    p = np.zeros((4, len(GESTURES)))
    p[:, 0] = 0.6
    p[:2, GESTURES.index("hello")] = 0.4
    p[2:, GESTURES.index("thanks")] = 0.4
    steps = np.array([True, True, True, False])
    assert GESTURES[clip_answer(p, steps, range(1, len(GESTURES)))] == "hello"
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (3000, len(GESTURES)))
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    labels = np.array([rng.choice(len(GESTURES), p=row) for row in shares])
    empty = np.zeros(len(labels), np.int64)
    heard = Heard((3 * logits).astype(np.float32), labels, empty, empty, empty)
    assert fit_temperature([heard]) == pytest.approx(3, rel=0.1)
