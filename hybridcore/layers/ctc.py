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


def prefix_beam(
    log_p: np.ndarray, width: int = 8, *, least: float = -np.inf
) -> list[tuple[list[int], float]]:
    """The likeliest label sequences, each summed over its paths as far as the beam holds them:
    ``[(labels, log probability)]``, the best first, at most ``width``.

    least: labels whose log probability at a step is below it are not begun there.
    """
    # For each prefix: of the paths that end in a blank, and of those that end in its last label.
    beam: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, -np.inf)}
    for row in log_p:
        begun = [label for label in range(1, len(row)) if row[label] > least]
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
            for new in begun:
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
    states = lattice_states(labels)
    # The same label twice in a row needs the blank between.
    skips = np.full(len(states), -np.inf)
    skips[3::2][states[3::2] != states[1:-2:2]] = 0.0
    alpha = np.full((len(log_p), len(states)), -np.inf)
    alpha[0, :2] = log_p[0, states[:2]]
    for t in range(1, len(log_p)):
        before = alpha[t - 1].copy()
        before[1:] = np.logaddexp(before[1:], alpha[t - 1, :-1])
        before[2:] = np.logaddexp(before[2:], alpha[t - 1, :-2] + skips[2:])
        alpha[t] = before + log_p[t, states]
    return alpha


def lattice_states(labels: Sequence[int]) -> np.ndarray:
    """The labels with a blank before, between and after them, int ``[2 L + 1]``."""
    states = np.full(2 * len(labels) + 1, BLANK)
    states[1::2] = labels
    return states


def occupancy(log_p: np.ndarray, labels: Sequence[int]) -> tuple[np.ndarray, float]:
    """How likely the paths that say the labels are in each state at each step (equation 14: the
    product of what leads there and what follows), ``[T, 2 L + 1]`` in 0..1, rows of sum 1; and the
    log probability of all these paths."""
    alpha = forward_lattice(log_p, labels)
    beta = forward_lattice(log_p[::-1], labels[::-1])[::-1, ::-1]
    total = float(np.logaddexp.reduce(alpha[-1, -2:]))
    # Both count the step itself.
    shares: np.ndarray = np.exp(alpha + beta - log_p[:, lattice_states(labels)] - total)
    return shares, total
