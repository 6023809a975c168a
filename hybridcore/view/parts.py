"""A view in the parts in which it goes to a browser: whole, and what was added since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

NEWS = 16  # changes at most that are kept; a browser that is further behind gets the whole view

@dataclass(frozen=True, eq=False)
class Part:
    """A block of `hybridcore.packing`.

    revision: of the view that it gives: by itself, or added to the one before.
    """

    revision: int
    block: bytes

    @cached_property
    def digest(self) -> str:
        """Hexadecimal SHA-256 of the block."""
        return sha256(self.block).hexdigest()


@dataclass(frozen=True, eq=False)
class Parts:
    """What a browser needs of a view that grows.

    Attributes:
        name: of the view; its revisions count from 0.
        whole: the view as it was at one revision.
        news: at most `NEWS` changes (:mod:`hybridcore.growth`), each of the revision before it:
            those that follow `whole`, and some before, so that who has kept up needs no other.
    """

    name: str
    whole: Part
    news: Sequence[Part] = ()

    @classmethod
    def of(cls, block: bytes) -> Parts:
        """Those of a view that does not grow."""
        whole = Part(0, block)
        return cls(whole.digest, whole)
