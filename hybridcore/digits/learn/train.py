"""Train the networks of spoken digits.

``python -m hybridcore.digits.learn.train --data FOLDER --made FOLDER --run FOLDER [--kinds KIND
...]``

A network begins with made speakers alone. From there, for each of the six speakers, one learns from
the other five and is judged by strings of that one; what they made of them goes into the card of
the network that then learns from all six. A fold whose answers lie in the run's folder is done.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from hybridcore.device import describe, pick_device
from hybridcore.digits.learn.cards import ABOUT, DATA, LIMITS, TRIED
from hybridcore.digits.learn.data import (
    MADE,
    MOST,
    Recording,
    other_sounds,
    read,
    spoil,
    string,
    warped,
)
from hybridcore.digits.learn.evaluate import cut_of, rows_of, strings_of
from hybridcore.digits.model import KINDS, POOL, DigitConfig, DigitNet, Kind
from hybridcore.media.mel import log_mel
from hybridcore.training.options import script_parser
from hybridcore.training.run import StepRun, log_to, seed_everything
from hybridcore.weights import save_weights

BATCH = 64  # digits
_ALONE = 120  # steps at first in which a digit stands by itself
_EACH, _MADE_EACH = 400, 1000  # strings of every length: of a speaker, of all made ones
_MADE_SHARE, _OTHER_SHARE = 0.2, 0.04  # of batches' strings; of what stands in them
_RATE, _LATER, _DECAY = 8e-3, 4e-3, 0.01  # on made speakers alone, then on all
_MASKS, _WIDEST_BAND, _WIDEST_TIME = 1, 6, 6  # SpecAugment (Park et al. 2019): of bands, frames

logger = logging.getLogger("hybridcore.training")
Batch = tuple[Tensor, Tensor, Tensor, Tensor]
Strings = dict[str, list[list[tuple[np.ndarray, list[int]]]]]


def spoilt_strings(
    recordings: Sequence[Recording], others: Sequence[Recording], rng: np.random.Generator, *,
    each: int, made_each: int,
) -> Strings:
    """Of each speaker, ``each`` strings of 1, 2 ... `MOST` digits: log mel bands float16
    ``[T, 40]`` and the digits said. All made speakers are one, `MADE`; in some strings there are
    ``others``."""
    by_speaker: dict[str, list[Recording]] = defaultdict(list)
    for recording in recordings:
        by_speaker[recording.speaker].append(recording)
    made = [name for name in by_speaker if name.startswith(MADE)]
    found: Strings = {}
    for name in [*sorted(by_speaker.keys() - set(made)), *([MADE] if made else [])]:
        found[name] = [[] for _ in range(MOST)]
        for length in range(1, MOST + 1):
            for _ in range(made_each if name == MADE else each):
                own = by_speaker[rng.choice(made) if name == MADE else name]
                said = [group[int(rng.integers(len(group)))] for group in
                        (others if rng.random() < _OTHER_SHARE else own for _ in range(length))]
                bands = warped(log_mel(spoil(string(said, rng), rng)), rng)
                found[name][length - 1].append(
                    (bands.astype(np.float16), [one.digit for one in said
                                                if one.digit is not None]))
    return found


def batches(strings: Strings, rng: np.random.Generator, *, alone: int = 0) -> Iterator[Batch]:
    """Endless batches of strings equally long: bands ``[B, T, 40]``, their numbers of steps
    ``[B]``, labels in a row, and how many each string has ``[B]``.

    alone: batches at first in which a digit stands by itself.
    """
    real = [name for name in strings if name != MADE]
    for step in count():
        length = 1 if step < alone else int(rng.integers(1, MOST + 1))
        bands, labels, counts = [], [], []
        for _ in range(BATCH // length):
            made = not real or rng.random() < _MADE_SHARE
            of_length = strings[MADE if made else str(rng.choice(real))][length - 1]
            heard, digits = of_length[int(rng.integers(len(of_length)))]
            bands.append(torch.from_numpy(_masked(heard.astype(np.float32), rng)))
            labels += [digit + 1 for digit in digits]
            counts.append(len(digits))
        steps = torch.tensor([-(-len(own) // POOL) for own in bands])
        yield (pad_sequence(bands, batch_first=True), steps, torch.tensor(labels),
               torch.tensor(counts))


def _masked(bands: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Some bands and some frames at their mean, which is 0."""
    for axis, widest in ((1, _WIDEST_BAND), (0, _WIDEST_TIME)):
        for _ in range(_MASKS):
            width = int(rng.integers(0, widest + 1))
            start = int(rng.integers(0, max(1, bands.shape[axis] - width)))
            np.moveaxis(bands, axis, 0)[start : start + width] = 0
    return bands


