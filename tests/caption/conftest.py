"""A captioner with the encoder, words and sentences that ship and small networks of random weights
in place of those of the papers, and its answers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from hybridcore.answers import finish
from hybridcore.caption.model import KINDS, CaptionConfig
from hybridcore.caption.networks import build
from hybridcore.caption.predict import Captioner
from hybridcore.caption.result import Span
from hybridcore.caption.see import Seer
from hybridcore.caption.speak import Speaker
from hybridcore.caption.system import SYSTEM
from hybridcore.caption.vocabulary import MARKS, Vocabulary
from hybridcore.encoder.encoder import shared_encoder
from hybridcore.media.clip import Clip
from hybridcore.media.picture import Picture
from hybridcore.system import Answer

WORDS = ("a", "dog", "man", "runs", "on", "the", "grass", "'s", "red", "ball", "in", "water")
MakeAnswer = Callable[..., Answer]


@dataclass(frozen=True)
class TwoSegments:
    """Segments of ``two_shots``; times float64 ``[T]``, s."""

    times: np.ndarray

    def spans(self) -> list[Span]:
        return [(0.0, 1.2), (1.2, 2.4)]


@pytest.fixture(scope="session")
def captioner() -> Captioner:
    torch.manual_seed(0)
    vocabulary = Vocabulary((*MARKS, *WORDS))
    config = CaptionConfig(
        vocabulary=len(vocabulary), features=16, attention=8, embedding=12, hidden=14)
    models = {}
    for kind in KINDS:
        models[kind] = build(kind, config).eval()
        torch.nn.init.normal_(models[kind].embedding.weight)  # so that words differ clearly
    return Captioner(
        shared_encoder("cpu"), Seer.load("cpu"), Speaker.load(), models,
        dict.fromkeys(KINDS, vocabulary))


@pytest.fixture(scope="session")
def coffee(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    path = tmp_path_factory.mktemp("photos") / "coffee.png"
    Image.fromarray(data.coffee()).save(path)
    return Picture.open(path)


@pytest.fixture(scope="session")
def answer_of_picture(captioner: Captioner, coffee: Picture) -> MakeAnswer:
    """``answer_of_picture(kind, **options)``: four sentences of at most nine words."""
    return partial(_answer, captioner, captioner.run(coffee), coffee)


@pytest.fixture(scope="session")
def answer_of_video(captioner: Captioner, two_shots: Path) -> MakeAnswer:
    """The same of the two segments of ``two_shots``."""
    clip = Clip.open(two_shots)
    times = np.concatenate([chunk.times for chunk in clip.chunks(size=(32, 32))])
    return partial(_answer, captioner, captioner.run(clip, scene=TwoSegments(times)), clip)


def _answer(model: Captioner, found: Any, source: Any, kind: str = "attend", **options) -> Answer:
    values = SYSTEM.defaults(kind) | {"beam": 4, "most_words": 9} | options
    return finish(SYSTEM, model, found, source, kind, values)
