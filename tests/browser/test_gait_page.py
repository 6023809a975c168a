"""The gait page in a real browser: people over the video, energy building up, enrolling."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.steps import bring
from tests.conftest import write_clip
from tests.gait.walkers import RATE, Actor, film

ROOT = Path(__file__).resolve().parents[2]
JOB_MILLISECONDS = 300_000
# The sum of all levels of a canvas.
INK = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.reduce((a, b) => a + b)"


@pytest.fixture
def page(browser_page, app_server: Callable[..., str], tmp_path: Path):
    """The gait page after one drawn walker was followed, whom no network knows for a person."""
    path = write_clip(tmp_path / "walker.mp4", film([Actor()], 3.0), RATE)
    browser_page.goto(f"{app_server(ROOT / 'app.py')}/gait?silhouettes=background")
    browser_page.get_by_role("link", name="Gait recognition").wait_for()
    bring(browser_page, path)
    browser_page.locator(f"video[aria-label^='People walking in {path.name}']").wait_for(
        timeout=JOB_MILLISECONDS)
    browser_page.locator(".film canvas").first.wait_for()
    return browser_page


def test_people_lie_over_the_video_and_the_energy_image_builds_up(page) -> None:
    caption = page.locator(".film figcaption").nth(1)
    expect(page.locator("select.overlays")).to_have_value("People")
    expect(caption).to_have_text("energy of 1 frame")
    before = page.locator(".film canvas").nth(1).evaluate(INK)
    page.locator(".track").click(position={"x": 400, "y": 40})
    expect(caption).to_have_text(re.compile(r"^energy of \d{2} frames$"))
    assert int(caption.inner_text().split()[2]) > 20
    assert page.locator(".film canvas").nth(1).evaluate(INK) != before
    assert page.locator("canvas.overlay").evaluate(INK) > 0
    page.keyboard.press("Home")
    expect(caption).to_have_text("energy of 1 frame")
    assert page.locator(".film canvas").nth(1).evaluate(INK) == before


def test_enrol_recognise_export_and_delete(page, tmp_path: Path) -> None:
    page.get_by_label("Name for the walker chosen above").fill("Anna")
    page.get_by_label("Name for the walker chosen above").press("Enter")
    page.get_by_role("button", name="Enrol", exact=True).click()
    page.get_by_text("Anna · 1 walk").wait_for()
    with page.expect_download() as event:
        page.get_by_role("button", name="Export gallery").click()
    event.value.save_as(tmp_path / "g.sqlite")
    page.get_by_role("button", name="Delete everything").click()
    page.get_by_role("button", name="Delete 1 walk").click()
    page.get_by_text("Nobody is enrolled yet.").wait_for()
    page.locator("input[type=file]").last.set_input_files(str(tmp_path / "g.sqlite"))
    page.get_by_text("Anna · 1 walk").wait_for()
