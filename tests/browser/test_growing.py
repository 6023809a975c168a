"""A player whose view grows: the strip gets longer, and neither playing nor seeking notices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_player import (
    COUNT,
    VIDEO,
    click_at,
    expect_shown,
    variable_times,
    write_numbered,
)

APP = Path(__file__).with_name("growing_app.py")


@pytest.fixture(scope="session")
def address(app_server: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("growing")
    write_numbered(folder / "clip.mp4", variable_times())
    np.save(folder / "times.npy", variable_times())
    return app_server(APP, HYBRIDCORE_TEST_CLIP=str(folder / "clip.mp4"),
                      HYBRIDCORE_TEST_TIMES=str(folder / "times.npy"))


@pytest.fixture
def page(browser_page: Page, address: str) -> Page:
    browser_page.goto(address)
    expect(browser_page.locator(".player")).to_have_attribute("data-known", "1")
    return browser_page


def grow(page: Page, known: int) -> None:
    page.get_by_role("button", name="Grow").click()
    expect(page.locator(".player")).to_have_attribute("data-known", str(known))


def switch(page: Page, name: str) -> None:
    page.get_by_test_id("stCheckbox").filter(has_text=name).locator("label").click()


def open_video(page: Page) -> None:
    switch(page, "The video is there")
    page.wait_for_function(f"{VIDEO}.readyState >= 2")
    page.evaluate(f"{VIDEO}.same = true")


def coloured(page: Page) -> float:
    """How much of the strip has a label, 0..1."""
    return page.locator(".track canvas").evaluate("""canvas => {
        const line = canvas.getContext("2d").getImageData(0, canvas.height - 6, canvas.width, 1);
        let count = 0;
        for (let x = 0; x < canvas.width; x++) {
            const [red, green, blue] = line.data.slice(4 * x, 4 * x + 3);
            count += Math.max(red, green, blue) - Math.min(red, green, blue) > 60;
        }
        return count / canvas.width;
    }""")


def test_the_strip_grows_on_the_scale_of_the_whole_film(page: Page) -> None:
    assert coloured(page) == 0
    parts = []
    for known in (21, 41, 61):
        grow(page, known)
        parts.append(coloured(page))
    times = variable_times()
    end = times[-1] + 0.1
    assert parts == pytest.approx([times[known] / end for known in (21, 41, 61)], abs=0.03)
    for known in (81, 101, 120):
        grow(page, known)
    assert coloured(page) == pytest.approx(1, abs=0.03)
    assert page.locator(".last-frame").inner_text() == f"/ {COUNT - 1}"
    assert page.locator(".overlays option").all_inner_texts() == ["No overlay", "Attention"]


def test_growing_moves_neither_the_video_nor_the_frame(page: Page) -> None:
    open_video(page)
    grow(page, 21)
    page.locator("input.frame").fill("12")
    page.keyboard.press("Enter")
    expect_shown(page, 12)
    row = page.locator(".bar-label").first
    row.evaluate("node => node.same = true")
    grow(page, 41)
    expect_shown(page, 12)
    assert row.evaluate("node => node.same"), "the cards are not built anew"
    page.locator("input.frame").fill("35")
    page.keyboard.press("Enter")
    expect_shown(page, 35)
    assert row.inner_text() == "garden"
    assert page.evaluate(f"{VIDEO}.same")


def test_what_is_not_known_yet_can_be_sought_and_becomes_known(page: Page) -> None:
    open_video(page)
    grow(page, 21)
    click_at(page.locator(".track"), 0.5)
    page.wait_for_function(f"!{VIDEO}.seeking && {VIDEO}.currentTime > 3")
    here = page.evaluate(f"{VIDEO}.currentTime")
    expect(page.locator(".panels")).to_have_class("panels unknown")
    for known in (41, 61, 81, 101):
        grow(page, known)
    assert page.evaluate(f"{VIDEO}.currentTime") == pytest.approx(here, abs=0.001)
    expect(page.locator(".panels")).to_have_class("panels")
    frame = int(np.searchsorted(variable_times(), here, "right")) - 1
    expect_shown(page, frame)


def test_it_plays_on_when_all_is_known(page: Page) -> None:
    open_video(page)
    grow(page, 21)
    page.locator(".speed").select_option("0.25")
    page.locator("button.play").click()
    page.wait_for_function(f"{VIDEO}.currentTime > 0.2")
    grow(page, 41)
    assert not page.evaluate(f"{VIDEO}.paused")
    before = page.evaluate(f"{VIDEO}.currentTime")
    switch(page, "Done")
    expect(page.locator(".player")).to_have_attribute("data-known", str(COUNT))
    assert page.evaluate(f"!{VIDEO}.paused && {VIDEO}.same")
    assert page.evaluate(f"{VIDEO}.currentTime") >= before


def test_a_video_that_comes_late_shows_the_frame_that_was_sought(page: Page) -> None:
    grow(page, 21)
    expect(page.locator(".message")).to_be_visible()
    page.locator("input.frame").fill("7")
    page.keyboard.press("Enter")
    open_video(page)
    expect(page.locator(".message")).to_be_hidden()
    expect_shown(page, 7)


def test_another_film_does_not_show_the_last_one_until_it_comes(page: Page) -> None:
    open_video(page)
    grow(page, 21)
    switch(page, "Another film")
    expect(page.locator(".player")).to_have_attribute("data-known", "1")
    expect(page.locator(".message")).to_be_visible()
    assert page.evaluate(f"{VIDEO}.readyState") == 0
