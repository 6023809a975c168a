"""The scene page in a real browser: upload, label, seek, download."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hybridcore.media import Clip

ROOT = Path(__file__).resolve().parents[2]
JOB_MILLISECONDS = 120_000


@pytest.fixture
def page(browser_page, app_server: Callable[..., str], two_shots: Path):
    """The scene page with the clip of two shots labelled."""
    browser_page.goto(f"{app_server(ROOT / 'app.py')}/scene")
    # The first address that this server hears is a page; it must open through app.py all the same.
    browser_page.get_by_role("link", name="Scene labelling").wait_for()
    browser_page.locator("input[type=file]").first.set_input_files(str(two_shots))
    browser_page.locator(f"video[aria-label='The clip {two_shots.name}']").wait_for(
        timeout=JOB_MILLISECONDS)
    browser_page.wait_for_function(
        "() => document.querySelectorAll('.js-plotly-plot').length >= 2")
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
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    # Below the header, the box of the second row; its cells are drawn on a canvas.
    page.mouse.click(box["x"] + 18, box["y"] + 35 + 35 + 17)
    expect_time(page, 1.2, 1.26)  # the middle of the frame at which the second shot begins


def test_downloads_open(page, tmp_path: Path) -> None:
    def download(label: str) -> bytes:
        with page.expect_download(timeout=JOB_MILLISECONDS) as event:
            page.get_by_role("button", name=label, exact=True).click()
        path = tmp_path / event.value.suggested_filename
        event.value.save_as(path)
        return path.read_bytes()

    assert len(list(csv.DictReader(io.StringIO(download("CSV").decode())))) == 60
    assert len(json.loads(download("JSON"))["frames"]) == 60
    page.get_by_role("button", name="Prepare annotated MP4").click()
    page.get_by_role("button", name="Annotated MP4", exact=True).wait_for(timeout=JOB_MILLISECONDS)
    (tmp_path / "out.mp4").write_bytes(download("Annotated MP4"))
    assert Clip.open(tmp_path / "out.mp4").info.frame_count == 60


def test_home_leads_to_the_page(browser_page, app_server: Callable[..., str]) -> None:
    browser_page.goto(app_server(ROOT / "app.py"))
    browser_page.get_by_text("frames/s").first.wait_for(timeout=60_000)
    browser_page.get_by_role("link", name="Open").first.click()
    browser_page.get_by_text("Your own file").wait_for()
