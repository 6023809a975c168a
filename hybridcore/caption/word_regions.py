"""Regions of a picture from the maps of the words that are seen in it, and a phrase for each.

A word's map is low-resolution evidence, a cell of 7 x 7 at a time; as in class activation maps
(Zhou et al., *Learning Deep Features for Discriminative Localization*, CVPR 2016, section 3), it is
enlarged bilinearly and cut at a share of its peak, and every connected part becomes a box. The root
of the map is cut: a map made by a noisy-or is high only where its word shows most. A map that is
low everywhere belongs to a word that the picture as a whole gives, which has no box. Of boxes that
overlap much, the one of the surer word stays. A region's cells are weighted by the map inside
its box. A colour or another quality belongs to the region that its map covers best.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hybridcore.caption.articles import with_article
from hybridcore.caption.grid import CELLS
from hybridcore.caption.regions import Regions, fixed_regions
from hybridcore.caption.seen import SeenWord

Box = tuple[float, float, float, float]  # x0, y0, x1, y1 in 0..1 of the picture

FINE = 8  # steps a cell
LOWEST = 0.05  # peak of a map that says where its word is
SHARE = 0.2  # of the peak, from which a point belongs to the word; chosen: learn/boxes_evaluate.py
PART = 0.7  # of the peak, which every part has to reach
OVERLAP = 0.6  # intersection over union from which one box of two stays
COVERS = 0.5  # of a quality's map, weighted by the region's, from which it belongs to the region
MOST = 12  # regions


@dataclass(frozen=True)
class WordRegion:
    """Where a word is: phrase, the word with its qualities; probability, that of the word; box, x0,
    y0, x1, y1 in 0..1 of the picture; weights float32 ``[49]`` over cells, which sum to one."""

    word: str
    phrase: str
    probability: float
    box: Box
    weights: NDArray[np.float32]


def word_regions(
    words: Sequence[SeenWord], maps: Mapping[str, NDArray[np.floating]],
    kind_of: Callable[[str], str],
) -> list[WordRegion]:
    """The regions of things among ``words``, the surest first.

    maps: float ``[7, 7]`` of each word; words without are left out. kind_of: ``"thing"``,
    ``"colour"`` or another.
    """
    regions: list[WordRegion] = []
    for word in sorted(words, key=lambda word: -word.probability):
        if word.name in maps and kind_of(word.name) == "thing":
            for box in boxes_of(maps[word.name]):
                if all(overlap(box, other.box) < OVERLAP for other in regions):
                    regions.append(WordRegion(
                        word.name, word.name, word.probability, box,
                        _weights(maps[word.name], box)))
    regions = regions[:MOST]
    colours = [word.name for word in words if word.name in maps and kind_of(word.name) == "colour"]
    return [_named(region, colours, maps) for region in regions]


def regions_of(found: Sequence[WordRegion]) -> Regions:
    """The whole picture and the regions of its words; the fixed ones where no word has any."""
    fixed = fixed_regions()
    if not found:
        return fixed
    return Regions(
        np.concatenate([fixed.boxes[:1], np.array([one.box for one in found], np.float32)]),
        np.concatenate([fixed.pooling[:1], [one.weights for one in found]]),
        ("", *(one.phrase for one in found)))


def boxes_of(
    grid: NDArray[np.floating], share: float = SHARE
) -> list[Box]:
    """Boxes of the connected parts of the root of a map ``[7, 7]`` above ``share`` of its peak, the
    strongest first; none where it is low everywhere."""
    if grid.max() < LOWEST:
        return []
    fine = enlarged(np.sqrt(grid))
    peak = float(fine.max())
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (fine >= share * peak).astype(np.uint8), connectivity=4)
    side = len(fine)
    found = []
    for part in range(1, count):
        strength = float(fine[labels == part].max())
        if strength >= PART * peak:
            x, y, width, height = (int(v) for v in stats[part, :4])
            found.append(
                (strength, (x / side, y / side, (x + width) / side, (y + height) / side)))
    return [box for _, box in sorted(found, reverse=True)]


def enlarged(grid: NDArray[np.floating]) -> NDArray[np.float32]:
    """A map ``[7, 7]`` as ``[56, 56]``, bilinear, its cells where they were."""
    side = CELLS * FINE
    fine: NDArray[np.float32] = cv2.resize(
        np.asarray(grid, np.float32), (side, side), interpolation=cv2.INTER_LINEAR)
    return fine


def overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """Intersection over union of two boxes."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    common = max(0.0, width) * max(0.0, height)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return common / (areas - common)


def _weights(
    grid: NDArray[np.floating], box: Sequence[float]
) -> NDArray[np.float32]:
    """Of the cells: their share in the box times the map there."""
    edges = np.arange(CELLS + 1) / CELLS
    inside_x, inside_y = (
        np.clip(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0, None)
        for low, high in ((box[0], box[2]), (box[1], box[3])))
    weights = np.outer(inside_y, inside_x) * np.maximum(grid, 1e-6)
    return (weights / weights.sum()).astype(np.float32).ravel()


def _named(
    region: WordRegion, colours: Sequence[str], maps: Mapping[str, NDArray[np.floating]]
) -> WordRegion:
    """With the colour that covers it best, if one does."""
    covers = {
        colour: float(region.weights @ maps[colour].ravel() / maps[colour].max())
        for colour in colours if maps[colour].max() > 0}
    best = max(covers, key=lambda colour: covers[colour], default=None)
    plain = region.word.replace("-", " ")
    said = f"{best} {plain}" if best is not None and covers[best] >= COVERS else plain
    return WordRegion(
        region.word, with_article(said), region.probability, region.box, region.weights)
