"""How many objects the encoder names at the side of the scenes and at that of the objects.

``python -m hybridcore.encoder.learn.objects --data IMAGEWOOF [FOLDER ...] --words WORDS``

A folder holds ``train|val/WNID/*``, as those of Imagenette and Imagewoof do. Their validation
parts hold photographs that the ImageNet network learned from; only those of ImageNet's own
validation set (``ILSVRC2012_val_*``, of either part) are measured on. Top-1 among all 1,000
classes; the figures complete the card of the encoder.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hybridcore.cards import replace_metrics
from hybridcore.encoder.encoder import OBJECT_SIDE, SIDE, WEIGHTS_NAME, Encoder
from hybridcore.encoder.labels import object_names
from hybridcore.media.picture import read_picture, resize
from hybridcore.training.metrics import bootstrap, share_row

AT_ONCE = 32


def imagenet_indices(words: Path) -> dict[str, int]:
    """WordNet id -> ImageNet class, by the first word of the synset, as torchvision names it."""
    names = object_names()
    indices = {}
    for line in words.read_text().splitlines():
        wnid, text = line.split("\t")
        first = text.split(",")[0]
        if names.count(first) == 1:
            indices[wnid] = names.index(first)
    return indices


def not_learned_from(folder: Path, index: dict[str, int]) -> list[tuple[Path, int]]:
    """The photographs of ImageNet's validation set in a folder, and their classes."""
    return [(path, index[path.parent.name])
            for path in sorted(folder.glob("*/*/ILSVRC2012_val_*")) if path.parent.name in index]


def named(photos: list[tuple[Path, int]], encoder: Encoder, side: int) -> np.ndarray:
    """Which of ``photos`` are named right at a side, float64 ``[N]``."""
    def batches() -> Iterator[np.ndarray]:
        for at in range(0, len(photos), AT_ONCE):
            part = photos[at : at + AT_ONCE]
            frames = np.stack([resize(read_picture(path), side) for path, _ in part])
            found = encoder.encode(frames, "object_logits")["object_logits"].argmax(1)
            yield found.cpu().numpy() == [label for _, label in part]

    return np.concatenate(list(batches())).astype(float)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="see above")
    parser.add_argument("--words", type=Path, required=True,
                        help="words.txt of Tiny-ImageNet: WordNet ids and what they mean")
    args = parser.parse_args()
    encoder, index = Encoder.load("cpu"), imagenet_indices(args.words)
    for folder in args.data:
        photos = not_learned_from(folder, index)
        right = {side: named(photos, encoder, side) for side in (SIDE, OBJECT_SIDE)}
        split = f"{folder.name.capitalize()}, the photographs of ImageNet's validation set"
        ones = np.ones(len(photos))
        rows = [share_row(f"objects top-1 at {side} px", split, hits, ones)
                for side, hits in right.items()]
        gained = bootstrap(right[OBJECT_SIDE] - right[SIDE], ones)
        value, low, high = (round(100 * share, 2) for share in gained)
        rows.append({"name": f"objects top-1 gained at {OBJECT_SIDE} px", "split": split,
                     "count": len(photos), "value": value, "unit": "points",
                     "interval": [low, high]})
        replace_metrics(WEIGHTS_NAME, split, rows)
        for row in rows:
            print(row)


if __name__ == "__main__":
    main()
