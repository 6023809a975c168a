"""Train C3D: first its flat twin on single faces, then C3D itself on tracks made of them.

Both learn what people call a face, and as much what the CNN says of it (Hinton, Vinyals & Dean,
*Distilling the Knowledge in a Neural Network*, 2015): labels are noisy, and the CNN knows which
expressions are near each other. The CNN must have been trained before (faces_train.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor

from hybridcore.emotion.c3d import C3D, CENTRE, FRAMES, SIDE, C3DConfig
from hybridcore.emotion.classes import EMOTIONS
from hybridcore.emotion.face_runtime import FaceRuntime
from hybridcore.emotion.learn.c3d_flat import FlatC3D, inflated
from hybridcore.emotion.learn.faces_data import Faces, load_fer
from hybridcore.emotion.learn.faces_spoil import changed
from hybridcore.emotion.learn.faces_time_train import cnn
from hybridcore.emotion.learn.faces_tracks import STEPS, make_tracks
from hybridcore.emotion.learn.faces_train import order
from hybridcore.training.options import script_parser
from hybridcore.training.run import ClockRun, log_to, logger, seed_everything

_FLAT_RATE, _RATE, _DECAY = 2e-3, 1e-3, 0.02
_BATCH, _TRACKS, _CLIPS = 32, 1024, 4  # tracks made at a time, and clips cut from each
_FLAT_SHARE = 0.25  # of the time


def targets_of(faces: Faces, run: Path) -> Tensor:
    """What to say of every face ``[N, 7]``: the mean of its label and of what the CNN says."""
    told = torch.from_numpy(FaceRuntime(cnn(run)).look(faces.crops).logits).softmax(-1)
    return (told + F.one_hot(torch.from_numpy(faces.labels), len(EMOTIONS))) / 2


def train_flat(
    faces: Faces, targets: Tensor, run: Path, minutes: float, rng: np.random.Generator
) -> FlatC3D:
    """Learn single faces, each changed in its own way."""
    model = FlatC3D(config=C3DConfig()).to(memory_format=torch.channels_last)
    clock = ClockRun(model, torch.optim.AdamW(model.parameters(), _FLAT_RATE, weight_decay=_DECAY),
                     minutes=minutes, directory=run / "flat", average_decay=0.998)
    crops = torch.from_numpy(faces.crops)
    batches = ((changed(crops[rows], SIDE)[:, :1], targets[rows])
               for rows in order(len(faces), rng))
    clock.learn(batches, lambda batch: F.cross_entropy(model(batch[0]), batch[1]))
    return model.eval()


def train_c3d(
    flat: FlatC3D, faces: Faces, targets: Tensor, run: Path, minutes: float,
    rng: np.random.Generator,
) -> C3D:
    """Go on from the flat twin: learn what the face in the middle of 16 crops shows."""
    model = inflated(flat).train().to(memory_format=torch.channels_last_3d)
    clock = ClockRun(model, torch.optim.AdamW(model.parameters(), _RATE, weight_decay=_DECAY),
                     minutes=minutes, directory=run / "c3d", average_decay=0.998)

    def loss(batch: tuple[Tensor, Tensor]) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):  # nearly twice as many steps
            return F.cross_entropy(model(batch[0]), targets[batch[1]])

    clock.learn(clips(faces, rng), loss)
    return model.eval()


def clips(faces: Faces, rng: np.random.Generator) -> Iterator[tuple[Tensor, Tensor]]:
    """Clips ``[B, 16, 48, 48]`` of ever new tracks, and which face is in the middle of each."""
    numbered = Faces(faces.crops, np.arange(len(faces)))  # tracks say who is shown, not what
    while True:
        tracks = make_tracks(numbered, _TRACKS, int(rng.integers(2**31)))
        for _ in range(_CLIPS):
            for rows in rng.permutation(len(tracks)).reshape(-1, _BATCH, 1):
                at = rng.integers(0, STEPS - FRAMES + 1, (_BATCH, 1)) + np.arange(FRAMES)
                yield (torch.from_numpy(tracks.crops[rows, at]),
                       torch.from_numpy(tracks.labels[rows[:, 0], at[:, CENTRE]]))


def main() -> None:
    """Train both, and write the weights of C3D into the run's folder."""
    parser = script_parser(__doc__ or "", data="holds fer and ck", cache="what is decoded",
                           run="weights of the CNN; log, checkpoints, weights", minutes=60,
                           seed=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    log_to(options.run / "c3d.log")
    rng = seed_everything(options.seed)
    faces = load_fer(options.data, options.cache)["train"]
    targets = targets_of(faces, options.run)
    flat_minutes = options.minutes * _FLAT_SHARE
    flat = train_flat(faces, targets, options.run, flat_minutes, rng)
    logger.info("the flat twin is trained")
    c3d = train_c3d(flat, faces, targets, options.run, options.minutes - flat_minutes, rng)
    save_file({name: value.contiguous() for name, value in c3d.state_dict().items()},
              options.run / "c3d.safetensors")
    logger.info("C3D is trained")


if __name__ == "__main__":
    main()
