"""A clip in, a :class:`PoseResult` out: everybody in it, and what they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch

from hybridcore.device import pick_device
from hybridcore.errors import NotYet
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.media import CHUNK, Clip
from hybridcore.people.result import People, Person
from hybridcore.people.watch import SIDE, Watch
from hybridcore.pose.calibration import THRESHOLD
from hybridcore.pose.measures import at_steps, joints_of
from hybridcore.pose.model import KINDS, Kind, PoseNet
from hybridcore.pose.networks import card_temperature, load_models, read
from hybridcore.pose.result import Body, PoseResult
from hybridcore.progress import Progress, report


class PoseReader:
    """Finds everybody in a clip and says at every frame what they do.

    >>> result = PoseReader.load().run(Clip.open("yard.mp4"))
    >>> result.bodies[0].landmarks
    """

    def __init__(self, models: Mapping[Kind, PoseNet]) -> None:
        """models: by their kinds."""
        self.models = models

    @classmethod
    def load(cls, device: str | None = None) -> PoseReader:
        """Read the weights of all kinds.

        Raises:
            WeightsError: if they are missing or are not the ones that their cards name.
            OptionError: if there is no such device.
        """
        return cls({kind: model.to(pick_device(device)) for kind, model in load_models().items()})

    def run(
        self, source: Clip, progress: Progress | None = None, *, chunk: int = CHUNK
    ) -> PoseResult:
        """Follow everybody through a clip, and read each body with the networks of every kind.

        ``progress(done, total)`` is called after every chunk, in frames; it stops the run by
        raising. What is known so far is the result of the frames so far.

        Raises:
            MediaError: if the clip cannot be decoded.
            WeightsError: if weights of the networks that find people are missing.
        """
        watch = Watch(masks=False)
        for part in source.chunks(size=source.info.within(SIDE), length=chunk):
            watch.update(part)
            done = part.start + len(part.frames)
            report(progress, done, max(source.info.frame_count, done),
                   lambda: self._result(source, watch.result()))
        return self._result(source, watch.result())

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
        reading = body.readings[kind]
        if reading.inputs is None or reading.hidden is None:
            return None
        model = self.models["lstm"]
        device = model.classifier.weight.device
        return lstm_trace(model.lstm, torch.from_numpy(reading.inputs).to(device),
                          torch.from_numpy(reading.hidden).to(device))

    def _result(self, source: Clip, people: People) -> PoseResult:
        height, width = source.info.height, source.info.width
        return with_readings(PoseResult(
            kind=KINDS[0], width=width, height=height, duration=source.info.duration,
            times=people.times,
            bodies=tuple(_body(person, people.size, number)
                         for number, person in enumerate(people.persons, 1))), self.models)


def with_readings(result: PoseResult, models: Mapping[Kind, PoseNet]) -> PoseResult:
    """The same bodies, read by some networks."""
    bodies = []
    for body in result.bodies:
        joints = joints_of(body.landmarks, body.visibility, (result.height, result.width))
        steps, joints = at_steps(joints, body.times)
        bodies.append(replace(body, steps=steps, readings=read(models, joints)))
    return replace(result, bodies=tuple(bodies))


def calibrated(result: PoseResult) -> PoseResult:
    """The same, with probabilities that are right as often as they say."""
    return replace(result, bodies=tuple(
        replace(body, readings={
            key: replace(reading, temperature=card_temperature(key))
            for key, reading in body.readings.items()})
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
