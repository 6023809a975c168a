"""Networks that predict from motion when something is struck, how hard, on what, and how it sounds.

After Owens et al., *Visually Indicated Sounds*, CVPR 2016 (arXiv 1512.08512), sections 5 and 6: a
network looks at a spacetime picture of each frame, an LSTM runs over time, and the
cochleagram of the sound is regressed at every step:

    x_t      = phi(m_{t-w+1} .. m_t)              what moves (strokes.py), w frames in a row
    h_t, c_t = LSTM(x_t, h_{t-1}, c_{t-1})
    s_t      = W h_t + b                          three steps of 1/3 frame, 42 bands
    E        = sum_t rho(|s_t - s*_t|),  rho(r) = log(eps + r^2)

Step ``t`` describes frame ``t - lookahead``: what follows a blow (the stick stops, or jumps back)
is as informative as what comes before, and a few frames are little to wait for.

Three twins stand on the same features: ``bilstm`` reads the whole clip both ways, ``tcn`` is a
causal temporal convolutional network (Bai et al. 2018), ``frame`` has no recurrence: it sees the
``w`` frames around its own and no others.

Deviations from the paper: statistics of optical flow in place of grey pictures through an AlexNet,
which on 28 videos learns the places; the LSTM has one layer; how large the motion is, which onsets
must not depend on (usual.py), reaches the strength and the sound alone; appearance (the shared
encoder, frozen; the paper's first colour frame) is looked at where things move, again and again,
and reaches the sound but not the LSTM, which would learn the places; heads for onset, strength and
action, where the paper has the cochleagram alone; all 42 bands are predicted directly. Materials
are read from appearance alone, by a linear layer fitted on its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from hybridcore.layers.temporal_conv import TemporalConvNet
from hybridcore.sound.cochleagram import BANDS
from hybridcore.sound.features import APPEARANCE
from hybridcore.sound.materials import ACTIONS
from hybridcore.sound.strokes import STATISTICS
from hybridcore.sound.usual import Usual

Kind = Literal["lstm", "bilstm", "tcn", "frame"]
KINDS: tuple[Kind, ...] = ("lstm", "bilstm", "tcn", "frame")
Memory = tuple[Tensor, Tensor] | list[Tensor] | None
KNOWN_MATERIALS = (
    "carpet", "ceramic", "cloth", "dirt", "grass", "gravel", "leaf", "metal", "paper", "plastic",
    "rock", "tile", "water", "wood",
)
OVER_TIME: dict[Kind, str] = {  # the part of the model that has the memory
    "lstm": "lstm", "bilstm": "lstm", "tcn": "tcn", "frame": "layer"}
SUBSTEPS = 3  # cochleagram steps a frame: about 90 Hz


@dataclass(frozen=True)
class SoundConfig:
    """Sizes of a sound model; ``window``, ``lookahead`` and ``prior`` are in frames."""

    kind: Kind = "lstm"
    window: int = 5
    lookahead: int = 4
    prior: float = 100.0  # for how much the training set counts in what is usual (usual.py)
    dim: int = 48  # of x_t
    level: int = 16  # of what strength and sound are told of the level of motion
    hidden: int = 64
    appearance: int = 16
    components: int = 0  # of a PCA in which the cochleagram is predicted; 0 predicts all bands
    tcn_levels: int = 4
    dropout: float = 0.3


@dataclass(frozen=True)
class SoundState:
    """What a causal model carries from one chunk to the next: the last ``window - 1`` frames of
    its input, and (h, c) of the LSTM or the tails of the TCN.
    """

    strokes: Tensor
    memory: Memory


@dataclass(frozen=True)
class SoundOutput:
    """B clips, T steps; step ``t`` describes frame ``t - lookahead``.

    onset_logits, strength (dB of full scale) ``[B, T]``; action_logits ``[B, T, 2]``;
    material_logits ``[B, T, 14]``; cochleagram ``[B, T, 3, 42]``; inputs ``[B, T, dim]`` (x_t);
    hidden ``[B, T, H]`` (h_t; 2H for the bidirectional twin).
    """

    onset_logits: Tensor
    strength: Tensor
    action_logits: Tensor
    material_logits: Tensor
    cochleagram: Tensor
    inputs: Tensor
    hidden: Tensor
    state: SoundState


class StrokeNet(nn.Module):
    """The last ``window`` frames' statistics ``[..., window * F]`` -> ``[..., width]``."""

    def __init__(self, *, config: SoundConfig, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Dropout(config.dropout / 3), nn.Linear(config.window * len(STATISTICS), width),
            nn.LayerNorm(width), nn.ReLU(), nn.Dropout(config.dropout),
        )

    def forward(self, stacked: Tensor) -> Tensor:
        return self.layers(stacked)


