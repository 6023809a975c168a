"""A recogniser whose networks were never trained: what surrounds the networks is tested here."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from hybridcore.gait.clothes import shared_clothes
from hybridcore.gait.model import KINDS, GaitConfig, GaitNet
from hybridcore.gait.networks import Network
from hybridcore.gait.predict import GaitRecogniser
from hybridcore.gait.result import GaitResult
from hybridcore.gait.system import SYSTEM
from hybridcore.media import Clip
from hybridcore.system import Answer
from tests.conftest import write_clip
from tests.gait.walkers import RATE, Actor, film

Answering = Callable[..., Answer[Any, GaitResult]]
Running = Callable[..., GaitResult]
ONE, OTHER = Actor(), Actor(start=300, speed=-60, colour=(40, 60, 150), tall=84)


@pytest.fixture(scope="session")
def recogniser() -> GaitRecogniser:
    """Three of its networks share a CNN, as those that ship do; the thresholds differ."""
    torch.manual_seed(0)
    models = {
        kind: GaitNet(config=GaitConfig(kind=kind, channels=(4, 8, 8), hidden=16, dim=8))
        for kind in KINDS
    }
    models["set"].frames = models["mean"].frames = models["lstm"].frames
    return GaitRecogniser({
        kind: Network(model, f"untrained {kind}", 0.3 + 0.1 * k)
        for k, (kind, model) in enumerate(models.items())
    }, shared_clothes())


@pytest.fixture(scope="session")
def run(recogniser: GaitRecogniser) -> Running:
    """What the recogniser finds with silhouettes from the background: drawn figures are no people
    to a network that knows people."""
    return partial(recogniser.run, silhouettes="background")


@pytest.fixture(scope="session")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Clip]:
    """``filmed(actors, seconds, **film_options)``: a clip of drawn walkers."""
    folder = tmp_path_factory.mktemp("walkers")

    def make(actors: list[Actor], seconds: float, **options: float) -> Clip:
        path: Path = folder / f"{len(list(folder.iterdir()))}.mp4"
        return Clip.open(write_clip(path, film(actors, seconds, **options), RATE))

    return make


@pytest.fixture(scope="session")
def one_walker(filmed: Callable[..., Clip]) -> Clip:
    return filmed([ONE], 4.0)


@pytest.fixture(scope="session")
def two_walkers(filmed: Callable[..., Clip]) -> Clip:
    """Two people who cross."""
    return filmed([ONE, OTHER], 4.0)


@pytest.fixture(scope="session")
def answering(recogniser: GaitRecogniser, run: Running) -> Answering:
    """``answering(source, kind, **options)``: what the system answers; a source is read once."""
    results: dict[int, tuple[Any, GaitResult]] = {}  # the source is kept, so that its id is its own

    def answer(source: Any, kind: str = "lstm", **options: Any) -> Answer[Any, GaitResult]:
        if id(source) not in results:
            results[id(source)] = source, run(source)
        found = results[id(source)][1]
        result = recogniser.finish(found, source, kind, **options)
        return Answer(SYSTEM, source, kind, result, options, recogniser, found)

    return answer
