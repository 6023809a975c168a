"""How steady labels are on real clips, and what memory adds where the picture is bad.

``python -m hybridcore.scene.learn.stability --clips FOLDER [--write]`` looks at the
first frames of the clips that were labelled by eye (:mod:`real_clips`) three times: as they are,
with every channel of every pixel changed by at most 1.5 of 255, and with motion blur, somebody
passing, jumps of exposure and coarse compression drawn over stretches of them (:mod:`compose`).
Labels are the likeliest scenes. Of those that are right, only clips that show a known scene count;
the moving average is the frame-only model's, over the window that is best on these very frames,
which is a favour to it. Every clip counts the same; intervals are by bootstrap over places.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from hybridcore.cards import replace_metrics
from hybridcore.encoder.encoder import SIDE
from hybridcore.encoder.labels import scene_names
from hybridcore.media import Chunk, Clip
from hybridcore.scene.learn.compose import DEGRADED_FROM, ComposeConfig
from hybridcore.scene.learn.evaluate import WINDOWS, moving_average
from hybridcore.scene.learn.real_clips import FRAMES, RealClip, read_clips
from hybridcore.scene.model import KINDS
from hybridcore.scene.predict import SceneLabeller
from hybridcore.training.metrics import bootstrap, share_row
from hybridcore.training.spoil import apply_events, compression, exposure, motion_blur, occlusion

SPLIT = "real clips, steadiness"
CHANGE = 1.5  # of 255
_SPOILERS = (motion_blur, occlusion, exposure, compression)
_BATCH = 16  # frames


@dataclass(frozen=True, eq=False)
class Copies:
    """What is said of one clip: probabilities ``[T, C]`` by copy (``as it is``, ``changed``,
    ``degraded``) and kind of model; degraded bool ``[T]``; rate: frames a second."""

    clip: RealClip
    probabilities: dict[tuple[str, str], np.ndarray]
    degraded: np.ndarray
    rate: float


@torch.inference_mode()
def probabilities(labeller: SceneLabeller, frames: np.ndarray) -> dict[str, np.ndarray]:
    """What the models of every kind say of frames uint8 ``[T, SIDE, SIDE, 3]``, ``[T, C]`` each."""
    grids = torch.cat([
        labeller.encoder.encode(frames[at : at + _BATCH], "scene_grid")["scene_grid"]
        for at in range(0, len(frames), _BATCH)])
    cells = grids.flatten(2).transpose(1, 2)[None]
    return {kind: model(cells).logits[0].softmax(-1).cpu().numpy()
            for kind, model in labeller.models.items()}


def copies_of(labeller: SceneLabeller, clip: RealClip, path: Path, seed: int) -> Copies:
    """Look at a clip three times."""
    chunks = list(_first(Clip.open(path)))
    frames = np.concatenate([chunk.frames for chunk in chunks])[:FRAMES]
    times = np.concatenate([chunk.times for chunk in chunks])[:FRAMES]
    rng = np.random.default_rng(seed)
    change = rng.uniform(-CHANGE, CHANGE, frames.shape)
    changed = np.clip(np.rint(frames + change), 0, 255).astype(np.uint8)
    spoilt = frames.copy()
    strength = apply_events(spoilt, ComposeConfig().event_length, rng, _SPOILERS)
    found = {
        (copy, kind): p
        for copy, pictures in (("as it is", frames), ("changed", changed), ("degraded", spoilt))
        for kind, p in probabilities(labeller, pictures).items()}
    return Copies(clip, found, strength >= DEGRADED_FROM, (len(times) - 1) / np.ptp(times))


def _first(clip: Clip) -> Iterator[Chunk]:
    done = 0
    for chunk in clip.chunks(size=(SIDE, SIDE)):
        yield chunk
        done += len(chunk.frames)
        if done >= FRAMES:
            return


def by_place(copies: Sequence[Copies], values: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Sums over clips and numbers of clips, ``[places]`` each."""
    places = np.unique([one.clip.place for one in copies], return_inverse=True)[1]
    return np.bincount(places, values), np.bincount(places).astype(float)


def steadiness(copies: Sequence[Copies], kind: str) -> list[dict[str, Any]]:
    """Label changes a minute, and which labels survive a small change of the pixels."""
    labels = [one.probabilities["as it is", kind].argmax(1) for one in copies]
    changes = [60 * one.rate * float((np.diff(said) != 0).mean())
               for one, said in zip(copies, labels, strict=True)]
    same = [float((said == one.probabilities["changed", kind].argmax(1)).mean())
            for one, said in zip(copies, labels, strict=True)]
    value, low, high = (round(part, 1) for part in bootstrap(*by_place(copies, changes)))
    return [
        {"name": "label changes a minute", "split": SPLIT, "count": len(copies), "value": value,
         "unit": "a minute", "interval": [low, high]},
        share_row(f"labels that survive a change of pixels by {CHANGE}/255", SPLIT,
                  *by_place(copies, same)),
    ]


def right(copies: Sequence[Copies], kind: str, window: int = 1) -> list[float]:
    """Share of the degraded frames of each clip whose likeliest scene is right, averaged over the
    last ``window`` frames."""
    shares = []
    for one in copies:
        p = one.probabilities["degraded", kind]
        said = moving_average(p, np.array([0, len(p)]), window).argmax(1)
        hits = np.isin(scene_names(), one.clip.scenes)[said]
        shares.append(float(hits[one.degraded].mean()))
    return shares


def gains(copies: Sequence[Copies]) -> dict[str, list[dict[str, Any]]]:
    """Of each kind: how often it is right on degraded frames, and how much more often than the
    frame-only model and its best moving average."""
    shown = [one for one in copies if one.clip.scenes and one.degraded.any()]
    frame = right(shown, "frame")
    window = max(WINDOWS, key=lambda width: np.mean(right(shown, "frame", width)))
    average = right(shown, "frame", window)
    rows: dict[str, list[dict[str, Any]]] = {}
    for kind in KINDS:
        own = right(shown, kind)
        rows[kind] = [share_row("degraded frames right", SPLIT, *by_place(shown, own))]
        others = [] if kind == "frame" else [
            ("frame-only", frame), (f"its moving average over {window}", average)]
        for name, other in others:
            gain = np.subtract(own, other)
            rows[kind].append({
                **share_row(f"degraded frames right, gained over {name}", SPLIT,
                            *by_place(shown, gain.tolist())), "unit": "points"})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="write the rows into the cards")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    labeller = SceneLabeller.load("cpu")
    copies = [
        copies_of(labeller, clip, arguments.clips / clip.source / clip.file, seed)
        for seed, clip in enumerate(read_clips())]
    gained = gains(copies)
    for kind in KINDS:
        rows = steadiness(copies, kind) + gained[kind]
        print(kind, *rows, sep="\n  ")
        if arguments.write:
            replace_metrics(f"scene_{kind}", SPLIT, rows)


if __name__ == "__main__":
    main()
