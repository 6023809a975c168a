"""What a screen shows before anybody scrolls: the result, whatever the system."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from hybridcore.systems import systems
from tests.browser.steps import open_system

ROOT = Path(__file__).resolve().parents[2]
WIDE, PHONE = {"width": 1280, "height": 720}, {"width": 390, "height": 844}
OVERFLOW = """() => {
    const main = document.querySelector("[data-testid=stMain]");
    return Math.max(main.scrollWidth - main.clientWidth,
                    document.documentElement.scrollWidth - innerWidth);
}"""
# Where the plot areas of the charts over time begin and end, px.
PLOTS = """() => [...document.querySelectorAll(".js-plotly-plot")]
    .filter(chart => chart._fullLayout?.meta?.timeline && chart.getBoundingClientRect().width > 0)
    .map(chart => {
        const { _offset, _length } = chart._fullLayout.xaxis;
        const left = chart.getBoundingClientRect().left + _offset;
        return [left, left + _length];
    })"""


@pytest.fixture(params=sorted(systems()))
def page(request, browser_page: Page, app_server: Callable[..., str]) -> Page:
    browser_page.emulate_media(reduced_motion="reduce")
    browser_page.set_viewport_size(WIDE)
    open_system(browser_page, app_server(ROOT / "app.py"), request.param)
    return browser_page


def test_the_result_comes_first_and_stays_in_view(page: Page) -> None:
    bench = page.locator(".st-key-bench")
    if bench.count():  # nothing is played: the figure is the result
        box = bench.bounding_box()
        assert box["y"] + box["height"] <= WIDE["height"]
        page.set_viewport_size(PHONE)
        page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
        page.wait_for_function(f"() => ({OVERFLOW})() <= 0")
        return
    # Of a picture: the sentence, it, and what can be set; of a video: it and its strips. The
    # picture takes its height when what stands below it is there.
    lowest = page.locator(".track, .look").first
    page.wait_for_function("lowest => lowest.getBoundingClientRect().bottom <= innerHeight",
                           arg=lowest.element_handle())
    box, below = page.locator(".player, .sentence").first.bounding_box(), lowest.bounding_box()
    assert box["y"] <= 130
    assert below["y"] + below["height"] <= WIDE["height"]
    beside = page.locator(".panels").first.bounding_box()
    assert beside["x"] >= below["x"] + below["width"]
    assert beside["y"] < WIDE["height"] / 2

    stage = page.locator(".stage").first
    page.get_by_role("tab").first.evaluate("tab => tab.scrollIntoView()")
    page.locator(".place.floating").wait_for()
    small = stage.bounding_box()
    assert small["width"] < box["width"] / 2
    assert 0 < small["y"] < small["y"] + small["height"] <= WIDE["height"]
    page.locator(".corner .back").click()
    page.locator(".place.floating").wait_for(state="detached")

    page.set_viewport_size(PHONE)
    page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
    page.wait_for_function(f"() => ({OVERFLOW})() <= 0")


def test_charts_stand_below_the_strips(
    browser_page: Page, app_server: Callable[..., str]
) -> None:
    browser_page.set_viewport_size(WIDE)
    open_system(browser_page, app_server(ROOT / "app.py"), "scene", "tab=comparison")
    browser_page.wait_for_function(f"() => ({PLOTS})().length >= 2")
    strip = browser_page.locator(".track canvas").bounding_box()
    for left, right in browser_page.evaluate(PLOTS):
        assert left == pytest.approx(strip["x"], abs=1.5)
        assert right == pytest.approx(strip["x"] + strip["width"], abs=1.5)
