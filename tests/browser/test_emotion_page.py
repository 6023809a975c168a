"""The emotion page in a real browser: faces over the film, and care where the result stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.steps import open_system, wait_for_answer

ROOT = Path(__file__).resolve().parents[2]


def test_who_is_seen_what_is_said_and_that_it_is_no_feeling(
    browser_page: Page, app_server: Callable[..., str]
) -> None:
    open_system(browser_page, app_server(ROOT / "app.py"), "emotion", "sample=group&model=face")
    wait_for_answer(browser_page)
    page = browser_page.get_by_test_id("stMain")
    expect(page).to_contain_text("expression is not feeling")
    expect(page).to_contain_text("Person 1")
    expect(browser_page.locator("option", has_text="Mesh")).to_have_count(1)
    expect(page).to_contain_text("by size and place")
    note = "Happiness from 0 to 5"
    expect(page).to_contain_text(note)
    # A chart that is left out takes its note with it.
    open_system(browser_page, app_server(ROOT / "app.py"), "emotion", "sample=voices&model=voice")
    wait_for_answer(browser_page)
    expect(page).to_contain_text("The voice")
    expect(page).not_to_contain_text(note)
