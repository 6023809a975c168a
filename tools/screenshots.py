"""The pictures of the README: ``python -m tools.screenshots`` opens every page and takes one.

It needs the packages of requirements-dev.txt and a Chromium (``HYBRIDCORE_CHROMIUM`` names one).
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from hybridcore.cards import ASSETS
from hybridcore.systems import systems
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.servers import streamlit_server

_APP = Path(__file__).resolve().parents[1] / "app.py"
_PATIENCE = 120_000  # milliseconds
_NAVIGATION = 72  # px, height of what stays at the top


def main() -> None:
    """Take all of them."""
    folder = ASSETS / "screenshots"
    folder.mkdir(exist_ok=True)
    with streamlit_server(_APP, {}) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(_PATIENCE)
        for name, ready in [("", "frames/s"), *((key, "Look inside") for key in systems())]:
            page.goto(f"{address}/{name}")
            page.get_by_text(ready).first.wait_for()
            page.wait_for_load_state("networkidle")
            if name:  # the result, clear of the navigation above it
                page.locator(".player, .sentence").first.evaluate(
                    "(element, above) => { element.style.scrollMarginTop = `${above}px`;"
                    " element.scrollIntoView(); }", _NAVIGATION)
            page.screenshot(path=folder / f"{name or 'home'}.png")
        browser.close()


if __name__ == "__main__":
    main()
