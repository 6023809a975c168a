"""Several files that are one input, as one zip."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import BinaryIO

from hybridcore.media.files import shown


def join(files: Mapping[Path, str], out: BinaryIO) -> None:
    """Write a zip of files under the names given, sorted by these; the same files make the same
    bytes. Of equal names, those after the first lie in folders of their own."""
    order = sorted(files.items(), key=lambda file: (file[1], file[0]))
    taken: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number, (path, name) in enumerate(order):
            plain = PurePath(name).name
            inside = f"{number}/{plain}" if plain in taken else plain
            taken.add(plain)
            with path.open("rb") as file, archive.open(zipfile.ZipInfo(inside), "w") as entry:
                shutil.copyfileobj(file, entry, 1 << 20)


def joined_name(names: Sequence[str]) -> str:
    """What files that are one input are called together."""
    return f"{shown(min(names))} and {len(names) - 1} more"
