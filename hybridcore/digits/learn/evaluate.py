"""How many digits of strings are wrong: substituted, left out or too many; and how sure the network
was of those it heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from hybridcore.digits.heard import BEAM, digits_of, surely
from hybridcore.digits.learn.data import MOST, Recording, spoil, string
from hybridcore.digits.model import DigitNet
from hybridcore.layers.ctc import prefix_beam
from hybridcore.media.mel import log_mel
from hybridcore.training.metrics import share_row

STRINGS = 120  # of a speaker, of each condition
WRONG_SHARE = 0.02  # of the digits that are called sure, on other speakers
CONDITIONS = ("clean", "spoilt", "reversed")
_SPLIT = "{} speakers, each judged by a network that never heard him; strings of 1 to 7 digits"
Said = dict[str, Any]  # of a string: said, heard and beam, digits; sure, 0..1 of each one heard


def aligned(said: Sequence[int], heard: Sequence[int]) -> list[tuple[int | None, int | None]]:
    """Pairs of what was said and what was heard with the fewest errors (Levenshtein 1966); None:
    left out, or too many."""
    costs = np.zeros((len(said) + 1, len(heard) + 1), int)
    costs[:, 0], costs[0] = np.arange(len(said) + 1), np.arange(len(heard) + 1)
    for i, one in enumerate(said, 1):
        for j, other in enumerate(heard, 1):
            costs[i, j] = min(costs[i - 1, j - 1] + (one != other), costs[i - 1, j] + 1,
                              costs[i, j - 1] + 1)
    pairs: list[tuple[int | None, int | None]] = []
    i, j = len(said), len(heard)
    while i or j:
        if i and j and costs[i, j] == costs[i - 1, j - 1] + (said[i - 1] != heard[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((said[i], heard[j]))
        elif i and costs[i, j] == costs[i - 1, j] + 1:
            i -= 1
            pairs.append((said[i], None))
        else:
            j -= 1
            pairs.append((None, heard[j]))
    return pairs[::-1]


def distance(said: Sequence[int], heard: Sequence[int]) -> int:
    """The fewest labels to substitute, leave out or add."""
    return sum(one != other for one, other in aligned(said, heard))


@torch.inference_mode()
def strings_of(network: DigitNet, recordings: Sequence[Recording]) -> dict[str, list[Said]]:
    """Strings of a speaker as recorded, spoilt, and backwards, which is speech without digits."""
    rng = np.random.default_rng(7)
    found: dict[str, list[Said]] = {name: [] for name in CONDITIONS}
    for _ in range(STRINGS):
        chosen = [recordings[k] for k in rng.integers(0, len(recordings),
                                                      rng.integers(1, MOST + 1))]
        said = [int(recording.digit or 0) for recording in chosen]
        sound = string(chosen, rng)
        for name, heard in (("clean", sound), ("spoilt", spoil(sound, rng)),
                            ("reversed", sound[::-1])):
            log_p = network(torch.from_numpy(log_mel(heard))[None])[0].numpy()
            digits = digits_of(log_p)
            found[name].append({
                "said": [] if name == "reversed" else said, "length": len(said),
                "heard": [digit.digit for digit in digits],
                "sure": [round(digit.sure, 4) for digit in digits],
                "beam": [label - 1 for label in prefix_beam(log_p, BEAM)[0][0]]
                if name == "clean" else []})
    return found


def judged(strings: Sequence[Said]) -> tuple[np.ndarray, np.ndarray]:
    """How sure the network was of each digit heard, and whether that was right."""
    sure: list[float] = []
    right: list[bool] = []
    for one in strings:
        sure += one["sure"]
        right += [a == b for a, b in aligned(one["said"], one["heard"]) if b is not None]
    return np.array(sure), np.array(right, bool)


def cut_of(strings: Sequence[Said]) -> float:
    """From where on a digit is called sure: the lowest value above which at most `WRONG_SHARE` of
    the digits heard are wrong; 1 where there is none."""
    sure, right = judged(strings)
    order = np.argsort(-sure, kind="stable")
    wrong = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    values = sure[order]
    last = np.append(values[1:] < values[:-1], True)  # of those that are equally sure
    good = np.flatnonzero((wrong <= WRONG_SHARE) & last)
    return float(values[good[-1]]) if len(good) else 1.0


def rows_of(found: Mapping[str, Mapping[str, list[Said]]]) -> list[dict[str, Any]]:
    """Digit error rates, and what "sure" is worth, their intervals over speakers; the cut for each
    speaker is chosen on the others."""
    rows, split = [], _SPLIT.format(len(found))
    for name, condition, key in (
        ("digit error rate", "clean", "heard"),
        ("digit error rate, prefix search", "clean", "beam"),
        ("digit error rate, spoilt", "spoilt", "heard"),
    ):
        wrong, counts = (np.array(numbers) for numbers in zip(*(
            (sum(distance(one["said"], one[key]) for one in own[condition]),
             sum(len(one["said"]) for one in own[condition])) for own in found.values()),
            strict=True))
        row = {**share_row(name, split, wrong, counts),
               "speakers": {speaker: round(100 * a / b, 1)
                            for speaker, a, b in zip(found, wrong, counts, strict=True)}}
        rows.append({**row, "headline": True} if key == "heard" and condition == "clean" else row)
    return rows + _sure_rows(found)


def _sure_rows(found: Mapping[str, Mapping[str, list[Said]]]) -> list[dict[str, Any]]:
    sure_of_right, wrong_of_sure, backwards = [], [], []
    for speaker, own in found.items():
        cut = cut_of([one for other, theirs in found.items() if other != speaker
                      for one in theirs["clean"] + theirs["spoilt"]])
        strings = own["clean"] + own["spoilt"]
        right = judged(strings)[1]
        called = np.array([one for each in strings for one in surely(each["sure"], cut)], bool)
        sure_of_right.append((int(called[right].sum()), int(right.sum())))
        wrong_of_sure.append((int((~right[called]).sum()), int(called.sum())))
        false = sum(sum(surely(one["sure"], cut)) for one in own["reversed"])
        backwards.append((false, sum(one["length"] for one in own["reversed"])))
    split = f"{_SPLIT.format(len(found))}, clean and spoilt; the cut of each chosen on the others"
    return [
        share_row(name, where, *(np.array(numbers) for numbers in zip(*pairs, strict=True)))
        for name, where, pairs in (
            ("right digits that are called sure", split, sure_of_right),
            ("sure digits that are wrong", split, wrong_of_sure),
            ("sure digits heard in speech played backwards, of the digits in it", split,
             backwards))]
