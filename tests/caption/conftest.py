"""A captioner with the encoder that ships and small networks of random weights."""

import pytest
import torch

from hybridcore.caption.model import KINDS, CaptionConfig
from hybridcore.caption.networks import build
from hybridcore.caption.predict import Captioner
from hybridcore.caption.vocabulary import MARKS, Vocabulary
from hybridcore.encoder.encoder import Encoder

WORDS = ("a", "dog", "man", "runs", "on", "the", "grass", "'s", "red", "ball", "in", "water")


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
    return Captioner(Encoder.load("cpu"), models, dict.fromkeys(KINDS, vocabulary))
