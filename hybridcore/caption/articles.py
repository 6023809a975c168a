"""``a`` or ``an``, by the letter that follows."""

from __future__ import annotations

from collections.abc import Sequence

from hybridcore.text import listed

_MASS = frozenset(listed(
    "grass water food bread snow sand coffee tea milk soup rice pasta cheese meat fruit broccoli "
    "hair furniture ice traffic equipment clothing corn chocolate wine beer juice wood hay mud "
    "baseball soccer tennis football basketball hockey golf volleyball graffiti scissors jeans"))


def article(word: str) -> str:
    """That of a word, by its first letter."""
    return "an" if word[:1] in "aeio" or word.startswith("um") else "a"


def fix_articles(words: Sequence[str]) -> list[str]:
    """The same words, each ``a`` or ``an`` as the next one asks for."""
    fixed = list(words)
    for i, word in enumerate(fixed[:-1]):
        if word in ("a", "an"):
            fixed[i] = article(fixed[i + 1])
    return fixed


def with_article(name: str) -> str:
    """A thing as one names it by itself: ``a dog``, but ``grass`` and ``rocks``."""
    several = name.endswith("s") and not name.endswith(("ss", "us"))
    return name if several or name in _MASS else f"{article(name)} {name}"
