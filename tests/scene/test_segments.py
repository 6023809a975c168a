"""Cuts and segments on signals made by hand."""

import itertools
from collections.abc import Sequence

import numpy as np

from hybridcore.scene.families import FAMILIES
from hybridcore.scene.labels import NOT_SURE, names
from hybridcore.scene.segments import Segment, decode_labels, find_cuts, find_segments, peaks


def probabilities(labels: list[int], confidence: float = 0.7) -> np.ndarray:
    """``[T, 100]``: one of the first three scenes at every frame, the other two less likely."""
    p = np.full((len(labels), 100), 1e-6, np.float32)
    p[:, :3] = (1 - confidence) / 2
    p[np.arange(len(labels)), labels] = confidence
    return p


def segments_of(
    p: np.ndarray, times: np.ndarray, cuts: Sequence[int] | np.ndarray, duration: float,
    threshold: float = 0.5,
) -> list[Segment]:
    """Segments of frames whose scene is surely a known one."""
    return find_segments(
        p, np.ones(len(p)), times, np.array(cuts, int), duration, threshold)


def test_a_flicker_is_not_a_segment() -> None:
    labels = [0] * 30 + [1] * 2 + [0] * 30 + [2] * 40
    times = np.arange(102) / 25
    segments = segments_of(probabilities(labels), times, [], 102 / 25)
    assert [s.label for s in segments] == [0, 2]
    assert segments[0].end == segments[1].start == times[62]
    assert segments[1].end == 102 / 25
    assert (segments[0].first, segments[0].last) == (0, 61)


def test_a_cut_ends_a_segment_and_makes_a_change_free() -> None:
    labels = [0] * 20 + [1] * 4
    times = np.arange(24) / 25
    segments = segments_of(probabilities(labels), times, [20], 24 / 25)
    assert [(s.first, s.last, s.label) for s in segments] == [(0, 19, 0), (20, 23, 1)]
    without = segments_of(probabilities(labels), times, [], 24 / 25)
    assert [s.label for s in without] == [0]


def test_viterbi_is_the_best_path() -> None:
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(3), 7)
    found = decode_labels(p, np.array([4]), 1.3)

    def score(path: tuple[int, ...]) -> float:
        steps = enumerate(itertools.pairwise(path), 1)
        changes = sum(a != b and t != 4 for t, (a, b) in steps)
        return sum(np.log(p[t, y]) for t, y in enumerate(path)) - 1.3 * changes

    best = max(np.ndindex(*[3] * 7), key=score)
    assert score(tuple(found)) == score(best)


def test_peaks_keep_their_distance() -> None:
    signal = np.zeros(40)
    signal[[5, 7, 20]] = [0.9, 0.8, 0.6]
    assert peaks(signal, 0.5, 3).tolist() == [5, 20]
    assert peaks(signal, 0.7, 1).tolist() == [5, 7]


def test_one_frame_is_one_segment() -> None:
    p = probabilities([1])
    times = np.zeros(1)
    assert find_cuts(np.array([0.9]), times).size == 0
    (segment,) = segments_of(p, times, find_cuts(np.array([0.0]), times), 0.04)
    assert (segment.start, segment.end, segment.label) == (0.0, 0.04, 1)


def spread(scenes: tuple[int, ...], share: float, frames: int) -> np.ndarray:
    """``[frames, 100]``: the scenes share ``share`` alike, the others the rest."""
    p = np.full((frames, 100), (1 - share) / (100 - len(scenes)), np.float32)
    p[:, list(scenes)] = share / len(scenes)
    return p


def test_neighbours_of_which_the_same_is_said_are_one() -> None:
    """Two shops that follow each other are a shop, two unlikely scenes are not sure."""
    shops = [names().index(name) for name in sorted(next(iter(FAMILIES.values())))[:3]]
    first, second, third = shops
    p = np.concatenate([spread((first, third), 0.8, 50), spread((second, third), 0.8, 50),
                        spread((7,), 0.2, 50), spread((30,), 0.2, 50)])
    segments = segments_of(p, np.arange(200) / 25, [], 8.0, 0.7)
    assert [(s.first, s.last, names()[s.label]) for s in segments] == [
        (0, 99, "shop"), (100, 199, NOT_SURE)]
    assert segments[0].scene == third
    assert segments[0].probability > 0.79
    assert segments[1].probability < 0.21
    cut = segments_of(p, np.arange(200) / 25, [150], 8.0, 0.7)
    assert [(s.first, names()[s.label]) for s in cut][1:] == [(100, NOT_SURE), (150, NOT_SURE)]
    assert [s.scene for s in cut][1:] == [7, 30]
