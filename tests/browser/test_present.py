"""The stage in a real browser: by link, button and key; its keys, its tour, no other host."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from hybridcore.systems import systems
from tests.browser.steps import JOB_MILLISECONDS, open_system, wait_for_answer

ROOT = Path(__file__).resolve().parents[2]
SCREEN = {"width": 1280, "height": 720}
LEAST = 0.03 * SCREEN["height"] - 0.1  # px
# Letters that are seen on a stage and are too small, or reach over a side of the screen.
SMALL = """least => {
    const found = [];
    const look = (root) => {
        for (const node of root.querySelectorAll("*")) {
            if (node.shadowRoot) look(node.shadowRoot);
            const own = [...node.childNodes].some(
                (child) => child.nodeType === 3 && child.textContent.trim());
            if (!own || !node.checkVisibility({ visibilityProperty: true })) continue;
            if (node.matches("style, script, option")) continue;
            const box = node.getBoundingClientRect();
            if (box.width < 2 || box.height < 2) continue;
            const chart = node.closest(".js-plotly-plot");  // enlarged as a whole
            const zoom = chart ? chart.getBoundingClientRect().width / chart.offsetWidth : 1;
            const size = zoom * parseFloat(getComputedStyle(node).fontSize);
            if (size < least || box.left < -1 || box.right > innerWidth + 1
                || box.top < -1 || box.bottom > innerHeight + 1) {
                found.push(`${node.textContent.trim().slice(0, 40)}: ${size} px, ${
                    [box.left, box.top, box.right, box.bottom].map(Math.round)}`);
            }
        }
    };
    look(document);
    return found;
}"""


@pytest.fixture
def address(app_server: Callable[..., str]) -> str:
    return app_server(ROOT / "app.py")


@pytest.fixture
def page(browser_page: Page) -> Page:
    browser_page.emulate_media(reduced_motion="reduce")  # the tour does not play, it stands
    browser_page.set_viewport_size(SCREEN)
    return browser_page


def open_stage(page: Page, address: str, query: str) -> None:
    page.goto(f"{address}/{query}")
    expect_stage(page)
    page.locator(".player .names div, .word, .st-key-bench .js-plotly-plot").first.wait_for(
        timeout=JOB_MILLISECONDS)
    wait_for_answer(page)


def expect_stage(page: Page, on: bool = True) -> None:
    page.locator("html[data-present]").wait_for(state="attached" if on else "detached")


def expect_named(page: Page, **wanted: str | None) -> None:
    def holds(url: str) -> bool:
        query = dict(parse_qsl(urlsplit(url).query))
        return all(query.get(name) == value for name, value in wanted.items())

    page.wait_for_url(holds)


@pytest.mark.parametrize("key", sorted(systems()))
def test_a_stage_is_large_and_whole(page: Page, address: str, key: str) -> None:
    sample = systems()[key].samples[0].key
    open_stage(page, address, f"{key}?present=1&sample={sample}&frame=60")
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    assert page.evaluate(SMALL, LEAST) == []
    page.reload()
    expect_stage(page)


def test_it_is_entered_by_button_and_key_and_left(page: Page, address: str) -> None:
    open_system(page, address, "scene", "sample=hard-footage&frame=35&threshold=0")
    page.get_by_role("button", name="Present").click()
    expect_stage(page)
    expect(page.locator(".stage-label b")).to_have_text("coast")
    expect(page.locator(".stage-label span")).to_contain_text("Frame only: desert sand")
    expect_named(page, present="1", sample="hard-footage", frame="35")
    page.keyboard.press("Escape")
    expect_stage(page, on=False)
    expect_named(page, present=None, frame="35")
    page.get_by_role("radio", name="TCN").click()
    page.keyboard.press("p")
    expect_stage(page)
    expect_named(page, present="1", model="tcn")


def test_its_keys(page: Page, address: str) -> None:
    open_stage(page, address, "scene?present=1&sample=rendered-tour")
    page.keyboard.press("s")
    expect_named(page, sample="hard-footage", present="1")
    page.keyboard.press("t")
    expect(page.locator(".tab-title")).to_have_text("Attention")
    expect_named(page, tab="attention")
    page.keyboard.press("Shift+T")
    expect(page.locator(".tab-title")).to_be_hidden()
    wait_for_answer(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator("input.frame")).to_have_value("1")
    page.keyboard.press("b")
    expect(page.locator(".blank")).to_be_visible()
    page.keyboard.press("b")
    expect(page.locator(".blank")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_text("Black screen")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect_stage(page)


def test_the_words_of_a_sentence_have_the_keys(page: Page, address: str) -> None:
    open_stage(page, address, "caption?present=1&sample=cameraman&word=1")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".word").nth(2)).to_be_focused()
    expect(page.locator(".word").nth(2)).to_have_class(re.compile("shown"))


def test_the_tour_drives_player_sample_and_tab(page: Page, address: str) -> None:
    first, second, *_ = tour = systems()["scene"].tour
    open_stage(page, address, f"scene?present=1&card={first.key}")
    frame = page.locator("input.frame")
    expect(frame).to_have_value(str(first.frame))
    expect(page.locator(".present .title")).to_have_text(first.title)
    page.keyboard.press("n")
    expect(frame).to_have_value(str(second.frame))
    for card in tour[2:]:
        page.keyboard.press("PageDown")
        expect_named(page, card=card.key, sample=card.sample, tab=card.tab or None)
        expect(frame).to_have_value(str(card.frame))
    page.go_back()
    expect_named(page, card=tour[-2].key)
    expect(page.locator(".present .title")).to_have_text(tour[-2].title)


def test_the_tour_goes_on_by_itself_from_page_to_page(page: Page, address: str) -> None:
    last, follower = systems()["scene"].tour[-1], systems()["caption"].tour[0]
    page.goto(f"{address}/scene?present=1&card={last.key}&play=3")
    expect(page.locator(".present .title")).to_have_text(follower.title)
    page.keyboard.press("r")
    page.wait_for_url(re.compile("/caption"))
    expect_named(page, play=None, card=follower.key)
    expect_stage(page)


def test_in_a_frame_and_without_a_network(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.get_by_role("button", name="Start the demo").click()
    expect_stage(page)
    page.locator(".player .names div").first.wait_for(timeout=JOB_MILLISECONDS)
    page.set_content(f"<iframe src='{address}/gait?embed=true&present=1' width=1200 height=675>")
    page.frame_locator("iframe").locator(".player .names div").first.wait_for(
        timeout=JOB_MILLISECONDS)
    page.frame_locator("iframe").locator("html[data-present]").wait_for(state="attached")
    outside = [url for url in asked
               if urlsplit(url).scheme in ("http", "https", "ws", "wss")
               and urlsplit(url).hostname != "127.0.0.1"]
    assert asked
    assert outside == []
