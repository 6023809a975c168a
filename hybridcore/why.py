"""What is needed to ask why a label is said now, and what another memory would have said.

Whoever shows it asks the networks again (:mod:`hybridcore.layers.influence`,
:mod:`hybridcore.layers.surgery`); the system says what they read, what their labels are called and
how a frame looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from hybridcore.layers.influence import Reading


@dataclass(frozen=True, eq=False)
class Glance:
    """A frame and where in it a network found what it went by.

    picture: uint8 RGB ``[h, w, 3]``. weights: float ``[gh, gw]``, not negative.
    """

    picture: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True, eq=False)
class Said:
    """What is said at every step, of one kind of model.

    names, colours (CSS hex): all that can be said. of: probabilities ``[T, C]`` -> int ``[T]``,
    position in names, -1 for nothing.
    """

    names: Sequence[str]
    colours: Sequence[str]
    of: Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Why:
    """The networks of a system over what they read of one input.

    times: float64 ``[T]``, s, of the frames. frame: the one that somebody looks at, in [0, T).
    labels: C names of what can be asked about. asked: int ``[T]``, of each frame, which of them is
    asked about at first. readings: of each network that can be asked, the one chosen first.
    share: float ``[T]``, what probabilities are multiplied by before they are shown. look: frames
    int ``[n]`` and the gradient of the label by the inputs of the first reading, ``[n, D]`` -> n
    glances. said: what its LSTM says, for memories that are changed. note: what a person should
    know of the maps and the labels.
    """

    times: np.ndarray
    frame: int
    labels: Sequence[str]
    asked: np.ndarray
    readings: Sequence[Reading]
    share: np.ndarray
    look: Callable[[np.ndarray, np.ndarray], Sequence[Glance]]
    said: Said
    note: str = ""
