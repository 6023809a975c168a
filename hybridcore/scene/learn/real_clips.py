"""Real clips labelled by eye, and what the models say of their first frames.

``clips.json`` names the clips and what is accepted for each, decided before any prediction was
looked at: scenes (none: it shows none of the 100), families, groups. The clips themselves are not
part of the project: ``FOLDER/SOURCE/FILE``, from the fight events of Akti et al. 2019, the Greatest
Hits of Owens et al. 2016 and intel-iot-devkit/sample-videos (its previews as MP4).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cattrs
import numpy as np

from hybridcore.encoder.labels import scene_names
from hybridcore.media import Clip
from hybridcore.scene.families import FAMILIES, membership
from hybridcore.scene.groups import GROUPS
from hybridcore.scene.model import KINDS
from hybridcore.scene.predict import SceneLabeller
from hybridcore.scene.result import SceneResult
from hybridcore.training.footage import first_outputs

FRAMES = 96  # of each clip are looked at


@dataclass(frozen=True)
class RealClip:
    """One clip and what is accepted for it."""

    file: str
    source: str
    place: str
    shows: str
    scenes: tuple[str, ...]
    families: tuple[str, ...]
    groups: tuple[str, ...]

    @property
    def accepted(self) -> np.ndarray:
        """Which of :func:`labels.names` are right, bool; a family of an accepted scene is, too."""
        family, _ = membership(scene_names())
        scenes = np.isin(scene_names(), self.scenes)
        families = (scenes @ family > 0) | np.isin(tuple(FAMILIES), self.families)
        right = [scenes, families, [not self.scenes], np.isin(GROUPS, self.groups), [False]]
        return np.concatenate(right).astype(bool)


@dataclass(frozen=True, eq=False)
class Look:
    """What was said of the first T frames of a clip: probabilities as the networks give them
    ``[T, C]`` by kind, place ``[T]``."""

    clip: RealClip
    probabilities: dict[str, np.ndarray]
    place: np.ndarray


def read_clips() -> list[RealClip]:
    """All clips, as labelled by eye."""
    entries = json.loads(Path(__file__).with_name("clips.json").read_text())
    return [cattrs.structure(entry, RealClip) for entry in entries]


def calibration_places(clips: Sequence[RealClip], seed: int) -> set[str]:
    """Places of the half that everything is fitted on: half of those of each source."""
    rng = np.random.default_rng(seed)
    chosen: set[str] = set()
    for source in sorted({clip.source for clip in clips}):
        places = sorted({clip.place for clip in clips if clip.source == source})
        chosen.update(rng.permutation(places)[: (len(places) + 1) // 2].tolist())
    return chosen


def first_frames(labeller: SceneLabeller, path: Path) -> SceneResult:
    """What the networks give of about the first `FRAMES` frames of a clip."""
    outputs: SceneResult = first_outputs(partial(labeller.run, Clip.open(path)), FRAMES)
    return outputs


def look(clips: Sequence[RealClip], folder: Path, cache: Path) -> list[Look]:
    """Run the labeller over the first frames of every clip; kept in ``cache``."""
    labeller = None
    looks = []
    cache.mkdir(parents=True, exist_ok=True)
    for clip in clips:
        path = cache / f"{clip.source}-{clip.file.replace('/', '-')}.npz"
        if not path.exists():
            labeller = labeller or SceneLabeller.load("cpu")
            outputs = first_frames(labeller, folder / clip.source / clip.file)
            arrays: dict[str, Any] = {
                kind: outputs.tracks[kind].probabilities[:FRAMES] for kind in KINDS}
            np.savez(path, place=outputs.place[:FRAMES], **arrays)
        with np.load(path) as file:
            looks.append(Look(clip, {kind: file[kind] for kind in KINDS}, file["place"]))
    return looks
