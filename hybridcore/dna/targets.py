"""What the DNA networks look for."""

from __future__ import annotations

from dataclasses import dataclass

_LEAST = 21  # letters that a protein covers, about


@dataclass(frozen=True)
class Target:
    """Something that a stretch of DNA does.

    key: in options and files; title: as it is shown; about: a sentence on what it is; halves: two
    stretches of letters that belong together, and spacing: letters between them in nature.
    """

    key: str
    title: str
    about: str
    halves: tuple[str, str]
    spacing: int

    @property
    def footprint(self) -> int:
        """Letters that it covers, about: at least both halves and what lies between them."""
        return max(_LEAST, sum(map(len, self.halves)) + self.spacing)


# In the order of the networks' outputs. The core of CTCF: Kim et al., Cell 2007; the boxes of sigma
# 70: Hawley & McClure, Nucleic Acids Research 1983; the TATA box and where transcription begins:
# Bernard, Brunaud & Lecharny, BMC Genomics 2010.
TARGETS = (
    Target("ctcf", "CTCF site",
           "CTCF holds the loops of the human genome together; it reads some 20 letters with its "
           "zinc fingers.", ("CCACCAG", "GGGGCGC"), 0),
    Target("tata", "TATA promoter",
           "Where a gene of the plant Arabidopsis begins that has a TATA box, some 30 letters "
           "before its start.", ("TATAAATA", "TCATCA"), 24),
    Target("boxes", "Made pair",
           "Made, not nature: the two boxes of a bacterial promoter in random letters, 16 to 18 "
           "apart. With another distance, or in another order, they are none.",
           ("TTGACA", "TATAAT"), 17),
)
TARGET_KEYS = tuple(target.key for target in TARGETS)
