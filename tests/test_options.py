"""Options read what a person writes, and say what they take."""

from pathlib import Path

import pytest

from hybridcore.errors import OptionError
from hybridcore.options import Choice, Choices, File, Number, Option, Text


def test_numbers_know_their_bounds_and_whether_they_are_whole() -> None:
    beam = Number(key="beam", title="Beam", default=5, low=1, high=50, step=1)
    assert beam.parse("50") == 50
    assert isinstance(beam.parse("3"), int)
    for text in ("0", "51", "2.5", "many", "nan"):
        with pytest.raises(OptionError, match="takes a whole number from 1 to 50"):
            beam.parse(text)
    share = Number(key="least_share", title="Share", low=0, high=1, step=0.1)
    assert share.parse("0.25") == 0.25
    assert share.flag == "--least-share"
    with pytest.raises(OptionError, match="a number from 0 to 1"):
        share.parse("1.01")


def test_choices_are_listed() -> None:
    method = Choice(key="method", title="Method", default="a", choices={"a": "A", "b": "B"})
    assert method.parse("b") == "b"
    with pytest.raises(OptionError, match="one of a, b, not c"):
        method.parse("c")
    assert method.shown("b") == "B"


def test_any_of_the_choices_may_be_named_in_any_order() -> None:
    muted = Choices(key="muted", title="Mute", choices={"a": "A", "b": "B", "c": "C"})
    assert muted.default_for("x") == muted.parse("") == []
    assert muted.parse("c, a,a") == ["a", "c"]
    assert muted.text(["c", "a"]) == "a,c"
    assert muted.shown(["c", "a"]) == "A, C"
    for value in ([], ["b"], ["a", "b", "c"]):
        assert muted.parse(muted.text(value)) == value
    with pytest.raises(OptionError, match="any of a, b, c, with commas between them, not d, e"):
        muted.parse("e,a,d")


def test_a_file_has_to_be_there_unless_it_is_made(tmp_path: Path) -> None:
    missing = str(tmp_path / "bank")
    with pytest.raises(OptionError, match="there is no"):
        File(key="bank", title="Bank").parse(missing)
    assert File(key="bank", title="Bank").parse(str(tmp_path)) == tmp_path
    assert File(key="gallery", title="Gallery", made=True).parse(missing) == Path(missing)


def test_a_default_may_depend_on_the_model_and_an_option_on_another() -> None:
    option = Number(key="x", title="X", default={"a": 1, "b": 2}.__getitem__, low=0, high=9, step=1,
                    only=("method", "b"))
    assert option.default_for("b") == 2
    assert option.applies({"method": "b"}, "x")
    assert not option.applies({"method": "a"}, "x")
    assert Option(key="y", title="Y", default=3).default_for("a") == 3
    assert Text(key="z", title="Z").default_for("a") == ""
