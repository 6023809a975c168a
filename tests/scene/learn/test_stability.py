"""Steadiness and gains of made-up copies whose numbers can be counted."""

from __future__ import annotations

import numpy as np
import pytest

from hybridcore.encoder.labels import scene_names
from hybridcore.scene.learn.real_clips import RealClip
from hybridcore.scene.learn.stability import Copies, gains, steadiness
from hybridcore.scene.model import KINDS

COUNT = 60


def said(labels: np.ndarray) -> np.ndarray:
    """Probabilities of which those of ``labels [T]`` are the highest."""
    return np.eye(100)[labels] * 0.5 + 0.005


def copies(*, place: str = "pool") -> Copies:
    """One clip at 30 frames/s of scene 3. As it is, the LSTM says 3 all along and the others
    change twice; changed pixels turn every tenth label; degraded, the frame-only model is right on
    half of the frames, in turn, and the LSTM on all."""
    clip = RealClip("clip.mp4", "test", place, "a pool", (scene_names()[3],), (), ())
    three = np.full(COUNT, 3)
    twice, turned, half = three.copy(), three.copy(), three.copy()
    twice[20:40], turned[::10], half[::2] = 7, 7, 7
    found = {}
    for kind in KINDS:
        steady = kind == "lstm"
        found["as it is", kind] = said(three if steady else twice)
        found["changed", kind] = said(turned if steady else twice)
        found["degraded", kind] = said(three if steady else half)
    return Copies(clip, found, np.ones(COUNT, bool), 30.0)


def test_changes_are_counted_a_minute_and_survivors_a_frame() -> None:
    lstm = steadiness([copies()], "lstm")
    frame = steadiness([copies()], "frame")
    assert (lstm[0]["value"], lstm[1]["value"]) == (0, 90)
    assert frame[0]["value"] == pytest.approx(60 * 30 * 2 / (COUNT - 1), abs=0.1)
    assert frame[1]["value"] == 100


def test_gains_are_over_the_twin_and_over_its_best_average() -> None:
    rows = gains([copies(), copies(place="shop")])
    own, over_frame, over_average = rows["lstm"]
    assert (own["value"], own["count"]) == (100, 2)
    assert over_frame["value"] == 50
    assert "moving average over 3" in over_average["name"]
    assert over_average["value"] == pytest.approx(50, abs=2)
    assert [row["value"] for row in rows["frame"]] == [50]
