"""DNA as people write it, and files that are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hybridcore.errors import MediaError
from hybridcore.media.sequence import MAX_LETTERS, Record, Sequences, parse


def test_fasta_is_read_with_names_and_line_breaks() -> None:
    records, notes = parse(">chr1:11-20 a peak\nACGT\nACGTAA\n\n>second\nTTT\n")
    assert records == (Record("chr1:11-20", "ACGTACGTAA"), Record("second", "TTT"))
    assert notes == ()


def test_letters_alone_are_a_sequence_and_counted_lines_too() -> None:
    assert parse("ACGT\r\nACG")[0] == (Record("sequence 1", "ACGTACG"),)
    assert parse("  1 acgtac gtacgt\n 13 acg\n")[0][0].letters == "ACGTACGTACGTACG"


@pytest.mark.parametrize(("text", "letters", "said"), [
    ("ACGU", "ACGT", "RNA"),
    ("ACNNGT", "ACNNGT", "2 letters are N"),
    ("ACRYGT", "ACNNGT", "2 letters that stand for several bases"),
    ("ACgtAC", "ACGTAC", "Small letters"),
])
def test_what_is_read_otherwise_is_said(text: str, letters: str, said: str) -> None:
    records, notes = parse(text)
    assert records[0].letters == letters
    assert len(notes) == 1
    assert said in notes[0]


@pytest.mark.parametrize(("text", "said"), [
    ("", "no sequence"),
    (">only a title\n\n", "no sequence"),
    (">p\nMKVLAAGEF", "protein"),
    ("hello, world!", "no letters of DNA"),
    ("LOCUS       SCU49845", "GenBank"),
    ("@read1\nACGT\n+\n!!!!", "FASTQ"),
    (">long\n" + "ACGT" * (MAX_LETTERS // 4 + 1), "cut out the region"),
    (">a\nACGT\n" * 300, "cut out the region"),
])
def test_what_is_no_dna_gets_words(text: str, said: str) -> None:
    with pytest.raises(MediaError, match=said):
        parse(text)


@pytest.mark.parametrize(("content", "said"), [
    (b"", "empty"), (b"\x1f\x8b\x08\x00" * 9, "compressed"), (b"ACGT\x00ACGT", "not text"),
    (b"\xff\xfe\xfa\xfb" * 8, "not text"), (b">whole\n" + b"ACGT" * 2_500_000, "10 MB"),
])
def test_files_that_are_no_text_get_words(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.fa"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=said):
        Sequences.open(path)
    with pytest.raises(MediaError, match="no file"):
        Sequences.open(tmp_path / "absent.fa")


def test_the_small_picture_has_a_colour_for_each_base(tmp_path: Path) -> None:
    path = tmp_path / "x.fa"
    path.write_text("AACGT")
    picture = Sequences.open(path).thumbnail(240)
    cells = picture[0, ::10]
    assert (cells[0] == cells[1]).all()
    assert len(np.unique(cells[1:6], axis=0)) == 5  # four bases, then nothing
