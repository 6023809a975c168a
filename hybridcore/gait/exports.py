"""The files that can be downloaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hybridcore.gait.annotate import annotate
from hybridcore.gait.figures import energy_sheet, png
from hybridcore.gait.result import GaitResult
from hybridcore.media import Clip
from hybridcore.progress import Progress
from hybridcore.system import Answer

GaitAnswer = Answer[Any, GaitResult]


def write_energies(answer: GaitAnswer, path: Path, progress: Progress | None) -> None:
    """The gait energy images, one beside the other."""
    path.write_bytes(png(energy_sheet(answer.result)))


def write_video(answer: GaitAnswer, path: Path, progress: Progress | None) -> None:
    """The clip with everybody marked."""
    annotate(answer.source, answer.result, path, progress)


def is_video(answer: GaitAnswer) -> bool:
    """Masks have no video of their own to draw on."""
    return isinstance(answer.source, Clip)
