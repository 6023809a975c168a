"""A recogniser whose network was never trained: what surrounds the network is tested here."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from hybridcore.gait.model import GaitConfig, GaitNet
from hybridcore.gait.predict import GaitRecognizer
from hybridcore.media import Clip
from tests.conftest import write_clip
from tests.gait.walkers import RATE, Actor, film


@pytest.fixture(scope="session")
def recognizer() -> GaitRecognizer:
    torch.manual_seed(0)
    config = GaitConfig(channels=(4, 8, 8), hidden=16, dim=8)
    return GaitRecognizer(GaitNet(config=config), network="untrained", threshold=0.5)


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
    return filmed([Actor()], 4.0)
