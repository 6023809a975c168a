"""The sequences that the DNA networks learn from, split by where they lie in the genome.

``--data FOLDER`` holds two public repositories as they are: ``Keras-genomics`` (CTCF peaks of the
human genome and shuffles of them, 101 letters) and ``CNNPromoterData`` (promoters of Arabidopsis
that have a TATA box, and stretches inside its genes, 251 letters). Sequences near each other in a
genome, and a peak and its shuffle, stay together: CTCF is split by chromosome as in the paper (8
and 9 judge, 7 chooses), promoters too (5 judges, 4 chooses); stretches of genes have no places and
are split in the order in which they come, genes with their neighbours. The third target is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hybridcore.dna.letters import BASES, one_hots
from hybridcore.dna.targets import TARGETS
from hybridcore.media.sequence import Record, parse

LENGTH = 101
_PARTS = 10
_JUDGES = {"ctcf": {"chr8", "chr9"}, "tata": {"5", "part 8", "part 9"}, "boxes": {"judge"}}
_CHOOSES = {"ctcf": {"chr7"}, "tata": {"4", "part 7"}, "boxes": {"choose"}}
_CHROMOSOME = re.compile(r"_AT(\d)G")  # of a gene of Arabidopsis, by its name
_START = 200  # letter of a promoter's 251 at which transcription begins
_BEFORE = 80  # letters of it that a window has, so that the TATA box lies in the middle
APART = (16, 18)  # letters between the boxes of a made pair
_ELSEWHERE = [*range(4, 14), *range(22, 40)]  # of pairs that are none
_CHUNK = 100  # records that are parsed at once


@dataclass(frozen=True)
class LabelledSequences:
    """windows: uint8 one-hot ``[N, length, 4]``; positive: bool ``[N]``; groups: ``[N]``,
    chromosome or part of the genome; target: key of what is labelled."""

    windows: np.ndarray
    positive: np.ndarray
    groups: np.ndarray
    target: str

    def part(self, name: str) -> LabelledSequences:
        """``learn``, ``choose`` or ``judge``."""
        judges = np.isin(self.groups, list(_JUDGES[self.target]))
        chooses = np.isin(self.groups, list(_CHOOSES[self.target]))
        rows = {"judge": judges, "choose": chooses, "learn": ~(judges | chooses)}[name]
        return LabelledSequences(
            self.windows[rows], self.positive[rows], self.groups[rows], self.target)


def read_ctcf(folder: Path) -> LabelledSequences:
    """20,544 peaks and shuffles of ``Keras-genomics/example``."""
    records, labels = [], []
    for name in ("test", "valid"):
        records += _records(folder / f"{name}.fa")
        labels += [line.split()[0] == "1" for line in
                   (folder / f"{name}.target").read_text().splitlines()]
    groups = np.array([record.name.split(":")[0] for record in records])
    return LabelledSequences(
        one_hots([r.letters for r in records]).astype(np.uint8), np.array(labels), groups, "ctcf")


def read_promoters(folder: Path) -> LabelledSequences:
    """1,494 promoters of genes whose chromosome is known and 2,879 stretches of genes of
    ``CNNPromoterData``."""
    promoters = [record for record in _records(folder / "Arabidopsis_tata.fa")
                 if _CHROMOSOME.search(record.name)]
    genes = _records(folder / "Arabidopsis_non_prom.fa")
    chromosomes = [_CHROMOSOME.search(record.name)[1] for record in promoters]  # type: ignore[index]
    parts = np.arange(len(genes)) * _PARTS // len(genes)
    begin = _START - _BEFORE
    windows = one_hots([record.letters[begin : begin + LENGTH] for record in (*promoters, *genes)])
    return LabelledSequences(
        windows.astype(np.uint8), np.arange(len(windows)) < len(promoters),
        np.array([*chromosomes, *(f"part {part}" for part in parts)]), "tata")


def made_pairs(count: int, rng: np.random.Generator, group: str) -> LabelledSequences:
    """Pairs of boxes in random letters; half of them as they should be, the others too near, too
    far, or in the other order."""
    first, second = next(target.halves for target in TARGETS if target.key == "boxes")
    sequences, positive = [], np.arange(count) % 2 == 0
    for right in positive:
        letters = list(rng.choice(list(BASES), LENGTH))
        halves = (first, second)
        if right:
            apart = int(rng.integers(APART[0], APART[1] + 1))
        elif rng.random() < 0.5:
            apart = int(rng.choice(_ELSEWHERE))
        else:
            apart, halves = int(rng.integers(APART[0], APART[1] + 1)), (second, first)
        start = int(rng.integers(10, LENGTH - 10 - len(first) - len(second) - apart))
        for half in halves:
            letters[start : start + len(half)] = half
            start += len(half) + apart
        sequences.append("".join(letters))
    return LabelledSequences(one_hots(sequences).astype(np.uint8), positive,
                             np.full(count, group), "boxes")


def judged_pairs(count: int = 1000) -> LabelledSequences:
    """Pairs that choose and that judge, always the same."""
    parts = [made_pairs(count, np.random.default_rng(seed), group)
             for seed, group in ((101, "choose"), (102, "judge"))]
    windows, positive, groups = (np.concatenate([getattr(part, name) for part in parts])
                                 for name in ("windows", "positive", "groups"))
    return LabelledSequences(windows, positive, groups, "boxes")


def in_window(windows: np.ndarray, rng: np.random.Generator, shift: int = 0) -> np.ndarray:
    """Sequences ``[N, n, 4]`` as float32 ``[N, LENGTH, 4]``, shorter ones amid random letters.

    shift: letters by which each may lie off the middle.
    """
    count, length, _ = windows.shape
    room = LENGTH - length
    out = np.eye(len(BASES), dtype=np.float32)[rng.integers(0, 4, (count, LENGTH + 2 * shift))]
    for row, sequence in zip(out, windows, strict=True):
        start = shift + room // 2 + int(rng.integers(-shift, shift + 1))
        row[start : start + length] = sequence
    return out[:, shift : shift + LENGTH]


def shuffled(windows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The letters of each of ``windows [N, n, 4]`` in another order that has as many of each pair
    of neighbours, as the shuffled peaks of ``Keras-genomics`` have: a random Eulerian walk from the
    same first letter to the same last one (Altschul & Erickson, *Significance of nucleotide
    sequence alignments*, Molecular Biology and Evolution 1985)."""
    bases = np.eye(len(BASES), dtype=windows.dtype)
    return np.stack([bases[_walk(codes, rng)] for codes in windows.argmax(2)])