def loss_of(network: DigitNet, batch: Batch) -> Tensor:
    """Over all paths that give the labels (equation 8 of Graves et al.), a label on average."""
    bands, steps, labels, counts = batch
    log_p = network(bands).transpose(0, 1)  # [T, B, 11]
    return F.ctc_loss(log_p, labels, steps, counts, zero_infinity=True)


def train(
    network: DigitNet, strings: Strings, *, steps: int, rng: np.random.Generator
) -> None:
    """Learn from strings of speakers; from single digits first where all of them are made."""
    first = strings.keys() == {MADE}
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE if first else _LATER,
                                  weight_decay=_DECAY)
    run = StepRun(network, optimiser, count=steps, average_decay=0.98, log_every=50)
    run.learn(batches(strings, rng, alone=_ALONE if first else 0),
              lambda batch: loss_of(network, batch))


def begun(kind: Kind, path: Path, strings: Strings, *, steps: int, seed: int) -> DigitNet:
    """A network of a kind that has learned from made speakers alone, which nobody is judged by;
    kept in ``path``."""
    rng = seed_everything(seed)
    network = DigitNet(config=DigitConfig(kind=kind))
    if path.exists():
        network.load_state_dict(load_file(path))
    else:
        train(network, {MADE: strings[MADE]}, steps=steps, rng=rng)
        save_file(network.state_dict(), path)
    return network.train()


def main() -> None:
    parser = script_parser(__doc__, data="folder of the recordings",
                           run="what the folds found, and the log", seed=True)
    parser.add_argument("--made", type=Path, required=True, help="folder of the made recordings")
    parser.add_argument("--begin", type=int, default=1000, help="steps on made speakers alone")
    parser.add_argument("--steps", type=int, default=2000, help="steps on all")
    parser.add_argument("--folds", type=int, default=6, help="speakers that are left out in turn")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    args = parser.parse_args()
    log_to(args.run / "log.txt")
    torch.set_flush_denormal(True)
    recordings = read(args.data)
    speakers = sorted({recording.speaker for recording in recordings})
    rng = seed_everything(args.seed)
    strings = spoilt_strings([*recordings, *read(args.made)], other_sounds(rng), rng, each=_EACH,
                             made_each=_MADE_EACH)
    for kind in args.kinds:
        for kept in [*speakers[: args.folds], ""]:
            path = args.run / f"{kind}-{kept}.json"
            if path.exists():
                continue
            network = begun(kind, args.run / f"{kind}.safetensors", strings, steps=args.begin,
                            seed=args.seed)
            train(network, {name: own for name, own in strings.items() if name != kept},
                  steps=args.steps, rng=seed_everything(args.seed))
            network.eval()
            if kept:
                own = strings_of(network, [r for r in recordings if r.speaker == kept])
                logger.info("%s %s %s", kind, kept, rows_of({kept: own})[0]["value"])
                path.write_text(json.dumps(own))
        found = {name: json.loads((args.run / f"{kind}-{name}.json").read_text())
                 for name in speakers[: args.folds]}
        card: dict[str, Any] = {
            **ABOUT[kind], "config": vars(network.config),
            "training": {
                "data": DATA, "seed": args.seed, "steps": [args.begin, args.steps],
                "command": "python -m hybridcore.digits.learn.train --data recordings --made made "
                           f"--run RUN --kinds {kind} --folds {args.folds}",
                "hardware": describe(pick_device("cpu")),
            },
            "metrics": rows_of(found), "limits": LIMITS, "tried": TRIED.get(kind, []),
            "sure": cut_of([one for theirs in found.values()
                            for one in theirs["clean"] + theirs["spoilt"]]),
        }
        save_weights(network, f"digits_{kind}", card)


if __name__ == "__main__":
    main()
