"""One face along a clip, and what three witnesses say of it.

T frames in which it is seen, m steps of an even pace (`face_lstm.RATE`), S = 48 px, H units.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hybridcore.emotion.crops import mouth_opening, qualities, regions_of, turns
from hybridcore.layers.recurrent import LSTMTrace

# Outside these a crop shows too little; see the card of the CNN for what it costs.
SMALLEST = 32.0  # px of the frame, side of the region
FLATTEST = 6.0  # grey levels, standard deviation
BLURRIEST = 0.25  # of a crop: standard deviation of the Laplacian over that of the grey levels
MOST_TURNED = 0.6  # of `crops.turns`
COVERED = "mouth and nose covered"
MOST_COVERED = 0.5  # probability, mean of the time around
_AROUND = 0.5  # s to either side


@dataclass(frozen=True, eq=False, kw_only=True)
class FaceTrack:
    """A face in the frames in which it is seen.

    number: its own, from 1 in the order of coming.
    frames: int ``[T]``, indices in the clip, increasing; times: float64 ``[T]``, s.
    boxes: float32 ``[T, 4]`` (left, top, right, bottom) and mesh: float32 ``[T, 468, 2]``, px of
        the clip's frames.
    crops: uint8 ``[T, S, S]``, grey, eyes level.
    face, over_time, motion: calibrated log probabilities float32 ``[T, 7]`` of the CNN over single
        frames, of the LSTM, and of C3D; NaN where C3D has no 16 steps around a frame.
    covered: float32 ``[T]``, how probable it is that mouth and nose are covered (see `masked`).
    steps: float64 ``[m]``, s, at which the LSTM and C3D look; memory: the LSTM's gates and states
        there, ``[m, H]`` each; at: int ``[T]``, the last step at each frame.
    """

    number: int
    frames: NDArray[np.int64]
    times: NDArray[np.float64]
    boxes: NDArray[np.float32]
    mesh: NDArray[np.float32]
    crops: NDArray[np.uint8]
    face: NDArray[np.float32]
    over_time: NDArray[np.float32]
    motion: NDArray[np.float32]
    covered: NDArray[np.float32]
    steps: NDArray[np.float64]
    at: NDArray[np.int64]
    memory: LSTMTrace

    def __len__(self) -> int:
        return len(self.frames)

    @cached_property
    def mouth(self) -> NDArray[np.float32]:
        """How far the mouth is open, ``[T]``; see `crops.mouth_opening`."""
        return mouth_opening(self.mesh)

    @cached_property
    def size(self) -> NDArray[np.float32]:
        """Side of the region that was cut out, px of the frame, ``[T]``."""
        return np.asarray(regions_of(self.mesh)[:, 2], np.float32)

    @cached_property
    def turn(self) -> NDArray[np.float32]:
        """How far the face is turned aside, ``[T]``; 1 is a profile."""
        return turns(self.mesh)

    @cached_property
    def contrast(self) -> NDArray[np.float32]:
        """Standard deviation of the grey levels, ``[T]``."""
        return np.exp(self._measured[:, 0])

    @cached_property
    def sharpness(self) -> NDArray[np.float32]:
        """Standard deviation of the Laplacian over the contrast, ``[T]``."""
        return np.exp(self._measured[:, 1])

    @cached_property
    def trace(self) -> LSTMTrace:
        """The LSTM's gates and states at the frames, ``[T, H]`` each, held from step to step."""
        return LSTMTrace(**{name: getattr(self.memory, name)[self.at] for name in "ifgoch"})

    @cached_property
    def _shares(self) -> dict[str, NDArray[np.float32]]:
        """How good each thing is that a crop can lack, ``[T]``: 0.5 is just enough, 1 twice so."""
        enough = {"too small": self.size / SMALLEST, "too dark": self.contrast / FLATTEST,
                  "blurred": self.sharpness / BLURRIEST,
                  "turned aside": (1 - self.turn) / (1 - MOST_TURNED),
                  COVERED: (1 - self._mostly_covered) / (1 - MOST_COVERED)}
        return {name: np.clip(share / 2, 0, 1) for name, share in enough.items()}

    @cached_property
    def quality(self) -> NDArray[np.float32]:
        """How good a crop is in what it lacks most, 0..1, ``[T]``; below 0.5 it shows too little to
        say anything."""
        return np.min(list(self._shares.values()), 0)

    @cached_property
    def doubts(self) -> dict[str, NDArray[np.bool_]]:
        """What speaks against what is said, each bool ``[T]``."""
        return {name: share < 0.5 for name, share in self._shares.items()}

    @cached_property
    def unsure(self) -> NDArray[np.bool_]:
        """Where the picture shows too little to say anything, ``[T]``."""
        return self.quality < 0.5

    @cached_property
    def _mostly_covered(self) -> NDArray[np.float32]:
        """The mean of ``covered`` over the second around every frame, ``[T]``."""
        first = np.searchsorted(self.times, self.times - _AROUND)
        stop = np.searchsorted(self.times, self.times + _AROUND, side="right")
        sums = np.concatenate([[0.0], np.cumsum(self.covered, dtype=np.float64)])
        return ((sums[stop] - sums[first]) / (stop - first)).astype(np.float32)

    @cached_property
    def _measured(self) -> NDArray[np.float32]:
        return qualities(self.crops)
