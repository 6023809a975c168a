"""The noisy-or over cells, and the plain words of the object classes."""

import numpy as np
import pytest
import torch
from torch import nn

from hybridcore.encoder.class_words import class_groups, class_words
from hybridcore.encoder.labels import object_names
from hybridcore.encoder.words import Calibration, WordEvidence, WordNetwork, WordReader


def test_noisy_or_is_one_minus_all_absent() -> None:
    cells, whole = torch.randn(2, 3, 4, 4), torch.randn(2, 3)
    evidence = WordEvidence(cells, whole)
    absent = (1 - cells.sigmoid()).prod(3).prod(2) * (1 - whole.sigmoid())
    torch.testing.assert_close(evidence.logits().sigmoid(), 1 - absent)


def test_noisy_or_survives_certainty() -> None:
    for value in (-60.0, 60.0):
        evidence = WordEvidence(torch.full((1, 1, 7, 7), value), torch.full((1, 1), value))
        logits = evidence.logits()
        assert logits.isfinite().all()
        assert bool(logits > 0) is (value > 0)


def test_calibration_is_word_by_word() -> None:
    calibrated = Calibration(torch.tensor([2.0, 1.0]), torch.tensor([0.0, -1.0]))
    expected = torch.tensor([[2.0, 0.0]]).sigmoid()
    torch.testing.assert_close(calibrated(torch.tensor([[1.0, 1.0]])), expected)


@pytest.mark.parametrize(("name", "word"), [
    ("Egyptian cat", "cat"), ("golden retriever", "dog"), ("espresso", "coffee"),
    ("ladybug", "ladybug"), ("trolleybus", "bus"), ("missile", "rocket"), ("ice bear", "bear"),
    ("electric locomotive", "train"), ("studio couch", "couch"), ("mountain bike", "bicycle")])
def test_classes_have_plain_words(name: str, word: str) -> None:
    assert object_names().index(name) in class_groups()[word]


def test_a_word_has_the_probability_of_all_its_classes() -> None:
    p = np.zeros((1, 1000), np.float32)
    p[0, 151:155] = 0.2
    words = class_words(p)
    assert words["dog"][0] == pytest.approx(0.8)
    assert words["cat"][0] == 0


@torch.inference_mode()
def test_onnx_runtime_reads_the_words_that_torch_reads() -> None:
    torch.manual_seed(0)
    network = WordNetwork(words=5).eval()
    for head in (network.own, network.tuned):  # evidence on both sides of none
        nn.init.normal_(head.cell.weight, std=0.1)
        nn.init.normal_(head.whole.weight, std=0.1)
        nn.init.zeros_(head.cell.bias)
        nn.init.zeros_(head.whole.bias)
    nn.init.uniform_(network.slope, 0.5, 2.0)
    shapes = {"grid16": (2, 112, 4, 6), "object_grid": (2, 1280, 2, 3),
              "scene_grid": (2, 1280, 2, 3)}
    grids = {name: torch.rand(shape) for name, shape in shapes.items()}
    expected = network(*grids.values())
    found = WordReader(network, torch.device("cpu"))(grids)
    torch.testing.assert_close(found.probabilities, expected.probabilities, atol=1e-4, rtol=1e-3)
    torch.testing.assert_close(found.maps, expected.maps, atol=1e-4, rtol=1e-3)
    assert expected.maps.std() > 0.1
    assert expected.probabilities.std() > 0.05
