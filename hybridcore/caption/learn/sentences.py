"""Sentences that people wrote about photographs, grouped by photograph; no picture is needed.

``root`` holds what is listed here, fetched from the public repositories that the card names:

    flickr30k/{train,val,test}.{1..5}, {train,val,test}.images   Multi30k, task 2, raw English
    coco/captions_val2017.json                                   COCO's captions of 5,000
    coco/*.txt                                                   more COCO sentences, one a line
    flickr8k/captions.tsv, train.txt, dev.txt                    flickr8k.zip
    flickr8k/test.txt                                            names of the test photographs
    kept_aside.txt                                               COCO ids that are measured on

Photographs of Flickr8k's dev and test splits and those kept aside are left out, and so is any
sentence elsewhere that one of them has word for word.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hybridcore.caption.vocabulary import tokenise

Style = Literal["flickr", "coco"]
STYLES: tuple[Style, ...] = ("flickr", "coco")
PARTS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Group:
    """The sentences of one photograph, as words; ``style`` is how their writers were asked."""

    style: Style
    sentences: tuple[tuple[str, ...], ...]


def read_groups(root: Path) -> list[Group]:
    """All groups that may be learned from; a sentence that occurs twice is kept once."""
    banned, seen = set(_measured(root)), set()
    groups = []
    for style, sentences in _sources(root):
        fresh = []
        for words in map(tuple, map(tokenise, sentences)):
            if words and words not in banned and words not in seen:
                seen.add(words)
                fresh.append(words)
        if fresh:
            groups.append(Group(style, tuple(fresh)))
    return groups


def _measured(root: Path) -> Iterator[tuple[str, ...]]:
    """Sentences of the photographs that are measured on."""
    out = _left_out(root)
    for name, sentences in {**_flickr8k(root), **_flickr30k(root), **_coco(root)}.items():
        if name in out:
            yield from (tuple(tokenise(text)) for text in sentences)


def _sources(root: Path) -> Iterator[tuple[Style, list[str]]]:
    out = _left_out(root)
    flickr30k = _flickr30k(root)
    for name, sentences in flickr30k.items():
        if name not in out:
            yield "flickr", sentences
    for name, sentences in _flickr8k(root).items():
        if name not in out and name not in flickr30k:
            yield "flickr", sentences
    for name, sentences in _coco(root).items():
        if name not in out:
            yield "coco", sentences
    for path in sorted((root / "coco").glob("*.txt")):
        for line in path.read_text().splitlines():
            yield "coco", [line.lstrip("0123456789 ")]


def _left_out(root: Path) -> set[str]:
    """Names (without what comes after ``_`` and without suffix) of photographs to leave out."""
    names = (root / "flickr8k" / "dev.txt").read_text().split()
    names += (root / "flickr8k" / "test.txt").read_text().split()
    return {_stem(name) for name in names} | set((root / "kept_aside.txt").read_text().split())


def _stem(name: str) -> str:
    return name.split(".")[0].split("_")[0]


def _flickr8k(root: Path) -> dict[str, list[str]]:
    groups = defaultdict(list)
    for line in (root / "flickr8k" / "captions.tsv").read_text().splitlines():
        name, text = line.split("\t")
        groups[_stem(name)].append(text)
    return dict(groups)


def _flickr30k(root: Path) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    folder = root / "flickr30k"
    for split in ("train", "val", "test"):
        names = (folder / f"{split}.images").read_text().split()
        columns = [(folder / f"{split}.{k}").read_text().splitlines() for k in PARTS]
        for name, *sentences in zip(names, *columns, strict=True):
            groups[_stem(name)] = sentences
    return groups


def _coco(root: Path) -> dict[str, list[str]]:
    groups = defaultdict(list)
    content = json.loads((root / "coco" / "captions_val2017.json").read_text())
    for row in content["annotations"]:
        groups[str(row["image_id"])].append(row["caption"])
    return dict(groups)
