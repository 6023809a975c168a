"""The sample recordings of spoken digits: ``python -m tools.digits.samples --out FOLDER``.

Nobody said them: :mod:`hybridcore.digits.learn.voice` made them.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hybridcore.digits.learn.voice import RATE, WORDS, Voice, say, speak
from hybridcore.media import write_sound

LOW = Voice(pitch=108, tract=1.0, pace=1.15)
HIGH = Voice(pitch=205, tract=1.15, pace=1.1, breath=0.03)
_LEAD = 0.3  # s before and after


@dataclass(frozen=True)
class Recipe:
    """What is said: digits; None: made words. gap: s between two. noise: level of hiss, relative to
    the voice, that comes and goes."""

    seed: int
    voice: Voice
    digits: tuple[int, ...] | None
    gap: float = 0.12
    noise: float = 0.0


RECIPES = {  # by name of the sample
    "digits-number": Recipe(1, LOW, (5, 5, 5, 0, 1, 7, 3)),
    "digits-noise": Recipe(4, HIGH, (8, 6, 7, 5, 3, 0, 9), noise=0.6),
    "digits-words": Recipe(9, LOW, None, gap=0.2),
}


def render(recipe: Recipe) -> np.ndarray:
    """The sound of a sample, float32 ``[n]`` at 16 kHz."""
    rng = np.random.default_rng(recipe.seed)
    silence = np.zeros(round(_LEAD * RATE), np.float32)
    parts = [silence]
    for word in recipe.digits or range(4):
        if recipe.digits is None:
            sounds = [one for own in WORDS for one in own]
            chosen = [sounds[k] for k in rng.integers(0, len(sounds), 6)]
            parts.append(speak(chosen, recipe.voice, rng))
        else:
            parts.append(say(word, recipe.voice, rng))
        parts.append(np.zeros(round(recipe.gap * RATE), np.float32))
    sound = np.concatenate([*parts, silence])
    swell = np.sin(np.pi * np.linspace(0, 1, len(sound))) ** 4
    noise = recipe.noise * swell * rng.normal(size=len(sound)) * sound.std()
    mixed = sound + noise
    return (0.7 * mixed / np.abs(mixed).max()).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the recordings of spoken digits.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the recordings")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    for name, recipe in RECIPES.items():
        write_sound(folder / f"{name}.flac", render(recipe), RATE)


if __name__ == "__main__":
    main()
