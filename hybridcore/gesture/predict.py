"""A clip in, a :class:`GestureResult` out: what everybody's hands say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hybridcore.device import pick_device
from hybridcore.errors import NotYet
from hybridcore.gesture.calibration import THRESHOLD
from hybridcore.gesture.model import KINDS, GestureNet
from hybridcore.gesture.networks import card_temperature, load_models, read
from hybridcore.gesture.points import RATE
from hybridcore.gesture.result import GestureResult, Signer
from hybridcore.gesture.signers import Found, signers
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.media import Clip
from hybridcore.people.reader import PeopleReader, with_temperatures
from hybridcore.people.result import People
from hybridcore.people.steps import at_steps


class GestureReader(PeopleReader[GestureNet, GestureResult]):
    """Finds the hands in a clip and says at every frame what they do.

    >>> result = GestureReader.load().run(Clip.open("webcam.mp4"))
    >>> result.signers[0].points
    """

    hands = True

    @classmethod
    def load(cls, device: str | None = None) -> GestureReader:
        """Read the weights of all kinds.

        Raises:
            WeightsError: if they are missing or are not the ones that their cards name.
            OptionError: if there is no such device.
        """
        return cls({kind: model.to(pick_device(device)) for kind, model in load_models().items()})

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
        found = tuple(replace(signer, readings=with_temperatures(signer.readings, temperatures))
                      for signer in outputs.signers)
        return replace(outputs, kind=kind, signers=found, threshold=threshold)

    def trace(self, signer: Signer, kind: str) -> LSTMTrace | None:
        """Gates, cell and hidden states of the LSTM over one person, ``[m, H]`` each; None of a
        network that has none."""
        return self.trace_of(signer.reading(kind))

    def result(self, source: Clip, people: People) -> GestureResult:
        """See :class:`PeopleReader`."""
        return GestureResult(
            kind=KINDS[0], width=source.info.width, height=source.info.height,
            duration=source.info.duration, times=people.times,
            signers=tuple(self._signer(found, people.size, number)
                          for number, found in enumerate(signers(people), 1)))

    def _signer(self, found: Found, size: tuple[int, int], number: int) -> Signer:
        steps, points = at_steps(found.points, found.times, RATE)
        return Signer(
            number=number, frames=found.frames, times=found.times,
            landmarks=(found.landmarks / np.array(size[::-1])).astype(np.float32),
            visibility=found.visibility, steps=steps, readings=read(self.models, points))
