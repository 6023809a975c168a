"""Clips in which people walk, stand and talk, and nothing is struck.

The "normal" clips of a set of surveillance cameras (Akti et al. 2019): no place, camera or motion
of Greatest Hits. Half of the cameras are there to learn from, the others to count false onsets on.
"""

from __future__ import annotations

import csv
import io
import logging
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hybridcore.encoder.encoder import Encoder
from hybridcore.media import Clip
from hybridcore.sound.cochleagram import BANDS
from hybridcore.sound.features import read_features
from hybridcore.sound.learn.data import NO_LABEL, Example, load_example, save_example
from hybridcore.sound.model import SUBSTEPS

logger = logging.getLogger("hybridcore.training")


def prepare_unstruck(archive: Path, cache: Path) -> list[Example]:
    """The clips of ``fight-events.zip`` in which nobody fights, by name: that of the camera and
    that of the file; features are computed once into ``cache``."""
    cache.mkdir(parents=True, exist_ok=True)
    encoder: Encoder | None = None
    found = []
    with zipfile.ZipFile(archive) as opened:
        for row in csv.DictReader(io.StringIO(opened.read("labels.csv").decode())):
            if row["label"] != "normal":
                continue
            name = f"{row['source']}-{Path(row['file']).stem}"
            target = cache / f"{name}.npz"
            if not target.exists():
                encoder = encoder or Encoder.load("cpu")
                video = Path(opened.extract(row["file"], cache))
                save_example(_example(name, video, encoder), target)
                video.unlink()
            found.append(load_example(target))
    return sorted(found, key=lambda one: one.name)


def camera(example: Example) -> str:
    """Which camera a clip is of."""
    return example.name.split("-", 1)[0]


def by_camera(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Those of every other camera, by its name, to learn from, and the rest to judge by."""
    cameras = sorted({camera(one) for one in examples})[::2]
    return ([one for one in examples if camera(one) in cameras],
            [one for one in examples if camera(one) not in cameras])


def _example(name: str, video: Path, encoder: Encoder) -> Example:
    """Features of a video without sound; nothing is known of a blow's strength, action, material
    and sound, as there is none."""
    chunks = list(read_features(Clip.open(video), encoder))
    times = np.concatenate([c.times for c in chunks])
    frames, none = len(times), np.empty(0, np.float32)
    no_label = np.full(frames, NO_LABEL)
    return Example(
        name=name, times=times, strokes=np.concatenate([c.strokes for c in chunks]),
        appearance=np.concatenate([c.appearance for c in chunks]).astype(np.float16),
        onset=np.zeros(frames, np.float32), weight=np.ones(frames, np.float32),
        strength=np.full(frames, np.nan, np.float32), action=no_label, material=no_label,
        cochleagram=np.full((frames, SUBSTEPS, BANDS), np.nan, np.float16),
        events=np.empty(0), event_strength=none, event_action=no_label[:0],
        event_material=no_label[:0], event_sound=np.empty((0, BANDS), np.float32),
        labelled=float(times[-1]),
    )
