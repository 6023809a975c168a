"""Calibration on frames made by hand, and the clips that were labelled by eye."""

from dataclasses import replace

import numpy as np
import pytest

from hybridcore.encoder.labels import scene_names
from hybridcore.scene.calibration import calibrate
from hybridcore.scene.families import FAMILIES
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.labels import NONE, levels, names, said
from hybridcore.scene.learn.calibrate import (
    Frames,
    Said,
    calibration_error,
    fit_known,
    fit_temperature,
    measure,
    reliability,
)
from hybridcore.scene.learn.real_clips import calibration_places, read_clips


def made_up(count: int = 4000) -> tuple[Frames, np.ndarray]:
    """Frames that name one of the first two scenes and are right as often as they say, and their
    probabilities; a temperature of 0.5 made those of the frames too sure."""
    rng = np.random.default_rng(0)
    p = rng.uniform(0.5, 0.95, count)
    honest = np.full((count, 100), 1e-9)
    honest[:, 0], honest[:, 1] = p, 1 - p
    right = np.zeros((count, len(names())), bool)
    right[np.arange(count), np.where(rng.random(count) < p, 0, 1)] = True
    return Frames(calibrate(honest, 0.5), np.zeros(count), right, np.full(count, 1 / 40),
                  np.arange(count) // 100, np.arange(count) // 50), honest


def test_the_temperature_that_made_it_too_sure_is_found() -> None:
    frames, honest = made_up()
    assert fit_temperature(frames, np.ones(len(honest))) == pytest.approx(2, abs=0.15)
    hits = frames.hits(frames.probabilities.argmax(1))
    before = calibration_error(frames.probabilities.max(1), hits, frames.weights)
    after = calibration_error(honest.max(1), hits, frames.weights)
    assert after < 0.03 < 0.1 < before


def test_known_scenes_are_told_as_often_as_they_are() -> None:
    frames, _ = made_up()
    rng = np.random.default_rng(1)
    place = rng.normal(0, 2, 4000)
    none = rng.random(4000) > 1 / (1 + np.exp(-(1 + 0.5 * place)))
    frames.right[none] = False
    fit = fit_known(replace(frames, place=place))
    assert fit["bias"] == pytest.approx(1, abs=0.2)
    assert fit["scale"] == pytest.approx(0.5, abs=0.1)


def test_bins_hold_how_sure_and_how_right() -> None:
    sure = np.array([0.15, 0.15, 0.95, 0.95])
    low, high = reliability(sure, np.array([False, True, True, True]), np.array([1, 3, 2, 2]))
    assert low == pytest.approx(
        {"from": 0.1, "to": 0.2, "share": 0.5, "probability": 0.15, "right": 0.75})
    assert high["right"] == 1
    error = calibration_error(sure, np.array([False, True, True, True]), np.array([1, 3, 2, 2]))
    assert error == pytest.approx(0.5 * 0.6 + 0.5 * 0.05)


def test_what_is_said_is_counted_by_level() -> None:
    frames, honest = made_up(80)
    known = np.full(80, 0.9)
    answer = Said(honest * 0.9, known, said(honest * 0.9, known, 0.6)[0])
    rows = {row["name"]: row["value"] for row in measure(frames, answer)}
    best = 0.9 * honest.max(1)
    assert rows["says a scene"] == pytest.approx(100 * (best >= 0.6).mean(), abs=0.01)
    named = sum(rows[f"says {what}"] for what in (
        "a scene or family", "none that it knows", "a group", "not sure"))
    assert named == pytest.approx(100, abs=0.05)


def test_the_clips_are_labelled_in_words_that_are_known() -> None:
    clips = read_clips()
    assert len(clips) >= 50
    assert len({clip.place for clip in clips}) >= 32
    assert len({(clip.source, clip.file) for clip in clips}) == len(clips)
    for clip in clips:
        assert set(clip.scenes) <= set(scene_names())
        assert set(clip.families) <= set(FAMILIES)
        assert set(clip.groups) <= set(GROUPS)
        assert clip.accepted[names().index(NONE)] == (not clip.scenes)
        assert clip.accepted[levels() == 1].sum() >= bool(clip.scenes)


def test_halves_are_split_by_place() -> None:
    clips = read_clips()
    fitted = calibration_places(clips, 15)
    places = {clip.place for clip in clips}
    assert fitted < places
    assert abs(2 * len(fitted) - len(places)) <= 3
    assert fitted == calibration_places(clips[::-1], 15)
