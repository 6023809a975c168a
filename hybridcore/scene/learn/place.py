"""Teach the probe that tells places from things (:mod:`hybridcore.scene.place`).

``python -m hybridcore.scene.learn.place --places FOLDER --things FOLDER``: folders of photographs,
searched whole. A fifth of each is kept for the figures in the card.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from hybridcore.device import describe, pick_device
from hybridcore.encoder.encoder import SIDE, Encoder
from hybridcore.media.picture import read_picture, resize
from hybridcore.scene.place import PlaceProbe
from hybridcore.training.metrics import share_row
from hybridcore.weights import save_weights

DATA = (
    {"name": "MiniPlaces (2,000 validation photographs)",
     "citation": "Zhou, Lapedriza, Khosla, Oliva & Torralba, Places: A 10 Million Image Database "
                 "for Scene Recognition, TPAMI 2017; the MIT MiniPlaces subset",
     "terms": "research and education"},
    {"name": "Caltech-101 (2,000 photographs of things)",
     "citation": "Fei-Fei, Fergus & Perona, Learning Generative Visual Models from Few Training "
                 "Examples, CVPR Workshop 2004",
     "terms": "research"},
)
_STEPS = 150


def grids(folder: Path, count: int, encoder: Encoder, rng: np.random.Generator) -> Tensor:
    """Mean scene features ``[count, 1280]`` of photographs anywhere in ``folder``."""
    paths = sorted(folder.rglob("*.jpg"))
    chosen = [paths[i] for i in rng.choice(len(paths), min(count, len(paths)), replace=False)]
    parts = []
    for at in range(0, len(chosen), 32):
        frames = np.stack([resize(read_picture(path), SIDE) for path in chosen[at : at + 32]])
        parts.append(encoder.encode(frames, "scene_grid")["scene_grid"].mean((2, 3)))
    return torch.cat(parts)


def fit(features: Tensor, shows_place: Tensor, seed: int) -> PlaceProbe:
    """Logistic regression on ``[N, 1280]``, standardised, with weight decay."""
    torch.manual_seed(seed)
    mean, scale = features.mean(0), features.std(0) + 1e-3
    probe = PlaceProbe(cell_dim=features.shape[1])
    optimiser = torch.optim.AdamW(probe.parameters(), 1e-2, weight_decay=0.1)
    for _ in range(_STEPS):
        logits = probe.linear((features - mean) / scale).squeeze(-1)
        optimiser.zero_grad()
        binary_cross_entropy_with_logits(logits, shows_place).backward()
        optimiser.step()
    with torch.no_grad():  # the standardisation becomes part of the weights
        probe.linear.weight.div_(scale)
        probe.linear.bias.sub_(probe.linear.weight[0] @ mean)
    return probe


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--places", type=Path, required=True)
    parser.add_argument("--things", type=Path, required=True)
    parser.add_argument("--count", type=int, default=2000, help="photographs of each")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)
    encoder = Encoder.load("cpu")
    folders = (arguments.things, arguments.places)
    classes = [grids(folder, arguments.count, encoder, rng) for folder in folders]
    features = torch.cat(classes)
    truth = torch.cat([torch.full((len(part),), float(k)) for k, part in enumerate(classes)])
    kept = torch.from_numpy(rng.random(len(truth)) < 0.2)
    probe = fit(features[~kept], truth[~kept], arguments.seed)
    with torch.inference_mode():
        right = (probe.linear(features[kept]).squeeze(-1) > 0) == truth[kept].bool()
    save_weights(probe, "scene_place", {
        "title": "Place or thing",
        "description": "Whether a frame shows a place at all: a logistic regression on the mean of "
                       "the scene grid.",
        "config": {"cell_dim": features.shape[1]},
        "training": {
            "data": list(DATA), "started_from": "the shared encoder, frozen",
            "seed": arguments.seed, "hardware": describe(pick_device("cpu")),
            "command": "python -m hybridcore.scene.learn.place --places MINIPLACES/images/val "
                       "--things CALTECH101",
        },
        "calibration": {"bias": 0.0, "scale": 1.0},
        "metrics": [share_row("accuracy", "photographs kept aside", right.numpy().astype(float),
                              np.ones(len(right)))],
        "limits": ["Knows places and things from photographs; surveillance footage of a place may "
                   "look like neither"],
    })


if __name__ == "__main__":
    main()
