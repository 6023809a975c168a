"""Features that hold two labels: one by what is seen, two by how it changes."""

from __future__ import annotations

import numpy as np

from hybridcore.teach.features import Features
from hybridcore.teach.fit import Lesson
from hybridcore.teach.marks import Mark

STEP = 0.1
LABELS = ("falling", "rising", "still")


def made_up(seed: int, stretches: int = 12, length: int = 20) -> Lesson:
    """``rising`` and ``falling`` go through the same values, so that one step does not tell them
    apart; ``still`` is another value."""
    rng = np.random.default_rng(seed)
    rows, marks = [], []
    for k in range(stretches):
        label = LABELS[k % 3]
        course = np.linspace(-1, 1, length)
        signal = {"rising": course, "falling": -course, "still": np.full(length, 3.0)}[label]
        rows.append(np.stack([signal, np.full(length, 1.0 * (label == "still"))], 1))
        marks.append(Mark(k * length * STEP, (k + 1) * length * STEP, label))
    plain = np.concatenate(rows) @ rng.normal(size=(2, 6))
    values = np.concatenate([plain, rng.normal(size=(len(plain), 4))], 1)
    values += 0.05 * rng.normal(size=values.shape)
    times = np.arange(len(values)) * STEP
    return Lesson(
        Features(times, values.astype(np.float32), {"seen": 6, "noise": 4}, len(values) * STEP),
        tuple(marks))
