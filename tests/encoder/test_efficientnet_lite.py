"""The network against published counts, known pictures and its own other forms."""

import numpy as np
import pytest
import torch
from skimage import data

from hybridcore.encoder.efficientnet_lite import (
    LITE_CONFIGS,
    EfficientNetLite,
    assign_in_order,
    fold_batch_norm,
    normalise,
)
from hybridcore.encoder.imagenet import load_imagenet, package_path
from hybridcore.encoder.labels import object_names
from hybridcore.errors import WeightsError
from hybridcore.media.picture import resize

# Values in the published state dicts, batch-norm statistics included (counters not).
STATE_SIZES = {"lite0": 4_694_024, "lite1": 5_470_344, "lite2": 6_150_168}


@pytest.mark.parametrize("name", sorted(LITE_CONFIGS))
def test_state_size(name: str) -> None:
    state = EfficientNetLite(config=LITE_CONFIGS[name]).state_dict()
    assert sum(v.numel() for k, v in state.items() if "num_batches" not in k) == STATE_SIZES[name]


def test_imagenet_weights_know_a_cat_and_a_coffee() -> None:
    pictures = np.stack([resize(data.chelsea(), 224), resize(data.coffee(), 224)])
    with torch.inference_mode():
        shares = load_imagenet()(normalise(torch.from_numpy(pictures))).softmax(1)
    names = [object_names()[i] for i in shares.argmax(1)]
    assert names == ["Egyptian cat", "espresso"]
    assert shares.amax(1).min() > 0.7


def test_folding_changes_nothing() -> None:
    network = load_imagenet()
    x = torch.randn(2, 3, 96, 64)
    with torch.inference_mode():
        before = network(x)
        after = fold_batch_norm(network)(x)
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in network.modules())
    torch.testing.assert_close(after, before, atol=1e-4, rtol=1e-4)


def test_padding_is_that_of_tensorflow() -> None:
    # An even side and stride 2: "SAME" pads nothing before and one after, so the first output
    # of the stem sees pixels 0 to 2 and not the one before.
    stem = EfficientNetLite().trunk.stem
    assert stem.same_pad == (0, 1, 0, 1)
    blocks = [m for m in EfficientNetLite().trunk.modules() if getattr(m, "same_pad", None)]
    assert (1, 2, 1, 2) in [m.same_pad for m in blocks]


def test_odd_sides_are_refused() -> None:
    with pytest.raises(ValueError, match="multiples of 32"):
        EfficientNetLite().eval()(torch.zeros(1, 3, 100, 96))


def test_another_shape_is_refused() -> None:
    state = list(EfficientNetLite().state_dict().values())
    with pytest.raises(ValueError, match="shape"):
        assign_in_order(EfficientNetLite(config=LITE_CONFIGS["lite0"], classes=10), state)
    with pytest.raises(ValueError, match="tensors expected"):
        assign_in_order(EfficientNetLite(), state[:-1])


def test_a_changed_package_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    changed = tmp_path / "weights.pth"
    changed.write_bytes(package_path().read_bytes()[:-1] + b"x")
    monkeypatch.setattr("hybridcore.encoder.imagenet.package_path", lambda name: changed)
    with pytest.raises(WeightsError, match="not the file expected"):
        load_imagenet()
