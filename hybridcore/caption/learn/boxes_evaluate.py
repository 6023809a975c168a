"""How well the boxes and maps of words lie on the things that they name.

``python -m hybridcore.caption.learn.boxes_evaluate --data COCO [--write]``

COCO holds photographs with people's boxes, ``annotations/instances_train2017.json`` and
``instances_val2017.json`` with ``train2017/NAME`` and ``val2017/NAME`` beside them. Nothing learned
from either; the share of a map's peak at which it is cut was chosen on the photographs of the
train part, and the figures are of the val part. Of every object that is seen with probability 0.5
or more and that is there: whether the peak of its map lies in one of its boxes (the pointing game,
Zhang et al., ECCV 2016), and the best intersection over union of the strongest box that was made
of the map, or the whole where none was, with one of them. Beside it what needs no map: the middle,
the whole, and the fixed window in which the map is strongest. Intervals are by bootstrap over
photographs.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from hybridcore.caption.learn.chair import OBJECTS, SAME_OBJECT
from hybridcore.caption.learn.evaluate import Row
from hybridcore.caption.predict import Captioner
from hybridcore.caption.regions import boxes, pooling
from hybridcore.caption.word_regions import SHARE, Box, boxes_of, enlarged, overlap
from hybridcore.cards import replace_metrics
from hybridcore.encoder.words import WORDS_NAME
from hybridcore.media.picture import read_picture
from hybridcore.training.metrics import share_row
from hybridcore.training.options import script_parser
from hybridcore.training.run import log_to

LEAST = 0.5  # probability of a word that counts
OVERLAPS = (0.3, 0.5)
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
SHARES = (0.1, 0.2, 0.3, 0.5)  # that were tried
SPLIT = "COCO val2017, 80 photographs: objects seen at 0.5 that are there"

logger = logging.getLogger("hybridcore.training")
Way = Callable[[np.ndarray], Box]


@dataclass(frozen=True)
class Case:
    """An object that is seen and there: its photograph, its map ``[7, 7]``, people's boxes."""

    photo: int
    grid: np.ndarray
    truth: tuple[Box, ...]


def read_cases(root: Path, part: str, captioner: Captioner) -> list[Case]:
    """The cases of the ``train`` or ``val`` part."""
    index = json.loads((root / f"annotations/instances_{part}2017.json").read_text())
    numbers = sorted(category["id"] for category in index["categories"])
    cases = []
    for image in index["images"]:
        size = np.array([image["width"], image["height"]] * 2)
        truth: dict[str, list[Box]] = {}
        for row in index["annotations"]:
            if row["image_id"] == image["id"]:
                x, y, width, height = row["bbox"]
                box = np.array([x, y, x + width, y + height]) / size
                name = OBJECTS[numbers.index(row["category_id"])]
                truth.setdefault(name, []).append(tuple(box.tolist()))
        picture = read_picture(root / f"{part}2017" / image["file_name"])
        cases += [Case(image["id"], grid, tuple(truth[name]))
                  for name, grid in _seen(captioner, picture) if name in truth]
    return cases


def _seen(captioner: Captioner, picture: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """COCO's objects in a picture, each once, with its map."""
    found = set()
    encoding, seer = captioner.encode([picture]), captioner.seer
    (words,) = seer.words_in(encoding.seen)
    for word in words:
        name = SAME_OBJECT.get(word.name, word.name)
        if word.probability >= LEAST and name in OBJECTS and name not in found:
            for grid in seer.maps(encoding.seen, encoding.cells[0], [word.name]).values():
                found.add(name)
                yield name, grid


def points(case: Case) -> bool:
    """Whether the peak of the map lies in one of the boxes."""
    fine = enlarged(case.grid)
    y, x = (np.array(np.unravel_index(fine.argmax(), fine.shape)) + 0.5) / len(fine)
    return _holds(case, float(x), float(y))


def _holds(case: Case, x: float, y: float) -> bool:
    return any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in case.truth)


def strongest_box(grid: np.ndarray, share: float = SHARE) -> Box:
    """The first box of a map; the whole where it has none."""
    return next(iter(boxes_of(grid, share)), WHOLE)


def strongest_window(grid: np.ndarray) -> Box:
    """The fixed window, not the whole, in which a map is strongest on average."""
    best = int((pooling()[1:] @ grid.ravel()).argmax()) + 1
    x0, y0, x1, y1 = boxes()[best].tolist()
    return x0, y0, x1, y1


def overlaps(cases: list[Case], way: Way) -> np.ndarray:
    """The best overlap of each case's box with a true one."""
    return np.array([
        max(overlap(way(case.grid), box) for box in case.truth) for case in cases])


def rows_of(cases: list[Case]) -> list[Row]:
    """The figures of the boxes, and of what they are compared with."""
    photos, place = np.unique([case.photo for case in cases], return_inverse=True)
    counts = np.bincount(place)

    def share(name: str, hits: np.ndarray) -> Row:
        return share_row(name, SPLIT, np.bincount(place, hits, len(photos)), counts)

    placed = [case for case in cases if boxes_of(case.grid)]
    rows = [{"name": "objects whose map says where", "split": SPLIT, "count": len(cases),
             "value": len(placed)},
            share("peak of the map in a box of its object", np.array([*map(points, cases)])),
            share("the middle of the picture in one",
                  np.array([_holds(case, 0.5, 0.5) for case in cases]))]
    ways: dict[str, Way] = {
        "box of the map": strongest_box,
        "strongest fixed window": strongest_window,
        "whole picture": lambda grid: WHOLE}
    for least in OVERLAPS:
        rows += [share(f"{name}: intersection over union above {least}",
                       overlaps(cases, way) > least) for name, way in ways.items()]
    return rows


def main() -> None:
    parser = script_parser(__doc__, data="COCO photographs with boxes", cache="log")
    parser.add_argument("--write", action="store_true", help="put the figures into the card")
    args = parser.parse_args()
    log_to(args.cache / "boxes_evaluate.txt")
    captioner = Captioner.load("cpu")
    cases = read_cases(args.data, "train", captioner)
    for cut in SHARES:
        found = overlaps(cases, partial(strongest_box, share=cut))
        logger.info("train, cut at %g: %.3f above 0.3, %.3f above 0.5, mean %.3f", cut,
                    *(np.mean(found > least) for least in OVERLAPS), found.mean())
    rows = rows_of(read_cases(args.data, "val", captioner))
    for row in rows:
        logger.info("%s", row)
    if args.write:
        replace_metrics(WORDS_NAME, SPLIT, rows)


if __name__ == "__main__":
    main()
