"""DNA results as files that browsers of genomes read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hybridcore.dna.result import DnaResult
from hybridcore.progress import Progress
from hybridcore.system import Answer

_FASTA_LINE = 60  # letters


def write_bed(
    answer: Answer[Any, DnaResult], path: Path, progress: Progress | None = None
) -> None:
    """Sites as BED6: the letters that each covers, counted from 0, with a score of 0 to 1000 and
    the strand.

    A sequence that is named by its place, such as ``chr12:82386381-82386481``, is given there.
    """
    half = answer.result.target.footprint // 2
    lines = [f'track name="{answer.result.target.title}"']
    for sequence in answer.result.sequences:
        name, first = sequence.place
        for site in sequence.sites:
            start = max(0, site.position - half)
            end = min(len(sequence.letters), site.position + half + 1)
            lines.append("\t".join(map(str, (
                name, first + start, first + end, answer.result.target.key,
                round(1000 * site.probability), site.strand))))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_bedgraph(
    answer: Answer[Any, DnaResult], path: Path, progress: Progress | None = None
) -> None:
    """The likelier strand of every letter as bedGraph; equal neighbours are one line."""
    lines = [f'track type=bedGraph name="{answer.result.target.title}"']
    for sequence in answer.result.sequences:
        name, first = sequence.place
        values = [f"{value:.3f}" for value in sequence.either]
        start = 0
        for end in range(1, len(values) + 1):
            if end == len(values) or values[end] != values[start]:
                lines.append(f"{name}\t{first + start}\t{first + end}\t{values[start]}")
                start = end
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_fasta(
    answer: Answer[Any, DnaResult], path: Path, progress: Progress | None = None
) -> None:
    """The sequences with their mutations, which stand in the title."""
    lines = []
    for sequence in answer.result.sequences:
        lines.append(" ".join((f">{sequence.name}", *map(str, sequence.mutations))))
        lines += [sequence.letters[k : k + _FASTA_LINE]
                  for k in range(0, len(sequence.letters), _FASTA_LINE)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
