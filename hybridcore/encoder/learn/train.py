"""Train the scene top.

``python -m hybridcore.encoder.learn.train --data MINIPLACES --run DIRECTORY``

The trunk and the object top keep their ImageNet weights, so the objects stay exactly what they
were. A second top with a classifier of 100 scenes starts from the object top and is trained on
MiniPlaces. The frozen trunk runs in ONNX Runtime on fresh augmented views of each photograph, so
nothing is seen twice the same; only the top is differentiated. Batch norm is folded first: its
statistics stay those of ImageNet, and the top trains twice as fast on a CPU.
"""

from __future__ import annotations

import logging

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn

from hybridcore.encoder.efficientnet_lite import LITE_CONFIGS, Trunk, fold_batch_norm
from hybridcore.encoder.encoder import SceneTop
from hybridcore.encoder.imagenet import load_imagenet
from hybridcore.encoder.learn.data import Photos, ViewLoader, read_miniplaces
from hybridcore.encoder.onnx_graph import FRAMES, GraphBuilder
from hybridcore.media.picture import resize
from hybridcore.onnx_session import cpu_session
from hybridcore.training.metrics import top_k
from hybridcore.training.options import script_parser
from hybridcore.training.run import ClockRun, log_to, seed_everything

logger = logging.getLogger("hybridcore.training")


def trunk_session(trunk: Trunk) -> onnxruntime.InferenceSession:
    """The frozen trunk in ONNX Runtime: uint8 frames -> stride-16 grid."""
    graph = GraphBuilder()
    grid = graph.trunk(graph.pixels("frames"), trunk)
    return cpu_session(graph.build("trunk", {"frames": FRAMES}, {"grid": grid}))


def trunk_grid(session: onnxruntime.InferenceSession, frames: np.ndarray) -> Tensor:
    """Run the trunk; the result is channels last, as the top trains fastest."""
    grid = torch.from_numpy(session.run(["grid"], {"frames": frames})[0])
    return grid.contiguous(memory_format=torch.channels_last)


@torch.inference_mode()
def evaluate(
    module: SceneTop, session: onnxruntime.InferenceSession, photos: Photos, side: int
) -> dict[str, float]:
    """Top-1 and top-5 of whole photographs squashed to ``side``, one view each."""
    module.eval()
    logits = []
    for at in range(0, len(photos), 64):
        frames = np.stack([resize(p, side) for p in photos.pictures[at : at + 64]])
        logits.append(module(trunk_grid(session, frames)).numpy())
    scores = np.concatenate(logits)
    return {f"top{k}": top_k(scores, photos.labels, k) for k in (1, 5)}


def main() -> None:
    parser = script_parser(
        __doc__, data="folder of MiniPlaces", cache="where packed arrays go",
        run="checkpoints, log, weights", minutes=45, seed=True)
    parser.add_argument("--network", default="lite0", choices=sorted(LITE_CONFIGS))
    parser.add_argument("--side", type=int, default=160)
    parser.add_argument("--batch", type=int, default=64)
    args = parser.parse_args()
    log_to(args.run / "log.txt")
    seed_everything(args.seed)

    imagenet = fold_batch_norm(load_imagenet(args.network))
    session = trunk_session(imagenet.trunk)
    module = SceneTop(config_name=args.network)
    module.top.load_state_dict(imagenet.top.state_dict())
    nn.init.zeros_(module.classifier.weight)
    nn.init.zeros_(module.classifier.bias)
    module.to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(
        [
            {"params": module.top.parameters(), "lr": 4e-4, "weight_decay": 0.02},
            {"params": module.classifier.parameters(), "lr": 2e-3, "weight_decay": 0.02},
        ]
    )
    run = ClockRun(module, optimiser, minutes=args.minutes, directory=args.run)
    train = read_miniplaces(args.data, "train", args.cache)
    val = read_miniplaces(args.data, "val", args.cache)
    # The loader's seed moves on with the step, so that a resumed run meets new views.
    loader = ViewLoader(train, side=args.side, batch=args.batch, seed=args.seed + run.step)
    for step, (views, labels) in zip(run.steps(), loader, strict=False):
        module.train()
        pooled = module.top(trunk_grid(session, views)).mean((2, 3))
        logits = module.classifier(F.dropout(pooled, 0.2))
        run.apply(F.cross_entropy(logits, torch.from_numpy(labels), label_smoothing=0.1))
        if step % 1400 == 1399:  # about once a pass; a glance, not a choice
            part = Photos(val.pictures[:2000], val.labels[:2000])
            logger.info("step %d  first 2,000 of val: %s", step,
                        evaluate(module, session, part, args.side))
    module.load_state_dict(run.average.values)
    logger.info("validation, all %d: %s", len(val), evaluate(module, session, val, args.side))
    half = {k: v.half().contiguous() for k, v in module.state_dict().items()}
    save_file(half, args.run / "scene_top.safetensors")
    module.load_state_dict({k: v.float() for k, v in half.items()})
    logger.info("as shipped (float16): %s", evaluate(module, session, val, args.side))


if __name__ == "__main__":
    main()
