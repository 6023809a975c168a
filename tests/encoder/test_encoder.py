"""The trained encoder: shapes, invariances, and ONNX Runtime against torch."""

import numpy as np
import pytest
import torch

from hybridcore.encoder.efficientnet_lite import fold_batch_norm, normalise
from hybridcore.encoder.encoder import OUTPUTS, Encoder, EncoderNetwork, load_scene_top
from hybridcore.encoder.imagenet import load_imagenet
from hybridcore.encoder.labels import object_names, scene_names


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load("cpu")


@pytest.fixture(scope="module")
def frames() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (5, 160, 160, 3), np.uint8)


def test_shapes(encoder: Encoder, frames: np.ndarray) -> None:
    features = encoder.encode(frames, *OUTPUTS)
    assert {k: tuple(v.shape) for k, v in features.items()} == {
        "grid16": (5, 112, 10, 10),
        "object_grid": (5, 1280, 5, 5), "scene_grid": (5, 1280, 5, 5),
        "object_logits": (5, 1000), "scene_logits": (5, 100),
    }
    assert all(torch.isfinite(v).all() for v in features.values())
    for name in ("object_grid", "scene_grid"):
        assert features[name].min() >= 0
        assert features[name].max() <= 6
    assert len(scene_names()) == 100
    assert len(object_names()) == 1000


def test_objects_have_the_names_that_torchvision_has_for_them() -> None:
    models = pytest.importorskip("torchvision.models")
    assert list(object_names()) == models.EfficientNet_B0_Weights.IMAGENET1K_V1.meta["categories"]


def test_onnx_runtime_gives_what_torch_gives(encoder: Encoder, frames: np.ndarray) -> None:
    network = EncoderNetwork(scene=load_scene_top()).eval()
    with torch.inference_mode():
        expected = network(torch.from_numpy(frames))
    found = encoder.encode(frames, *OUTPUTS)
    for name in OUTPUTS:
        torch.testing.assert_close(found[name], expected[name], atol=2e-3, rtol=2e-3)


def test_objects_are_those_of_the_untouched_network(encoder: Encoder, frames: np.ndarray) -> None:
    untouched = fold_batch_norm(load_imagenet())
    with torch.inference_mode():
        expected = untouched(normalise(torch.from_numpy(frames)))
    found = encoder.encode(frames, "object_logits")["object_logits"]
    torch.testing.assert_close(found, expected, atol=2e-3, rtol=2e-3)


def test_a_frame_does_not_depend_on_its_batch(encoder: Encoder, frames: np.ndarray) -> None:
    together = encoder.encode(frames, "scene_logits")["scene_logits"]
    alone = torch.cat([encoder.encode(f[None], "scene_logits")["scene_logits"] for f in frames])
    torch.testing.assert_close(alone, together, atol=1e-4, rtol=1e-4)


def test_bad_input_is_refused(encoder: Encoder, frames: np.ndarray) -> None:
    with pytest.raises(ValueError, match="multiples of 32"):
        encoder.encode(frames[:, :100], "scene_logits")
    with pytest.raises(ValueError, match="unknown outputs"):
        encoder.encode(frames, "smell")
