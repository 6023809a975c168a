"""What people see of an answer along DNA, and take home: by its numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hybridcore.dna import exports
from hybridcore.dna.figures import apart, bench, logos, networks
from hybridcore.dna.glyphs import outline
from hybridcore.dna.motifs import Firing
from hybridcore.dna.mutagenesis import MutationMap
from hybridcore.dna.mutations import Mutation
from hybridcore.dna.result import DnaResult, Scanned, Site
from hybridcore.dna.targets import TARGETS
from hybridcore.system import Answer

LETTERS = "ACGT" * 20  # 80


def scanned(name: str = "chr2:1001-1080") -> Scanned:
    p = np.zeros((2, 80), np.float32)
    p[0, 20], p[1, 60], p[1, 65] = 0.9, 0.8, 0.7
    changed = LETTERS[:3] + "C" + LETTERS[4:]
    sites = (Site(20, "+", 0.9), Site(62, "-", 0.8))
    return Scanned(name, changed, LETTERS, p, (Mutation(0, 3, "T", "C"),), sites, 41)


def result() -> DnaResult:
    return DnaResult("danq", TARGETS[0], 41, 0.5, (scanned(),))


def answer() -> Any:
    return Answer(None, None, "danq", result(), {}, None, None)  # type: ignore[arg-type]


def effects() -> MutationMap:
    hot = np.eye(4, dtype=np.float32)[np.arange(41) % 4]
    changes = np.where(hot > 0, 0, np.linspace(-2, 1, 164, dtype=np.float32).reshape(41, 4))
    return MutationMap(0, hot, changes.astype(np.float32), 1.5)


def without_sites() -> DnaResult:
    plain = replace(scanned(), sites=())
    return DnaResult("danq", TARGETS[0], 41, 0.95, (plain,))


def test_the_headline_says_how_many_sites_there_are() -> None:
    one = replace(scanned(), sites=scanned().sites[:1])
    assert result().headline() == "2 CTCF sites"
    assert DnaResult("danq", TARGETS[0], 41, 0.85, (one,)).headline() == \
        "CTCF site around letter 21, 90.0 %"
    assert without_sites().headline() == "no CTCF site; at most 90.0 %"
    assert result().to_text() == "chr2:1001-1080 (80 letters): 21 + 90.0 %; 63 - 80.0 %"
    assert without_sites().to_text().endswith("no CTCF site")
    assert without_sites().sequences[0].likeliest == Site(20, "+", pytest.approx(0.9))


def test_who_looks_somewhere_else_looks_there() -> None:
    sequences = (scanned(),)
    assert DnaResult("danq", TARGETS[0], 41, 0.5, sequences).looked_at(0) == 20
    assert DnaResult("danq", TARGETS[0], 41, 0.5, sequences, 33).looked_at(0) == 32
    assert DnaResult("danq", TARGETS[0], 41, 0.5, sequences, 900).looked_at(0) == 20


def test_bed_and_bedgraph_count_from_nought_in_the_genome(tmp_path: Path) -> None:
    exports.write_bed(answer(), tmp_path / "a.bed")
    assert (tmp_path / "a.bed").read_text().splitlines() == [
        'track name="CTCF site"', "chr2\t1010\t1031\tctcf\t900\t+",
        "chr2\t1052\t1073\tctcf\t800\t-"]
    exports.write_bedgraph(answer(), tmp_path / "a.bedgraph")
    lines = (tmp_path / "a.bedgraph").read_text().splitlines()
    assert lines[0].startswith("track type=bedGraph")
    assert lines[1:3] == ["chr2\t1000\t1020\t0.000", "chr2\t1020\t1021\t0.900"]
    assert lines[-1] == "chr2\t1066\t1080\t0.000"
    assert scanned("any name").place == ("any name", 0)


def test_fasta_has_the_changes_and_the_table_every_letter(tmp_path: Path) -> None:
    exports.write_fasta(answer(), tmp_path / "a.fasta")
    title, *lines = (tmp_path / "a.fasta").read_text().splitlines()
    assert title == ">chr2:1001-1080 4T>C"
    assert "".join(lines) == scanned().letters
    rows = result().to_table()
    assert len(rows) == 80
    assert rows[60] == {"sequence": "chr2:1001-1080", "position": 61, "letter": "A", "plus": 0.0,
                        "minus": 0.8}
    assert result().to_json()["sequences"][0]["mutations"] == ["4T>C"]


def test_the_bench_shows_both_strands_the_map_and_what_can_be_clicked() -> None:
    figure = bench(scanned(), effects(), 0.5, "CTCF site")
    by_name = {trace.name: trace for trace in figure.data if trace.name}
    np.testing.assert_allclose(by_name["CTCF site, strand +"].y[20], 0.9)
    np.testing.assert_allclose(by_name["CTCF site, strand -"].y[60], 0.8)
    assert list(by_name["site"].x) == [21, 63]
    (heat,) = (trace for trace in figure.data if trace.type == "heatmap")
    shown, changes = heat.z.astype(float) / 127.5 - 1, effects().effects.T
    np.testing.assert_allclose(shown, changes / np.abs(changes).max(), atol=0.005)
    clicks = [trace for trace in figure.data if trace.customdata is not None]
    assert [tuple(clicks[0].customdata[k]) for k in (0, 159)] == [("letter", 0), ("letter", 79)]
    assert [clicks[0].x[k] for k in (0, 159)] == [1, 80]
    assert tuple(clicks[1].customdata[5]) == ("base", 1, "C")
    assert (clicks[1].x[5], clicks[1].y[5]) == (2, "C")
    assert clicks[1].text[4] == "2 C > A: -1.93"


def test_a_letter_of_the_logo_is_as_high_as_it_is_worth() -> None:
    own = effects()
    figure = bench(scanned(), own, 0.5, "CTCF site")
    filled = [t for t in figure.data if t.type == "scatter" and t.fill == "toself"]
    lowest = min(np.nanmin(np.array(t.y, float)) for t in filled)
    highest = max(np.nanmax(np.array(t.y, float)) for t in filled)
    assert highest == pytest.approx(own.importance.max(), abs=1e-5)
    assert lowest == pytest.approx(own.importance.min(), abs=1e-5)
    for base in "ACGT":
        line = outline(base)
        assert (line.min(0) >= -1e-9).all()
        assert (line.max(0) <= 1 + 1e-9).all()
        np.testing.assert_allclose(line[0], line[-1])


def test_logos_stack_to_the_bits_of_their_places() -> None:
    shares = np.full((3, 5, 4), 0.25)
    shares[1, 2] = [0, 0, 1, 0]
    shares[1, 3] = [0.5, 0.5, 0, 0]
    figure = logos([Firing(1, 0, 0.7)], shares, ["scanner 1"])
    heights = {}
    for trace in figure.data:
        x, y = np.array(trace.x, float), np.array(trace.y, float)
        for place in (3, 4):
            near = np.abs(x - place) < 0.5
            if near.any():
                heights[place] = max(heights.get(place, 0), float(np.nanmax(y[near])))
    assert heights == {3: pytest.approx(2), 4: pytest.approx(1)}


def test_networks_and_distances_are_lines_of_their_values() -> None:
    figure = networks({"one": np.array([0.1, 0.9]), "two": np.array([0.3, 0.2])})
    assert [list(trace.y) for trace in figure.data] == [[0.1, 0.9], [0.3, 0.2]]
    assert list(figure.data[0].x) == [1, 2]
    tries = np.array([[1.0, 3.0], [2.0, 2.0]])
    figure = apart(np.array([0, 1]), {"one": tries}, ("AA", "CC"), 1)
    band, line = figure.data
    assert list(line.y) == [2, 2]
    assert list(band.y) == pytest.approx([4, 2, 2, 0])
    assert figure.layout.shapes[0].x0 == 1
