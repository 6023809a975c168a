"""Text and charts stand out from the light and the dark page, by the colours of theme and style."""

import re
import tomllib
from pathlib import Path

import pytest

from hybridcore.contrast import SHAPE, TEXT, contrast, ink_on
from hybridcore.figures import OTHER, PALETTE
from hybridcore.scene.colours import GROUP_COLOURS, model_colours
from hybridcore.sound.figures import MADE, MATERIAL_COLOURS, OWN
from hybridcore.systems import systems

ROOT = Path(__file__).resolve().parents[2]
STUDIO = ROOT / "hybridcore" / "studio"
THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
DRAWN = {  # the same in both themes
    "palette": (*PALETTE, OTHER), "groups": GROUP_COLOURS,
    "models": tuple(model_colours(systems()["scene"].kinds).values()),
    "materials": tuple(MATERIAL_COLOURS.values()), "sounds": (MADE, OWN),
}


@pytest.fixture(params=["light", "dark"])
def theme(request) -> dict:
    return THEMES[request.param]


def share(pattern: str, sheet: str) -> float:
    """What a style sheet says at a place, a share in 0..1."""
    found = re.search(pattern, (STUDIO / sheet).read_text())
    return float(found[1])


def mixed(colour: str, part: float, below: str) -> str:
    """``part`` of a colour over another."""
    pairs = zip(*(bytes.fromhex(c.lstrip("#")) for c in (colour, below)), strict=True)
    return "#" + bytes(round(part * a + (1 - part) * b) for a, b in pairs).hex()


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert (ink_on("#ffff00"), ink_on("#000080")) == ("#000000", "#ffffff")


def test_text_is_read_on_page_and_surface(theme) -> None:
    soft = share(r"--soft: color-mix\(in srgb, var\(--ink\) (\d+)%", "base.css") / 100
    caption = share(r"stCaptionContainer.*opacity: ([\d.]+)", "page.css")
    for below in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        inks = [theme["textColor"], theme["primaryColor"], theme["linkColor"],
                mixed(theme["textColor"], soft, below), mixed(theme["textColor"], caption, below)]
        assert min(contrast(ink, below) for ink in inks) >= TEXT
    assert contrast(theme["backgroundColor"], theme["primaryColor"]) >= TEXT  # the play button


@pytest.mark.parametrize("colours", DRAWN.values(), ids=list(DRAWN))
def test_what_is_drawn_stands_out_in_both_themes(theme, colours) -> None:
    assert len(set(colours)) == len(colours)
    assert min(contrast(colour, theme["backgroundColor"]) for colour in colours) >= SHAPE
    assert min(contrast(ink_on(colour), colour) for colour in colours) >= TEXT


def test_a_chart_that_names_no_colours_stands_out(theme) -> None:
    colours = theme["chartCategoricalColors"]
    assert min(contrast(colour, theme["backgroundColor"]) for colour in colours) >= SHAPE
