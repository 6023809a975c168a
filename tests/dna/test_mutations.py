"""Letters that are changed, as people write them."""

from __future__ import annotations

import pytest

from hybridcore.dna.mutations import Mutation, mutated, parse_mutations, toggled
from hybridcore.errors import TextError
from hybridcore.media.sequence import Record

RECORDS = (Record("one", "ACGTN"), Record("two", "TTTT"))


def test_changes_are_read_and_made() -> None:
    changes = parse_mutations("2C>T, 2:1t>a", RECORDS)
    assert changes == (Mutation(0, 1, "C", "T"), Mutation(1, 0, "T", "A"))
    assert mutated("ACGTN", changes[:1]) == "ATGTN"
    assert " ".join(map(str, changes)) == "2C>T 2:1T>A"
    assert parse_mutations(" ", RECORDS) == ()


@pytest.mark.parametrize(("text", "said"), [
    ("C2T", "write it like"), ("9A>C", "outside"), ("0A>C", "outside"), ("1C>T", "letter 1 is A"),
    ("3:1T>A", "there are 2"), ("1A>X", "write it like"),
])
def test_what_cannot_be_gets_words(text: str, said: str) -> None:
    with pytest.raises(TextError, match=said):
        parse_mutations(text, RECORDS)


def test_a_second_click_takes_a_change_back() -> None:
    once = toggled((), RECORDS, 0, 1, "T")
    assert once == "2C>T"
    other = toggled(parse_mutations(once, RECORDS), RECORDS, 0, 1, "G")
    assert other == "2C>G"
    assert toggled(parse_mutations(other, RECORDS), RECORDS, 0, 1, "G") == ""
    assert toggled(parse_mutations(other, RECORDS), RECORDS, 0, 1, "C") == ""
    assert toggled(parse_mutations(other, RECORDS), RECORDS, 1, 3, "A") == "2C>G 2:4T>A"
