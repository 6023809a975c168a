"""What the networks find along DNA; page, command line, store and tests read the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from hybridcore.dna.mutations import Mutation
from hybridcore.dna.targets import Target
from hybridcore.text import percent

STRANDS = ("+", "-")
_IN_GENOME = re.compile(r"(chr\w+|[A-Za-z]\w*):(\d+)-(\d+)")


@dataclass(frozen=True)
class DnaOutputs:
    """logits: of each kind, for each sequence float32 ``[targets, 2, n]``: what the window around
    every letter is, read on the strand as written and on the other one."""

    logits: dict[str, list[np.ndarray]]


@dataclass(frozen=True)
class Site:
    """A place where the target is found.

    position: of its middle, counted from 0. strand: ``+``, as written, or ``-``. probability: 0..1.
    """

    position: int
    strand: str
    probability: float


@dataclass(frozen=True, eq=False)
class Scanned:
    """One sequence. name: as the file has it; letters: of ``ACGTN``, mutations made; original: as
    they are in the file; probabilities: float32 ``[2, n]``, of both strands; sites: in the order of
    the letters; length: letters of a window."""

    name: str
    letters: str
    original: str
    probabilities: np.ndarray
    mutations: tuple[Mutation, ...]
    sites: tuple[Site, ...]
    length: int

    @cached_property
    def either(self) -> np.ndarray:
        """The likelier strand at every letter, float32 ``[n]``."""
        highest: np.ndarray = self.probabilities.max(0)
        return highest

    @cached_property
    def likeliest(self) -> Site:
        """The surest site; where there is none, what is likeliest of the windows that lie within
        the sequence, if any do."""
        if self.sites:
            return max(self.sites, key=lambda site: site.probability)
        half, count = self.length // 2, len(self.letters)
        position = count // 2 if count < self.length else \
            half + int(self.either[half : count - (self.length - 1 - half)].argmax())
        return Site(position, self.strand(position), float(self.either[position]))

    def strand(self, position: int) -> str:
        """The likelier strand of a place."""
        return STRANDS[int(self.probabilities[:, position].argmax())]

    @property
    def place(self) -> tuple[str, int]:
        """Chromosome and the place of the first letter there, counted from 0: of a name such as
        ``chr12:82386381-82386481`` (from 1), else the name and 0."""
        match = _IN_GENOME.fullmatch(self.name)
        return (match[1], int(match[2]) - 1) if match else (self.name, 0)


@dataclass(frozen=True, eq=False)
class DnaResult:
    """Every sequence of a file, looked at by the network of one kind for one target.

    length: letters of a window; threshold: from which probability a site is named. focus: letter,
    counted from 1, around which somebody looks; 0: where the target is likeliest.
    """

    columns: ClassVar = ("sequence", "position", "letter", "plus", "minus")

    kind: str
    target: Target
    length: int
    threshold: float
    sequences: tuple[Scanned, ...]
    focus: int = 0

    def looked_at(self, item: int) -> int:
        """The letter of a sequence, counted from 0, around which somebody looks."""
        sequence = self.sequences[item]
        if 0 < self.focus <= len(sequence.letters):
            return self.focus - 1
        return sequence.likeliest.position

    def headline(self) -> str:
        """The answer in a line."""
        found = [site for sequence in self.sequences for site in sequence.sites]
        title = self.target.title
        if not found:
            highest = max(sequence.likeliest.probability for sequence in self.sequences)
            return f"no {title}; at most {percent(highest)}"
        if len(found) == 1:
            (site,) = found
            return f"{title} around letter {site.position + 1}, {percent(site.probability)}"
        return f"{len(found)} {title}s"

    def to_text(self) -> str:
        """What the command prints."""
        lines = []
        for sequence in self.sequences:
            found = "; ".join(f"{site.position + 1} {site.strand} {percent(site.probability)}"
                              for site in sequence.sites)
            lines.append(f"{sequence.name} ({len(sequence.letters):,} letters): "
                         f"{found or f'no {self.target.title}'}")
        return "\n".join(lines)

    def to_table(self) -> list[dict[str, Any]]:
        """A row a letter; positions count from 1."""
        return [
            {"sequence": sequence.name, "position": p + 1, "letter": letter,
             "plus": round(float(plus), 4), "minus": round(float(minus), 4)}
            for sequence in self.sequences
            for p, (letter, plus, minus) in enumerate(
                zip(sequence.letters, *sequence.probabilities, strict=True))]

    def to_json(self) -> dict[str, Any]:
        """Sites and mutations of every sequence."""
        return {
            "target": self.target.key, "model": self.kind, "threshold": self.threshold,
            "sequences": [
                {"name": sequence.name, "letters": len(sequence.letters),
                 "mutations": [str(m) for m in sequence.mutations],
                 "sites": [{"position": s.position + 1, "strand": s.strand,
                            "probability": round(s.probability, 4)} for s in sequence.sites]}
                for sequence in self.sequences],
        }
