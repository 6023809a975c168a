"""Learn to notice that mouth and nose are covered, measure it, and write weights and card.

It learns from photographs over which masks are drawn, and from the same without. The limit is
chosen on faces that were not learned from: one in a hundred of those without a mask lies above it.
It is judged on photographs of other people, in real masks and without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.special import expit

from hybridcore.emotion.face_runtime import FaceRuntime
from hybridcore.emotion.face_track import MOST_COVERED
from hybridcore.emotion.learn import masked_card
from hybridcore.emotion.learn.masked_data import (
    Found,
    Photographs,
    apart,
    drawn,
    fer_pictures,
    found_in,
    labelled,
    named,
    plain,
    utk_pictures,
)
from hybridcore.emotion.learn.masked_draw import Picture
from hybridcore.emotion.masked import NAME, MaskedConfig, MaskedNet
from hybridcore.training.metrics import auc_interval, share_row
from hybridcore.training.options import script_parser
from hybridcore.training.run import cosine, log_to, logger, seed_everything
from hybridcore.weights import save_weights

FALSE = 0.01  # of the plain faces that it is chosen by
_UTK = {"train": 1400, "choose": 250, "judge": 1200}  # pictures, the first of each part
_FER = {"train": 1800, "validation": 500, "test": 1000}
_EPOCHS, _BATCH, _RATE, _DECAY = 30, 128, 1e-3, 1e-2
_RACES = ("White", "Black", "Asian", "Indian", "other")  # as UTKFace names them


@dataclass(frozen=True, eq=False)
class Sets:
    """What it learns from, is chosen by and judged by.

    masks, others, without: photographs of two sets of people in masks and of one without; utk, fer:
    UTKFace and FER2013. pictures: of ``masks``, all, and those in which no face was found.
    """

    train: Found
    choose: Found
    masks: Found
    others: Found
    without: Found
    utk: Found
    fer: Found
    pictures: tuple[int, int]


def sets(data: Path, cache: Path, cnn: FaceRuntime, rng: np.random.Generator) -> Sets:
    """All of them; what was found is kept in the cache."""
    def kept(name: str, make: Callable[[], Found]) -> Found:
        path = cache / f"masked_{name}.npz"
        if not path.exists():
            cache.mkdir(parents=True, exist_ok=True)
            found = make()
            np.savez(path, allow_pickle=False, grid=found.grid, names=found.names,
                     covered=found.covered)
        with np.load(path, allow_pickle=False) as own:
            return Found(own["grid"], own["names"], own["covered"])

    def photographs(name: str, folder: str) -> Photographs:
        path = cache / f"masked_{name}_crops.npz"
        if not path.exists():
            found = found_in(data / folder)
            np.savez(path, allow_pickle=False, crops=found.crops, names=found.names,
                     counts=np.array([found.total, found.empty]))
        with np.load(path, allow_pickle=False) as own:
            return Photographs(own["crops"], own["names"], *own["counts"].tolist())

    def grey(split: str) -> Iterator[tuple[str, Picture]]:
        return islice(fer_pictures(data / "fer" / split), _FER[split])

    def colour(part: str) -> Iterator[tuple[str, Picture]]:
        return islice(utk_pictures(data / "utk", part), _UTK[part])

    choose = kept("choose", lambda: drawn(chain(colour("choose"), grey("validation")), cnn, rng))
    learned = kept("train", lambda: drawn(chain(colour("train"), grey("train")), cnn, rng, masks=2))
    others = photographs("others", "masked/with_mask")
    worn = apart(photographs("worn", "rwmfd"), others)
    return Sets(
        learned, choose,
        masks=labelled(worn, "rwmfd", True, cnn),
        others=labelled(others, "with_mask", True, cnn),
        without=labelled(photographs("without", "masked/without_mask"), "without_mask", False,
                         cnn),
        utk=kept("judge_utk", lambda: plain(colour("judge"), cnn)),
        fer=kept("judge_fer", lambda: plain(grey("test"), cnn)),
        pictures=(worn.total, worn.empty))


def train(found: Found, rng: np.random.Generator) -> MaskedNet:
    """The head, learned in so many passes."""
    network = MaskedNet(config=MaskedConfig()).train()
    optimiser = torch.optim.AdamW(network.parameters(), _RATE, weight_decay=_DECAY)
    labels = torch.from_numpy(found.covered.astype(np.float32))
    steps, done = _EPOCHS * (len(found) // _BATCH), 0
    for _ in range(_EPOCHS):
        order = rng.permutation(len(found))
        for at in range(0, len(found) - _BATCH + 1, _BATCH):
            rows = order[at : at + _BATCH]
            optimiser.param_groups[0]["lr"] = _RATE * max(cosine(done / steps), 1e-3)
            loss = F.binary_cross_entropy_with_logits(
                network(torch.from_numpy(found.grid[rows]).float()), labels[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            done += 1
    return network.eval()


@torch.inference_mode()
def logits(network: MaskedNet, found: Found) -> NDArray[np.float32]:
    """``[N]``."""
    return network(torch.from_numpy(found.grid).float()).numpy()


def limited(network: MaskedNet, choose: Found) -> None:
    """Move its bias so that `FALSE` of the plain faces lie above one half."""
    limit = float(np.quantile(logits(network, choose)[~choose.covered], 1 - FALSE))
    with torch.no_grad():
        network.classifier.bias.sub_(limit)


def rows(network: MaskedNet, found: Sets) -> list[dict[str, Any]]:
    """Rows of the card."""
    masks, fer, utk, without, others = (
        Judged.of(network, own)
        for own in (found.masks, found.fer, found.utk, found.without, found.others))
    beards = named("without_mask", "beard")
    alike = [
        fer.false_row("false alarms, FER2013, grey", "test"),
        *(utk.where(utk.race == k).false_row(f"false alarms, UTKFace, {name}", "judging part")
          for k, name in enumerate(_RACES)),
        without.false_row("false alarms, photographs of another set", "by picture"),
        without.where(np.isin(without.names, list(beards))).false_row(
            "false alarms, beards and moustaches among them", "by picture"),
        masks.false_row("false alarms, people without a mask among those with", "by picture")]
    plain = [one.where(~one.covered) for one in (fer, utk, without, masks)]
    everything = Judged(*(np.concatenate([getattr(one, field) for one in (
        masks.where(masks.covered), *plain)]) for field in ("p", "names", "covered")))
    value, low, high = (round(share, 4) for share in auc_interval(
        [everything.p], everything.covered, everything.groups))
    pictures, empty = found.pictures
    return [
        {**masks.noticed_row("real masks noticed", "people in masks, by picture"),
         "headline": True},
        {**everything.false_row("false alarms", "plain faces of four sets, by picture"),
         "headline": True},
        {"name": "AUC", "split": "real masks against all plain faces", "count": len(everything.p),
         "value": value, "interval": [low, high]},
        *alike,
        others.noticed_row("real masks noticed", "choosing part, by picture"),
        share_row("pictures of people in masks in which no face is found", "by picture",
                  np.repeat([1.0, 0.0], [empty, pictures - empty]), np.ones(pictures)),
    ]


@dataclass(frozen=True, eq=False)
class Judged:
    """What was said of N faces: p ``[N]``, names ``[N]``, covered bool ``[N]``."""

    p: NDArray[np.float32]
    names: NDArray[np.str_]
    covered: NDArray[np.bool_]

    @classmethod
    def of(cls, network: MaskedNet, found: Found) -> Judged:
        """Say it."""
        return cls(np.asarray(expit(logits(network, found))), found.names, found.covered)

    @property
    def groups(self) -> NDArray[np.str_]:
        """The picture of each."""
        return np.array([name.split("#")[0] for name in self.names])

    @property
    def race(self) -> NDArray[np.int64]:
        """What UTKFace says of each."""
        return np.array([int(name.split("_")[2]) for name in self.names])

    def where(self, kept: NDArray[np.bool_]) -> Judged:
        """Some of them."""
        return Judged(self.p[kept], self.names[kept], self.covered[kept])

    def noticed_row(self, name: str, split: str) -> dict[str, Any]:
        """Of those that are covered, how many are noticed."""
        return self.where(self.covered)._row(name, split)

    def false_row(self, name: str, split: str) -> dict[str, Any]:
        """Of those that are not, how many are taken for covered."""
        return self.where(~self.covered)._row(name, split)

    def _row(self, name: str, split: str) -> dict[str, Any]:
        _, at = np.unique(self.groups, return_inverse=True)
        return share_row(name, split, np.bincount(at, self.p > MOST_COVERED),
                         np.bincount(at).astype(float))


def main() -> None:
    """Train, measure, write."""
    parser = script_parser(__doc__ or "", data="holds fer, utk, rwmfd and masked",
                           cache="what is found", seed=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    log_to(options.cache / "masked.log")
    rng = seed_everything(options.seed)
    found = sets(options.data, options.cache, FaceRuntime.load(), rng)
    network = train(found.train, rng)
    limited(network, found.choose)
    described = masked_card.card(
        network.config, rows(network, found), seed=options.seed, crops=len(found.train),
        pictures=len(set(found.train.names)), free=FALSE,
        chosen_by=int((~found.choose.covered).sum()))
    for row in described["metrics"]:
        logger.info("%s", row)
    save_weights(network, NAME, described)


if __name__ == "__main__":
    main()
