"""The pictures of the README: ``python -m tools.screenshots`` takes all of them anew.

Home with every system at work, the first screen of every system, and one look inside. It needs the
packages of requirements-dev.txt and a Chromium (``HYBRIDCORE_CHROMIUM`` names one).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from hybridcore.cards import ASSETS
from hybridcore.systems import systems
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.servers import streamlit_server
from tests.browser.steps import JOB_MILLISECONDS, open_system, wait_for_answer

SCREENSHOTS = ASSETS / "screenshots"
_APP = Path(__file__).resolve().parents[1] / "app.py"
_SIZE = {"width": 1280, "height": 720}
_NAVIGATION = 72  # px, height of what stays at the top
_AT_REST = """() => [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")]
    .map((place) => place.shadowRoot?.querySelector("video"))
    .every((video) => !video?.src || (video.readyState >= 2 && !video.seeking))"""


def names() -> list[str]:
    """What is taken, by the names of the files."""
    return ["home", *systems(), "inside"]


def main() -> None:
    """Take all of them, and remove what else lies there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=SCREENSHOTS, metavar="FOLDER")
    folder: Path = parser.parse_args().to
    folder.mkdir(parents=True, exist_ok=True)
    with streamlit_server(_APP, {}) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        # Without motion, every preview stands at its middle and every sentence is whole.
        page = browser.new_page(viewport=_SIZE, reduced_motion="reduce")
        page.set_default_timeout(JOB_MILLISECONDS)
        expect.set_options(timeout=JOB_MILLISECONDS)
        for name in names():
            _open(page, address, name)
            page.wait_for_load_state("networkidle")
            page.wait_for_function(_AT_REST)
            page.screenshot(path=folder / f"{name}.png")
            print(folder / f"{name}.png")
        browser.close()
    for path in folder.glob("*.png"):
        if path.stem not in names():
            path.unlink()


def _open(page: Page, address: str, name: str) -> None:
    if name == "home":
        page.goto(address)
        expect(page.locator(".preview .said:not([hidden])")).to_have_count(len(systems()))
        return
    inside = name == "inside"
    open_system(page, address, next(iter(systems())) if inside else name,
                "tab=states" if inside else "")
    wait_for_answer(page)
    if page.locator(".player").count():
        page.keyboard.press("5")  # half-way
    if inside:
        page.locator(".unit-maps .map canvas").first.wait_for()
        page.get_by_role("heading", name="Look inside").evaluate(
            "(heading, above) => { heading.style.scrollMarginTop = `${above}px`;"
            " heading.scrollIntoView(); }", _NAVIGATION)


if __name__ == "__main__":
    main()
