"""The shared encoder: one pass over frames, many heads.

A frozen ImageNet trunk (up to stride 16) carries two tops: the original one for 1,000 objects and
one trained on MiniPlaces for 100 scenes, so learning the scenes cannot cost the objects anything.

Frames are uint8 ``[N, H, W, 3]`` RGB, squashed to one size (multiples of 32; scenes were
trained at 160, objects at 224).
:data:`OUTPUTS` names what can be asked for; only what is asked for is computed.

On the CPU the network runs in ONNX Runtime, which is two to four times faster there than torch on
depthwise convolutions; on a GPU it runs in torch. Both are held to the same numbers by a test.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from hybridcore.device import pick_device
from hybridcore.encoder.efficientnet_lite import (
    LITE_CONFIGS,
    Top,
    fold_batch_norm,
    normalise,
)
from hybridcore.encoder.imagenet import load_imagenet
from hybridcore.encoder.onnx_graph import FRAMES, GraphBuilder
from hybridcore.onnx_session import cpu_session
from hybridcore.weights import load_into

NETWORK = "lite0"  # of the family, by accuracy per millisecond: see the card
WEIGHTS_NAME = "encoder"
SIDE = 160  # the side that scenes were trained at
OBJECT_SIDE = 224  # the side that objects were trained at
AT_ONCE = 4  # frames on a CPU: what is computed of more leaves its cache
OUTPUTS = {
    "grid16": "[N, 112, H/16, W/16], the trunk",
    "object_grid": "[N, 1280, H/32, W/32], non-negative, at most 6",
    "scene_grid": "[N, 1280, H/32, W/32], non-negative, at most 6",
    "object_logits": "[N, 1000], ImageNet classes in the usual order",
    "scene_logits": "[N, 100], MiniPlaces classes in the order of the card",
}


class SceneTop(nn.Module):
    """A top with its classifier: stride-16 grid ``[N, C, h, w]`` -> scene logits ``[N, 100]``."""

    def __init__(self, *, config_name: str = "lite0", classes: int = 100) -> None:
        super().__init__()
        config = LITE_CONFIGS[config_name]
        self.top = fold_batch_norm(Top(config))
        self.classifier = nn.Linear(config.head_channels, classes)

    def forward(self, grid: Tensor) -> Tensor:
        return self.classifier(self.top(grid).mean((2, 3)))


class EncoderNetwork(nn.Module):
    """Trunk with both tops, batch norm folded; see :data:`OUTPUTS`."""

    def __init__(self, *, scene: SceneTop) -> None:
        super().__init__()
        imagenet = fold_batch_norm(load_imagenet(NETWORK))
        self.trunk = imagenet.trunk
        self.object_top, self.object_classifier = imagenet.top, imagenet.classifier
        self.scene_top, self.scene_classifier = scene.top, scene.classifier

    def forward(self, frames: Tensor, names: Sequence[str] = tuple(OUTPUTS)) -> dict[str, Tensor]:
        grid16 = self.trunk(normalise(frames))
        outputs = {"grid16": grid16}
        for kind, top, classifier in (
            ("object", self.object_top, self.object_classifier),
            ("scene", self.scene_top, self.scene_classifier),
        ):
            if any(name.startswith(kind) for name in names):
                grid = top(grid16)
                outputs[f"{kind}_grid"] = grid
                outputs[f"{kind}_logits"] = classifier(grid.mean((2, 3)))
        return {name: outputs[name] for name in names}

    def onnx(self) -> bytes:
        """The same network as an ONNX graph with one output for each of :data:`OUTPUTS`."""
        graph = GraphBuilder()
        grid16 = graph.trunk(graph.pixels("frames"), self.trunk)
        outputs = {"grid16": grid16}
        for kind, top, classifier in (
            ("object", self.object_top, self.object_classifier),
            ("scene", self.scene_top, self.scene_classifier),
        ):
            grid = graph.top(grid16, top)
            outputs[f"{kind}_grid"] = grid
            outputs[f"{kind}_logits"] = graph.linear(graph.pool(grid), classifier)
        return graph.build("encoder", {"frames": FRAMES}, outputs)


def load_scene_top() -> SceneTop:
    """The scene top with the weights that this project trained.

    Raises:
        WeightsError: if they are missing or are not the ones that the card names.
    """
    scene = SceneTop(config_name=NETWORK)
    load_into(scene, WEIGHTS_NAME)
    return scene


class Encoder:
    """The trained encoder, ready to run.

    >>> encoder = Encoder.load()
    >>> features = encoder.encode(frames, "scene_grid", "object_logits")
    """

    def __init__(self, network: EncoderNetwork, device: torch.device) -> None:
        self.device = device
        self._session: onnxruntime.InferenceSession | None = None
        if device.type == "cpu":
            self._session = cpu_session(network.onnx())
        else:
            self._network = network.to(device).to(memory_format=torch.channels_last)

    @classmethod
    def load(cls, device: str | None = None) -> Encoder:
        """Read the weights and prepare them for ``device`` (default: the GPU if there is one).

        Raises:
            WeightsError: if weights are missing or are not the ones expected.
        """
        return cls(EncoderNetwork(scene=load_scene_top()).eval(), pick_device(device))

    @torch.inference_mode()
    def encode(self, frames: np.ndarray, *names: str) -> dict[str, Tensor]:
        """Features of uint8 ``[N, H, W, 3]`` frames, float32 tensors on the encoder's device.

        Raises:
            ValueError: if a side is not a multiple of 32 or a name is not in :data:`OUTPUTS`.
        """
        if unknown := set(names) - set(OUTPUTS):
            raise ValueError(f"unknown outputs: {sorted(unknown)}")
        if frames.shape[1] % 32 or frames.shape[2] % 32:
            raise ValueError(f"sides must be multiples of 32, got {frames.shape[1:3]}")
        if self._session is not None:
            parts = [self._session.run(list(names), {"frames": frames[at : at + AT_ONCE]})
                     for at in range(0, len(frames), AT_ONCE)]
            return {name: torch.from_numpy(np.concatenate(values))
                    for name, values in zip(names, zip(*parts, strict=True), strict=True)}
        return self._network(torch.from_numpy(frames).to(self.device), names)

    def frames_per_second(self, batch: int = 16) -> float:
        """Speed of both tops on this device, from a few batches of random frames."""
        frames = np.random.default_rng(0).integers(0, 256, (batch, SIDE, SIDE, 3), np.uint8)
        names = ("scene_grid", "scene_logits", "object_logits")
        times = []
        for _ in range(5):
            start = time.perf_counter()
            features = self.encode(frames, *names)
            features["scene_logits"].cpu()  # waits for the device
            times.append(time.perf_counter() - start)
        return batch / float(np.median(times[1:]))


@cache
def shared_encoder(device: str | None = None) -> Encoder:
    """The encoder that all systems of a process share on a device, loaded when first asked for."""
    return Encoder.load(device)
