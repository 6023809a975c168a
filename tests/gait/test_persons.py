"""Silhouettes from the masks of people: who walks on the spot, stands, or is cut off."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from hybridcore.cards import ASSETS
from hybridcore.gait.persons import watch_people
from hybridcore.gait.predict import GaitRecogniser
from hybridcore.gait.result import GaitResult
from hybridcore.media import Clip
from tests.conftest import write_clip

SAMPLE = ASSETS / "samples" / "gait-one.mp4"
HALF = 110  # px on either side of the walker
FIRST, LAST = 62, 137


@pytest.fixture(scope="module")
def treadmills(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The walker of the sample on two treadmills side by side, filmed by a camera that shakes and
    turns; beside them runs a clock a quarter of the picture high."""
    (walker,) = json.loads(SAMPLE.with_suffix(".json").read_text())["walkers"]
    boxes = np.array([box or [0] * 4 for box in walker["boxes"]], float)
    middle = np.convolve(boxes[:, [0, 2]].mean(1), np.ones(29) / 29, "same").astype(int)
    clip = Clip.open(SAMPLE)
    frames = np.concatenate([part.frames for part in clip.chunks()])
    rng = np.random.default_rng(0)
    film = []
    for k in range(FIRST, LAST):
        walks = frames[k][:, middle[k] - HALF : middle[k] + HALF]
        clock = np.full((len(walks), 200, 3), 140, np.uint8)
        cv2.putText(clock, f"{k:03d}", (15, 200), cv2.FONT_HERSHEY_SIMPLEX, 3.2, (255,) * 3, 8)
        picture = np.concatenate([walks, walks[:, ::-1], clock], 1)
        film.append(np.roll(picture, (rng.integers(-3, 4), (k - FIRST) // 3), (0, 1)))
    return write_clip(tmp_path_factory.mktemp("treadmills") / "in.mp4", np.stack(film))


@pytest.fixture(scope="module")
def result(recogniser: GaitRecogniser, treadmills: Path) -> GaitResult:
    return recogniser.run(Clip.open(treadmills))


def test_two_treadmills_are_two_walkers_and_a_clock_is_nobody(result: GaitResult) -> None:
    assert result.method == "people"
    assert len(result.walks) == 2
    for walk in result.walks:
        assert walk.rhythm.cadence == pytest.approx(104, abs=5)
        assert len(walk.rhythm.cycles) >= 1
        assert walk.identity is not None
        assert walk.notes == ()
    left, right = sorted(np.median(walk.boxes[:, 0]) for walk in result.walks)
    assert left < 1 / 3 < right < 2 / 3


def test_outlines_have_the_height_of_the_walker(result: GaitResult) -> None:
    for walk in result.walks:
        assert np.median(walk.boxes[:, 3]) * 360 == pytest.approx(170, abs=10)
        energy = walk.energy
        assert energy is not None
        assert energy[:10].max() > 0.8  # a head
        assert energy[-16:].max() < 0.9  # legs that are now here, now there


class Looking:
    """Somebody who looks at what is known so far."""

    def __init__(self) -> None:
        self.counts: list[int] = []

    def __call__(self, done: int, total: int) -> None:
        assert done <= total == LAST - FIRST

    def offer(self, make: Callable[[], Any]) -> None:
        self.counts.append(len(make().tracks))


def test_who_is_there_is_known_from_the_first_chunk_on(treadmills: Path) -> None:
    looking = Looking()
    watch_people(Clip.open(treadmills), looking, chunk=25)
    assert looking.counts == [2, 2, 2]
