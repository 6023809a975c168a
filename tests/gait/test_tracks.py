"""Following: who is who after two people were one blob, by their motion and by their colours."""

import numpy as np
import pytest

from hybridcore.gait.clean import Person
from hybridcore.gait.tracks import Track, Tracker

RED, BLUE, BOTH = (180, 40, 40), (40, 40, 180), (110, 40, 110)
STEP = 0.04  # s


def person(x: float, colour: tuple[int, int, int], width: int = 30) -> Person:
    """Somebody 80 px tall around column ``x``."""
    return Person(
        round(x) - width // 2, 20, width, 80, round(x), np.zeros((64, 44), np.uint8),
        np.ones(width, bool), np.tile(np.array(colour, np.float32), (4, 1)))


def followed(frames: list[list[Person]]) -> list[Track]:
    tracker = Tracker()
    for k, people in enumerate(frames):
        tracker.step(people, k, k * STEP)
    return tracker.tracks


@pytest.mark.parametrize("turn", [False, True])
def test_people_who_meet_are_known_again_by_their_colours(turn: bool) -> None:
    """Either they pass each other, or each turns round: their places are the same."""
    frames = []
    for k in range(60):
        near = abs(k - 30) * 4 + 2  # px from where they meet
        if near < 14:
            frames.append([person(160, BOTH, width=44)])
            continue
        left, right = (RED, BLUE) if k < 30 or turn else (BLUE, RED)
        frames.append([person(160 - near, left), person(160 + near, right)])
    tracks = [track for track in followed(frames) if len(track.frames) > 30]
    assert len(tracks) == 2
    for track, own in zip(tracks, (RED, BLUE), strict=True):
        colours = {tuple(p.colours[0].astype(int).tolist()) for p in track.persons}
        assert colours - {BOTH} == {own}
        assert track.merged


def test_somebody_who_is_gone_for_a_moment_is_the_same_one() -> None:
    frames = [[person(20 + 3 * k, RED)] if not 20 <= k < 28 else [] for k in range(50)]
    (track,) = followed(frames)
    assert track.frames == [k for k in range(50) if not 20 <= k < 28]


def test_specks_that_do_not_last_are_nobody() -> None:
    frames = [[person(20 + 3 * k, RED), *([person(250, BLUE)] if k < 3 else [])]
              for k in range(30)]
    (track,) = followed(frames)
    assert len(track.frames) == 30
