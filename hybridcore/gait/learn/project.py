"""Fit the last layer of the gait networks anew, in closed form.

``python -m hybridcore.gait.learn.project --data KINECT``

Linear discriminant analysis (Fisher 1936) of what each network pools over a walk: the directions
in which people differ most, against how much one person's walks differ among themselves, where
half of the people have a new body in every clip. It takes the place of the layer that training by
batches left behind; everything below it stays. Then ``evaluate.py`` measures the networks.
"""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import torch
from scipy.linalg import eigh
from torch import Tensor, nn

from hybridcore.cards import load_card
from hybridcore.gait.learn.data import batches, identities
from hybridcore.gait.learn.skeleton import read_walks
from hybridcore.gait.learn.walks import split_people
from hybridcore.gait.model import KINDS, GaitNet
from hybridcore.gait.networks import load_model
from hybridcore.training.options import script_parser
from hybridcore.weights import save_weights

_RIDGE = 0.1  # of the mean variance within people is added to each direction

logger = logging.getLogger("hybridcore.training")


def discriminants(
    features: np.ndarray, person: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Weights ``[count, D]`` and bias ``[count]`` of the projection of features ``[N, D]`` of
    ``person [N]`` on at most ``count`` discriminants, of unit variance within people."""
    mean = features.mean(0)
    means = {who: features[person == who].mean(0) for who in np.unique(person)}
    inside = features - np.stack([means[who] for who in person])
    within = inside.T @ inside / len(features)
    within += _RIDGE * np.trace(within) / len(within) * np.eye(len(within))
    centres = np.stack(list(means.values())) - mean
    values, vectors = eigh(centres.T @ centres / len(centres), within)
    weight = vectors[:, ::-1][:, :count].T.copy()
    weight[values[::-1][:count] <= 1e-9] = 0
    return weight, -weight @ mean


@torch.inference_mode()
def pooled(nets: dict[str, GaitNet], silhouettes: Tensor) -> dict[str, np.ndarray]:
    """What reaches the last layer of each network after silhouettes ``[B, T, 64, 44]``."""
    taken: dict[str, Tensor] = {}

    def keep(kind: str) -> Any:
        return lambda _, inputs: taken.__setitem__(kind, inputs[0][:, -1])

    hooks = [net.project.register_forward_pre_hook(keep(kind)) for kind, net in nets.items()]
    inputs = nets["lstm"].frames(silhouettes)  # one CNN under three of them
    for kind in ("lstm", "set", "mean"):
        nets[kind].follow(inputs)
    nets["gei"].follow(nets["gei"].frames(silhouettes.mean(1, keepdim=True)))
    for hook in hooks:
        hook.remove()
    return {kind: value.numpy() for kind, value in taken.items()}


def refit(project: nn.Linear, features: np.ndarray, person: np.ndarray) -> None:
    """Give a layer the discriminants of features ``[N, D]``."""
    weight, bias = discriminants(features.astype(np.float64), person, project.out_features)
    with torch.no_grad():
        project.weight.copy_(torch.from_numpy(weight))
        project.bias.copy_(torch.from_numpy(bias))


def main() -> None:
    parser = script_parser(__doc__, data="folder of kinect-gait.zip", seed=True)
    parser.add_argument("--variants", type=int, default=4, help="people made of each")
    parser.add_argument("--batches", type=int, default=160, help="of 32 clips")
    parser.add_argument("--frames", type=int, default=24, help="of a clip")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO)

    walks = read_walks(args.data)
    everybody = identities(split_people([walk.person for walk in walks]).train, args.variants)
    nets: dict[str, GaitNet] = {kind: load_model(kind) for kind in KINDS}
    loader = batches(walks, everybody, frames=args.frames, seed=args.seed)
    parts: dict[str, list[np.ndarray]] = {kind: [] for kind in KINDS}
    person = []
    for k, batch in zip(range(args.batches), loader, strict=False):
        for kind, features in pooled(nets, batch.silhouettes).items():
            parts[kind].append(features)
        person.append(batch.person.numpy())
        if k % 20 == 0:
            logger.info("batch %d of %d", k, args.batches)
    for kind in KINDS:
        refit(nets[kind].project, np.concatenate(parts[kind]), np.concatenate(person))
        card = load_card(f"gait_{kind}")
        card["training"]["last layer"] = (
            "python -m hybridcore.gait.learn.project --data KINECT --variants "
            f"{args.variants} --batches {args.batches} --frames {args.frames} --seed {args.seed}")
        save_weights(nets[kind], f"gait_{kind}", card)


if __name__ == "__main__":
    main()
