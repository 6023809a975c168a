"""The sample clips of the scene page: names, words and files.

Two are rendered and lie in ``assets/samples``. The third moves a camera over photographs that come
with installed packages; they are not ours to pass on, so it is composed on first use.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2

from hybridcore.cards import ASSETS
from hybridcore.media import Clip

COMMITTED = ASSETS / "samples"
_THUMBNAIL = (180, 320)  # height, width


@dataclass(frozen=True)
class SampleClip:
    """name: of the file, without suffix; title and caption: for a person."""

    name: str
    title: str
    caption: str


TOUR = SampleClip(
    "rendered-tour", "Rendered tour",
    "Snowy mountains, dunes, icebergs and a corridor, rendered by this project: height fields and "
    "a ray-traced box, no photograph. Cuts, and one dissolve into the ice.",
)
HARD = SampleClip(
    "hard-footage", "Hard footage",
    "Rendered by this project and then spoilt on purpose: motion blur, defocus, darkness, noise, "
    "coarse compression and something passing before the lens.",
)
PHOTOGRAPHS = SampleClip(
    "photographs", "Photographs",
    "Photographs that come with scikit-learn and scikit-image, camera path composed by this "
    "project. Composed on first use; nothing is downloaded.",
)
SAMPLES: tuple[SampleClip, ...] = (TOUR, HARD, PHOTOGRAPHS)


def sample_path(sample: SampleClip, cache: Path) -> Path:
    """The clip's file: a committed one, or one composed into the folder ``cache`` on first use.

    Raises:
        MediaError: the photographs that it needs are not installed.
    """
    if sample != PHOTOGRAPHS:
        return COMMITTED / f"{sample.name}.mp4"
    path = cache / f"{sample.name}.mp4"
    if not path.is_file():
        from hybridcore.scene import montage, photographs  # only where this sample is chosen

        montage.write(photographs.photographs(), path)
    return path


def sample_thumbnail(sample: SampleClip, cache: Path) -> Path:
    """A small picture of the clip, made in the folder ``cache`` on first use.

    Raises:
        MediaError: the photographs that it needs are not installed.
    """
    path = cache / f"{sample.name}.jpg"
    if not path.is_file():
        if sample != PHOTOGRAPHS:
            picture = Clip.open(sample_path(sample, cache)).frame_at(1.0, _THUMBNAIL)
        else:
            from hybridcore.scene import photographs

            picture = photographs.cover(_THUMBNAIL)
        cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return path
