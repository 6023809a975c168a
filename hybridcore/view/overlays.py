"""Overlays whose values lie on a grid: heat maps, and colour fields with a scale of their own.

A grid covers the whole picture, row 0 at the top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hybridcore.view.shared import check_colours, check_length

_LEVELS = 256


@dataclass(frozen=True, eq=False)
class Heat:
    """A map of strength, such as attention: 0 is clear, 255 brightest, smooth in between.

    Attributes:
        name: how the viewer finds it in the list of overlays.
        maps: uint8 [T, gh, gw].
    """

    name: str
    maps: np.ndarray

    def __post_init__(self) -> None:
        _check_grid(self.name, "maps", self.maps)

    def check(self, count: int) -> None:
        """Raise ValueError unless there are ``count`` maps."""
        check_length(self.name, len(self.maps), count)

    def tree(self) -> dict[str, Any]:
        """Everything for `packing.pack`."""
        return {"name": self.name, "kind": "heat", "maps": self.maps}


@dataclass(frozen=True)
class Classes:
    """The scale of a field of classes: value k is class k.

    Attributes:
        labels: their names, at most 256.
        colours: one CSS hex colour a class.
    """

    labels: Sequence[str]
    colours: Sequence[str]

    def __post_init__(self) -> None:
        check_colours("classes", self.colours, len(self.labels), "class")
        if not 0 < len(self.labels) <= _LEVELS:
            raise ValueError("a field has 1 to 256 classes")


@dataclass(frozen=True)
class Ramp:
    """The scale of a field of amounts: colours from value 0 to value 255.

    Attributes:
        colours: two or more CSS hex colours in equal steps, blended in between.
        ticks: (value in [0, 255], its text), increasing; what a value stands for need not be
            linear.
        unit: of the texts, such as "mm/h".
    """

    colours: Sequence[str]
    ticks: Sequence[tuple[float, str]] = ()
    unit: str = ""

    def __post_init__(self) -> None:
        if len(self.colours) < 2:
            raise ValueError("a ramp has two colours at least")
        check_colours("ramp", self.colours, len(self.colours), "step")
        places = [value for value, _ in self.ticks]
        if places != sorted(set(places)) or any(not 0 <= p < _LEVELS for p in places):
            raise ValueError("ticks of a ramp must increase from 0 to 255")


@dataclass(frozen=True, eq=False)
class Field:
    """A field of colours with a legend, such as the classes of a scene or the rain of a radar.

    Attributes:
        name: how the viewer finds it in the list of overlays.
        values: uint8 [T, gh, gw].
        scale: what the values mean.
        smooth: blend between neighbours; classes cannot be blended.
        transparent: the value that is not drawn; None: every one is.
    """

    name: str
    values: np.ndarray
    scale: Classes | Ramp
    smooth: bool = False
    transparent: int | None = None

    def __post_init__(self) -> None:
        _check_grid(self.name, "values", self.values)
        if self.transparent is not None and not 0 <= self.transparent < _LEVELS:
            raise ValueError(f"overlay {self.name!r}: a transparent value lies in [0, 255]")
        if isinstance(self.scale, Classes):
            if self.smooth:
                raise ValueError(f"overlay {self.name!r}: classes cannot be blended")
            if any(code >= len(self.scale.labels) for code in self._drawn()):
                raise ValueError(f"overlay {self.name!r}: a value has no class")

    def check(self, count: int) -> None:
        """Raise ValueError unless there are ``count`` fields."""
        check_length(self.name, len(self.values), count)

    def tree(self) -> dict[str, Any]:
        """Everything for `packing.pack`; of classes, "present" are those that occur."""
        scale: dict[str, Any] = {"colours": list(self.scale.colours)}
        if isinstance(self.scale, Classes):
            scale |= {"labels": list(self.scale.labels), "present": self._drawn()}
        else:
            scale |= {"ticks": [list(tick) for tick in self.scale.ticks], "unit": self.scale.unit}
        return {"name": self.name, "kind": "field", "values": self.values, "scale": scale,
                "smooth": self.smooth, "transparent": self.transparent}

    def _drawn(self) -> list[int]:
        """The values that occur and are drawn, increasing."""
        counts = np.zeros(_LEVELS, np.int64)
        for values in self.values:  # bincount widens its input; a frame at a time stays small
            counts += np.bincount(values.ravel(), minlength=_LEVELS)
        return [code for code in np.flatnonzero(counts).tolist() if code != self.transparent]


def _check_grid(name: str, what: str, values: np.ndarray) -> None:
    if values.ndim != 3 or values.dtype != np.uint8 or 0 in values.shape[1:]:
        raise ValueError(f"overlay {name!r}: {what} must be uint8 [T, gh, gw]")