def _walk(codes: np.ndarray, rng: np.random.Generator) -> list[int]:
    """Another order of ``codes [n]`` with the same neighbours."""
    followers = {base: rng.permutation(codes[1:][codes[:-1] == base]) for base in set(codes[:-1])}
    # The last way out of every base has to lead on to the end, else the walk gets stuck.
    while not all(_arrives(base, followers, codes[-1]) for base in followers):
        followers = {base: rng.permutation(after) for base, after in followers.items()}
    ways = {base: iter(after) for base, after in followers.items()}
    walk = [codes[0]]
    while len(walk) < len(codes):
        walk.append(next(ways[walk[-1]]))
    return walk


def _arrives(base: int, followers: Mapping[int, np.ndarray], end: int) -> bool:
    for _ in BASES:
        if base == end:
            return True
        base = followers[base][-1]
    return bool(base == end)


def _records(path: Path) -> list[Record]:
    """The sequences of a large file, a name being all of its title."""
    text = re.sub(r"(?m)^>(.*)$", lambda title: ">" + title[1].strip().replace(" ", "_"),
                  path.read_text())
    entries = [f">{entry}" for entry in text.split(">")[1:]]
    return [record for chunk in _chunks(entries) for record in parse("".join(chunk))[0]]


def _chunks(entries: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(entries), _CHUNK):
        yield entries[start : start + _CHUNK]
