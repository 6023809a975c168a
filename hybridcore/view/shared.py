"""What overlays have in common, and the checks that several parts of a view need."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class Overlay(Protocol):
    """Something drawn over the picture, a frame at a time: `Heat`, `Field`, `Outlines`, `Sprites`.

    Attributes:
        name: how the viewer finds it in the list of overlays; unique in a view.
    """

    @property
    def name(self) -> str: ...

    def check(self, count: int) -> None:
        """Raise ValueError unless this fits ``count`` frames."""

    def tree(self) -> dict[str, Any]:
        """Everything for `packing.pack`; "name", and "kind", which names the painter."""


def check_length(name: str, length: int, count: int) -> None:
    """Raise ValueError unless a part has as many frames as there are."""
    if length != count:
        raise ValueError(f"{name!r} has {length} frames where there are {count}")


def check_codes(name: str, codes: np.ndarray, labels: Sequence[str]) -> None:
    """Raise ValueError unless codes are integers, each a position in ``labels`` or -1."""
    if codes.dtype.kind not in "iu":
        raise ValueError(f"{name!r}: codes must be integers")
    if codes.size and not -1 <= int(codes.min()) <= int(codes.max()) < len(labels):
        raise ValueError(f"{name!r}: a code has no label")


def check_colours(name: str, colours: Sequence[str], count: int, each: str) -> None:
    """Raise ValueError unless there are ``count`` CSS hex colours, one ``each``."""
    if len(colours) != count:
        raise ValueError(f"{name!r}: one colour a {each} is needed")
    for colour in colours:
        if not _HEX.fullmatch(colour):
            raise ValueError(f"{name!r}: {colour!r} is no colour like '#0072b2'")


def check_overlays(overlays: Sequence[Overlay], chosen: str | None, count: int) -> None:
    """Raise ValueError unless the overlays fit, differ in name, and hold the chosen one."""
    for overlay in overlays:
        overlay.check(count)
    names = [overlay.name for overlay in overlays]
    if len(set(names)) < len(names):
        raise ValueError("two overlays have the same name")
    if chosen is not None and chosen not in names:
        raise ValueError(f"there is no overlay {chosen!r} to choose at first")
