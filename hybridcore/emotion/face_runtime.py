"""The CNN of single faces, ready to run: in ONNX Runtime on a CPU.

Each crop is seen as it is and in a mirror, and the mean of both counts: a mirror changes no mood.
Beside what a face shows it says why: which places of a crop speak for an expression, and what it
would say if a part were covered.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import log_softmax

from hybridcore.cards import load_card
from hybridcore.emotion.face import FaceConfig, FaceNet, prepared
from hybridcore.encoder.efficientnet_lite import fold_batch_norm
from hybridcore.encoder.onnx_graph import GRID, GraphBuilder
from hybridcore.onnx_session import cpu_session
from hybridcore.weights import load_into

NAME = "emotion_face"
AT_ONCE = 16  # crops
_OUTPUTS = ("logits", "features", "grid")


@dataclass(frozen=True, eq=False)
class Looked:
    """What the network found in N crops, float32, the mean of each and its mirror picture: logits
    ``[N, 7]``, features ``[N, 256]`` (f), grid ``[N, 256, h, w]`` (g)."""

    logits: NDArray[np.float32]
    features: NDArray[np.float32]
    grid: NDArray[np.float32]


class FaceRuntime:
    """A trained :class:`FaceNet` in ONNX Runtime.

    temperature: of calibration (Guo et al., *On Calibration of Modern Neural Networks*, ICML 2017).
    """

    def __init__(self, network: FaceNet, temperature: float = 1.0) -> None:
        self.side, self.temperature = network.config.side, temperature
        self._classes = network.classifier.weight.detach().numpy()  # V [7, 256]
        self._session = cpu_session(_graph(network))

    @classmethod
    def load(cls) -> FaceRuntime:
        """With the weights that ship.

        Raises:
            WeightsError: if they are missing or are not the ones that their card names.
        """
        card = load_card(NAME)
        network = fold_batch_norm(FaceNet(config=FaceConfig(**card["config"])))
        return cls(load_into(network, NAME), float(card["calibration"]["temperature"]))

    def look(self, crops: NDArray[np.uint8]) -> Looked:
        """See crops ``[N, S, S]``, grey."""
        parts = [self._run(crops[at : at + AT_ONCE])
                 for at in range(0, max(1, len(crops)), AT_ONCE)]
        return Looked(*(np.concatenate(values) for values in zip(*parts, strict=True)))

    def log_p(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Calibrated log probabilities ``[N, 7]`` of crops ``[N, S, S]``."""
        return calibrated_log(self.look(crops).logits, self.temperature)

    def evidence(self, crop: NDArray[np.uint8], emotion: int) -> NDArray[np.float32]:
        """What every place of a crop ``[S, S]`` adds to the logit of an expression, ``[S, S]``;
        negative where it speaks against it.

        Grad-CAM (Selvaraju et al., *Grad-CAM: Visual Explanations from Deep Networks via
        Gradient-based Localization*, ICCV 2017), without its cut at zero: the gradient of a linear
        layer over a mean is its row of weights.
        """
        grid = self.look(crop[None]).grid[0]
        added = np.tensordot(self._classes[emotion], grid, 1) / grid[0].size
        return np.asarray(cv2.resize(added.astype(np.float32), crop.shape[::-1],
                                     interpolation=cv2.INTER_CUBIC))

    def reliance(
        self, crop: NDArray[np.uint8], *, size: float = 0.3, places: int = 9
    ) -> NDArray[np.float32]:
        """Log probabilities ``[places, places, 7]`` with a square patch of ``size`` of the crop
        around each of so many places down and across.

        Zeiler & Fergus, *Visualizing and Understanding Convolutional Networks*, ECCV 2014.
        """
        starts = np.linspace(0, 1, places) - size / 2
        spoilt = np.stack([cover(crop, (left, top, size, size)) for top in starts
                           for left in starts])
        return self.log_p(spoilt).reshape(places, places, -1)

    def _run(self, crops: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        pixels = prepared(torch.from_numpy(np.ascontiguousarray(crops)), self.side)
        both = torch.cat([pixels, pixels.flip(-1)]).contiguous().numpy()
        logits, features, grid = self._session.run(_OUTPUTS, {"pixels": both})
        grid[len(crops):] = grid[len(crops):, ..., ::-1]
        return [(own[: len(crops)] + own[len(crops) :]) / 2 for own in (logits, features, grid)]


def calibrated_log(logits: NDArray, temperature: float) -> NDArray[np.float32]:
    """Log probabilities of ``logits [..., C]`` divided by a temperature."""
    return np.asarray(log_softmax(logits.astype(np.float64) / temperature, -1), np.float32)


def cover(
    crop: NDArray[np.uint8], patch: tuple[float, float, float, float]
) -> NDArray[np.uint8]:
    """The crop ``[S, S]`` with its mean in place of a patch (left, top, width,
    height; shares of its sides)."""
    height, width = crop.shape
    left, top = patch[0] * width, patch[1] * height
    right, bottom = left + patch[2] * width, top + patch[3] * height
    rows, columns = (slice(max(0, round(start)), max(0, round(stop)))
                     for start, stop in ((top, bottom), (left, right)))
    spoilt = crop.copy()
    spoilt[rows, columns] = round(float(crop.mean()))
    return spoilt


def _graph(network: FaceNet) -> bytes:
    graph = GraphBuilder()
    grid = graph.conv(graph.trunk("pixels", network.trunk), network.embed)
    features = graph.pool(grid)
    logits = graph.linear(features, network.classifier)
    return graph.build("face", {"pixels": GRID}, dict(zip(_OUTPUTS, (logits, features, grid),
                                                         strict=True)))
