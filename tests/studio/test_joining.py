"""Several files that are one input, and files of an ending that can be of several kinds: from the
description of a system alone, on its page and in its command."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from hybridcore import answers, command
from hybridcore.__main__ import main
from hybridcore.media.joining import join, joined_name
from hybridcore.studio.chosen import readable_endings, spool
from hybridcore.system import Reader, System
from tests.media.radar import writers


def opened(path: Path, *, name: str | None = None, digest: str | None = None) -> object:
    """An input of the system that is made up here: the names of the files in a zip."""
    from types import SimpleNamespace

    names = tuple(zipfile.ZipFile(path).namelist()) if path.suffix == ".zip" else (path.name,)
    return SimpleNamespace(name=name, names=names, notes=(), path=path, duration=None,
                           digest=digest or hashlib.sha256(path.read_bytes()).hexdigest(),
                           thumbnail=lambda side: None)


class Counting:
    def run(self, source, progress=None):
        return source.names

    def finish(self, outputs, source, kind, **options):
        return outputs


def radar_system(brightness: System) -> System:
    """A room that reads radar alone and joins fields."""
    return replace(
        brightness, reads=(Reader("radar", opened),), joins=("radar", "picture"), options=(),
        load=lambda device: Counting(), text=lambda answer: " ".join(answer.result),
        headline=lambda answer: f"{len(answer.result)} fields")


@pytest.fixture
def fields(tmp_path: Path) -> list[Path]:
    """b.h5, a.h5 and still.gif, which are joined, and film.gif and more.zip, which are not."""
    for name in ("b.h5", "a.h5"):
        (tmp_path / name).write_bytes(name.encode())
    still = Image.fromarray(np.zeros((8, 8), np.uint8))
    still.save(tmp_path / "still.gif")
    still.save(tmp_path / "film.gif", save_all=True, duration=100,
               append_images=[Image.fromarray(np.full((8, 8), 200, np.uint8))])
    writers.zipped(tmp_path / "more.zip", {"c.h5": b"c"})
    return [tmp_path / name for name in ("b.h5", "film.gif", "a.h5", "more.zip", "still.gif")]


def test_a_reader_is_found_for_what_an_ending_leaves_open(
    brightness: System, fields: list[Path]
) -> None:
    system = radar_system(brightness)
    assert all(system.reader_of(path) is system.reads[0] for path in (*fields, fields[0].parent))
    assert system.reader_of(Path("film.mp4")) is None
    assert brightness.reader_of(fields[1]) is brightness.reads[0]  # a film, to who reads films
    assert brightness.reader_of(fields[4]) is None  # one picture
    assert brightness.reader_of(fields[0]) is None
    assert {"h5", "nc", "grib2", "gz", "gif", "zip", "png", "pgm"} <= set(readable_endings(system))
    assert "h5" not in readable_endings(brightness)


def test_what_is_given_together_is_one_input(brightness: System, fields: list[Path]) -> None:
    one, film, two, more, still = fields
    assert radar_system(brightness).inputs_of(fields) == [(one, two, still), (film,), (more,)]
    assert brightness.inputs_of(fields) == [(path,) for path in fields]
    assert radar_system(brightness).inputs_of([one]) == [(one,)]


def test_the_same_files_make_the_same_zip(tmp_path: Path, fields: list[Path]) -> None:
    one, _, two, *_ = fields
    for number, order in enumerate(((one, two), (two, one))):
        with (tmp_path / f"{number}.zip").open("wb") as out:
            join({path: path.name for path in order}, out)
    assert (tmp_path / "0.zip").read_bytes() == (tmp_path / "1.zip").read_bytes()
    inside = zipfile.ZipFile(tmp_path / "0.zip")
    assert inside.namelist() == ["a.h5", "b.h5"]
    assert inside.read("b.h5") == b"b.h5"
    with (tmp_path / "same.zip").open("wb") as out:
        join({one: "../x.h5", two: "x.h5"}, out)
    assert sorted(zipfile.ZipFile(tmp_path / "same.zip").namelist()) == ["1/x.h5", "x.h5"]
    assert joined_name(["b.h5", "a.h5", "c.h5"]) == "a.h5 and 2 more"


def app(reads, joins):
    from dataclasses import replace

    import streamlit as st

    from hybridcore.studio.chosen import own_files
    from hybridcore.studio.sources import choose_source
    from hybridcore.systems import systems

    system = replace(systems()["brightness"], reads=reads, joins=joins)
    system = replace(system, samples=(system.samples[0],))
    chosen = choose_source(system, st.container(horizontal=True))
    st.text(f"{chosen.name}|{chosen.path}" if chosen else "nothing")
    st.text("|".join(file.name for file in own_files(system.key)))


@pytest.mark.usefixtures("brightness")
def test_files_that_are_dropped_together(
    tmp_path: Path, fields: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    spool.clear()
    page = AppTest.from_function(app, default_timeout=20, kwargs={
        "reads": (Reader("radar", opened),), "joins": ("radar", "picture")})
    page.run()
    for path in fields:
        page.file_uploader[0].upload(path.name, path.read_bytes())
    page.run()
    assert not page.exception
    assert not page.error
    name, path = page.text[0].value.split("|")
    assert name == "a.h5 and 2 more"
    assert zipfile.ZipFile(path).namelist() == ["a.h5", "b.h5", "still.gif"]
    assert page.text[1].value == "a.h5 and 2 more|film.gif|more.zip"
    spool.clear()


def test_files_that_a_command_names(
    brightness: System, fields: list[Path], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    system = radar_system(brightness)
    monkeypatch.setattr("hybridcore.__main__.systems", lambda: {"brightness": system})
    monkeypatch.setattr(answers, "shared_model", lambda system, device=None: Counting())
    monkeypatch.setattr(answers, "run", lambda system, reader, source, *rest, **more: source.names)
    one, film, two, more, still = map(str, fields)
    assert main(["brightness", one, two, still]) == 0
    assert capsys.readouterr().out.strip() == "a.h5 b.h5 still.gif"
    assert main(["brightness", one, film, two]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["a.h5 and 1 more: 2 fields", f"{film}: 1 fields"]
    assert main(["brightness", more]) == 0
    assert capsys.readouterr().out.strip() == "c.h5"
    assert command.find_files(system, [fields[0].parent]) == [fields[0].parent]
