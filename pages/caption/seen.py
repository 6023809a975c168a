"""Pictures as the page holds them, what the encoder sees in them, and a sentence for each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st
import torch
from hybridcore.studio.inputs import Sample, Source
from hybridcore.studio.pictures import own_files
from torch import Tensor

from hybridcore.caption.cli import is_video
from hybridcore.caption.model import Kind
from hybridcore.caption.predict import shared_captioner
from hybridcore.caption.video import middle_frames
from hybridcore.media import Clip, Picture
from hybridcore.media.picture import jpeg, read_picture
from pages.caption import KEY

THUMB_SIDE = 320


@st.cache_data(max_entries=512, show_spinner=False)
def thumb(path: Path) -> bytes:
    """A small JPEG of a picture or of a video's first frame."""
    return jpeg(middle_frames(Clip.open(path), [(0, 0)])[0] if is_video(path)
                else read_picture(path, THUMB_SIDE), THUMB_SIDE)


@st.cache_data(max_entries=16, show_spinner=False)
def picture_of(path: Path) -> np.ndarray:
    """The picture, uint8 ``[h, w, 3]``, as large as the page shows it."""
    return Picture.open(path).array


@st.cache_resource(max_entries=256, show_spinner="Looking at the picture")
def cells_of(path: Path) -> Tensor:
    """What the encoder sees in a picture, ``[49, 2560]``."""
    return shared_captioner().see([picture_of(path)])[0]


def own_pictures() -> list[Source]:
    """The pictures that the visitor brought, without the videos."""
    return [source for source in own_files(KEY) if not is_video(source.path)]


def notes(samples: Sequence[Sample], kind: Kind) -> dict[str, str]:
    """A model's sentence for every picture, by path for the visitor's own and by name for samples.
    """
    own = {str(source.path): source.path for source in own_pictures()}
    ours = {sample.name: sample.path for sample in samples if isinstance(sample.path, Path)}
    return {
        name: text for paths in (own, ours) if paths
        for name, text in zip(paths, _sentences(tuple(paths.values()), kind), strict=True)
    }


@st.cache_data(max_entries=16, show_spinner="Captioning the pictures")
def _sentences(paths: Sequence[Path], kind: Kind) -> list[str]:
    results = shared_captioner().say(torch.stack([cells_of(path) for path in paths]), kind)
    return [result.best.text for result in results]
