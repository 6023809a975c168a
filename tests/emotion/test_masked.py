"""Mouth and nose covered: noticed on a drawn face, and said wherever somebody reads the answer."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from hybridcore.emotion import exports, notes, view
from hybridcore.emotion.crops import SIDE
from hybridcore.emotion.face_runtime import FaceRuntime
from hybridcore.emotion.face_track import COVERED
from hybridcore.emotion.learn.masked_draw import distracted, masked
from hybridcore.emotion.masked import Masked
from hybridcore.emotion.predict import _person
from hybridcore.emotion.result import EmotionResult
from hybridcore.emotion.system import SYSTEM
from hybridcore.emotion.view import SAID
from hybridcore.media import Clip
from hybridcore.system import Answer
from hybridcore.text import write_csv, write_json
from tests.emotion.made_up import mesh, track
from tests.emotion.test_emotion import by_hand, sure_of

FACE = 192  # px
NOT_SURE = SAID.index("not sure")


def drawn_face(skin: int) -> tuple[np.ndarray, np.ndarray]:
    """A face and its mesh: an oval with eyes, brows, a nose and a mouth."""
    picture = np.full((FACE, FACE, 3), 90, np.uint8)
    points = mesh(size=160, centre=(96, 96))
    from hybridcore.people.points import FACE_OUTLINES
    angle = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    oval = np.column_stack([96 + 66 * np.sin(angle), 96 - 84 * np.cos(angle)])
    points[list(FACE_OUTLINES["face"])] = oval
    angle = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    points[list(FACE_OUTLINES["lips"])] = np.column_stack(
        [96 - 24 * np.cos(angle), 140 + 9 * np.sin(angle)])
    points[[6, 4, 2, 17]] = [[96, 78], [96, 112], [96, 118], [96, 150]]
    points[[50, 280]] = [[62, 112], [130, 112]]
    points[[33, 263]] = [[56, 76], [136, 76]]
    colour = (skin, int(0.82 * skin), int(0.7 * skin))
    cv2.fillPoly(picture, [oval.astype(np.int32)], colour, cv2.LINE_AA)
    for x in (70, 122):
        cv2.ellipse(picture, (x, 78), (13, 6), 0, 0, 360, (245, 245, 245), -1, cv2.LINE_AA)
        cv2.circle(picture, (x, 78), 5, (30, 20, 20), -1, cv2.LINE_AA)
        cv2.ellipse(picture, (x, 66), (17, 6), 0, 190, 350, (40, 30, 25), 4, cv2.LINE_AA)
    cv2.line(picture, (96, 84), (90, 112), [int(0.75 * c) for c in colour], 3, cv2.LINE_AA)
    cv2.ellipse(picture, (96, 114), (12, 5), 0, 0, 180, [int(0.55 * c) for c in colour], 3,
                cv2.LINE_AA)
    cv2.ellipse(picture, (96, 140), (24, 8), 0, 0, 360, (150, 60, 60), -1, cv2.LINE_AA)
    cv2.line(picture, (72, 140), (120, 140), (70, 25, 25), 2, cv2.LINE_AA)
    return cv2.GaussianBlur(picture, (0, 0), 1.2), points


def grey(picture: np.ndarray) -> np.ndarray:
    return cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (SIDE, SIDE),
                      interpolation=cv2.INTER_AREA)


@cache
def networks() -> tuple[FaceRuntime, Masked]:
    return FaceRuntime.load(), Masked.load()


def p_of(*pictures: np.ndarray) -> np.ndarray:
    cnn, head = networks()
    return head.p(cnn.look(np.stack([grey(one) for one in pictures])).grid)


@pytest.mark.parametrize("skin", [110, 160, 215])
def test_a_mask_is_noticed_and_its_absence_too(skin: int) -> None:
    picture, points = drawn_face(skin)
    rng = np.random.default_rng(0)
    over = p_of(*[masked(picture, points, rng) for _ in range(30)])
    free = p_of(picture, *[distracted(picture, points, rng) for _ in range(30)])
    assert free[0] < 0.5
    assert (over > 0.5).mean() > 0.8
    assert (free > 0.5).mean() < 0.2


def test_what_is_drawn_covers_the_mouth_or_leaves_it() -> None:
    picture, points = drawn_face(200)
    rng = np.random.default_rng(1)
    mouth, tip = ((slice(top, top + 8), slice(84, 108)) for top in (136, 112))
    changes = []
    for _ in range(40):
        over = masked(picture, points, rng).astype(int)
        assert np.abs(over - picture)[mouth].mean() > 8
        assert np.abs(over - picture)[tip].mean() > 3
        beside = distracted(picture, points, rng).astype(int)
        changes.append(np.abs(beside - picture)[mouth].mean())
    assert np.median(changes) < 3  # at the lips, which beards and hands leave free


def test_a_track_is_doubted_while_it_is_covered() -> None:
    times = np.arange(75) / 25
    covered = np.where((times > 1) & (times < 2), 0.95, 0.05).astype(np.float32)
    covered[5] = 0.99  # a single frame says nothing
    seen = track(np.stack([mesh()] * 75), times, sure_to_be_happy(75), covered=covered)
    doubted = seen.doubts[COVERED]
    assert doubted[30:46].all()
    assert not doubted[:20].any()
    assert not doubted[55:].any()
    assert seen.unsure[30:46].all()
    person = _person(seen, (400, 300))
    assert (person.covered == doubted).all()
    assert np.isnan(person.log_p["face"][doubted]).all()
    assert np.isfinite(person.log_p["face"][:20]).all()


def sure_to_be_happy(count: int) -> np.ndarray:
    return np.exp(sure_of("happy", 0.9, count))


def result_of(voice: bool, share: float = 1.0) -> EmotionResult:
    covered = np.arange(10) < 10 * share
    said = {"face": sure_of("happy", 0.9, 10)}
    said["face"][covered] = np.nan
    if voice:
        said["voice"] = sure_of("angry", 0.9, 10)
    return by_hand(said, covered=covered, face=1.0, voice=1.0)


def test_a_covered_face_is_not_sure_and_the_voice_goes_on() -> None:
    alone = result_of(False)
    assert alone.headline() == "Person 1: not sure"
    assert alone.said(0, "face")[0].tolist() == [NOT_SURE] * 10
    assert alone.said(0, "fused")[1].tolist() == [0.0] * 10
    assert view.cues(alone, 0) == [(0, pytest.approx(0.8), "not sure")]
    both = result_of(True)
    assert both.headline() == "Person 1: angry (90.0 %)"
    assert both.said(0, "face")[0].tolist() == [NOT_SURE] * 10
    assert (both.said(0, "fused")[0] == SAID.index("angry")).all()
    part = result_of(False, 0.4)
    assert part.headline() == "Person 1: happy (90.0 %)"
    assert part.said(0, "fused")[0].tolist() == [NOT_SURE] * 4 + [SAID.index("happy")] * 6


def test_it_is_said_in_words() -> None:
    assert notes.covered(result_of(False)) == [
        "Person 1's mouth and nose look covered: what the face shows cannot be told."]
    assert notes.covered(result_of(False, 0.4)) == [
        "Person 1's mouth and nose look covered for 40 % of the time: what the face shows cannot "
        "be told."]
    assert notes.covered(result_of(False, 0)) == []


def test_exports_say_so(tmp_path: Path) -> None:
    clip = Clip.open(SYSTEM.samples[0].path(tmp_path))
    answer = Answer(SYSTEM, clip, "fused", result_of(False, 0.4), {}, None, None)
    assert "Person 1's mouth and nose look covered for 40 % of the time" in " ".join(answer.notes)
    write_csv(answer, tmp_path / "a.csv")
    rows = list(csv.DictReader((tmp_path / "a.csv").open(encoding="utf-8")))
    hidden = [row for row in rows if row["covered"] == "1"]
    assert len(hidden) == 8  # four times, the face and all together
    assert {row["emotion"] for row in hidden} == {"not sure"}
    assert {row["probability"] + row["happy"] + row["valence"] for row in hidden} == {""}
    assert all(row["emotion"] == "happy" for row in rows if row["covered"] == "0")
    write_json(answer, tmp_path / "a.json")
    told = json.loads((tmp_path / "a.json").read_text())
    assert told["people"][0]["covered_share"] == 0.4
    exports.write_vtt(answer, tmp_path / "a.vtt")
    text = (tmp_path / "a.vtt").read_text()
    assert "Person 1: not sure" in text
    assert "NOTE Person 1's mouth and nose look covered" in text
