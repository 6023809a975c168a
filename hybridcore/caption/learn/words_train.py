"""Train the word network.

``python -m hybridcore.caption.learn.words_train --data FLICKR8K --places DIR --detector DIR
--cache CACHE --minutes 2.3``

For a GPU: photographs of Flickr8k and MiniPlaces pass the frozen trunk as random views in every
step. Both heads and the tuned top learn together, each from its own loss, a noisy-or over cells
(:mod:`hybridcore.encoder.words`). A part is kept aside to calibrate every word (Platt 1999).
"""

from __future__ import annotations

import copy
import logging
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import Tensor, nn

from hybridcore.caption.grid import SIDE
from hybridcore.caption.learn.data import read_flickr8k
from hybridcore.caption.learn.words_teach import (
    add_detections,
    caption_targets,
    caption_words,
    detect,
    mentions,
    place_targets,
    vocabulary_of,
)
from hybridcore.caption.speak import NAME as SAY_NAME
from hybridcore.cards import load_card
from hybridcore.device import describe, pick_device
from hybridcore.encoder.encoder import EncoderNetwork, load_scene_top
from hybridcore.encoder.learn.data import class_names, read_miniplaces
from hybridcore.encoder.words import CELLS, MOST_LOGIT, WORDS_NAME, WordEvidence, WordNetwork
from hybridcore.media.picture import read_picture, resize
from hybridcore.training.options import script_parser
from hybridcore.training.run import ClockRun, log_to, seed_everything
from hybridcore.weights import save_weights

PHOTO_SIDE = 192
KEPT = 11  # of so many photographs of places one is kept aside; of Flickr8k the dev split
LEAST_SCALE = 0.72  # of a view's sides
RATES = {"head": 1.5e-3, "top": 1.5e-4}
CHANNEL_DROPOUT = 0.2
SLOPE_PRIOR, OFFSET_PRIOR = 3.0, 0.05  # pull of the calibration towards none

logger = logging.getLogger("hybridcore.training")


def noisy_or_loss(evidence: WordEvidence, targets: Tensor) -> Tensor:
    """Cross entropy with ``targets [N, W]`` (nan: nobody said), summed over words."""
    absent = evidence.log_absent().clamp(max=-1e-6)
    known = ~targets.isnan()
    right = targets.nan_to_num()
    loss = right * torch.log(-torch.expm1(absent)) + (1 - right) * absent
    return -(loss * known).sum() / len(targets)


def random_views(photos: Tensor) -> Tensor:
    """uint8 ``[N, s, s, 3]`` -> float ``[N, 3, 224, 224]``: crop, mirror, light."""
    count, device = len(photos), photos.device

    def draw(low: float, high: float, *shape: int) -> Tensor:
        return torch.empty(count, *shape, device=device).uniform_(low, high)

    scale, ratio = draw(LEAST_SCALE, 1), draw(-0.12, 0.12).exp()
    width, height = (scale * ratio).clamp(max=1), (scale / ratio).clamp(max=1)
    theta = torch.zeros(count, 2, 3, device=device)
    theta[:, 0, 0] = width * draw(-1, 1).sign()
    theta[:, 1, 1] = height
    theta[:, 0, 2], theta[:, 1, 2] = draw(-1, 1) * (1 - width), draw(-1, 1) * (1 - height)
    grid = F.affine_grid(theta, [count, 3, SIDE, SIDE], align_corners=False)
    views = F.grid_sample(
        photos.permute(0, 3, 1, 2).float(), grid, align_corners=False, padding_mode="reflection")
    return (views * draw(0.8, 1.2, 1, 1, 1) * draw(0.95, 1.05, 3, 1, 1)).clamp(0, 255)


class Trainer:
    """The frozen encoder and the network that learns, on one device."""

    def __init__(self, encoder: EncoderNetwork, network: WordNetwork, device: torch.device) -> None:
        self.encoder = encoder.to(device).requires_grad_(False)
        self.network, self.device = network.to(device), device
        self.dropout = nn.Dropout2d(CHANNEL_DROPOUT)

    def evidence(self, views: Tensor, *, learn: bool) -> tuple[WordEvidence, WordEvidence]:
        """What both heads say of ``views [N, 3, 224, 224]`` in 0..255."""
        drop = self.dropout if learn else nn.Identity()
        with torch.autocast(self.device.type, torch.bfloat16):
            with torch.no_grad():
                trunk = self.encoder.trunk((views - 127) / 128)
                objects, scenes = self.encoder.object_top(trunk), self.encoder.scene_top(trunk)
            own = self.network.own(drop(torch.cat([objects, scenes], 1)))
            tuned = self.network.tuned(drop(torch.cat([self.network.top(trunk), scenes], 1)))
        return own, tuned

    def loss(self, photos: Tensor, targets: Tensor) -> Tensor:
        """Of both heads, each for itself, on random views of uint8 ``photos``."""
        own, tuned = self.evidence(random_views(photos.to(self.device)), learn=True)
        targets = targets.to(self.device)
        return noisy_or_loss(own, targets) + noisy_or_loss(tuned, targets)

    @torch.no_grad()
    def logits(self, photos: Tensor, batch: int = 256) -> NDArray[np.float32]:
        """The mean log-odds of both heads, ``[N, W]``, before calibration."""
        parts = []
        for part in photos.split(batch):
            views = F.interpolate(part.to(self.device).permute(0, 3, 1, 2).float(), (SIDE, SIDE),
                                  mode="bilinear", align_corners=False)
            own, tuned = self.evidence(views, learn=False)
            parts.append(((own.logits() + tuned.logits()) / 2).cpu())
        return torch.cat(parts).numpy()


