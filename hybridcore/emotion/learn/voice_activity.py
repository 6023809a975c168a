"""Learn and measure who speaks and what is only noise or music; puts both into the card.

``--data FOLDER``: RAVDESS. ``--german FOLDER``: EmoDB. Speech is learned from two thirds of the
actors of RAVDESS, strung together with pauses, over noise; it is measured on the others and on
EmoDB. What is no speech is made (:mod:`~hybridcore.emotion.learn.other_sounds`), and each kind is
measured twice: sounds made anew of kinds that it
knows, and by a detector that never heard that kind.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hybridcore.cards import load_card, write_card
from hybridcore.emotion.activity import Activity, both, measures
from hybridcore.emotion.hearing import SPEECH
from hybridcore.emotion.learn.other_sounds import KINDS, made
from hybridcore.emotion.learn.voice_data import read
from hybridcore.emotion.spectrum import RATE, mel_power, periodicity
from hybridcore.emotion.voice import POOL
from hybridcore.training.metrics import share_row
from hybridcore.training.options import script_parser

logger = logging.getLogger(__name__)
SECONDS = 6.0  # of a strung sound
STRUNG, MADE = 3, 30  # sounds of an actor; of a kind
_RIDGE = 1.0
SPLIT = "voice activity"


def strung(paths: Sequence[Path], rng: np.random.Generator) -> np.ndarray:
    """Clips of one speaker with short pauses, over noise 10 to 45 dB below, at any loudness."""
    parts: list[np.ndarray] = []
    while sum(map(len, parts)) < SECONDS * RATE:
        clip = read(paths[int(rng.integers(len(paths)))])
        parts += [clip / (np.abs(clip).max() + 1e-6),
                  np.zeros(int(rng.uniform(0, 0.5) * RATE), np.float32)]
    sound = np.concatenate(parts)[: int(SECONDS * RATE)]
    noise = made(str(rng.choice(["hiss", "wind", "machine"])), SECONDS, rng)
    level = 10 ** (-rng.uniform(10, 45) / 20) * sound.std() / (noise.std() + 1e-9)
    mixed = sound + level * noise
    return (mixed / np.abs(mixed).max() * 10 ** rng.uniform(-2, 0)).astype(np.float32)


def speech_of(folder: Path, speaker: slice, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Measures of strung sounds by speaker; speaker: where his number stands in the file name."""
    by: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.wav")):
        by.setdefault(path.stem[speaker], []).append(path)
    return {name: np.concatenate([measured(strung(paths, rng)) for _ in range(STRUNG)])
            for name, paths in sorted(by.items())}


def measured(sound: np.ndarray) -> np.ndarray:
    """Measures of a sound at every step, ``[T, 10]``."""
    return measures(mel_power(sound), *periodicity(sound), sound)[::POOL]


def fitted(speech: np.ndarray, others: np.ndarray) -> Activity:
    """Logistic regression by Newton's method, both sides weighing alike."""
    x, y = np.concatenate([speech, others]), np.r_[np.ones(len(speech)), np.zeros(len(others))]
    weight = np.where(y == 1, 0.5 / len(speech), 0.5 / len(others)) * len(y)
    mean, scale = x.mean(0), x.std(0)
    z = np.c_[both(x, mean, scale), np.ones(len(x))]
    w = np.zeros(z.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-z @ w))
        slope = z.T @ (weight * (p - y)) + _RIDGE * w
        bend = (z * (weight * p * (1 - p))[:, None]).T @ z + _RIDGE * np.eye(len(w))
        w -= np.linalg.solve(bend, slope)
    return Activity(mean.round(5).tolist(), scale.round(5).tolist(), w[:-1].round(4).tolist(),
                    round(float(w[-1]), 4))


def main() -> None:
    parser = script_parser(__doc__, data="folder of the wavs of RAVDESS", seed=True)
    parser.add_argument("--german", type=Path, required=True, help="folder of the wavs of EmoDB")
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    english = speech_of(args.data, slice(-2, None), rng)
    german = speech_of(args.german, slice(0, 2), rng)
    others = {kind: [_kept(measured(made(kind, SECONDS, rng))) for _ in range(MADE)]
              for kind in KINDS}
    learned = np.concatenate([m for k, m in enumerate(english.values()) if k % 3])
    rows = []
    activity = fitted(learned, np.concatenate([m for own in others.values() for m in own]))
    for name, speakers in (("8 other actors of RAVDESS", list(english.values())[::3]),
                           ("10 speakers of EmoDB", list(german.values()))):
        rows.append(_row("speech that is not heard as such",
                         [activity.speech(m) < SPEECH for m in speakers],
                         f"{name}, strung together with pauses, noise 10 to 45 dB below"))
    for kind, sounds in others.items():
        anew = [_kept(measured(made(kind, SECONDS, rng))) for _ in range(MADE)]
        rows.append(_row(f"{kind} taken for speech", [activity.speech(m) >= SPEECH for m in anew],
                         f"{MADE} made sounds of {SECONDS:g} s of a kind that it knows"))
        unknown = fitted(learned, np.concatenate(
            [m for other, own in others.items() if other != kind for m in own]))
        rows.append(_row(f"{kind} taken for speech", [unknown.speech(m) >= SPEECH for m in sounds],
                         f"{MADE} made sounds of {SECONDS:g} s of a kind left out of learning"))
    card = load_card("emotion_voice")
    kept = [row for row in card["metrics"] if not row["split"].startswith(SPLIT)]
    write_card({**card, "metrics": kept + rows, "activity": vars(activity)})
    for row in rows:
        print(row["name"], row["value"], row["interval"], row["count"])


def _kept(values: np.ndarray) -> np.ndarray:
    """Without what is silent."""
    sounding: np.ndarray = values[np.isfinite(values).all(1)]
    return sounding


def _row(name: str, wrong: Sequence[np.ndarray], split: str) -> dict[str, Any]:
    return share_row(name, f"{SPLIT}: {split}", np.array([w.sum() for w in wrong]),
                     np.array([len(w) for w in wrong]))


if __name__ == "__main__":
    main()
