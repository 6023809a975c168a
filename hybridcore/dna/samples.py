"""The sample sequences of the DNA room: random letters with sites written into them.

Nothing of a genome is in them but consensus sequences, which are facts: the core of CTCF (Kim et
al., Cell 2007) and the boxes of sigma 70 (Hawley & McClure, Nucleic Acids Research 1983).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from hybridcore.dna.letters import BASES, reverse_complement
from hybridcore.dna.targets import TARGETS
from hybridcore.system import Sample

CTCF = "TGGCCACCAGGGGGCGCTA"
_PAIR = next(target for target in TARGETS if target.key == "boxes")
DAMAGED = (44, 52)  # places of the letters that are changed, counted from 0: they bear most
MENDED = "53T>G"  # the second one as it was
TOO_FAR = 24  # letters between the boxes of the pair


def planted(length: int, sites: Sequence[tuple[int, str]], seed: int) -> str:
    """Random letters in which each of ``sites`` stands, from its place on (counted from 0)."""
    rng = np.random.default_rng(seed)
    letters = list("".join(np.array(list(BASES))[rng.integers(0, len(BASES), length)]))
    for start, site in sites:
        letters[start : start + len(site)] = site
    return "".join(letters)


def promoter(spacing: int, seed: int) -> str:
    """Two boxes of sigma 70, so many random letters apart."""
    first, second = _PAIR.halves
    return first + planted(spacing, (), seed) + second


def _two_strands() -> dict[str, str]:
    return {"two-sites": planted(400, [(100, CTCF), (280, reverse_complement(CTCF))], 11)}


def _damaged() -> dict[str, str]:
    start, core = 43, CTCF[3:18]  # without the outer letters, which bear little
    return {"damaged": planted(101, [(start, core), *((p, "T") for p in DAMAGED)], 8)}


def _promoters() -> dict[str, str]:
    return {f"boxes-{spacing}-apart": planted(140, [(50, promoter(spacing, 3))], 7)
            for spacing in (_PAIR.spacing, TOO_FAR)}


def _sample(
    key: str, title: str, caption: str, make: Callable[[], dict[str, str]], *, fails: bool = False
) -> Sample:
    def write(folder: Path) -> Path:
        from hybridcore.media.files import whole_file  # which loads what decodes videos

        path = folder / f"dna-{key}.fasta"
        text = "".join(f">{name}\n{letters}\n" for name, letters in make().items())
        if not path.is_file() or path.read_text() != text:
            with whole_file(path) as partial:
                partial.write_text(text)
        return path

    return Sample(f"dna-{key}", title, caption, write, fails=fails)


SAMPLES = (
    _sample("two", "Two sites of CTCF",
            "Made: 400 random letters with the core of CTCF in them twice, once on each strand.",
            _two_strands),
    _sample("damaged", "A damaged site",
            "Made: the core of CTCF with two letters changed. Click what would mend it.",
            _damaged),
    _sample("boxes", "Two boxes",
            "Made: the boxes of a promoter of E. coli, 17 letters apart as in nature, and 24. Look "
            "for “Made pair”.",
            _promoters),
)
