"""The bench of DNA in a real browser: a cell is clicked, and everything answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import download, open_system, wait_for_answer

ROOT = Path(__file__).resolve().parents[2]
# Where a letter and a base lie on the screen, px.
CELL = """([row, x, y]) => {
    const chart = document.querySelector(".st-key-bench .js-plotly-plot");
    const { _fullLayout: layout } = chart;
    const { left, top } = chart.getBoundingClientRect();
    const xaxis = layout[`xaxis${row > 1 ? row : ""}`];
    const yaxis = layout[`yaxis${row > 1 ? row : ""}`];
    return [left + xaxis._offset + xaxis.d2p(x), top + yaxis._offset + yaxis.d2p(y)];
}"""


@pytest.fixture
def page(browser_page: Page, app_server: Callable[..., str]) -> Page:
    open_system(browser_page, app_server(ROOT / "app.py"), "dna", "sample=dna-damaged")
    wait_for_answer(browser_page)
    return browser_page


def click(page: Page, row: int, x: float, y: float | str) -> None:
    left, top = page.evaluate(CELL, [row, x, y])
    page.mouse.move(left - 2, top - 2)
    page.mouse.move(left, top)
    page.mouse.click(left, top)
    wait_for_answer(page)


def test_a_cell_changes_its_letter_and_undo_takes_it_back(page: Page, tmp_path: Path) -> None:
    before = page.get_by_test_id("stMetricValue").first.inner_text()
    click(page, 3, 53, "G")  # one of the two letters that are damaged: T there, G in the core
    expect(page.get_by_test_id("stMetric")).to_have_count(3)
    expect(page.get_by_test_id("stMetric").nth(2)).to_contain_text("53T>G")
    expect(page.get_by_test_id("stMetric").nth(2)).to_contain_text(before)
    title = download(page, "FASTA", tmp_path).read_text().splitlines()[0]
    assert title == ">damaged 53T>G"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_test_id("stMetric")).to_have_count(2)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(before)


def test_letters_are_pasted_and_what_is_none_gets_words(page: Page) -> None:
    page.get_by_role("button", name="Change", exact=True).click()
    body = page.get_by_test_id("stPopoverBody")
    body.locator("textarea").fill("MKVLAAGEF")
    body.get_by_role("button", name="Read").click()
    expect(page.get_by_text("this is a protein")).to_be_visible()
    # What cannot be used stays there, to be mended.
    body.locator("textarea").fill(">mine\n" + "ACGT" * 30)
    body.get_by_role("button", name="Read").click()
    expect(page.locator(".slim .thumb[aria-pressed=true]")).to_contain_text("pasted.fasta")
