"""How often the vote of the objects finds the group, with objects read at either side.

``python -m hybridcore.scene.learn.votes --data MINIPLACES --cache CACHE``

The votes were counted with objects at the side of the scenes (:mod:`hybridcore.scene.learn.train`);
a clip is read at that of the objects. Both are measured on the same photographs of the validation
set, and the figures complete the card.
"""

from __future__ import annotations

import numpy as np
import torch

from hybridcore.cards import replace_metrics
from hybridcore.encoder.encoder import OBJECT_SIDE, SIDE, Encoder
from hybridcore.encoder.labels import scene_names
from hybridcore.encoder.learn.data import read_miniplaces
from hybridcore.scene.groups import GroupVotes, group_of
from hybridcore.scene.learn.train import object_shares
from hybridcore.training.metrics import share_row
from hybridcore.training.options import script_parser
from hybridcore.weights import load_into


def main() -> None:
    parser = script_parser(
        __doc__, data="folder of MiniPlaces", cache="packed arrays", seed=True)
    parser.add_argument("--photographs", type=int, default=1000)
    args = parser.parse_args()
    encoder, votes = Encoder.load("cpu"), load_into(GroupVotes(), "scene_groups")
    val = read_miniplaces(args.data, "val", args.cache)
    rows = np.random.default_rng(args.seed).choice(len(val), args.photographs, replace=False)
    rows.sort()
    groups = np.array([group_of(name) for name in scene_names()])[val.labels[rows]]
    split, figures = "MiniPlaces val, drawn", []
    for side in (SIDE, OBJECT_SIDE):
        shares = object_shares(val.pictures[rows], encoder, side)
        right = votes(torch.from_numpy(shares)).argmax(1).numpy() == groups
        figures.append(share_row(
            f"group top-1, objects read at {side} px", split, right.astype(float),
            np.ones(len(rows))))
        print(figures[-1])
    replace_metrics("scene_groups", split, figures)


if __name__ == "__main__":
    main()
