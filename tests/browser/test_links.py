"""A link shows the same view to whoever opens it, as do "back" and a reload."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from hybridcore.studio.address import tabs
from hybridcore.systems import systems
from tests.browser.steps import bring, open_system

ROOT = Path(__file__).resolve().parents[2]


def named(page: Page) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(page.url).query))


def expect_named(page: Page, wanted: dict[str, str]) -> None:
    page.wait_for_url(lambda url: dict(parse_qsl(urlsplit(url).query)) == wanted)


@pytest.fixture
def address(app_server: Callable[..., str]) -> str:
    return app_server(ROOT / "app.py")


@pytest.mark.parametrize("key", sorted(systems()))
def test_a_link_holds_for_every_system(browser_page: Page, address: str, key: str) -> None:
    system = systems()[key]
    tab, title = list(tabs(system).items())[1]
    wanted = {"sample": system.samples[1].key, "model": system.kinds[1].key, "tab": tab}
    page = browser_page
    open_system(page, address, key, urlencode(wanted))
    if page.locator(".player").count():
        wanted["frame"] = "7"
        open_system(page, address, key, urlencode(wanted))
        expect(page.locator(".frame")).to_have_value("7")
    elif page.locator(".sentence").count():
        wanted["word"] = "2"
        open_system(page, address, key, urlencode(wanted))
        expect(page.locator(".word").nth(2)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("tab", name=title, exact=True)).to_have_attribute(
        "aria-selected", "true")
    expect(page.locator(".slim .thumb").nth(1)).to_have_attribute("aria-pressed", "true")
    expect_named(page, wanted)


def test_back_undoes_a_choice_and_a_reload_shows_the_same(browser_page: Page, address: str) -> None:
    page = browser_page
    open_system(page, address, "scene", "sample=rendered-tour&frame=30&embed_options=dark_theme")
    page.locator(".slim .thumb").nth(1).click()
    expect_named(page, {"sample": "hard-footage", "embed_options": "dark_theme"})
    page.get_by_role("tab", name="Groups").click()
    page.locator(".controls [data-do=next]").click()
    wanted = {"sample": "hard-footage", "embed_options": "dark_theme", "frame": "1",
              "tab": "groups"}
    expect_named(page, wanted)
    page.reload()
    expect(page.locator(".frame")).to_have_value("1")
    expect_named(page, wanted)
    page.go_back()
    expect(page.locator(".slim .thumb").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".frame")).to_have_value("30")


def test_a_link_is_copied(browser_page: Page, address: str) -> None:
    page = browser_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_system(page, address, "scene", "sample=rendered-tour")
    page.locator(".controls [data-do=next]").click()
    page.keyboard.press("l")
    page.locator(".link.done").wait_for()
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert "frame=1" in link
    assert "sample=rendered-tour" in link


def test_a_link_to_a_file_opens_it_for_nobody_else(
    browser_page: Page, address: str, two_shots: Path
) -> None:
    page = browser_page
    open_system(page, address, "scene")
    bring(page, two_shots)
    page.locator("video[aria-label^='The clip two-shots.mp4']").wait_for()
    page.wait_for_url(re.compile("file=[0-9a-f]{16}"))
    page.get_by_role("tab", name="Groups").click()
    page.wait_for_url(re.compile("tab=groups"))
    link = page.url
    other = page.context.browser.new_page()
    try:
        other.goto(link)
        other.get_by_text("The file behind this link is not here").wait_for()
        assert not other.locator("video").count()
        other.locator("input[type=file]").first.set_input_files(str(two_shots))
        other.locator("video[aria-label^='The clip two-shots.mp4']").wait_for()
        expect(other.get_by_role("tab", name="Groups")).to_have_attribute("aria-selected", "true")
    finally:
        other.close()
