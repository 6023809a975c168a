"""The synced player in a real browser: what it shows is the frame it says, and playing is free."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

APP = Path(__file__).with_name("player_app.py")
BITS = 8
WIDTH, HEIGHT = 320, 180
COUNT = 120


def variable_times() -> np.ndarray:
    """[120] seconds; the second half is three times slower than the first."""
    steps = np.where(np.arange(COUNT) < COUNT // 2, 0.033, 0.1)
    return np.concatenate([[0.0], np.cumsum(steps)[:-1]])


def write_numbered(path: Path, times: np.ndarray) -> None:
    """An H.264 clip whose frame i shows the bits of i as eight black or white columns."""
    base = Fraction(1, 1000)
    with av.open(path, "w", options={"movflags": "+faststart"}) as out:
        stream = out.add_stream("libx264", rate=30, options={"g": "12", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = stream.codec_context.time_base = base
        for number, time in enumerate(times):
            bits = [255 * (number >> bit & 1) for bit in range(BITS)]
            row = np.repeat(np.array(bits, np.uint8), WIDTH // BITS)
            picture = np.broadcast_to(row[None, :, None], (HEIGHT, WIDTH, 3))
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = round(float(time) * 1000), base
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


@pytest.fixture(scope="session")
def address(app_server: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("player")
    times = variable_times()
    write_numbered(folder / "clip.mp4", times)
    np.save(folder / "times.npy", times)
    return app_server(
        APP,
        HYBRIDCORE_TEST_CLIP=str(folder / "clip.mp4"),
        HYBRIDCORE_TEST_TIMES=str(folder / "times.npy"),
    )


@pytest.fixture
def page(browser_page: Page, address: str) -> Page:
    browser_page.goto(address)
    expect(browser_page.locator(".bar-row").first).to_be_visible()
    expect(browser_page.locator(".js-plotly-plot .hybridcore-playhead")).to_have_count(3)
    browser_page.wait_for_function(VIDEO + ".readyState >= 2")
    return browser_page


# The component lives in a shadow root, which the locators pierce and scripts must enter.
ROOT = "document.querySelector('[data-testid=stBidiComponentIsolated]').shadowRoot"
VIDEO = f"{ROOT}.querySelector('video')"


def shown_frame(page: Page) -> int:
    """The number that the pixels of the video show."""
    values = page.evaluate(
        f"""() => {{
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [{WIDTH}, {HEIGHT}];
            const context = canvas.getContext("2d");
            context.drawImage({VIDEO}, 0, 0, {WIDTH}, {HEIGHT});
            return Array.from({{length: {BITS}}}, (_, bit) =>
                context.getImageData((bit + 0.5) * {WIDTH // BITS}, {HEIGHT // 2}, 1, 1).data[0]);
        }}"""
    )
    return sum(1 << bit for bit, value in enumerate(values) if value > 127)


def status(page: Page) -> dict[str, int]:
    """What Python last wrote: the frame it heard of and how often it ran."""
    text = page.get_by_test_id("stText").inner_text()
    return {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", text)}


def expect_python_frame(page: Page, frame: int) -> None:
    expect(page.get_by_test_id("stText")).to_have_text(re.compile(rf"^frame={frame} "))


def expect_shown(page: Page, frame: int) -> None:
    page.wait_for_function(f"!{VIDEO}.seeking")
    assert shown_frame(page) == frame
    assert page.locator("input.frame").input_value() == str(frame)


def click_at(target: Locator, part: float) -> None:
    box = target.bounding_box()
    assert box is not None
    target.click(position={"x": part * box["width"], "y": box["height"] - 12})


def playheads(page: Page) -> list[float]:
    return page.locator(".hybridcore-playhead").evaluate_all(
        "lines => lines.map(line => line.getBoundingClientRect().x)"
    )


def test_click_on_strip_seeks_and_python_hears(page: Page) -> None:
    times = variable_times()
    end = times[-1] + 0.1
    expected = int(np.searchsorted(times, 0.25 * end, side="right")) - 1
    click_at(page.locator(".track"), 0.25)
    expect_python_frame(page, expected)
    expect_shown(page, expected)
    assert times[expected] <= page.evaluate(f"{VIDEO}.currentTime") < times[expected + 1]


def test_keys_step_exactly_one_frame_where_the_rate_changes(page: Page) -> None:
    field = page.locator("input.frame")
    field.fill("57")
    field.press("Enter")
    expect_shown(page, 57)
    for frame in range(58, 64):
        page.keyboard.press("ArrowRight")
        expect_shown(page, frame)
    page.keyboard.press("ArrowLeft")
    expect_shown(page, 62)
    page.keyboard.press("Shift+ArrowLeft")
    expect_shown(page, 52)
    page.keyboard.press(".")
    expect_shown(page, 80)
    page.keyboard.press("5")
    expect_shown(page, 60)
    page.keyboard.press("End")
    expect_shown(page, COUNT - 1)
    expect_python_frame(page, COUNT - 1)
    page.keyboard.press("Home")
    expect_shown(page, 0)


def test_playing_moves_everything_without_python(page: Page) -> None:
    before = status(page)
    page.evaluate(f"{VIDEO}.kept = true")
    page.evaluate(
        f"""() => {{
            window.bars = new Set();
            new MutationObserver(() => window.bars.add(
                {ROOT}.querySelector(".bar").style.width
            )).observe({ROOT}.querySelector(".panels"), {{subtree: true, attributes: true}});
        }}"""
    )
    start = playheads(page)
    page.keyboard.press("Space")
    page.wait_for_function(f"{VIDEO}.currentTime > 1")
    moved = playheads(page)
    assert all(later > earlier + 5 for earlier, later in zip(start, moved, strict=True))
    assert page.evaluate("window.bars.size") > 5
    assert status(page) == before

    page.keyboard.press("Space")
    page.wait_for_function(f"{VIDEO}.paused")
    page.wait_for_timeout(400)
    frame = shown_frame(page)
    assert frame > 20
    expect_python_frame(page, frame)
    after = status(page)
    assert after["part"] == before["part"] + 1
    assert after["full"] == before["full"]
    assert page.evaluate(f"{VIDEO}.kept") is True


def plot_point(page: Page, key: str, frame_or_time: float) -> tuple[float, float]:
    """Where on the page an x value of a chart's first subplot is, a third up from its bottom."""
    chart = page.locator(f".st-key-{key} .js-plotly-plot")
    chart.scroll_into_view_if_needed()
    x, y = chart.evaluate(
        """(chart, value) => {
            const { xaxis, yaxis } = Object.values(chart._fullLayout._plots)[0];
            const box = chart.getBoundingClientRect();
            return [box.x + xaxis._offset + xaxis.d2p(value),
                    box.y + yaxis._offset + 0.65 * yaxis._length];
        }""",
        frame_or_time,
    )
    return x, y


def test_clicking_a_heat_map_seeks(page: Page) -> None:
    page.mouse.click(*plot_point(page, "heat", 90))
    expect_shown(page, 90)
    expect_python_frame(page, 90)


def test_clicking_between_the_lines_of_a_figure_seeks(page: Page) -> None:
    time = float(variable_times()[30]) + 0.015
    page.mouse.click(*plot_point(page, "lines", time))
    expect_shown(page, 30)
    line = page.locator(".st-key-lines .hybridcore-playhead").bounding_box()
    assert line is not None
    assert line["x"] + 1 == pytest.approx(plot_point(page, "lines", time - 0.015)[0], abs=1.5)


def test_python_moves_the_video_once_a_wish(page: Page) -> None:
    button = page.get_by_role("button", name="Jump to the middle")
    button.click()
    expect_shown_soon(page, 60)
    page.locator(".player").press("ArrowRight")
    expect_python_frame(page, 61)
    page.get_by_role("button", name="Rerun this part").click()
    expect_python_frame(page, 61)
    expect_shown(page, 61)
    button.click()
    expect_shown_soon(page, 60)


def expect_shown_soon(page: Page, frame: int) -> None:
    expect(page.locator("input.frame")).to_have_value(str(frame))
    expect_python_frame(page, frame)
    expect_shown(page, frame)


def test_reruns_keep_the_video_and_resend_nothing(page: Page) -> None:
    requests: list[str] = []
    page.evaluate(f"{VIDEO}.kept = true")
    page.keyboard.press("5")
    expect_python_frame(page, 60)
    before = status(page)
    page.on("request", lambda request: requests.append(request.url))
    page.get_by_role("button", name="Rerun the page").click()
    expect(page.get_by_test_id("stText")).to_have_text(re.compile(f"full={before['full'] + 1}$"))
    assert page.evaluate(f"{VIDEO}.kept") is True
    assert status(page)["frame"] == before["frame"]
    assert not [url for url in requests if "/media/" in url]
    expect(page.locator(".hybridcore-playhead")).to_have_count(3)


def test_byte_ranges_are_answered(page: Page) -> None:
    source = page.evaluate(f"{VIDEO}.currentSrc")
    answer = page.request.get(source, headers={"Range": "bytes=100-199"})
    assert answer.status == 206
    assert len(answer.body()) == 100


def test_overlay_follows_the_frame(page: Page) -> None:
    expect(page.locator("canvas.overlay")).to_be_hidden()
    page.locator("select.overlays").select_option("Attention")
    expect(page.locator("canvas.overlay")).to_be_visible()
    drawn = f"{ROOT}.querySelector('canvas.overlay').toDataURL()"
    first = page.evaluate(drawn)
    click_at(page.locator(".track"), 0.6)
    assert page.evaluate(drawn) != first
    video, overlay = (page.locator(name).bounding_box() for name in ("video", "canvas.overlay"))
    assert video == overlay


def test_shortcuts_are_listed_and_fields_keep_their_keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator("select.speed").focus()
    page.keyboard.press("End")
    assert page.locator("input.frame").input_value() == "0"
    for button in page.locator(".controls button").all():
        assert button.get_attribute("aria-label")
