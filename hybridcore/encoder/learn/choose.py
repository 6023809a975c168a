"""Which network at which size.

``python -m hybridcore.encoder.learn.choose --places DIR --cache DIR``

For each member of the family and each side, a linear classifier on the frozen, pooled ImageNet
features of a part of MiniPlaces, and the time of a frame in ONNX Runtime: accuracy per
millisecond, before anything is trained for long. Prints one line a choice.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from hybridcore.encoder.efficientnet_lite import fold_batch_norm
from hybridcore.encoder.imagenet import load_imagenet
from hybridcore.encoder.learn.data import Photos, read_miniplaces
from hybridcore.encoder.onnx_graph import FRAMES, GraphBuilder
from hybridcore.media.picture import resize
from hybridcore.onnx_session import cpu_session
from hybridcore.training.metrics import top_k

CHOICES = (("lite0", 128), ("lite0", 160), ("lite0", 192), ("lite1", 160), ("lite2", 160))


def pooled_features(name: str, side: int, photos: list[np.ndarray]) -> tuple[np.ndarray, float]:
    """Pooled features float32 ``[N, 1280]`` of ``photos`` and the seconds that a frame took."""
    network = fold_batch_norm(load_imagenet(name))
    graph = GraphBuilder()
    pooled = graph.pool(graph.top(graph.trunk(graph.pixels("frames"), network.trunk), network.top))
    session = cpu_session(graph.build("pooled", {"frames": FRAMES}, {"pooled": pooled}))
    parts, seconds = [], []
    for at in range(0, len(photos), 16):
        frames = np.stack([resize(p, side) for p in photos[at : at + 16]])
        start = time.perf_counter()
        parts.append(session.run(["pooled"], {"frames": frames})[0])
        seconds.append((time.perf_counter() - start) / len(frames))
    return np.concatenate(parts), float(np.median(seconds))


def linear_probe(x: np.ndarray, y: np.ndarray, epochs: int = 30) -> torch.nn.Linear:
    """Softmax regression on standardised features ``[N, D]``, labels ``[N]``."""
    torch.manual_seed(0)
    features, labels = torch.from_numpy(x), torch.from_numpy(y)
    probe = torch.nn.Linear(x.shape[1], int(y.max()) + 1)
    optimiser = torch.optim.AdamW(probe.parameters(), lr=2e-3, weight_decay=0.3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    for _ in range(epochs):
        for rows in torch.randperm(len(labels)).split(256):
            loss = F.cross_entropy(probe(features[rows]), labels[rows], label_smoothing=0.1)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        schedule.step()
    return probe


def some(photos: Photos, count: int, seed: int) -> tuple[list[np.ndarray], np.ndarray]:
    """``count`` photographs at random, with labels."""
    rows = np.sort(np.random.default_rng(seed).choice(len(photos), count, replace=False))
    return [photos.pictures[r] for r in rows], photos.labels[rows]


@torch.inference_mode()
def score(probe: torch.nn.Linear, x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Top-1 and top-5."""
    logits = probe(torch.from_numpy(x)).numpy()
    return top_k(logits, y, 1), top_k(logits, y, 5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--places", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--train", type=int, default=10_000)
    parser.add_argument("--val", type=int, default=3_000)
    args = parser.parse_args()
    train, y = some(read_miniplaces(args.places, "train", args.cache), args.train, 0)
    val, y_val = some(read_miniplaces(args.places, "val", args.cache), args.val, 0)
    for name, side in CHOICES:
        x, seconds = pooled_features(name, side, train + val)
        mean, std = x[: len(train)].mean(0), x[: len(train)].std(0) + 1e-3
        x = (x - mean) / std
        top1, top5 = score(linear_probe(x[: len(train)], y), x[len(train) :], y_val)
        print(f"{name} at {side} px: top-1 {100 * top1:.1f} %, top-5 {100 * top5:.1f} %, "
              f"{1e3 * seconds:.2f} ms a frame", flush=True)


if __name__ == "__main__":
    main()
