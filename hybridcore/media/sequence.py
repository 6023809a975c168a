"""DNA as text: FASTA, or letters alone.

Small letters are read as large ones (genomes mark repeats by them), U as T, and whatever stands for
several bases as N. Line numbers, spaces and gaps are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hybridcore.errors import MediaError
from hybridcore.media.files import file_digest, shown
from hybridcore.progress import Progress

MAX_LETTERS = 100_000  # of all sequences of a file
MAX_RECORDS = 200
_MAX_BYTES = 5_000_000
_AMBIGUOUS = "RYSWKMBDHV"  # IUPAC: one of several bases
_DNA = frozenset("ACGTUN" + _AMBIGUOUS)
_AMINO_ACIDS = frozenset("EFILPQZJOX*")  # letters of proteins that DNA does not have
_LEFT_OUT = re.compile(r"[\s\d.\-]+")
_TO_N = str.maketrans("U" + _AMBIGUOUS, "T" + "N" * len(_AMBIGUOUS))
_BASE_COLOURS = np.array(
    [[0, 158, 115], [0, 114, 178], [191, 131, 0], [213, 94, 0], [127, 127, 127]], np.uint8)
_COLUMNS, _ROWS = 24, 18  # of the small picture


@dataclass(frozen=True)
class Record:
    """A sequence: its name, and letters of ``ACGTN``."""

    name: str
    letters: str


@dataclass(frozen=True, eq=False)
class Sequences:
    """The sequences of a file. Made by `Sequences.open`.

    path: the file; name: what a person called it; records: at least one, each with a letter.
    notes: what was read otherwise than it is written, a sentence each.
    """

    path: Path
    name: str
    records: tuple[Record, ...]
    notes: tuple[str, ...]
    known_digest: str | None = None

    @classmethod
    def open(
        cls, path: str | Path, *, name: str | None = None, digest: str | None = None
    ) -> Sequences:
        """Read a file.

        name: what a person called the file; None takes its name on the disk.
        digest: hexadecimal SHA-256 of the content, if it is known already.

        Raises:
            MediaError: the file is missing, empty, too large, no text or no DNA.
        """
        path = Path(path)
        records, notes = parse(_text(path))
        return cls(path.resolve(), name or path.name, records, notes, digest)

    @cached_property
    def digest(self) -> str:
        """Hexadecimal SHA-256 of the file's content."""
        return self.known_digest or file_digest(self.path)

    @property
    def duration(self) -> None:
        """A sequence does not last."""
        return None

    def browser_copy(self, folder: Path, progress: Progress | None = None) -> None:
        """There is nothing to play."""
        if progress is not None:
            progress(1, 1)

    def thumbnail(self, side: int) -> NDArray[np.uint8]:
        """The first letters as a field of colours, one a base."""
        letters = "".join(record.letters for record in self.records)[: _COLUMNS * _ROWS]
        codes = np.full(_COLUMNS * _ROWS, 4)
        codes[: len(letters)] = ["ACGTN".index(letter) for letter in letters]
        scale = max(1, side // _COLUMNS)
        field = _BASE_COLOURS[codes.reshape(_ROWS, _COLUMNS)]
        return np.ascontiguousarray(field.repeat(scale, 0).repeat(scale, 1))


def parse(text: str) -> tuple[tuple[Record, ...], tuple[str, ...]]:
    """FASTA, or letters alone -> sequences, and what was read otherwise than it is written.

    Raises:
        MediaError: it is something else, there is nothing in it, or too much.
    """
    _check_format(text)
    named: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith((">", ";")):
            named.append((line[1:].strip(), []))
        elif line.strip():
            if not named:
                named.append(("", []))
            named[-1][1].append(line)
    written = [(title, _LEFT_OUT.sub("", "".join(lines))) for title, lines in named]
    written = [(title, letters) for title, letters in written if letters]
    if not written:
        raise MediaError("There is no sequence in it; paste letters A, C, G and T, or a FASTA "
                         "file.")
    every = "".join(letters for _, letters in written)
    if len(every) > MAX_LETTERS or len(written) > MAX_RECORDS:
        raise MediaError(
            f"It holds {len(every):,} letters in {len(written):,} sequences, and the limit is "
            f"{MAX_LETTERS:,} in {MAX_RECORDS}; cut out the region that matters.")
    _check_letters(Counter(every.upper()))
    records = tuple(
        Record(title.split()[0] if title.split() else f"sequence {k}",
               letters.upper().translate(_TO_N))
        for k, (title, letters) in enumerate(written, 1))
    return records, _notes(every)


def _text(path: Path) -> str:
    if not path.is_file():
        raise MediaError(f"There is no file {shown(path.name)}; check the path or choose it again.")
    size = path.stat().st_size
    if size == 0:
        raise MediaError("The file is empty (0 bytes); copy or upload it again.")
    if size > _MAX_BYTES:
        raise MediaError(
            f"The file is {size / 1e6:.0f} MB; at most {MAX_LETTERS:,} letters are read: cut out "
            "the region that matters.")
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        raise MediaError("The file is compressed; unpack it and choose the FASTA file inside.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MediaError("The file is not text; choose a FASTA file.") from error
    if "\0" in text:
        raise MediaError("The file is not text; choose a FASTA file.")
    return text


def _check_format(text: str) -> None:
    for mark, what in (("LOCUS", "a GenBank file"), ("ID  ", "an EMBL file"), ("@", "FASTQ reads"),
                       ("##gff", "a GFF file"), ("##fileformat=VCF", "a VCF file")):
        if text.lstrip().startswith(mark):
            raise MediaError(f"This is {what}; save the sequence as FASTA and choose it again.")


def _check_letters(counts: Counter[str]) -> None:
    strange = sorted(set(counts) - _DNA)
    if not strange:
        return
    if set(strange) <= _AMINO_ACIDS:
        raise MediaError(
            f"It holds {', '.join(strange[:4])}, which are amino acids: this is a protein, and DNA "
            "is read here.")
    raise MediaError(
        f"It holds {shown(' '.join(strange[:4]))}, which are no letters of DNA; it is written in "
        "A, C, G and T.")


def _notes(every: str) -> tuple[str, ...]:
    notes = []
    large = Counter(every.upper())
    if large["U"]:
        notes.append("This is RNA: U is read as T.")
    if several := sum(large[letter] for letter in _AMBIGUOUS):
        notes.append(f"{several:,} letters that stand for several bases are read as N, unknown.")
    if large["N"]:
        notes.append(f"{large['N']:,} letters are N, unknown: the networks see nothing there.")
    if any(letter.islower() for letter in every) and any(letter.isupper() for letter in every):
        notes.append("Small letters, as genomes mark repeats by, are read as large ones.")
    return tuple(notes)
