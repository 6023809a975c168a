"""Made rain under networks that nobody trained: what the tests of the room look at."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import torch

from hybridcore.answers import finish
from hybridcore.media.radar import RadarSequence
from hybridcore.nowcast.networks import KINDS, Nowcaster, NowcasterConfig
from hybridcore.nowcast.predict import RainForecaster
from hybridcore.nowcast.result import NowcastOutputs
from hybridcore.nowcast.system import SYSTEM
from hybridcore.system import Answer

HOUR = 12  # fields


@cache
def source(key: str = "band") -> RadarSequence:
    """A sample, opened."""
    sample = next(sample for sample in SYSTEM.samples if sample.key == key)
    return RadarSequence.open(sample.path(Path(mkdtemp())))


@cache
def model() -> RainForecaster:
    """Networks of all kinds that say something, each another thing."""
    torch.manual_seed(3)
    networks = {kind: Nowcaster(config=NowcasterConfig(
        kind=kind, adapts=kind != "single")).eval() for kind in KINDS}
    with torch.no_grad():
        for network in networks.values():
            network.table.normal_()
            network.say.weight.normal_(0, 0.1)
    return RainForecaster(networks)


@cache
def outputs(hide: str = "auto") -> NowcastOutputs:
    """What they say of the first sample."""
    return model().run(source(), hide=hide)


def answer(kind: str = "corrector", hide: str = "auto", **options: Any) -> Answer[Any, Any]:
    """The answer of one kind on the first sample."""
    return finish(SYSTEM, model(), outputs(hide), source(), kind,
                  SYSTEM.defaults(kind) | {"hide": hide} | options)
