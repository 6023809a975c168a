"""Letters that a person changes, written as geneticists write them: ``51C>T``.

The notation of the Human Genome Variation Society (den Dunnen et al., Human Mutation 2016) for
substitutions, positions counted from 1; ``2:51C>T`` is in the second sequence of a file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hybridcore.dna.letters import BASES
from hybridcore.errors import TextError
from hybridcore.media.sequence import Record

_WRITTEN = re.compile(r"(?:(\d+):)?(\d+)([ACGTN])>([ACGT])", re.IGNORECASE)


@dataclass(frozen=True)
class Mutation:
    """A letter that becomes another; record and position are counted from 0."""

    record: int
    position: int
    before: str
    after: str

    def __str__(self) -> str:
        prefix = f"{self.record + 1}:" if self.record else ""
        return f"{prefix}{self.position + 1}{self.before}>{self.after}"


def parse_mutations(text: str, records: Sequence[Record]) -> tuple[Mutation, ...]:
    """Mutations of the sequences, each of the letters as they are in the file.

    Raises:
        TextError: it is written otherwise, or there is no such letter at that place.
    """
    mutations = []
    for word in text.replace(",", " ").split():
        match = _WRITTEN.fullmatch(word)
        if match is None:
            raise TextError(f"“{word}” is no change of a letter; write it like 51C>T.")
        record, position = int(match[1] or 1) - 1, int(match[2]) - 1
        before, after = match[3].upper(), match[4].upper()
        if not 0 <= record < len(records):
            raise TextError(f"“{word}” names sequence {record + 1}, and there are {len(records)}.")
        letters = records[record].letters
        if not 0 <= position < len(letters):
            raise TextError(f"“{word}” is outside of the sequence, which has {len(letters)} "
                            "letters.")
        if letters[position] != before:
            raise TextError(f"“{word}”: letter {position + 1} is {letters[position]}.")
        mutations.append(Mutation(record, position, before, after))
    return tuple(mutations)


def mutated(letters: str, mutations: Sequence[Mutation]) -> str:
    """A sequence with its mutations; of two at one place the last one counts."""
    changed = list(letters)
    for mutation in mutations:
        changed[mutation.position] = mutation.after
    return "".join(changed)


def toggled(
    mutations: Sequence[Mutation], records: Sequence[Record], record: int, position: int, base: str
) -> str:
    """The text of the mutations after a click on a base: it is there now, or, where it was there or
    is the letter of the file, the letter of the file is back."""
    left = [m for m in mutations if (m.record, m.position) != (record, position)]
    before = records[record].letters[position]
    was = next((m.after for m in mutations
                if (m.record, m.position) == (record, position)), before)
    if base not in (before, was) and base in BASES:
        left.append(Mutation(record, position, before, base))
    return " ".join(map(str, left))
