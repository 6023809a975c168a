"""The sample clips of the sound page: ``python -m tools.sound.samples --out FOLDER``.

What each clip of :mod:`hybridcore.sound.samples` is rendered from.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2

from hybridcore.media import VideoWriter
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.learn.rendered import render_clip

SIZE = (288, 512)
SECONDS = 8.0


@dataclass(frozen=True)
class Recipe:
    """What a clip is rendered from: see :func:`~hybridcore.sound.learn.rendered.render_clip`."""

    kind: str
    seed: int
    ground: str
    materials: tuple[str, ...] | None = None


RECIPES: dict[str, Recipe] = {  # by name of the sample
    "sound-blocks": Recipe("stick", 43, "cloth", ("wood", "metal", "glass")),
    "sound-still": Recipe("still", 41, "wood", ("plastic", "ceramic", "metal")),
    "sound-drops": Recipe("drops", 45, "water"),
    "sound-ball": Recipe("ball", 41, "wood"),
}


def write_sample(name: str, recipe: Recipe, folder: Path) -> None:
    """Render the sample ``name``: MP4 with its true sound, JSON with its true onsets, JPEG of one
    frame."""
    clip = render_clip(recipe.seed, recipe.kind, seconds=SECONDS, size=SIZE,
                       materials=recipe.materials, ground=recipe.ground, exposures=3)
    folder.mkdir(parents=True, exist_ok=True)
    height, width = SIZE
    with VideoWriter(folder / f"{name}.mp4", width, height, 30, clip.sound, RATE, 25) as out:
        for k, frame in enumerate(clip.frames):
            out.write(frame)
            if k == 60:
                small = cv2.resize(frame, (320, 180), interpolation=cv2.INTER_AREA)
                cv2.imwrite(str(folder / f"{name}.jpg"), small[..., ::-1])
    truth = [asdict(onset) for onset in clip.onsets]
    (folder / f"{name}.json").write_text(json.dumps(truth, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Render the sample clips with sound.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the clips")
    out = parser.parse_args().out
    for name, recipe in RECIPES.items():
        write_sample(name, recipe, out)


if __name__ == "__main__":
    main()