class SoundModel(nn.Module):
    """Features of consecutive frames -> what is heard at each of them."""

    MIDDLE, RANGE = -25.0, 10.0  # dB: strength is regressed in this unit

    basis: Tensor
    middle: Tensor

    def __init__(self, *, config: SoundConfig) -> None:
        super().__init__()
        self.config = config
        self.usual = Usual(numbers=len(STATISTICS), prior=config.prior)
        self.strokes = StrokeNet(config=config, width=config.dim)
        self.level = StrokeNet(config=config, width=config.level)
        width = config.hidden
        if config.kind in ("lstm", "bilstm"):
            both = config.kind == "bilstm"
            self.lstm = nn.LSTM(config.dim, width, batch_first=True, bidirectional=both)
            width *= 1 + both
        elif config.kind == "tcn":
            self.tcn = TemporalConvNet(
                inputs=config.dim, channels=width, levels=config.tcn_levels,
                dropout=config.dropout / 3,
            )
        else:
            self.layer = nn.Sequential(nn.Linear(config.dim, width), nn.ReLU())
        self.dropout = nn.Dropout(config.dropout)
        self.appearance = nn.Sequential(
            nn.Linear(APPEARANCE, config.appearance), nn.ReLU(), nn.Dropout(config.dropout),
        )
        self.onset = nn.Linear(width, 1)
        self.strength = nn.Linear(width + config.level, 1)
        self.action = nn.Linear(width, len(ACTIONS))
        self.material = nn.Linear(APPEARANCE, len(KNOWN_MATERIALS))  # learn/material.py trains it
        self.sound = nn.Linear(width + config.level + config.appearance,
                               SUBSTEPS * (config.components or BANDS))
        if config.components:
            self.register_buffer("basis", torch.zeros(config.components, BANDS))
            self.register_buffer("middle", torch.zeros(BANDS))

    @torch.no_grad()
    def find_components(self, cochleagrams: Tensor) -> None:
        """Take the principal components from training cochleagrams ``[N, 42]``, if they are used;
        as in the paper (section 5), which has ten.
        """
        if self.config.components:
            self.middle.copy_(cochleagrams.mean(0))
            covariance = torch.cov(cochleagrams.T)
            vectors = torch.linalg.eigh(covariance).eigenvectors  # columns, by rising eigenvalue
            self.basis.copy_(vectors.T.flip(0)[: self.config.components])

    @property
    def lookahead(self) -> int:
        """Frames that an output comes after the frame it describes."""
        return self.config.lookahead

    def forward(
        self, strokes: Tensor, appearance: Tensor, state: SoundState | None = None
    ) -> SoundOutput:
        """``strokes [B, T, 2 F]`` as ``usual`` gives them, ``appearance [B, T, 1280]``; ``state``
        as returned before.

        Raises:
            ValueError: a state was given to the bidirectional twin, which sees whole clips only.
        """
        if state is not None and self.config.kind == "bilstm":
            raise ValueError("the bidirectional model takes a whole clip, not chunks")
        batch, steps = strokes.shape[:2]
        before = self.config.window - 1
        past = state.strokes if state else strokes.new_zeros(batch, before, strokes.shape[2])
        longer = torch.cat([past, strokes], 1)  # [B, w - 1 + T, 2 F]
        usual, level = (
            torch.cat([half[:, k : k + steps] for k in range(before + 1)], 2)
            for half in longer.chunk(2, 2))  # [B, T, w F] each
        inputs = self.strokes(usual)  # [B, T, dim]
        hidden, memory = self._remember(inputs, state.memory if state else None)
        read = self.dropout(hidden)
        told = torch.cat([read, self.level(level)], -1)
        # Appearance is of the newest frame; it changes slowly enough not to be delayed.
        joined = torch.cat([told, self.appearance(appearance)], -1)
        sound = self.sound(joined).unflatten(-1, (SUBSTEPS, -1))
        if self.config.components:
            sound = sound @ self.basis + self.middle
        return SoundOutput(
            onset_logits=self.onset(read)[..., 0],
            strength=self.MIDDLE + self.RANGE * self.strength(told)[..., 0],
            action_logits=self.action(read),
            material_logits=self.material(appearance),
            cochleagram=sound,  # [B, T, 3, 42]
            inputs=inputs, hidden=hidden,
            state=SoundState(longer[:, steps:], memory),
        )

    def remember(self, inputs: Tensor) -> Tensor:
        """What the memory makes of a whole sequence of ``x_t [B, T, dim]``: ``[B, T, H]``."""
        return self._remember(inputs, None)[0]

    def _remember(self, inputs: Tensor, memory: Memory) -> tuple[Tensor, Memory]:
        if self.config.kind in ("lstm", "bilstm"):
            return self.lstm(inputs, memory)  # [B, T, H or 2H]
        if self.config.kind == "tcn":
            return self.tcn(inputs, memory)
        return self.layer(inputs), None
