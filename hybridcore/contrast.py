"""How well one colour is told from another (WCAG 2.2: relative luminance, contrast ratio).

Text needs a ratio of 4.5 to what lies behind it; lines, dots and fields of a chart need 3.
"""

from __future__ import annotations

TEXT, SHAPE = 4.5, 3.0  # least ratios of level AA, success criteria 1.4.3 and 1.4.11


def luminance(colour: str) -> float:
    """Of ``"#rrggbb"``, 0 (black) to 1 (white)."""
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, 1 (alike) to 21 (black and white)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on a colour."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, colour))
