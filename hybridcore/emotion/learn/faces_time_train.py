"""Train the LSTM over the CNN's features on tracks made of single faces.

The CNN must have been trained before (faces_train.py). Its features of every track are kept in the
cache, so that the LSTM learns in minutes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor

from hybridcore.emotion.crops import qualities
from hybridcore.emotion.face import FaceConfig, FaceNet
from hybridcore.emotion.face_lstm import FaceLSTM, FaceLSTMConfig
from hybridcore.emotion.face_runtime import FaceRuntime
from hybridcore.emotion.learn.faces_data import Faces, load_fer
from hybridcore.emotion.learn.faces_tracks import Tracks, make_tracks
from hybridcore.encoder.efficientnet_lite import fold_batch_norm
from hybridcore.training.options import script_parser
from hybridcore.training.run import ClockRun, log_to, logger, seed_everything

FEATURED = {"train": 4000, "validation": 400, "test": 1089}  # tracks that the CNN looks at
_BATCH, _RATE, _DECAY, _SMOOTHING = 32, 3e-3, 0.02, 0.05


@dataclass(frozen=True, eq=False)
class Featured:
    """Tracks as the LSTM sees them: features float32 ``[N, T, 256]``, logits of single frames
    ``[N, T, 7]``, quality ``[N, T, 2]``, and the tracks."""

    features: NDArray[np.float32]
    logits: NDArray[np.float32]
    quality: NDArray[np.float32]
    tracks: Tracks


def cnn(run: Path) -> FaceNet:
    """The trained CNN."""
    network = fold_batch_norm(FaceNet(config=FaceConfig()))
    network.load_state_dict(load_file(run / "face.safetensors"))
    return network


def featured(faces: dict[str, Faces], split: str, run: Path) -> Featured:
    """Tracks of one split, looked at by the CNN; read from the run's folder the second time."""
    tracks = make_tracks(faces[split], FEATURED[split], zlib.crc32(split.encode()))
    path = run / f"featured-{split}.npz"
    if not path.exists():
        runtime = FaceRuntime(cnn(run))
        looked = [runtime.look(crops) for crops in tracks.crops]
        np.savez(path, allow_pickle=False,
                 features=np.stack([own.features for own in looked]).astype(np.float16),
                 logits=np.stack([own.logits for own in looked]))
    with np.load(path, allow_pickle=False) as own:
        return Featured(own["features"].astype(np.float32), own["logits"],
                        qualities(tracks.crops), tracks)


def train_lstm(seen: Featured, run: Path, minutes: float, rng: np.random.Generator) -> FaceLSTM:
    """Learn a label at every step at which the face is seen."""
    model = FaceLSTM(config=FaceLSTMConfig())
    model.single.load_state_dict(cnn(run).classifier.state_dict())
    model.single.requires_grad_(False)
    clock = ClockRun(model, torch.optim.AdamW(model.parameters(), _RATE, weight_decay=_DECAY),
                     minutes=minutes, directory=run / "lstm", average_decay=0.995)
    columns = [torch.from_numpy(part) for part in (
        seen.features, seen.quality, seen.tracks.seen,
        np.where(seen.tracks.seen, seen.tracks.labels, -1))]

    def batches() -> Iterator[list[Tensor]]:
        while True:
            rows = torch.from_numpy(rng.integers(0, len(seen.tracks), _BATCH))
            yield [column[rows] for column in columns]

    def loss(batch: list[Tensor]) -> Tensor:
        logits = model(*batch[:3]).logits
        return F.cross_entropy(logits.flatten(0, 1), batch[3].flatten(), ignore_index=-1,
                               label_smoothing=_SMOOTHING)

    clock.learn(batches(), loss)
    return model.eval()


def main() -> None:
    """Train it, and write its weights into the run's folder."""
    parser = script_parser(__doc__ or "", data="holds fer and ck", cache="what is decoded",
                           run="weights of the CNN; log, checkpoints, weights", minutes=3,
                           seed=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    log_to(options.run / "time.log")
    rng = seed_everything(options.seed)
    faces = load_fer(options.data, options.cache)
    model = train_lstm(featured(faces, "train", options.run), options.run, options.minutes, rng)
    save_file(model.state_dict(), options.run / "lstm.safetensors")
    logger.info("the LSTM is trained")


if __name__ == "__main__":
    main()
