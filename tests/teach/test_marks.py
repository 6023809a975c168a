"""Marks: what can be one, files in and out, and which steps they cover."""

import numpy as np
import pytest

from hybridcore.errors import TextError
from hybridcore.teach.labelled import Labelled
from hybridcore.teach.marks import (
    MOST_NAMES,
    NONE,
    Mark,
    in_order,
    marks_at,
    names_of,
    read_marks,
    to_csv,
    to_vtt,
)

MARKS = (Mark(0, 1.5, "a & <b>"), Mark(1.5, 2, 'said "so", then'), Mark(3661.25, 3663, "Bö"))


def test_files_hold_what_was_marked() -> None:
    assert read_marks(to_csv(MARKS).encode(), "m.csv") == MARKS
    assert read_marks(to_vtt(MARKS).encode(), "m.vtt") == MARKS


def test_tables_of_others_are_read() -> None:
    text = "﻿Label;End;Start;by\r\nwalk;0:03,5;0:01;me\r\nrun;62;1:01.5;me\r\n"
    assert read_marks(text.encode(), "m.csv") == (Mark(1, 3.5, "walk"), Mark(61.5, 62, "run"))
    vtt = "WEBVTT - x\n\nNOTE a\n\n1\n00:01.000 --> 00:02.500 align:left\n<v Ann>walk</v>\nmore\n"
    assert read_marks(vtt.encode(), "m.vtt") == (Mark(1, 2.5, "walk"),)


def test_what_a_head_wrote_is_read_again() -> None:
    said = Labelled("Test", ("run", "walk"), np.arange(6) / 2, 3.0, np.full((6, 2), 0.5),
                    np.array([0, 0, 2, 2, 1, 1]))
    marks = (Mark(0, 1, "run"), Mark(2, 3, "walk"))
    assert read_marks(said.to_csv().encode(), "m.csv") == marks
    assert read_marks(said.to_vtt().encode(), "m.vtt") == marks


@pytest.mark.parametrize(("content", "why"), [
    (b"", "no column start"),
    (b"start,end\n1,2\n", "no column label"),
    (b"start,end,label\n", "holds no stretches"),
    (b"start,end,label\n2,1,a\n", "line 2: A stretch must end after"),
    (b"start,end,label\nx,1,a\n", "line 2: .x. is no time"),
    (b"start,end,label\nnan,1,a\n", "line 2"),
    (b"start,end,label\n0,1\n", "needs a name"),
    (b"start,end,label\n0,2,a\n1,3,b\n", "overlap"),
    ("start,end,label\n0,1,a\u202eb\n".encode(), "can be seen"),
    (b"start,end,label\n0,1," + b"a" * 41 + b"\n", "letters"),
    (f"start,end,label\n0,1,{NONE}\n".encode(), "holds no stretches"),
    (b"\xff\xfe\x00", "UTF-8"),
    (b"WEBVTT\n\n00:01 --> later\na\n", "no time"),
])
def test_what_is_wrong_is_said(content: bytes, why: str) -> None:
    with pytest.raises(TextError, match=why):
        read_marks(content, "m")


def test_too_many_are_refused() -> None:
    with pytest.raises(TextError, match="labels"):
        names_of(Mark(k, k + 1, f"label {k}") for k in range(MOST_NAMES + 1))
    with pytest.raises(TextError, match="most"):
        in_order(Mark(k, k + 1, "a") for k in range(2001))


def test_a_step_lies_in_the_mark_that_is_on() -> None:
    marks = (Mark(0.2, 0.5, "a"), Mark(0.5, 0.7, "b"))
    assert marks_at(marks, np.arange(10) / 10).tolist() == [-1, -1, 0, 0, 0, 1, 1, -1, -1, -1]
