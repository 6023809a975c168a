"""A clip in, a :class:`GestureResult` out: what everybody's hands say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch

from hybridcore.device import pick_device
from hybridcore.errors import NotYet
from hybridcore.gesture.calibration import THRESHOLD
from hybridcore.gesture.model import KINDS, GestureNet, Kind
from hybridcore.gesture.networks import card_temperature, load_models, read
from hybridcore.gesture.points import RATE
from hybridcore.gesture.result import GestureResult, Signer
from hybridcore.gesture.signers import Found, signers
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.media import CHUNK, Clip
from hybridcore.people.result import People
from hybridcore.people.steps import at_steps
from hybridcore.people.watch import SIDE, Watch
from hybridcore.progress import Progress, report


class GestureReader:
    """Finds the hands in a clip and says at every frame what they do.

    >>> result = GestureReader.load().run(Clip.open("webcam.mp4"))
    >>> result.signers[0].points
    """

    def __init__(self, models: Mapping[Kind, GestureNet]) -> None:
        """models: by their kinds."""
        self.models = models

    @classmethod
    def load(cls, device: str | None = None) -> GestureReader:
        """Read the weights of all kinds.

        Raises:
            WeightsError: if they are missing or are not the ones that their cards name.
            OptionError: if there is no such device.
        """
        return cls({kind: model.to(pick_device(device)) for kind, model in load_models().items()})

    def run(
        self, source: Clip, progress: Progress | None = None, *, chunk: int = CHUNK
    ) -> GestureResult:
        """Follow bodies and hands through a clip, and read them with the networks of every kind.

        ``progress(done, total)`` is called after every chunk, in frames; it stops the run by
        raising. What is known so far is the result of the frames so far.

        Raises:
            MediaError: if the clip cannot be decoded.
            WeightsError: if weights of the networks that find people are missing.
        """
        watch = Watch(masks=False, hands=True)
        for part in source.chunks(size=source.info.within(SIDE), length=chunk):
            watch.update(part)
            done = part.start + len(part.frames)
            report(progress, done, max(source.info.frame_count, done),
                   lambda: self._result(source, watch.result()))
        return self._result(source, watch.result())

    def finish(
        self, outputs: GestureResult, source: Clip, kind: str, *, threshold: float = THRESHOLD
    ) -> GestureResult:
        """The same, calibrated and looked at through the network of one kind.

        threshold: what is at least as likely is said.

        Raises:
            NotYet: there is no frame yet.
        """
        if not len(outputs.times):
            raise NotYet
        temperatures: dict[str, float] = {key: card_temperature(key) for key in KINDS}
        found = tuple(
            replace(signer, readings={
                key: replace(reading, temperature=temperatures[key])
                for key, reading in signer.readings.items()})
            for signer in outputs.signers)
        return replace(outputs, kind=kind, signers=found, threshold=threshold)

    def trace(self, signer: Signer, kind: str) -> LSTMTrace | None:
        """Gates, cell and hidden states of the LSTM over one person, ``[m, H]`` each; None of a
        network that has none."""
        reading = signer.reading(kind)
        if reading.inputs is None or reading.hidden is None:
            return None
        model = self.models["lstm"]
        device = model.classifier.weight.device
        return lstm_trace(model.lstm, torch.from_numpy(reading.inputs).to(device),
                          torch.from_numpy(reading.hidden).to(device))

    def _result(self, source: Clip, people: People) -> GestureResult:
        return GestureResult(
            kind=KINDS[0], width=source.info.width, height=source.info.height,
            duration=source.info.duration, times=people.times,
            signers=tuple(self._signer(found, people.size, number)
                          for number, found in enumerate(signers(people), 1)))

    def _signer(self, found: Found, size: tuple[int, int], number: int) -> Signer:
        steps, points = at_steps(found.points, found.times, RATE)
        return Signer(
            number=number, frames=found.frames, times=found.times,
            points=(found.points / np.array(size[::-1])).astype(np.float32),
            steps=steps, readings=read(self.models, points))
