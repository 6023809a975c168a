"""What the networks learn from: shuffles, made pairs, and parts that do not overlap."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from hybridcore.dna.learn.data import APART, LENGTH, LabelledSequences, made_pairs, shuffled
from hybridcore.dna.letters import BASES, one_hots, reverse_complement
from hybridcore.dna.targets import TARGETS


def text(window: np.ndarray) -> str:
    return "".join(np.array(list(BASES))[window.argmax(1)])


def test_a_shuffle_keeps_the_neighbours_and_both_ends() -> None:
    rng = np.random.default_rng(0)
    windows = one_hots(["".join(rng.choice(list("AACGT"), 101)) for _ in range(50)])
    for before, after in zip(map(text, windows), map(text, shuffled(windows, rng)), strict=True):
        assert before != after
        assert (before[0], before[-1]) == (after[0], after[-1])
        pairs = [Counter(pairwise(one)) for one in (before, after)]
        assert pairs[0] == pairs[1]


def test_what_has_one_order_only_stays_as_it_is() -> None:
    only = one_hots(["AAAACCCCGGGGTTTT"])
    np.testing.assert_array_equal(shuffled(only, np.random.default_rng(1)), only)


def test_made_pairs_are_told_by_distance_and_order_alone() -> None:
    pairs = made_pairs(200, np.random.default_rng(2), "learn")
    first, second = next(target.halves for target in TARGETS if target.key == "boxes")
    right = re.compile(f"{first}[ACGT]{{{APART[0]},{APART[1]}}}{second}")
    assert pairs.windows.shape == (200, LENGTH, 4)
    assert pairs.positive.sum() == 100
    for window, positive in zip(pairs.windows, pairs.positive, strict=True):
        letters = text(window)
        assert first in letters
        assert second in letters
        found = right.search(letters) or right.search(reverse_complement(letters))
        assert (found is not None) == positive


@pytest.mark.parametrize(("target", "groups"), [
    ("ctcf", [f"chr{k}" for k in (*range(1, 23), "X")]),
    ("tata", [*"12345", *(f"part {k}" for k in range(10))]),
])
def test_every_place_of_a_genome_is_in_one_part(target: str, groups: list[str]) -> None:
    whole = LabelledSequences(
        np.zeros((len(groups), 1, 4), np.uint8), np.zeros(len(groups), bool), np.array(groups),
        target)
    parts = {name: set(whole.part(name).groups) for name in ("learn", "choose", "judge")}
    assert all(parts.values())
    assert sum(map(len, parts.values())) == len(groups)
    assert set().union(*parts.values()) == set(groups)
