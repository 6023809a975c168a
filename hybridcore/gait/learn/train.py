"""Train the gait networks.

``python -m hybridcore.gait.learn.train --data KINECT --run R``

Walks are rendered from the skeletons while the networks learn; half of the people get a new body in
every clip, so that only the walk tells who they are. All networks learn from the same batches: the
LSTM, the set pool and the mean share one CNN while they learn, so that they differ in what they do
over time and in nothing else; the network of the averaged silhouette has its own. ``evaluate.py``
then measures them on people who were not seen, and completes the cards.
"""

from __future__ import annotations

import logging
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hybridcore.device import describe, pick_device
from hybridcore.gait.learn.data import Batch, batches, identities
from hybridcore.gait.learn.losses import MarginSoftmax, batch_hard_triplets
from hybridcore.gait.learn.skeleton import read_walks
from hybridcore.gait.learn.walks import Split, split_people
from hybridcore.gait.model import KINDS, GaitConfig, GaitNet, GaitOutput, Kind
from hybridcore.training.options import script_parser
from hybridcore.training.run import ClockRun, log_to, seed_everything
from hybridcore.training.sources import KINECT_GAIT, PAPERS
from hybridcore.weights import load_into, save_weights

ABOUT: dict[Kind, dict[str, Any]] = {
    "lstm": {
        "title": "Gait LSTM",
        "description": "A CNN on every silhouette, an LSTM over the cycle, its mean state as the "
                       "gait; identity evidence and view at every frame.",
        "paper": PAPERS["gait_lstm"],
        "differences": [
            "Silhouettes in place of the joint heat maps of a pose network; the CNN is trained too",
            "Trained with identities (margin softmax, batch-hard triplets) in place of predicting "
            "the frames of another view",
            "Features of horizontal strips, as in GaitSet at one scale",
            "A second head predicts the view",
        ],
    },
    "set": {
        "title": "Gait set pooling",
        "description": "The same CNN; the maximum over frames in place of the LSTM.",
        "paper": PAPERS["gaitset"],
        "differences": ["A small CNN, strips at one scale, no multilayer global pipeline"],
    },
    "mean": {
        "title": "Gait mean of frames",
        "description": "The same CNN; the mean over frames in place of the LSTM.",
        "differences": ["No memory: what the LSTM must beat"],
    },
    "gei": {
        "title": "Gait energy image + CNN",
        "description": "The silhouettes are averaged first; a CNN reads the average once.",
        "paper": PAPERS["gei"],
        "differences": ["A CNN in place of PCA and discriminant analysis; the average is over the "
                        "frames seen, not over a whole cycle"],
    },
}
LIMITS = [
    "Learned from rendered bodies. Measured for each person: the skeleton in a side view (bone "
    "lengths, joint movement in the plane of the walk). Invented: girth, belly, hips, limb and "
    "head size, hair, shoulder width, and how far arms and legs are held from the middle. The "
    "figures 'by motion alone' say how much of the identity is in the skeleton: there another "
    "body is invented for each walk",
    "How well it tells real people apart who walk past a camera is unknown: no such walks were at "
    "hand with names. Expect less than the figures here",
    "Depth in the skeletons is poor, so front and back views carry less of the real walk",
    "All walks of a person are from one day; the way there and the way back may both be in a "
    "gallery",
    "For people who walk straight ahead at an ordinary pace, in full view, seen from about eye "
    "level",
    "One in ten strangers or more is mistaken for somebody enrolled (see the open set); the more "
    "people are enrolled, the more so",
]
VIEW_WEIGHT = 0.2

logger = logging.getLogger("hybridcore.training")


