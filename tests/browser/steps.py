"""What a person does on every page of a system: bring a file, take one home."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Page, expect

JOB_MILLISECONDS = 300_000
_CLICK_MILLISECONDS = 500
_ROW = 33  # pixels, the height of a row of a table


def open_system(page: Page, address: str, key: str, query: str = "") -> None:
    """Open the page of a system and wait for its answer."""
    page.goto(f"{address}/{key}?{query}")
    page.get_by_role("heading", name="Look inside").wait_for(timeout=JOB_MILLISECONDS)
    page.locator(".player, .sentence, .st-key-bench .js-plotly-plot").first.wait_for()


def bring(page: Page, path: Path) -> None:
    """Give a file of one's own to the page, once that stands."""
    _wait_for_script(page)
    page.get_by_role("button", name="Change", exact=True).click(timeout=JOB_MILLISECONDS)
    page.get_by_test_id("stPopoverBody").locator("input[type=file]").set_input_files(str(path))


def wait_for_answer(page: Page) -> None:
    """Wait until the answer is whole: a film is there, and its strips, before it is."""
    _wait_for_script(page, '!document.querySelector("[data-testid=stProgress], [data-stale=true]")')


def open_downloads(page: Page) -> None:
    """Open the list of what can be downloaded, unless it is open."""
    if not page.get_by_test_id("stPopoverBody").count():
        page.get_by_role("button", name="Download", exact=True).click()


def download(page: Page, label: str, folder: Path) -> Path:
    """Download a file, and close the list again."""
    open_downloads(page)
    with page.expect_download(timeout=JOB_MILLISECONDS) as event:
        page.get_by_role("button", name=label, exact=True).click()
    path = folder / event.value.suggested_filename
    event.value.save_as(path)
    page.keyboard.press("Escape")
    page.get_by_test_id("stPopoverBody").wait_for(state="detached")
    return path


def select(page: Page, row: int, x: int, element: str) -> None:
    """Click into a row of the first table, ``x`` pixels across, until its element is selected.

    A grid that was just drawn may miss a click.
    """
    table = page.get_by_test_id("stDataFrame").first
    table.evaluate("table => table.scrollIntoView({block: 'center'})")
    selected = page.locator(f"{element}[aria-selected=true]")
    for _ in range(20):
        if selected.count():
            return
        table.click(position={"x": x, "y": round(_ROW * (row + 1.5))})
        with suppress(AssertionError):
            expect(selected).to_have_count(1, timeout=_CLICK_MILLISECONDS)
    raise AssertionError(f"{element} was not selected")


def _wait_for_script(page: Page, also: str = "true") -> None:
    page.wait_for_function(f"""() =>
        document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
        && {also}""", timeout=JOB_MILLISECONDS)
