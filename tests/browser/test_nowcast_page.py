"""Rain in the next hour in a real browser: the player ends with the hour, a click chooses a point,
and the film to download says what was observed and what is forecast."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import download, open_system, wait_for_answer

ROOT = Path(__file__).resolve().parents[2]


def boxes(plot: Locator) -> list[dict[str, float]]:
    """Where the four maps of a figure lie."""
    found = [area.bounding_box() for area in plot.locator(".nsewdrag").all()]
    assert len(found) == 4
    return found


def test_the_hour_plays_to_its_end_and_a_click_asks_of_another_point(
    browser_page: Page, app_server: Callable[..., str], tmp_path: Path
) -> None:
    open_system(browser_page, app_server(ROOT / "app.py"), "nowcast", "sample=band&frame=18")
    wait_for_answer(browser_page)
    main = browser_page.get_by_test_id("stMain")
    expect(browser_page.locator(".panels")).to_contain_text("+30 min, forecast")
    expect(browser_page.locator("div.legend")).to_contain_text("mm/h")
    expect(browser_page.locator("video")).to_have_js_property("duration", 9.25)
    above = browser_page.locator(".player .above")  # scale and north, over the rain
    expect(above).to_have_js_property("naturalWidth", 960)
    rain = browser_page.locator(".player canvas.overlay")
    assert above.bounding_box() == rain.bounding_box()
    assert rain.evaluate(
        "rain => rain.compareDocumentPosition(rain.parentElement.querySelector('.above'))") == 4
    browser_page.get_by_role("button", name="Play (Space)").click()
    # The film goes on over the hour that was kept back; nothing is said of the hour after it.
    expect(browser_page.locator(".panels")).to_contain_text("+60 min, forecast")
    expect(browser_page.locator("video")).to_have_js_property("paused", True)
    assert browser_page.locator("video").evaluate("video => video.currentTime") < 6.6

    chosen = browser_page.locator(".st-key-part-edit")
    expect(chosen).to_contain_text("Click the map")
    area = chosen.locator(".nsewdrag").first
    area.scroll_into_view_if_needed()
    wait_for_answer(browser_page)
    box = area.bounding_box()
    area.click(position={"x": 0.25 * box["width"], "y": 0.3 * box["height"]})
    expect(chosen).to_contain_text("west and")
    browser_page.wait_for_url("**point=**")
    expect(main).to_contain_text("Rain here")

    # Maps stand in a row; on a phone two in each of two rows, over its whole width.
    maps = browser_page.locator(".js-plotly-plot", has_text="Only moved").first
    assert len({round(box["y"]) for box in boxes(maps)}) == 1
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.wait_for_function("""() => new Set([...document.querySelectorAll(
        ".js-plotly-plot")].find((plot) => plot.textContent.includes("Only moved"))
        .querySelectorAll(".nsewdrag").values().map((map) => map.getBoundingClientRect().y)
        ).size === 2""")
    found = boxes(maps)
    assert max(box["x"] + box["width"] for box in found) - min(
        box["x"] for box in found) > 0.85 * 390

    wait_for_answer(browser_page)
    film = download(browser_page, "GIF", tmp_path)
    with Image.open(film) as frames:
        assert frames.n_frames == 25
