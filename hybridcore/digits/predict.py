"""The networks over a recording: what `System` asks of a model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import torch
from torch import Tensor

from hybridcore.cards import load_card
from hybridcore.device import pick_device
from hybridcore.digits.model import KINDS, DigitConfig, DigitNet
from hybridcore.digits.result import DigitOutputs, DigitResult
from hybridcore.media.recording import Recording
from hybridcore.progress import Progress, report
from hybridcore.weights import load_into

_PARTS = 4  # of a recording


class DigitReader:
    """The network of every kind, on one device."""

    def __init__(self, networks: Mapping[str, DigitNet]) -> None:
        self.networks = networks

    @classmethod
    def load(cls, device: str | None = None) -> DigitReader:
        """Load the networks.

        Raises:
            WeightsError: weights are missing or are not the ones their cards name.
            OptionError: there is no such device.
        """
        place: torch.device = pick_device(device)
        return cls({kind: load_into(
            DigitNet(config=DigitConfig(**load_card(f"digits_{kind}")["config"])),
            f"digits_{kind}").eval().to(place) for kind in KINDS})

    @torch.inference_mode()
    def run(self, source: Recording, progress: Progress | None = None) -> DigitOutputs:
        """Listen with the network of every kind: first to the beginning, then to more of it, as
        what reads backwards too has to begin anew whenever the end is another."""
        bands = torch.from_numpy(source.bands)[None]
        outputs = DigitOutputs({})
        for done in range(1, _PARTS + 1):
            outputs = self._heard(bands[:, : -(-bands.shape[1] * done // _PARTS)])
            report(progress, done, _PARTS, partial(DigitOutputs, outputs.log_p))
        return outputs

    def _heard(self, bands: Tensor) -> DigitOutputs:
        return DigitOutputs({
            kind: network(bands.to(next(network.parameters()).device))[0].cpu().numpy()
            for kind, network in self.networks.items()})

    def finish(
        self, outputs: DigitOutputs, source: Recording, kind: str, *, threshold: float = 0.0
    ) -> DigitResult:
        """What the network of one kind hears.

        threshold: from how sure on a digit is called sure; 0: that of the card.
        """
        cut = threshold or float(load_card(f"digits_{kind}")["sure"])
        return DigitResult(kind, outputs.log_p[kind].astype(np.float32), cut)