def start_from_rates(network: WordNetwork, rates: NDArray[np.float32]) -> None:
    """Begin with each word's frequency, so that training need not learn it."""
    bias = torch.from_numpy(np.log(rates / 2))
    with torch.no_grad():
        for head in (network.own, network.tuned):
            assert head.cell.bias is not None
            head.whole.bias.copy_(bias)
            head.cell.bias.copy_(bias - np.log(CELLS))


def platt(logits: NDArray[np.float32], right: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset that make ``sigmoid(slope * logits + offset)`` a probability."""
    x, y = np.clip(logits, -MOST_LOGIT, MOST_LOGIT).astype(float), right.astype(float)

    def loss(parameters: NDArray[np.float64]) -> float:
        slope, offset = np.exp(parameters[0]), parameters[1]
        z = slope * x + offset
        prior = SLOPE_PRIOR * parameters[0] ** 2 + OFFSET_PRIOR * offset**2
        return float((np.logaddexp(0, z) - y * z).sum() + prior)

    best = minimize(loss, np.zeros(2), method="L-BFGS-B", bounds=[(-1.6, 1.0), (-6, 4)]).x
    return float(np.exp(best[0])), float(best[1])


def calibrate(
    network: WordNetwork, logits: NDArray[np.float32], targets: NDArray[np.float32]
) -> None:
    """Set slope and offset of every word from photographs kept aside, ``[N, W]``."""
    for column in range(logits.shape[1]):
        known = ~np.isnan(targets[:, column])
        right = targets[known, column] >= 0.5
        slope, offset = (1.0, -1.0) if right.sum() < 3 else platt(logits[known, column], right)
        network.slope.data[column], network.offset.data[column] = slope, offset


def main() -> None:
    parser = script_parser(
        __doc__, data="folder of flickr8k.zip", cache="photographs and detections", minutes=2.3,
        run="checkpoint and log", seed=True)
    parser.add_argument("--places", type=Path, required=True, help="MiniPlaces")
    parser.add_argument("--detector", type=Path, required=True, help="models of the package")
    parser.add_argument("--count", type=int, default=11_000, help="photographs of places")
    parser.add_argument("--batch", type=int, default=384)
    args = parser.parse_args()
    log_to(args.run / "words.txt")
    seed_everything(args.seed)
    rng = np.random.default_rng(args.seed)

    dev, train = (read_flickr8k(args.data, split) for split in ("dev", "train"))
    places = read_miniplaces(args.places, "train", args.cache)
    rows = np.sort(rng.choice(len(places), min(args.count, len(places)), replace=False))
    pictures = [resize(read_picture(p), PHOTO_SIDE) for p in (*dev.photos, *train.photos)]
    pictures += [resize(places.pictures[row], PHOTO_SIDE) for row in rows]
    said = load_card(SAY_NAME)
    of_word = {w: said["concepts"][c] for w, c in zip(
        said["vocabulary"], said["of_word"], strict=True) if c >= 0}
    counts = mentions([*dev.captions, *train.captions], of_word)
    learned = {name: n[len(dev.photos):] for name, n in counts.items()}
    words = vocabulary_of(caption_words(learned))
    names = class_names(args.places)
    targets = np.concatenate([
        caption_targets(words, counts),
        place_targets(words, [names[label] for label in places.labels[rows]])])
    add_detections(words, targets, _detections(pictures, args.detector, args.cache))

    captioned = len(dev.photos) + len(train.photos)
    kept = np.arange(len(pictures)) < len(dev.photos)
    kept[captioned::KEPT] = True
    device = pick_device(None)
    encoder = EncoderNetwork(scene=load_scene_top()).eval()
    network = WordNetwork(words=len(words))
    network.top = copy.deepcopy(encoder.object_top)
    rates = np.nan_to_num(np.nanmean(targets[~kept], 0))
    start_from_rates(network, np.clip(rates, 1e-4, 0.5).astype(np.float32))
    trainer = Trainer(encoder, network, device)
    photos, goal = torch.from_numpy(np.stack(pictures)), torch.from_numpy(targets)
    optimiser = torch.optim.AdamW([
        {"params": [*network.own.parameters(), *network.tuned.parameters()], "lr": RATES["head"]},
        {"params": network.top.parameters(), "lr": RATES["top"]},
    ], weight_decay=0.05)
    run = ClockRun(network, optimiser, minutes=args.minutes, directory=args.run, clip_norm=5.0)
    learning = np.flatnonzero(~kept)

    def batches() -> Iterator[Tensor]:
        while True:
            yield from torch.from_numpy(rng.permutation(learning)).split(args.batch)

    run.learn(batches(), lambda part: trainer.loss(photos[part], goal[part]))
    calibrate(network, trainer.logits(photos[kept]), targets[kept])
    save_weights(network, WORDS_NAME, {"words": words, "metrics": [], "training": {
        "command": f"python -m hybridcore.caption.learn.words_train --data FLICKR8K --places DIR "
                   f"--detector DIR --cache CACHE --run RUN --minutes {args.minutes:g} "
                   f"--count {args.count} --batch {args.batch} --seed {args.seed}",
        "seed": args.seed, "minutes": args.minutes, "hardware": describe(device)}})


def _detections(
    pictures: list[NDArray[np.uint8]], detector: Path, cache: Path
) -> NDArray[np.float32]:
    """The detector's boxes, kept in ``cache`` (87 ms a photograph)."""
    key = zlib.crc32(b"".join(picture[::16, ::16].tobytes() for picture in pictures))
    path = cache / f"boxes_{key:08x}.npy"
    if not path.exists():
        np.save(path, detect(pictures, detector))
    return np.load(path)


if __name__ == "__main__":
    main()
