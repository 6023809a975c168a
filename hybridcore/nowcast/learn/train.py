"""Train the networks that say the rain of the next hour.

``python -m hybridcore.nowcast.learn.train --data CACHE --run RUN --minutes M [--kind KIND]``

``CACHE``: the starts that :mod:`~hybridcore.nowcast.learn.data` wrote. A run begins with the table
of what became of every bin of rain (:func:`measured_table`), which is the climate of Lagrangian
persistence; it keeps the weights, ``KIND.safetensors``, that do best on the choosing events, and
goes on from its checkpoint when it is started again. ``--begin`` names the weights of another kind
that it begins with in place of chance; ``--still`` leaves the table as it is in every sequence.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor

from hybridcore.nowcast.bins import BINS, EDGES, RATES, bin_of
from hybridcore.nowcast.learn.crops import batches
from hybridcore.nowcast.learn.samples import Starts, decoded, load
from hybridcore.nowcast.moving import LEADS, PAST
from hybridcore.nowcast.networks import KINDS, Kind, Nowcaster, NowcasterConfig
from hybridcore.training.options import script_parser
from hybridcore.training.run import ClockRun, log_to, seed_everything

SIZE, SIDE = 8, 64  # crops of a batch, px
_DECAY = 1e-4
# How much more a pixel counts for every unit of the logarithm of the rain that is there now. It
# hangs on what is known at the start alone, so that it makes nothing less calibrated.
_HEAVY = 0.3
_EVERY = 150  # steps between two looks at the choosing events
_LOOKS = 24  # batches of them

logger = logging.getLogger("hybridcore.training")


def measured_table(events: Sequence[Starts], *, moving: bool) -> Tensor:
    """The logarithm of how often every bin became every other after every lead, float32
    ``[6, 10, 9]``; the last row is where there was no data."""
    counts = np.full((len(LEADS), BINS + 1, BINS), 0.5)
    for event in events:
        fields = event.moving if moving else event.fixed
        for start in fields[:: max(1, len(fields) // 8)]:
            bins = bin_of(decoded(start[len(PAST) - 1 :, ::2, ::2]))  # [7, h, w]
            now = np.where(bins[0] < 0, BINS, bins[0])
            for lead, then in enumerate(bins[1:]):
                known = then >= 0
                counts[lead] += np.bincount(
                    now[known] * BINS + then[known], minlength=(BINS + 1) * BINS
                ).reshape(BINS + 1, BINS)
    return torch.from_numpy(np.log(counts / counts.sum(-1, keepdims=True))).float()


def measured_rates(events: Sequence[Starts]) -> np.ndarray:
    """The mean rate in every bin, mm/h, ``[9]``: what :data:`hybridcore.nowcast.bins.RATES` is."""
    total, count = np.zeros(BINS), np.zeros(BINS)
    for event in events:
        rates = decoded(event.fixed[::2, len(PAST) - 1])
        bins = bin_of(rates)
        for k in range(BINS):
            total[k] += rates[bins == k].sum()
            count[k] += (bins == k).sum()
    return total / np.maximum(count, 1)


def begin_with(network: Nowcaster, weights: dict[str, Tensor]) -> None:
    """Take over the weights of another kind; who sees fewer fields takes the part of the last."""
    own = network.state_dict()
    for name, value in weights.items():
        if own[name].shape == value.shape:
            own[name] = value
        elif own[name].shape[0] == value.shape[0]:
            own[name] = value[:, -own[name].shape[1] :]
    network.load_state_dict(own)


def loss_of(logits: Tensor, past: Tensor, rates: Tensor) -> Tensor:
    """Cross-entropy of the bins, mean over pixels with data, those with rain now counting more.

    logits: ``[B, 6, 9, H, W]``; past: what the network read; rates: what came, ``[B, 6, H, W]`` in
    mm/h, NaN where there is no data.
    """
    bins = torch.bucketize(rates.contiguous(), torch.tensor(EDGES), right=True)
    lost = F.cross_entropy(logits.float().flatten(0, 1), bins.flatten(0, 1), reduction="none")
    weight = (1 + _HEAVY * past[:, -1:, 0]) * ~rates.isnan()  # [B, 6, H, W]
    return (lost.unflatten(0, rates.shape[:2]) * weight).sum() / weight.sum().clamp(min=1)


def train(
    network: Nowcaster, learn: Sequence[Starts], choose: Sequence[Starts], *, minutes: float,
    rate: float, run: Path, rng: np.random.Generator,
) -> None:
    """Learn for so many minutes; the averaged weights that did best on ``choose`` are kept."""
    moving = network.config.kind != "plain"
    best_path = run / f"{network.config.kind}.safetensors"
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=_DECAY)
    clock = ClockRun(network, optimiser, minutes=minutes, directory=run / network.config.kind,
                     average_decay=0.99)
    looks = batches(choose, np.random.default_rng(0), moving=moving, size=SIZE, side=96)
    held = [next(looks) for _ in range(_LOOKS)]
    judge = Nowcaster(config=network.config).eval()
    best, stream = float("inf"), batches(learn, rng, moving=moving, size=SIZE, side=SIDE)
    for step in clock.steps():
        past, rates = next(stream)
        with torch.autocast("cpu", torch.bfloat16):
            logits = network(past)
        clock.apply(loss_of(logits, past, rates))
        if step % _EVERY == 0 or clock.spent >= clock.seconds - 5:
            judge.load_state_dict(clock.average.values)
            with torch.inference_mode():
                lost = float(np.mean([loss_of(judge(past), past, rates) for past, rates in held]))
            if lost < best:
                best = lost
                save_file(judge.state_dict(), best_path)
            logger.info("%s step %d  choosing events %.4f  best %.4f", network.config.kind, step,
                        lost, best)


def main() -> None:
    parser = script_parser(__doc__, data="folder of the starts", run="weights, checkpoints, log",
                           minutes=20, seed=True)
    parser.add_argument("--kind", choices=KINDS, default="corrector")
    parser.add_argument("--begin", type=Path, help="weights to begin with")
    parser.add_argument("--rate", type=float, default=2e-3, help="of learning, at its highest")
    parser.add_argument("--still", action="store_true", help="no sequence corrects the table")
    args = parser.parse_args()
    kind: Kind = args.kind
    log_to(args.run / f"{kind}.log")
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    rng = seed_everything(args.seed)
    learn, choose = ([load(folder) for folder in sorted((args.data / split).iterdir())]
                     for split in ("learn", "choose"))
    logger.info("bins, mm/h: %s (as written: %s)", measured_rates(learn).round(3), RATES)
    network = Nowcaster(config=NowcasterConfig(
        kind=kind, adapts=kind != "single" and not args.still))
    if args.begin:
        begin_with(network, load_file(args.begin))
    with torch.no_grad():
        network.table.copy_(measured_table(learn, moving=kind != "plain"))
    train(network, learn, choose, minutes=args.minutes, rate=args.rate, run=args.run, rng=rng)


if __name__ == "__main__":
    main()
