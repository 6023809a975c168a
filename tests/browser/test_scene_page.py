"""The scene page in a real browser: upload, label, seek, download."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from hybridcore.media import Clip
from tests.browser.steps import bring, download, select, wait_for_answer

ROOT = Path(__file__).resolve().parents[2]
JOB_MILLISECONDS = 120_000


@pytest.fixture
def page(browser_page, app_server: Callable[..., str], two_shots: Path):
    """The scene page with the clip of two shots labelled."""
    browser_page.goto(f"{app_server(ROOT / 'app.py')}/scene")
    # The first address that this server hears is a page; it must open through app.py all the same.
    browser_page.get_by_role("link", name="Scene labelling").wait_for()
    bring(browser_page, two_shots)
    browser_page.locator(f"video[aria-label^='The clip {two_shots.name}']").wait_for(
        timeout=JOB_MILLISECONDS)
    wait_for_answer(browser_page)
    return browser_page


def expect_time(page, low: float, high: float) -> float:
    """Wait until the video stands between two times, s; returns where."""
    page.wait_for_function(
        """([low, high]) => {
            const roots = [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")];
            const video = roots.map(root => root.shadowRoot.querySelector("video")).find(Boolean);
            return !video.seeking && low < video.currentTime && video.currentTime < high;
        }""", arg=[low, high])
    return page.locator("video").evaluate("video => video.currentTime")


def test_an_uploaded_clip_is_labelled_and_the_strip_seeks(page) -> None:
    page.locator("video").evaluate("video => video.readyState >= 1 || "
                                   "new Promise(go => video.onloadedmetadata = go)")
    track = page.locator(".track")
    box = track.bounding_box()
    track.click(position={"x": 0.75 * box["width"], "y": box["height"] / 2})
    before = expect_time(page, 1.4, 2.4)
    page.keyboard.press("ArrowLeft")
    expect_time(page, before - 0.065, before - 0.015)


def test_a_segment_that_is_chosen_is_played_from_its_start(page) -> None:
    select(page, 1, 300, "#glide-cell-1-1")
    start = expect_time(page, 1.2, 1.26)  # the middle of the frame where the second shot begins
    page.keyboard.press("ArrowRight")  # the table was clicked, and the keys are the player's
    expect_time(page, start + 0.015, start + 0.065)


def test_keys_reach_the_player_after_a_click_on_any_widget(page) -> None:
    page.locator("video").evaluate("video => video.readyState >= 1 || "
                                   "new Promise(go => video.onloadedmetadata = go)")
    frame = page.locator("input.frame")
    page.keyboard.press("Home")
    widgets = (
        page.get_by_role("radio", name="TCN"), page.get_by_role("radio", name="LSTM"),
        page.get_by_role("tab").nth(1))
    for shown, widget in enumerate(widgets, 1):
        widget.click()
        page.keyboard.press("ArrowRight")
        expect(frame).to_have_value(str(shown))


def test_keys_stay_with_a_widget_that_was_reached_by_them(page) -> None:
    frame = page.locator("input.frame")
    page.keyboard.press("Home")
    tabs = page.get_by_role("tab")
    tabs.first.click()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    expect(frame).to_have_value("0")


def test_downloads_open(page, tmp_path: Path) -> None:
    with download(page, "CSV", tmp_path).open() as file:
        assert len(list(csv.DictReader(file))) == 60
    assert len(json.loads(download(page, "JSON", tmp_path).read_text())["frames"]) == 60
    assert Clip.open(download(page, "Annotated MP4", tmp_path)).info.frame_count == 60


def test_home_leads_to_the_page(browser_page, app_server: Callable[..., str]) -> None:
    browser_page.goto(app_server(ROOT / "app.py"))
    browser_page.get_by_text("frames/s").first.wait_for(timeout=60_000)
    works = browser_page.get_by_test_id("stMain")
    works.get_by_role("link", name="Scene labelling").first.click()
    browser_page.get_by_role("button", name="Change", exact=True).wait_for()
