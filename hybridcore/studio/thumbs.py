"""Small pictures of samples and of files."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from hybridcore.errors import HybridCoreError
from hybridcore.media.picture import jpeg
from hybridcore.studio.chosen import Chosen, first_picture, open_chosen, spool
from hybridcore.system import Sample, System

_SIDE = 320  # px


def own_thumb(system: System, file: Chosen) -> bytes:
    """A small JPEG of a file of one's own; nothing, where it cannot be made."""
    try:
        return _thumb(str(file.path), system, file)
    except HybridCoreError:
        return b""  # swept away just now; said when it is chosen


def sample_thumb(system: System, sample: Sample) -> bytes:
    """A small JPEG of a sample; nothing, where it cannot be made."""
    try:
        if callable(sample.thumbnail):
            return _read(str(sample.thumbnail(spool().folder)))
        if sample.thumbnail is not None:
            return _read(str(sample.thumbnail))
        path = sample.path(spool().folder)
        return _thumb(str(path), system, Chosen(sample.title, path, sample.key))
    except HybridCoreError:
        return b""  # reported when it is chosen


@st.cache_data(max_entries=512, show_spinner=False)
def _thumb(path: str, _system: System, _file: Chosen) -> bytes:
    """A small JPEG of a file."""
    _, source = open_chosen(_system, _file)
    picture = first_picture(source.digest, source)
    return b"" if picture is None else jpeg(picture, _SIDE)


@st.cache_data(max_entries=64, show_spinner=False)
def _read(path: str) -> bytes:
    return Path(path).read_bytes()
