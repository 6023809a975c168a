"""What axe finds on every page with everything open that can be opened, and in both themes.

https://github.com/dequelabs/axe-core, which runs inside the page; nothing is fetched for it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from hybridcore.contrast import TEXT, contrast
from hybridcore.systems import systems
from tests.browser.steps import open_system, wait_for_answer

axe = pytest.importorskip("axe_playwright_python.base", reason="axe is not installed")

ROOT = Path(__file__).resolve().parents[2]
THEMES = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
# What Streamlit itself does wrong: the rule, a part of the element, and why it is not ours.
STREAMLIT = (
    ("presentation-role-conflict", "stFileUploaderDropzone",
     "the drop zone of its uploader has the role of decoration, and a label"),
    ("region", "stFloatingOverlayPortal", "its tooltips lie outside of all landmarks"),
    ("scrollable-region-focusable", "data-rac",
     "its row of tabs scrolls where there are many; the arrow keys move through it all the same"),
)
FAULTS = """async (place) => (await axe.run(place, {resultTypes: ["violations"]})).violations
    .flatMap(({ id, impact, nodes }) => nodes.map((node) => [
        id, `${impact} ${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`]))"""
# Texts of charts are SVG, whose contrast axe does not judge: colours of ticks, titles and legends.
INKS = """() => [...new Set([...document.querySelectorAll(
        ".js-plotly-plot :is(.xtick, .ytick, .legend, .g-xtitle, .g-ytitle) text")]
    .map((text) => getComputedStyle(text).fill))]"""


@pytest.fixture
def page(browser_page: Page) -> Page:
    browser_page.emulate_media(reduced_motion="reduce")  # nothing is caught half faded in
    browser_page.set_viewport_size({"width": 1280, "height": 720})
    return browser_page


def faults(page: Page, place: str = "body") -> list[str]:
    """What axe finds wrong in a place of the page, but for what is Streamlit's."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe.AXE_SCRIPT)
    return [said for rule, said in page.evaluate(FAULTS, place) if not any(
        rule == known and part in said for known, part, _ in STREAMLIT)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_home(page: Page, app_server: Callable[..., str], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(app_server(ROOT / "app.py"))
    page.get_by_role("heading", name="Models").wait_for()
    page.get_by_test_id("stExpander").first.click()
    page.get_by_text("Measured on").first.wait_for()
    # Axe does not judge what lies under the bar at the top, so nothing may be scrolled there.
    page.get_by_role("button", name="Start the demo").scroll_into_view_if_needed()
    page.get_by_role("heading", name="HybridCore").scroll_into_view_if_needed()
    page.wait_for_function("!document.querySelector('[data-stale=true]')")  # faded meanwhile
    assert not faults(page)


def result_is_accessible(page: Page, address: str, key: str, scheme: str) -> None:
    """Open a page in a theme, and judge it before anything is opened."""
    page.emulate_media(color_scheme=scheme)
    open_system(page, address, key)
    wait_for_answer(page)
    assert page.evaluate("() => document.documentElement.lang") == "en"
    assert not faults(page)
    below = THEMES[scheme]["backgroundColor"]
    for ink in page.evaluate(INKS):
        levels = bytes(int(level) for level in re.findall(r"\d+", ink)[:3])
        assert contrast(f"#{levels.hex()}", below) >= TEXT


@pytest.mark.parametrize("key", sorted(systems()))
def test_a_result_in_the_dark(page: Page, app_server: Callable[..., str], key: str) -> None:
    result_is_accessible(page, app_server(ROOT / "app.py"), key, "dark")


@pytest.mark.parametrize("key", sorted(systems()))
def test_a_result_and_what_opens(page: Page, app_server: Callable[..., str], key: str) -> None:
    result_is_accessible(page, app_server(ROOT / "app.py"), key, "light")
    for name in ("Options", "About", "Change", "Download"):
        button = page.get_by_role("button", name=name, exact=True)
        if button.count():
            button.click()
            body = page.get_by_test_id("stPopoverBody")
            body.wait_for()
            assert not faults(page, "[data-testid=stPopoverBody]"), name
            page.keyboard.press("Escape")
            body.wait_for(state="detached")
    page.get_by_role("button", name="Pin this").click()
    page.get_by_role("button", name="1: ").wait_for()
    for tab in page.get_by_role("tab").all():
        tab.click()
        wait_for_answer(page)
        assert not faults(page, ".st-key-inside"), tab.inner_text()
    for expander in page.get_by_test_id("stExpander").all():
        expander.locator("summary").click()
    wait_for_answer(page)
    assert not faults(page)
