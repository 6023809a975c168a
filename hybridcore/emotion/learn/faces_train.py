"""Train the CNN of single faces on FER2013.

The first stages of the trunk keep their ImageNet weights and run in ONNX Runtime; the later ones
and the head learn.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn

from hybridcore.emotion.face import FaceConfig, FaceNet
from hybridcore.emotion.learn.faces_data import Faces, load_fer
from hybridcore.emotion.learn.faces_spoil import changed
from hybridcore.encoder.efficientnet_lite import fold_batch_norm
from hybridcore.encoder.imagenet import load_imagenet
from hybridcore.encoder.onnx_graph import GRID, GraphBuilder
from hybridcore.training.options import script_parser
from hybridcore.training.run import ClockRun, log_to, logger, seed_everything

FROZEN = 2  # stages of the trunk
BATCH = 64
RATE, DECAY, SMOOTHING = 1e-3, 0.02, 0.1


class Lower:
    """Stem and first stages, frozen: ``[N, 3, H, W]`` -> ``[N, 24, H/4, W/4]``."""

    def __init__(self) -> None:
        trunk = fold_batch_norm(load_imagenet("lite0").trunk)
        graph = GraphBuilder()
        grid = graph.blocks(graph.conv("pixels", trunk.stem), trunk.stages[:FROZEN])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        self._session = onnxruntime.InferenceSession(
            graph.build("lower", {"pixels": GRID}, {"grid": grid}), options)

    def __call__(self, pixels: Tensor) -> Tensor:
        grid, = self._session.run(None, {"pixels": pixels.contiguous().numpy()})
        return torch.from_numpy(grid).contiguous(memory_format=torch.channels_last)


class Upper(nn.Module):
    """What learns: the later stages and the head."""

    def __init__(self, network: FaceNet) -> None:
        super().__init__()
        self.stages = network.trunk.stages[FROZEN:]
        self.network = network

    def forward(self, grid: Tensor) -> Tensor:
        return self.network.head(self.stages(grid)).logits


def started(config: FaceConfig) -> FaceNet:
    """The network with the ImageNet weights in its trunk, the first stages frozen."""
    network = FaceNet(config=config)
    network.trunk.load_state_dict(load_imagenet("lite0").trunk.state_dict())
    for part in (network.trunk.stem, *network.trunk.stages[:FROZEN]):
        part.requires_grad_(False)
    return network


def order(count: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Rows of one batch after another, every face once before any comes again."""
    while True:
        rows = rng.permutation(count)
        yield from (rows[k : k + BATCH] for k in range(0, count - BATCH + 1, BATCH))


def train(
    faces: Faces, *, seed: int, minutes: float, run_folder: Path,
) -> FaceNet:
    """Learn for so many minutes; gives the averaged weights, batch norm folded."""
    network = started(FaceConfig())
    lower, upper = Lower(), Upper(network).to(memory_format=torch.channels_last).train()
    learning = [p for p in upper.parameters() if p.requires_grad]
    run = ClockRun(upper, torch.optim.AdamW(learning, RATE, weight_decay=DECAY), minutes=minutes,
                   directory=run_folder, average_decay=0.998)
    crops, labels = torch.from_numpy(faces.crops), torch.from_numpy(faces.labels)
    batches = order(len(faces), np.random.default_rng((seed, run.step)))  # others when it goes on
    for _ in run.steps():
        rows = torch.from_numpy(next(batches))
        with torch.no_grad():
            grid = lower(changed(crops[rows], network.config.side))
        run.apply(F.cross_entropy(upper(grid), labels[rows], label_smoothing=SMOOTHING))
    upper.load_state_dict(run.average.values)
    return fold_batch_norm(network)


def main() -> None:
    """Train, and write the weights into the run's folder."""
    parser = script_parser(__doc__ or "", data="holds fer and ck", cache="what is decoded",
                           run="log, checkpoint, weights", minutes=40, seed=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    log_to(options.run / "train.log")
    seed_everything(options.seed)
    faces = load_fer(options.data, options.cache)
    network = train(faces["train"], seed=options.seed, minutes=options.minutes,
                    run_folder=options.run)
    save_file({name: value.contiguous() for name, value in network.state_dict().items()},
              options.run / "face.safetensors")
    logger.info("the CNN is trained")


if __name__ == "__main__":
    main()
