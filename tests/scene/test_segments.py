"""Cuts and segments on signals made by hand."""

import itertools

import numpy as np

from hybridcore.scene.segments import decode_labels, find_cuts, find_segments, peaks


def probabilities(labels: list[int], confidence: float = 0.7, classes: int = 3) -> np.ndarray:
    p = np.full((len(labels), classes), (1 - confidence) / (classes - 1), np.float32)
    p[np.arange(len(labels)), labels] = confidence
    return p


def test_a_flicker_is_not_a_segment() -> None:
    labels = [0] * 30 + [1] * 2 + [0] * 30 + [2] * 40
    times = np.arange(102) / 25
    segments = find_segments(probabilities(labels), times, np.empty(0, int), 102 / 25)
    assert [s.label for s in segments] == [0, 2]
    assert segments[0].end == segments[1].start == times[62]
    assert segments[1].end == 102 / 25
    assert (segments[0].first, segments[0].last) == (0, 61)


def test_a_cut_ends_a_segment_and_makes_a_change_free() -> None:
    labels = [0] * 20 + [1] * 4
    times = np.arange(24) / 25
    segments = find_segments(probabilities(labels), times, np.array([20]), 24 / 25)
    assert [(s.first, s.last, s.label) for s in segments] == [(0, 19, 0), (20, 23, 1)]
    without = find_segments(probabilities(labels), times, np.empty(0, int), 24 / 25)
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
    (segment,) = find_segments(p, times, find_cuts(np.array([0.0]), times), 0.04)
    assert (segment.start, segment.end, segment.label) == (0.0, 0.04, 1)
