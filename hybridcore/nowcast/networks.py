"""Networks that say the rain of the next hour, as a distribution at every pixel.

Shi et al., *Convolutional LSTM Network: A Machine Learning Approach for Precipitation Nowcasting*,
NeurIPS 2015: an encoder of ConvLSTM layers reads the past fields, a forecaster of as many begins
with its memory and, its lowest layer without input, unrolls the future. Three kinds:

* ``corrector``: reads the fields carried to now along the motion, and its answer is carried on by
  :mod:`hybridcore.nowcast.advect`. What only moves stands still for it, so that it learns growth,
  decay, and what the motion gets wrong.
* ``single``: the same network without memory of the past: it sees the last field alone.
* ``plain``: the corrector's network on fields that stay where they fell, as in the paper.

Deviations from the paper: the ConvLSTM works on maps of a quarter of the side, and beside it stand
a table of what becomes of every bin of rain after every lead, and convolutions of the fields in
full resolution. The table begins as it was measured, so that the network begins as the climate of
Lagrangian persistence (for ``plain``: of persistence). What became of the rain of this very
sequence in the last half hour corrects it (:meth:`Nowcaster.tables`): some rain keeps for an hour,
some for ten minutes, and the past tells which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hybridcore.cards import load_card
from hybridcore.layers.conv_lstm import ConvLSTM, Step
from hybridcore.layers.unrolled import State
from hybridcore.nowcast.bins import BINS, EDGES
from hybridcore.nowcast.moving import LEADS, PAST
from hybridcore.weights import load_into

Kind = Literal["corrector", "single", "plain"]
KINDS: tuple[Kind, ...] = ("corrector", "single", "plain")
SHRINK = 4  # px of the field that are one of the maps, along each side
_PRIOR = 100.0  # px
_UNIT = 0.1  # mm/h, from where the logarithm of the rain bends


@dataclass(frozen=True)
class NowcasterConfig:
    """kind: of :data:`KINDS`. channels: of every ConvLSTM layer. layers: of them. kernel: of the
    ConvLSTM, px of its maps. fine: channels of what is in full resolution. adapts: whether the past
    of the sequence corrects the table; ``single``, which has no past, never does."""

    kind: Kind = "corrector"
    channels: int = 24
    layers: int = 2
    kernel: int = 3
    fine: int = 16
    adapts: bool = True


@dataclass(frozen=True, eq=False)
class Memory:
    """What one layer holds and lets through, each float32 ``[steps, C, h, w]``: the past steps of
    the encoder, then the leads of the forecaster; gates in 0..1."""

    hidden: np.ndarray
    cell: np.ndarray
    input: np.ndarray
    forget: np.ndarray
    output: np.ndarray


def log_rain(rates: np.ndarray) -> np.ndarray:
    """Rates ``[..., H, W]`` in mm/h -> what a network reads, float32 ``[..., 2, H, W]``: the
    logarithm of the rain, and 1 where there is data."""
    valid = ~np.isnan(rates)
    rain = np.log1p(np.where(valid, rates, 0) / _UNIT)
    return np.stack([rain, valid], -3).astype(np.float32)


class Nowcaster(nn.Module):
    """``past [B, 4, 2, H, W]`` (:func:`log_rain` of :data:`~hybridcore.nowcast.moving.PAST`) ->
    logits of the bins ``[B, 6, 9, H, W]`` at :data:`~hybridcore.nowcast.moving.LEADS`. H and W are
    whatever they are; the map is padded with no data."""

    edges: Tensor

    def __init__(self, *, config: NowcasterConfig) -> None:
        super().__init__()
        self.config = config
        channels, fine, leads = config.channels, config.fine, len(LEADS)
        fields = 1 if config.kind == "single" else len(PAST)
        # What becomes of every bin, and of no data: logits, [lead, bin now, bin then].
        self.table = nn.Parameter(torch.zeros(leads, BINS + 1, BINS))
        # How much what became of the rain in 30, 20 and 10 minutes counts for every lead, and how
        # many pixels the table is worth against it, as a logarithm.
        gaps = torch.tensor(PAST[:-1], dtype=torch.float32)  # minutes, negative
        near = (gaps + torch.tensor(LEADS).clamp(max=-PAST[0])[:, None]).abs() < 1
        self.trust = nn.Parameter(near.float() * config.adapts)
        self.prior = nn.Parameter(torch.tensor(_PRIOR).log())
        self.register_buffer("edges", torch.log1p(torch.tensor(EDGES) / _UNIT), persistent=False)
        self.near = nn.Sequential(
            nn.Conv2d(2 * fields, fine, 5, padding=2), nn.ReLU(),
            nn.Conv2d(fine, fine, 3, padding=1), nn.ReLU())
        self.near_leads = nn.Conv2d(fine, leads * fine, 1)
        self.shrink = nn.Sequential(
            nn.PixelUnshuffle(SHRINK), nn.Conv2d(2 * SHRINK**2, channels, 3, padding=1), nn.ReLU())
        self.encoder, self.forecaster = (nn.ModuleList([
            ConvLSTM(inputs=lowest if layer == 0 else channels, channels=channels,
                     kernel=config.kernel)
            for layer in range(config.layers)]) for lowest in (channels, 0))
        self.enlarge = nn.Conv2d(config.layers * channels, fine * SHRINK**2, 1)
        self.say = nn.Conv2d(fine, BINS, 1)
        for parameter in self.say.parameters():
            nn.init.zeros_(parameter)

    def forward(self, past: Tensor) -> Tensor:
        height, width = past.shape[-2:]
        past = self._seen(past)
        far = torch.cat([torch.stack([step.hidden for step in steps], 1)
                         for steps in self._unrolled(past)[1]], 2)  # [B, 6, layers C, h, w]
        wide = F.pixel_shuffle(self.enlarge(far.flatten(0, 1)), SHRINK)  # [B 6, F, H, W]
        near = self.near_leads(self.near(past.flatten(1, 2))).unflatten(1, (len(LEADS), -1))
        said = self.say(F.relu(wide + near.flatten(0, 1))).unflatten(0, near.shape[:2])
        return (self._climate(past) + said)[..., :height, :width]

    def _seen(self, past: Tensor) -> Tensor:
        """The fields that this kind reads, padded with no data to what can be shrunk."""
        height, width = past.shape[-2:]
        kept = past[:, -1:] if self.config.kind == "single" else past
        return F.pad(kept, (0, -width % SHRINK, 0, -height % SHRINK))

    def _climate(self, past: Tensor) -> Tensor:
        """What the tables say of the last of ``past [B, T, 2, H, W]``: logits
        ``[B, 6, 9, H, W]``."""
        with torch.autocast(past.device.type, enabled=False):
            now = self._one_of(past)[:, -1].flatten(2)  # [B, 10, H W]
            said = self.tables(past).transpose(2, 3).flatten(1, 2) @ now  # [B, 6 9, H W]
            return said.unflatten(1, (len(LEADS), BINS)).unflatten(-1, past.shape[-2:])

    def tables(self, past: Tensor) -> Tensor:
        """What becomes of every bin, and of no data, in each sequence ``[B, T, 2, H, W]``: logits
        ``[B, 6, 10, 9]``.

        That is the learned table, corrected by how much more often than it says every bin became
        every other in the 10, 20 and 30 minutes until now; the counts of the sequence are added to
        those that the table is worth.
        """
        if past.shape[1] == 1 or not self.config.adapts:
            return self.table.expand(len(past), -1, -1, -1)
        bins = self._one_of(past).flatten(3)  # [B, 4, 10, H W]
        counts = bins[:, :-1] @ bins[:, -1:, :BINS].transpose(2, 3)  # [B, 3, 10, 9]
        # A field that is older than the file repeats the one after it, and tells nothing.
        own = (past[:, :-1] != past[:, 1:]).flatten(2).any(2)  # [B, 3]
        counts = counts * own[..., None, None]
        said = self.table.log_softmax(-1)
        known = said[[LEADS.index(-minutes) for minutes in PAST[:-1]]]  # of those gaps, [3, 10, 9]
        worth = self.prior.exp()
        seen = (counts + worth * known.exp()) / (counts.sum(-1, keepdim=True) + worth)
        return said + torch.einsum("lg,bgkn->blkn", self.trust, seen.log() - known)

    def _one_of(self, past: Tensor) -> Tensor:
        """The bin of every pixel, one of ten being 1, the last of which is no data:
        ``[B, T, 10, H, W]``."""
        rain, valid = past.float().unbind(2)
        bins = torch.bucketize(rain.contiguous(), self.edges, right=True)
        bins = torch.where(valid > 0.5, bins, BINS)
        kinds = torch.arange(BINS + 1, device=past.device)[:, None, None]
        return (bins[:, :, None] == kinds).float()

    def _unrolled(self, past: Tensor) -> tuple[list[list[Step]], list[list[Step]]]:
        """The steps of every layer of the encoder, and of the forecaster, which begins with what
        the encoder holds at last."""
        inputs = list(self.shrink(past.flatten(0, 1)).unflatten(0, past.shape[:2]).unbind(1))
        encoded, said = [], []
        for layer in self.encoder:
            encoded.append(_run(layer, inputs))
            inputs = [step.hidden for step in encoded[-1]]
        inputs = [inputs[0]] * len(LEADS)  # the lowest layer has no input
        for layer, steps in zip(self.forecaster, encoded, strict=True):
            said.append(_run(layer, inputs, (steps[-1].hidden, steps[-1].cell)))
            inputs = [step.hidden for step in said[-1]]
        return encoded, said

    @torch.inference_mode()
    def states(self, past: Tensor) -> list[Memory]:
        """What every layer holds when it reads one sequence ``[1, 4, 2, H, W]``: at every past
        step it sees (``single`` sees one), then at every lead."""
        encoded, said = self._unrolled(self._seen(past))
        return [Memory(*(torch.cat(parts).float().numpy()
                         for parts in zip(*before, *after, strict=True)))
                for before, after in zip(encoded, said, strict=True)]


def _run(layer: nn.Module, inputs: list[Tensor], state: State | None = None) -> list[Step]:
    assert isinstance(layer, ConvLSTM)
    steps: list[Step] = []
    for x in inputs:
        steps.append(layer.step(x, state))
        state = steps[-1][:2]
    return steps


def load(kind: Kind) -> Nowcaster:
    """The network that ships.

    Raises:
        WeightsError: its weights are missing or damaged.
    """
    card = f"nowcast_{kind}"
    config = NowcasterConfig(**load_card(card)["config"])
    return load_into(Nowcaster(config=config), card)


@torch.inference_mode()
def foretell(network: Nowcaster, past: np.ndarray) -> np.ndarray:
    """How likely every bin is at every lead, float32 ``[6, 9, H, W]``, in the frame of ``past
    [4, H, W]``, rates in mm/h (:func:`~hybridcore.nowcast.moving.past_fields`). Where the last of
    them has no data it means nothing."""
    return network(torch.from_numpy(log_rain(past))[None])[0].softmax(1).numpy()
