"""Connectionist temporal classification: labels without saying when.

Graves, Fernandez, Gomez & Schmidhuber, *Connectionist Temporal Classification*, ICML 2006: a
network says at every step a label or a blank; a path becomes a sequence of labels when repeats are
joined and blanks left out. What is trained is the sum over all paths (``torch.nn.CTCLoss``). Here
is how a sequence is read off, as the likeliest path or by prefix search with a beam (Graves 2012,
as in Hannun, *Sequence Modeling with CTC*, Distill 2017), and the lattice that the loss sums over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

BLANK = 0


def best_path(log_p: np.ndarray) -> tuple[list[int], list[int]]:
    """The labels of the likeliest path through ``log_p [T, 1 + L]``, whose column 0 is the blank,
    and the step at which each begins."""
    path = log_p.argmax(1)
    starts = [t for t, label in enumerate(path)
              if label != BLANK and (t == 0 or path[t - 1] != label)]
    return [int(path[t]) for t in starts], starts


def prefix_beam(log_p: np.ndarray, width: int = 8) -> list[tuple[list[int], float]]:
    """The likeliest label sequences, each summed over its paths as far as the beam holds them:
    ``[(labels, log probability)]``, the best first, at most ``width``."""
    # For each prefix: of the paths that end in a blank, and of those that end in its last label.
    beam: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, -np.inf)}
    for row in log_p:
        following: dict[tuple[int, ...], list[float]] = defaultdict(lambda: [-np.inf, -np.inf])

        def add(
            prefix: tuple[int, ...], ends_in_label: bool, value: float,
            into: dict[tuple[int, ...], list[float]] = following,
        ) -> None:
            into[prefix][ends_in_label] = np.logaddexp(into[prefix][ends_in_label], value)

        for prefix, (blank, label) in beam.items():
            both = np.logaddexp(blank, label)
            add(prefix, False, both + row[BLANK])
            if prefix:
                add(prefix, True, label + row[prefix[-1]])
            for new in range(1, len(row)):
                # The same label twice in a row needs a blank between.
                before = blank if prefix and new == prefix[-1] else both
                add((*prefix, new), True, before + row[new])
        ranked = sorted(
            following.items(), key=lambda entry: -np.logaddexp(entry[1][0], entry[1][1]))
        beam = {prefix: (values[0], values[1]) for prefix, values in ranked[:width]}
    return [(list(prefix), float(np.logaddexp(*values))) for prefix, values in beam.items()]


def forward_lattice(log_p: np.ndarray, labels: Sequence[int]) -> np.ndarray:
    """``alpha [T, 2 L + 1]`` (equation 6): log probability of all paths that have said the labels
    up to there, with a blank before, between and after them."""
    states = np.full(2 * len(labels) + 1, BLANK)
    states[1::2] = labels
    alpha = np.full((len(log_p), len(states)), -np.inf)
    alpha[0, :2] = log_p[0, states[:2]]
    for t in range(1, len(log_p)):
        for s, state in enumerate(states):
            before = [alpha[t - 1, s]]
            if s:
                before.append(alpha[t - 1, s - 1])
            if s > 1 and state != BLANK and state != states[s - 2]:
                before.append(alpha[t - 1, s - 2])
            alpha[t, s] = np.logaddexp.reduce(before) + log_p[t, state]
    return alpha
