"""The networks of faces, with weights drawn by chance: shapes, the same numbers in both engines,
evidence that adds up."""

import numpy as np
import pytest
import torch

from hybridcore.emotion.c3d import C3D, C3DConfig
from hybridcore.emotion.classes import EMOTIONS, VALENCE_AROUSAL
from hybridcore.emotion.face import FaceConfig, FaceNet, standardised
from hybridcore.emotion.face_lstm import FaceLSTM, FaceLSTMConfig
from hybridcore.emotion.face_networks import FaceMemory, FaceMotion
from hybridcore.emotion.face_runtime import FaceRuntime, cover
from hybridcore.encoder.efficientnet_lite import fold_batch_norm

CROPS = np.random.default_rng(0).integers(0, 256, (20, 48, 48), np.uint8)


@pytest.fixture(scope="module")
def network() -> FaceNet:
    torch.manual_seed(0)
    return fold_batch_norm(FaceNet(config=FaceConfig()))


@pytest.fixture(scope="module")
def runtime(network: FaceNet) -> FaceRuntime:
    return FaceRuntime(network, temperature=1.5)


def test_both_engines_say_the_same(network: FaceNet, runtime: FaceRuntime) -> None:
    looked = runtime.look(CROPS)  # more than go through at once
    with torch.inference_mode():
        output = network(torch.from_numpy(CROPS))
    for name in ("logits", "features", "grid"):
        np.testing.assert_allclose(getattr(looked, name), getattr(output, name).numpy(),
                                   rtol=1e-3, atol=1e-5)


def test_light_and_contrast_are_taken_away() -> None:
    x = torch.rand(3, 1, 8, 8) * 200
    torch.testing.assert_close(standardised(x), standardised(0.4 * x + 30), rtol=1e-4, atol=1e-4)
    assert standardised(x).std((1, 2, 3)).tolist() == pytest.approx([0.5] * 3)
    assert standardised(torch.full((1, 1, 8, 8), 90.0)).abs().max() == 0  # nothing to see


def test_evidence_adds_up_to_the_logit(network: FaceNet, runtime: FaceRuntime) -> None:
    crop = CROPS[0]
    logit = runtime.look(crop[None]).logits[0, 3]
    evidence = runtime.evidence(crop, 3)
    assert evidence.shape == crop.shape
    bias = float(network.classifier.bias[3].detach())
    cells = runtime.look(crop[None]).grid[0]
    added = np.tensordot(network.classifier.weight[3].detach().numpy(), cells, 1) / cells[0].size
    assert added.sum() + bias == pytest.approx(float(logit), abs=1e-4)
    # The picture is the same cells, enlarged: their order stays.
    coarse = evidence.reshape(4, 12, 4, 12).mean((1, 3))
    assert np.corrcoef(coarse.ravel(), added.ravel())[0, 1] > 0.95


def test_a_patch_covers_its_place_alone() -> None:
    crop = CROPS[1]
    spoilt = cover(crop, (0.25, 0.5, 0.25, 0.25))
    changed = spoilt != crop
    assert changed[24:36, 12:24].mean() > 0.9
    changed[24:36, 12:24] = False
    assert not changed.any()
    np.testing.assert_array_equal(cover(crop, (1.2, 0, 0.3, 0.3)), crop)  # beside it
    assert cover(crop, (-0.1, -0.1, 0.2, 0.2))[:5, :5].std() == 0  # over its corner


def test_reliance_is_covering_place_by_place(runtime: FaceRuntime) -> None:
    said = runtime.reliance(CROPS[2], size=0.4, places=3)
    assert said.shape == (3, 3, len(EMOTIONS))
    covered = cover(CROPS[2], (0.8, 0.3, 0.4, 0.4))
    np.testing.assert_allclose(said[1, 2], runtime.log_p(covered[None])[0], atol=1e-4)
    np.testing.assert_allclose(np.exp(said).sum(-1), 1, rtol=1e-4)


def test_the_lstm_sees_nothing_where_nothing_is_seen() -> None:
    torch.manual_seed(0)
    model = FaceLSTM(config=FaceLSTMConfig()).eval()
    features = np.random.default_rng(1).random((6, 256)).astype(np.float32)
    seen = np.array([True, True, False, False, True, True])
    memory = FaceMemory(model, temperature=2.0)
    log_p, trace = memory.read(features, CROPS[:6], seen)
    other = features.copy()
    other[2:4] += 5
    np.testing.assert_array_equal(memory.read(other, CROPS[:6], seen)[0], log_p)
    other[1] += 5
    assert np.abs(memory.read(other, CROPS[:6], seen)[0] - log_p)[4:].max() > 1e-4  # remembered
    np.testing.assert_allclose(trace.o * np.tanh(trace.c), trace.h, atol=1e-5)


def test_c3d_speaks_of_whole_clips() -> None:
    torch.manual_seed(0)
    motion = FaceMotion(C3D(config=C3DConfig()).eval(), temperature=1.0)
    seen = np.ones(len(CROPS), bool)
    said = motion.read(CROPS, seen)
    assert said.shape == (5, len(EMOTIONS))
    np.testing.assert_allclose(motion.read(CROPS[2:18], seen[:16])[0], said[2], atol=1e-5)
    assert motion.read(CROPS[:15], seen[:15]).shape == (0, len(EMOTIONS))
    backwards = motion.read(CROPS[15::-1], seen[:16])[0]
    assert np.abs(backwards - said[0]).max() > 1e-4  # order matters


def test_every_emotion_has_a_place_in_the_plane() -> None:
    assert tuple(VALENCE_AROUSAL) == EMOTIONS
    assert all(-1 <= value <= 1 for place in VALENCE_AROUSAL.values() for value in place)