class Together(nn.Module):
    """All networks, and for each the identities that it learns."""

    def __init__(self, people: int) -> None:
        super().__init__()
        self.nets = nn.ModuleDict({kind: GaitNet(config=GaitConfig(kind=kind)) for kind in KINDS})
        for kind in ("set", "mean"):
            self.net(kind).frames = self.net("lstm").frames
        dim = GaitConfig().dim
        self.identities = nn.ModuleDict(
            {kind: MarginSoftmax(dim=dim, people=people) for kind in KINDS})

    def forward(self, silhouettes: Tensor) -> dict[str, GaitOutput]:
        """``[B, T, 64, 44]`` -> the output of each; the averaged silhouette is read once."""
        inputs = self.net("lstm").frames(silhouettes)
        read = {kind: self.net(kind).follow(inputs) for kind in ("lstm", "set", "mean")}
        energy = silhouettes.mean(1, keepdim=True)  # [B, 1, 64, 44]
        return {**read, "gei": self.net("gei").follow(self.net("gei").frames(energy))}

    def net(self, kind: str) -> GaitNet:
        """One of the networks."""
        return cast(GaitNet, self.nets[kind])

    def loss(self, batch: Batch) -> Tensor:
        """The sum over networks: identity a quarter in, half-way and at the end; triplets and view
        at the end."""
        total = batch.silhouettes.new_zeros(())
        for kind, output in self(batch.silhouettes).items():
            steps = output.embedding.shape[1]
            looks = sorted({max(steps // 4, 1) - 1, max(steps // 2, 1) - 1, steps - 1})
            identity = [self.identities[kind](output.embedding[:, t], batch.person) for t in looks]
            total = total + torch.stack(identity).mean()
            total = total + batch_hard_triplets(output.embedding[:, -1], batch.person)
            view = F.cross_entropy(output.view_logits[:, -1], batch.view)
            total = total + VIEW_WEIGHT * view
        return total


def save(together: Together, split: Split, training: dict[str, Any]) -> None:
    """Write each network with its card; the figures are added by ``evaluate.py``."""
    for kind in KINDS:
        net = together.net(kind)
        save_weights(net, f"gait_{kind}", {
            **ABOUT[kind], "config": vars(net.config),
            "training": {**training, "people": len(split.train)}, "limits": LIMITS,
        })


def main() -> None:
    parser = script_parser(
        __doc__, data="folder of kinect-gait.zip", run="checkpoint and log", minutes=60, seed=True)
    parser.add_argument("--people", type=int, default=8, help="in a batch")
    parser.add_argument("--each", type=int, default=4, help="clips of each in a batch")
    parser.add_argument("--frames", type=int, default=16, help="of a clip in a batch")
    parser.add_argument("--variants", type=int, default=4,
                        help="people made of each: half of them have a new body in every clip")
    parser.add_argument("--rate", type=float, default=2e-3, help="of learning, at most")
    parser.add_argument("--on", action="store_true", help="go on from the weights that ship")
    args = parser.parse_args()
    log_to(args.run / "log.txt")

    walks = read_walks(args.data)
    split = split_people([walk.person for walk in walks])
    everybody = identities(split.train, args.variants)
    logger.info("%d people", len(everybody))

    seed_everything(args.seed)
    together = Together(len(everybody))
    if args.on:
        for kind in KINDS:
            load_into(together.net(kind), f"gait_{kind}")
    optimiser = torch.optim.AdamW(together.parameters(), lr=args.rate, weight_decay=1e-3)
    run = ClockRun(together, optimiser, minutes=args.minutes, directory=args.run,
                   average_decay=0.99, clip_norm=5.0, save_every=120)
    loader = batches(walks, everybody, people=args.people, each=args.each, frames=args.frames,
                     seed=args.seed + run.step)
    run.learn(loader, together.train().loss)
    command = (
        f"python -m hybridcore.gait.learn.train --data KINECT --run RUN --minutes "
        f"{args.minutes:g} --people {args.people} --each {args.each} --frames {args.frames} "
        f"--variants {args.variants} --rate {args.rate:g} --seed {args.seed}{' --on' * args.on}"
    )
    save(together.eval(), split, {
        "data": [KINECT_GAIT], "command": command, "seed": args.seed, "minutes": args.minutes,
        "steps": run.step, "hardware": describe(pick_device("cpu")),
        "rendered": "11 views, 3 conditions, by hybridcore.gait.learn.walks; half of the people "
                    "with a new body in every clip",
    })


if __name__ == "__main__":
    main()
