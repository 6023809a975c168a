"""Who walks on the spot is one walker at most, and a clock that runs on top of a film is nobody."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from hybridcore.gait import notes
from hybridcore.media import Clip
from tests.conftest import write_clip
from tests.gait.conftest import Running
from tests.gait.walkers import RATE, Actor, film

CASES = Path(__file__).parents[2] / "../shared/cases"
OTHER = Actor(start=20, speed=45, tall=84, ground=170, colour=(40, 60, 150))


@pytest.mark.parametrize("options", [
    {}, {"tall": 150, "ground": 172}, {"tall": 60}, {"step": 0.36}, {"step": 0.7},
])
def test_a_treadmill(
    options: dict[str, float], run: Running, filmed: Callable[..., Clip]
) -> None:
    (walk,) = run(filmed([Actor(start=160, speed=0, **options)], 6.0)).walks
    assert notes.IN_PLACE in walk.notes
    assert notes.MERGED not in walk.notes
    assert walk.rhythm.cadence is None
    assert walk.identity is None
    left, _, wide, tall = np.median(walk.boxes, axis=0)
    assert left < 0.5 < left + wide
    assert tall * 180 > 0.3 * options.get("tall", 90)


def test_somebody_walks_past_a_treadmill(
    run: Running, filmed: Callable[..., Clip]
) -> None:
    walks = run(filmed([Actor(start=160, speed=0), OTHER], 6.0)).walks
    assert len(walks) == 2
    (moving,) = (walk for walk in walks if notes.IN_PLACE not in walk.notes)
    assert moving.rhythm.cadence == pytest.approx(120, abs=4)
    assert moving.identity is not None


def test_a_screen_that_shows_noise_is_nobody(
    run: Running, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    frames = film([], 4.0)
    for frame in frames:
        patch = rng.integers(0, 256, (6, 3, 3), np.uint8)
        frame[60:140, 100:140] = cv2.resize(patch, (40, 80), interpolation=cv2.INTER_NEAREST)
    result = run(Clip.open(write_clip(tmp_path / "in.mp4", frames, RATE)))
    assert not any(walk.identities for walk in result.walks)
    assert result.notes == (notes.NOBODY,)


@pytest.mark.parametrize(("text", "place", "scale", "thick", "colour"), [
    ("10:00:{s:02d}.{c:02d}", (5, 30), 1.0, 2, (255, 255, 255)),
    ("10:00:{s:02d}", (5, 36), 1.2, 3, (255, 255, 255)),
    ("frame {k:05d}", (100, 28), 0.9, 2, (255, 255, 0)),
    ("{s:02d}:{c:02d}", (200, 34), 1.0, 3, (0, 0, 0)),
    ("10:00:{s:02d}.{c:02d}", (80, 178), 0.8, 2, (255, 255, 255)),
])
@pytest.mark.parametrize("walker", [True, False])
def test_a_running_clock(
    walker: bool, text: str, place: tuple[int, int], scale: float, thick: int,
    colour: tuple[int, int, int], run: Running, tmp_path: Path,
) -> None:
    frames = film([Actor()] if walker else [], 4.0)
    for k, frame in enumerate(frames):
        words = text.format(s=int(k / RATE), c=int(k / RATE * 100) % 100, k=k)
        cv2.putText(frame, words, place, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, thick,
                    cv2.LINE_AA)
    walks = run(Clip.open(write_clip(tmp_path / "in.mp4", frames, RATE))).walks
    assert len(walks) == int(walker)
    for walk in walks:
        assert walk.rhythm.cadence == pytest.approx(120, abs=4)


@pytest.mark.parametrize("name", ["treadmill", "cctv"])
def test_films_that_were_read_wrongly(name: str, run: Running) -> None:
    path = CASES / f"{name}.mp4"
    if not path.is_file():
        pytest.skip("the collection of cases is not here")
    (walk,) = run(Clip.open(path)).walks
    assert (notes.IN_PLACE in walk.notes) == (name == "treadmill")
    assert (walk.rhythm.cadence is None) == (name == "treadmill")
