"""The caption page in a real browser: the map follows the word, the sentence goes on, subtitles."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from skimage import data

from tests.browser.steps import bring

ROOT = Path(__file__).resolve().parents[2]
JOB_MILLISECONDS = 120_000
PIXELS = "canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, " \
         "canvas.height).data)"
CUES = """video => new Promise(go => {
    const track = video.textTracks[0];
    const look = () => track.cues?.length
        ? go([track.mode, ...[...track.cues].map(c => [c.startTime, c.endTime, c.text])])
        : setTimeout(look, 100);
    look();
})"""


@pytest.fixture
def page(browser_page, app_server: Callable[..., str]):
    browser_page.emulate_media(reduced_motion="reduce")  # the whole sentence appears at once
    browser_page.goto(f"{app_server(ROOT / 'app.py')}/caption")
    browser_page.locator(".word").first.wait_for(timeout=JOB_MILLISECONDS)
    return browser_page


def words(page) -> list[str]:
    return page.locator(".word").all_inner_texts()


@pytest.fixture
def photo(page, tmp_path: Path):
    """The page with a photograph of ours."""
    path = tmp_path / "mine.jpg"
    Image.fromarray(data.astronaut()[:, ::-1]).save(path)
    bring(page, path)
    page.get_by_alt_text("The picture mine.jpg").wait_for(timeout=JOB_MILLISECONDS)
    return page


def test_a_word_that_is_ticked_off_leaves_the_sentence_at_once(photo) -> None:
    page = photo
    assert "person" in words(page)
    page.get_by_role("button", name="✓ person").click()
    page.wait_for_url("**without=person*")
    page.get_by_role("button", name="+ person").wait_for()
    assert "person" not in words(page)


def test_the_map_follows_the_word_and_the_sentence_goes_on(photo) -> None:
    page = photo
    page.get_by_role("radio", name="Show, Attend and Tell").click()
    page.wait_for_url("**model=attend*")
    page.get_by_text("gate β").wait_for()
    canvas = page.locator("canvas.overlay")
    page.locator(".word").nth(1).hover()
    first = canvas.evaluate(PIXELS)
    said = page.locator(".line-value").first.inner_text()
    page.locator(".word").nth(4).hover()
    second = canvas.evaluate(PIXELS)
    assert first != second
    assert page.locator(".line-value").first.inner_text() != said
    page.locator(".word").nth(4).focus()
    page.keyboard.press("ArrowLeft")
    assert canvas.evaluate(PIXELS) not in (first, second)

    page.locator(".word").nth(1).click()
    row = page.locator("button.bar-row").nth(2)
    other = row.locator(".bar-label").inner_text()
    row.click()
    page.wait_for_url(f"**prefix=*{other}*")
    page.locator(".word.given").nth(1).wait_for()
    assert words(page)[1] == other
    assert page.locator(".word.given").count() == 2


def test_a_video_plays_with_its_subtitles(page, two_shots: Path) -> None:
    bring(page, two_shots)
    page.locator("video").wait_for(timeout=JOB_MILLISECONDS)
    mode, *found = page.locator("video").evaluate(CUES)
    assert mode == "showing"
    assert len(found) >= 2
    assert found[0][0] == 0
    assert any(abs(start - 1.2) < 0.05 for start, _, _ in found)
    assert all(text for _, _, text in found)
    page.keyboard.press("c")
    assert page.locator("video").evaluate("video => video.textTracks[0].mode") == "hidden"
