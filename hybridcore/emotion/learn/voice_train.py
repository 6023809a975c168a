"""Train the voice witness: by actor, in folds that are judged by others, and then on all.

``--data FOLDER``: RAVDESS, 1,440 wavs. ``--run FOLDER``: for every kind and fold the logits of the
actors that were left out, ``KIND-FOLD.npz``; the network of all actors as ``KIND.safetensors``.
:mod:`~hybridcore.emotion.learn.voice_evaluate` makes the card of them.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

from hybridcore.emotion.learn.voice_data import Voice, batches, copies, ravdess, windows
from hybridcore.emotion.voice import KINDS, VoiceConfig, VoiceNet
from hybridcore.training.options import script_parser
from hybridcore.training.run import StepRun, log_to, seed_everything

logger = logging.getLogger(__name__)
COPIES = 6
_RATE, _DECAY, _SMOOTH = 4e-3, 0.02, 0.05


def folds(voices: Sequence[Voice], count: int) -> list[set[str]]:
    """Actors that are left out in turn, as many women as men in each."""
    actors = sorted({(voice.woman, voice.speaker) for voice in voices})
    return [{name for _, name in actors[k::count]} for k in range(count)]


def train(
    network: VoiceNet, made: np.ndarray, emotions: np.ndarray, *, steps: int,
    rng: np.random.Generator,
) -> None:
    """Learn the emotions of spoilt clips."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=_DECAY)
    StepRun(network, optimiser, count=steps, average_decay=0.98, log_every=100).learn(
        batches(made, emotions, rng), lambda batch: F.cross_entropy(
            network(batch[0])[0], batch[1], label_smoothing=_SMOOTH))
    network.eval()


@torch.inference_mode()
def logits_of(network: VoiceNet, voices: Sequence[Voice]) -> np.ndarray:
    """What is said of whole clips, the mean over their windows: float32 ``[N, 8]``."""
    return np.stack([network(torch.from_numpy(windows(voice.frames)))[0].mean(0).numpy()
                     for voice in voices])


def recall(logits: np.ndarray, emotions: np.ndarray) -> float:
    """Unweighted average recall."""
    hits = logits.argmax(1) == emotions
    return float(np.mean([hits[emotions == k].mean() for k in np.unique(emotions)]))


def main() -> None:
    parser = script_parser(__doc__, data="folder of the wavs of RAVDESS", run="what the folds say",
                           cache="log mel bands", seed=True)
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--folds", type=int, default=6)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    args = parser.parse_args()
    log_to(args.run / "log.txt")
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    voices = ravdess(args.data, args.cache)
    made = copies(voices, np.random.default_rng(args.seed), COPIES)
    emotions = np.array([voice.emotion for voice in voices])
    speakers = np.array([voice.speaker for voice in voices])
    out = [*folds(voices, args.folds), set[str]()]
    for kind in args.kinds:
        for number in range(len(out)):
            path = args.run / f"{kind}-{number}"
            if path.with_suffix(".safetensors").exists():
                continue
            rng = seed_everything(args.seed)
            network = VoiceNet(config=VoiceConfig(kind=kind))
            left = np.isin(speakers, list(out[number]))
            train(network, made[:, ~left], emotions[~left], steps=args.steps, rng=rng)
            if left.any():
                logits = logits_of(network, [v for v in voices if v.speaker in out[number]])
                logger.info("%s fold %d recall %.3f", kind, number, recall(logits, emotions[left]))
                np.savez(path.with_suffix(".npz"), logits=logits, rows=np.flatnonzero(left))
            save_file(network.state_dict(), path.with_suffix(".safetensors"))


if __name__ == "__main__":
    main()
