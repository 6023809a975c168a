"""A clip in, a :class:`PoseResult` out: everybody in it, and what they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from hybridcore.device import pick_device
from hybridcore.errors import NotYet
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.media import Clip
from hybridcore.people.reader import PeopleReader, with_temperatures
from hybridcore.people.result import People, Person
from hybridcore.people.steps import at_steps
from hybridcore.pose.calibration import THRESHOLD
from hybridcore.pose.features import RATE
from hybridcore.pose.measures import joints_of
from hybridcore.pose.model import KINDS, PoseNet
from hybridcore.pose.networks import card_temperature, load_models, read
from hybridcore.pose.result import Body, PoseResult


class PoseReader(PeopleReader[PoseNet, PoseResult]):
    """Finds everybody in a clip and says at every frame what they do.

    >>> result = PoseReader.load().run(Clip.open("yard.mp4"))
    >>> result.bodies[0].landmarks
    """

    @classmethod
    def load(cls, device: str | None = None) -> PoseReader:
        """Read the weights of all kinds.

        Raises:
            WeightsError: if they are missing or are not the ones that their cards name.
            OptionError: if there is no such device.
        """
        return cls({kind: model.to(pick_device(device)) for kind, model in load_models().items()})

    def finish(
        self, outputs: PoseResult, source: Clip, kind: str, *, threshold: float = THRESHOLD
    ) -> PoseResult:
        """The same, calibrated and looked at through the network of one kind.

        threshold: what is at least as likely is said.

        Raises:
            NotYet: there is no frame yet.
        """
        if not len(outputs.times):
            raise NotYet
        return replace(calibrated(outputs), kind=kind, threshold=threshold)

    def trace(self, body: Body, kind: str) -> LSTMTrace | None:
        """Gates, cell and hidden states of the LSTM over one body, ``[m, H]`` each; None of a
        network that has none."""
        return self.trace_of(body.readings[kind])

    def result(self, source: Clip, people: People) -> PoseResult:
        """See :class:`PeopleReader`."""
        height, width = source.info.height, source.info.width
        return with_readings(PoseResult(
            kind=KINDS[0], width=width, height=height, duration=source.info.duration,
            times=people.times,
            bodies=tuple(_body(person, people.size, number)
                         for number, person in enumerate(people.persons, 1))), self.models)


def with_readings(result: PoseResult, models: Mapping[str, PoseNet]) -> PoseResult:
    """The same bodies, read by some networks."""
    bodies = []
    for body in result.bodies:
        joints = joints_of(body.landmarks, body.visibility, (result.height, result.width))
        steps, joints = at_steps(joints, body.times, RATE)
        bodies.append(replace(body, steps=steps, readings=read(models, joints)))
    return replace(result, bodies=tuple(bodies))


def calibrated(result: PoseResult) -> PoseResult:
    """The same, with probabilities that are right as often as they say."""
    temperatures: dict[str, float] = {kind: card_temperature(kind) for kind in KINDS}
    return replace(result, bodies=tuple(
        replace(body, readings=with_temperatures(body.readings, temperatures))
        for body in result.bodies))


def _body(person: Person, size: tuple[int, int], number: int) -> Body:
    """Somebody in frames of ``size``, height and width, whom no network read yet."""
    sides = np.array(size[::-1], np.float32)
    visibility = np.minimum(person.landmarks[..., 3], person.landmarks[..., 4])
    return Body(
        number=number, frames=person.frames, times=person.times,
        boxes=(person.boxes / np.tile(sides, 2)).astype(np.float32),
        landmarks=(person.landmarks[..., :2] / sides).astype(np.float32),
        visibility=visibility.astype(np.float32), world=person.world,
        presence=person.presence, steps=person.times[:0], readings={})
