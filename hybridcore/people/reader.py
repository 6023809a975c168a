"""A clip in, what networks say of everybody in it out: what readers of poses and gestures share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Generic, TypeVar

import torch
from torch import nn

from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.media import CHUNK, Clip
from hybridcore.people.readings import Reading
from hybridcore.people.result import People
from hybridcore.people.watch import SIDE, Watch
from hybridcore.progress import Progress, report

N = TypeVar("N", bound=nn.Module)
R = TypeVar("R")


class PeopleReader(ABC, Generic[N, R]):
    """Follows everybody through a clip, and reads them with networks of several kinds.

    N: the networks; R: the result.
    """

    hands: ClassVar[bool] = False  # whether hands are looked for too

    def __init__(self, models: Mapping[str, N]) -> None:
        """models: by their kinds."""
        self.models = models

    def run(self, source: Clip, progress: Progress | None = None, *, chunk: int = CHUNK) -> R:
        """Follow everybody through a clip, and read them with the networks of every kind.

        ``progress(done, total)`` is called after every chunk, in frames; it stops the run by
        raising. What is known so far is the result of the frames so far.

        Raises:
            MediaError: if the clip cannot be decoded.
            WeightsError: if weights of the networks that find people are missing.
        """
        watch = Watch(masks=False, hands=self.hands)
        for part in source.chunks(size=source.info.within(SIDE), length=chunk):
            watch.update(part)
            done = part.start + len(part.frames)
            report(progress, done, max(source.info.frame_count, done),
                   lambda: self.result(source, watch.result()))
        return self.result(source, watch.result())

    @abstractmethod
    def result(self, source: Clip, people: People) -> R:
        """What the networks say of everybody seen in a clip."""

    def trace_of(self, reading: Reading) -> LSTMTrace | None:
        """Gates, cell and hidden states of the LSTM over one person, ``[m, H]`` each; None of a
        network that has none."""
        if reading.inputs is None or reading.hidden is None:
            return None
        lstm = self.models["lstm"].get_submodule("lstm")
        assert isinstance(lstm, nn.LSTM)
        device = next(lstm.parameters()).device
        return lstm_trace(lstm, torch.from_numpy(reading.inputs).to(device),
                          torch.from_numpy(reading.hidden).to(device))


def with_temperatures(
    readings: Mapping[str, Reading], temperatures: Mapping[str, float]
) -> dict[str, Reading]:
    """The same readings with the temperatures of their kinds."""
    return {kind: replace(reading, temperature=temperatures[kind])
            for kind, reading in readings.items()}
