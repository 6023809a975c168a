"""Whether the frames that "Why this label, now?" names carried the label.

``python -m hybridcore.scene.learn.faithful --clips FOLDER --cache FOLDER [--write]`` takes every
video below a folder, asks each model for the likeliest scene of the last frame looked at, and
covers the five frames that gradient times input names, and five at random (20 draws). A covered
frame finds all scenes equally likely, and its free features are the clip's mean. A clip counts
where what is named lowers the probability at least twice as much as random frames do on average,
and lowers it at all. Intervals are by bootstrap over clips.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from hybridcore.cards import replace_metrics
from hybridcore.layers.influence import Reading, influence, left_out, probabilities
from hybridcore.media import kind_of
from hybridcore.scene.learn.real_clips import first_frames
from hybridcore.scene.model import KINDS, Kind
from hybridcore.scene.predict import SceneLabeller, load_model
from hybridcore.scene.why import scene_reading
from hybridcore.training.metrics import bootstrap, share_row

SPLIT = "named frames covered, real clips"
NAMED, DRAWS, TIMES = 5, 20, 2
_SHORTEST = 20  # frames of a clip, so that there are others to draw


def drops(reading: Reading, rng: np.random.Generator) -> tuple[float, float]:
    """How much the probability of the last step's label falls without the frames that are named,
    and without as many at random, on average."""
    step = len(reading) - 1
    p = probabilities(reading)[step]
    label = int(p.argmax())
    named = influence(reading, step, label).strongest(NAMED)
    draws = [rng.choice(step + 1, max(1, len(named)), replace=False) for _ in range(DRAWS)]
    fallen = p[label] - left_out(reading, step, label, [named, *draws])
    return float(fallen[0]), float(fallen[1:].mean())


def footage(folder: Path, cache: Path) -> Iterator[dict[str, np.ndarray]]:
    """What the models of every kind read of the first frames of every video below ``folder``,
    ``[T, D]`` by kind; kept in ``cache``."""
    labeller = None
    cache.mkdir(parents=True, exist_ok=True)
    for path in sorted(path for path in folder.rglob("*") if kind_of(path) == "video"):
        kept = cache / f"{path.relative_to(folder).as_posix().replace('/', '-')}.npz"
        if not kept.exists():
            labeller = labeller or SceneLabeller.load("cpu")
            tracks = first_frames(labeller, path).tracks
            arrays: dict[str, Any] = {kind: tracks[kind].inputs for kind in KINDS}
            np.savez(kept, **arrays)
        with np.load(kept) as file:
            yield {kind: file[kind] for kind in KINDS}


def measure(
    kind: Kind, clips: Sequence[dict[str, np.ndarray]], seed: int = 0
) -> list[dict[str, Any]]:
    """Rows of the card of a kind."""
    model, rng = load_model(kind), np.random.default_rng(seed)
    named, random = np.array([
        drops(scene_reading(model, clip[kind], kind), rng) for clip in clips]).T
    ones = np.ones(len(clips))
    held = (named > 0) & (named >= TIMES * random)
    rows = [share_row(
        f"{NAMED} named frames lower the label's probability {TIMES} times as much as {NAMED} at "
        "random", SPLIT, held.astype(float), ones)]
    for name, fallen in (("named", named), ("at random", random)):
        value, low, high = (round(100 * part, 2) for part in bootstrap(fallen, ones))
        rows.append({
            "name": f"probability lost without {NAMED} frames {name}", "split": SPLIT,
            "count": len(clips), "value": value, "unit": "points", "interval": [low, high]})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=Path, required=True, help="a folder of footage")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="write the rows into the cards")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    clips = [clip for clip in footage(arguments.clips, arguments.cache)
             if len(clip[KINDS[0]]) >= _SHORTEST]
    for kind in KINDS:
        rows = measure(kind, clips)
        print(kind, *rows, sep="\n  ")
        if arguments.write:
            replace_metrics(f"scene_{kind}", SPLIT, rows)


if __name__ == "__main__":
    main()
