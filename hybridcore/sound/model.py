"""Networks that tell from motion when something is struck, how hard, on what, and how it sounds.

After Owens et al., *Visually Indicated Sounds*, CVPR 2016 (arXiv 1512.08512), sections 5 and 6: a
convolutional network looks at a spacetime picture of each frame, an LSTM runs over time, and the
cochleagram of the sound is regressed at every step:

    x_t      = phi(M_{t-w+1} .. M_t)              maps of motion (features.py), w in a row
    h_t, c_t = LSTM(x_t, h_{t-1}, c_{t-1})
    s_t      = W h_t + b                          three steps of 1/3 frame, 42 bands
    E        = sum_t rho(|s_t - s*_t|),  rho(r) = log(eps + r^2)

Step ``t`` speaks of frame ``t - lookahead``: what follows a blow (the stick stops, or jumps back)
tells as much as what comes before, and a few frames are little to wait for.

Three twins stand on the same motion network: ``bilstm`` reads the whole clip both ways, ``tcn`` is
a causal temporal convolutional network (Bai et al. 2018), ``frame`` has no recurrence: it sees the
``w`` maps of its own frame and no others, two of them later than the frame.

Deviations from the paper: maps of motion in place of grey pictures, and a small network trained on
them in place of an AlexNet; the LSTM has one layer; appearance (the shared encoder, frozen; the
paper's first colour frame) is looked at where things move, again and again, and reaches the heads
but not the LSTM, which would learn the places; heads for onset, strength, action and material,
where the paper has the cochleagram alone; 42 bands are predicted directly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from hybridcore.layers.temporal_conv import TemporalConvNet
from hybridcore.sound.cochleagram import BANDS
from hybridcore.sound.features import APPEARANCE, CHANNELS

Kind = Literal["lstm", "bilstm", "tcn", "frame"]
KINDS: tuple[Kind, ...] = ("lstm", "bilstm", "tcn", "frame")
ACTIONS = ("hit", "scratch")
MATERIALS = (
    "carpet", "ceramic", "cloth", "dirt", "grass", "gravel", "leaf", "metal", "paper", "plastic",
    "rock", "tile", "water", "wood",
)
SUBSTEPS = 3  # cochleagram steps a frame: about 90 Hz


@dataclass(frozen=True)
class SoundConfig:
    """Sizes of a sound model; ``window`` and ``lookahead`` are in frames."""

    kind: Kind = "lstm"
    window: int = 5
    lookahead: int = 4
    channels: tuple[int, int, int] = (24, 32, 48)  # of the motion network
    dim: int = 64  # of x_t
    hidden: int = 96
    appearance: int = 24
    tcn_levels: int = 4
    dropout: float = 0.3


@dataclass(frozen=True)
class SoundState:
    """What a causal model carries from one chunk to the next: the last ``window - 1`` maps, and
    (h, c) of the LSTM or the tails of the TCN.
    """

    maps: Tensor
    memory: tuple[Tensor, Tensor] | list[Tensor] | None


@dataclass(frozen=True)
class SoundOutput:
    """B clips, T steps; step ``t`` speaks of frame ``t - lookahead``.

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


class MotionNet(nn.Module):
    """Stacked maps ``[N, window * 6, 16, 24]`` -> ``x [N, dim]``.

    Pooled by the mean and by the maximum over space: a blow is a small thing anywhere.
    """

    def __init__(self, *, config: SoundConfig) -> None:
        super().__init__()
        a, b, c = config.channels
        stacked = config.window * len(CHANNELS)
        self.convolutions = nn.Sequential(
            nn.Conv2d(stacked, a, 3, padding=1, bias=False), nn.BatchNorm2d(a), nn.ReLU(),
            nn.Conv2d(a, b, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU(),
            nn.Conv2d(b, c, 3, padding=1, bias=False), nn.BatchNorm2d(c), nn.ReLU(),
        )
        self.project = nn.Sequential(
            nn.Dropout(config.dropout), nn.Linear(2 * c, config.dim), nn.LayerNorm(config.dim),
            nn.ReLU(),
        )

    def forward(self, stacked: Tensor) -> Tensor:
        grid = self.convolutions(stacked)  # [N, c, 8, 12]
        return self.project(torch.cat([grid.mean((2, 3)), grid.amax((2, 3))], 1))


class SoundModel(nn.Module):
    """Features of consecutive frames -> what is heard at each of them."""

    MIDDLE, RANGE = -30.0, 10.0  # dB: strength is regressed in this unit

    def __init__(self, *, config: SoundConfig) -> None:
        super().__init__()
        self.config = config
        self.motion = MotionNet(config=config)
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
            nn.Dropout(config.dropout), nn.Linear(APPEARANCE, config.appearance), nn.ReLU(),
        )
        self.timing = nn.Linear(width, 2)  # onset, strength
        self.action = nn.Linear(width, len(ACTIONS))
        seen = width + config.appearance
        self.material = nn.Linear(seen, len(MATERIALS))
        self.sound = nn.Linear(seen, SUBSTEPS * BANDS)

    @property
    def lookahead(self) -> int:
        """Frames that an output comes after the frame it speaks of."""
        return self.config.lookahead

    def forward(
        self, maps: Tensor, appearance: Tensor, state: SoundState | None = None
    ) -> SoundOutput:
        """``maps [B, T, 6, 16, 24]``, ``appearance [B, T, 1280]``; ``state`` as returned before.

        Raises:
            ValueError: a state was given to the bidirectional twin, which sees whole clips only.
        """
        if state is not None and self.config.kind == "bilstm":
            raise ValueError("the bidirectional model takes a whole clip, not chunks")
        batch, steps = maps.shape[:2]
        before = self.config.window - 1
        past = state.maps if state else maps.new_zeros(batch, before, *maps.shape[2:])
        longer = torch.cat([past, maps], 1)  # [B, w - 1 + T, 6, 16, 24]
        stacked = torch.cat([longer[:, k : k + steps] for k in range(before + 1)], 2)
        inputs = self.motion(stacked.flatten(0, 1)).unflatten(0, (batch, steps))  # [B, T, dim]
        memory = state.memory if state else None
        if self.config.kind in ("lstm", "bilstm"):
            hidden, memory = self.lstm(inputs, memory)  # [B, T, H or 2H]
        elif self.config.kind == "tcn":
            hidden, memory = self.tcn(inputs, memory)
        else:
            hidden = self.layer(inputs)
        read = self.dropout(hidden)
        onset, strength = self.timing(read).unbind(-1)
        # Appearance is of the newest frame; it changes slowly enough not to be delayed.
        seen = torch.cat([read, self.appearance(appearance)], -1)
        return SoundOutput(
            onset_logits=onset,
            strength=self.MIDDLE + self.RANGE * strength,
            action_logits=self.action(read),
            material_logits=self.material(seen),
            cochleagram=self.sound(seen).unflatten(-1, (SUBSTEPS, BANDS)),
            inputs=inputs, hidden=hidden,
            state=SoundState(longer[:, steps:], memory),
        )
