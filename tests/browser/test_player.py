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

from tests.browser import player_overlays

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


def said(page: Page) -> tuple[int, str, float]:
    """Frame, label and certainty (%) of the first strip, as they are told to those who listen."""
    text = page.locator(".track").get_attribute("aria-valuetext") or ""
    place, _, label, certain, *_ = text.split(", ")
    return int(place.split()[1]), label, float(certain.removesuffix("%"))


def test_keys_step_to_what_is_called_differently_and_to_what_is_uncertain(page: Page) -> None:
    page.keyboard.press("d")
    expect(page.locator(".track")).not_to_have_attribute("aria-valuenow", "0")
    frame, label, _ = said(page)
    page.keyboard.press("ArrowLeft")
    assert said(page)[0] == frame - 1
    assert said(page)[1] != label
    page.keyboard.press("Shift+D")
    assert said(page)[0] == 0
    page.keyboard.press("u")
    frame, _, least = said(page)
    page.keyboard.press("ArrowLeft")
    assert said(page)[2] >= least
    page.keyboard.press("u")
    assert said(page)[0] == frame
    page.keyboard.press("ArrowRight")
    assert said(page)[2] >= least
    page.keyboard.press("End")
    page.keyboard.press("Shift+U")
    assert frame <= said(page)[0] < COUNT - 1


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
    expect(page.get_by_test_id("stText")).to_have_text(re.compile(rf" part={before['part'] + 1} "))
    after = status(page)
    assert after["frame"] > 20
    expect_shown(page, after["frame"])
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


def choose(page: Page, overlay: str) -> None:
    page.locator("select.overlays").select_option(overlay)
    expect(page.locator("canvas.overlay")).to_be_visible()


def go_to(page: Page, frame: int) -> None:
    field = page.locator("input.frame")
    field.fill(str(frame))
    field.press("Enter")
    expect_shown(page, frame)


def painted(page: Page, x: float, y: float) -> list[int]:
    """Red, green, blue and alpha of the overlay at shares of the picture's sides."""
    return page.locator("canvas.overlay").evaluate(
        """(canvas, [x, y]) => [...canvas.getContext("2d").getImageData(
            Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data]""", [x, y])


def opaque(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)] + [255]


def test_a_field_of_classes_has_their_colours_and_names(page: Page) -> None:
    choose(page, "Scene")
    values = player_overlays.scene(COUNT).values
    for frame in (0, 1, 70):
        go_to(page, frame)
        for row, column in np.ndindex(2, 3):
            found = painted(page, (column + 0.5) / 3, (row + 0.5) / 2)
            code = values[frame, row, column]
            colours = player_overlays.CLASSES.colours
            clear = code == player_overlays.CLEAR
            assert found == ([0, 0, 0, 0] if clear else opaque(colours[code]))
    expect(page.locator("div.legend .chip")).to_have_text(["road", "building", "sky"])
    swatch = page.locator("div.legend .swatch").nth(1)
    expect(swatch).to_have_css("background-color", "rgb(0, 114, 178)")


def test_a_field_of_amounts_has_the_colours_of_its_ramp(page: Page) -> None:
    choose(page, "Rain")
    values = player_overlays.rain(COUNT).values
    levels = np.linspace(0, 255, len(player_overlays.RAIN.colours))
    ends = np.array([opaque(colour) for colour in player_overlays.RAIN.colours])
    for frame in (0, 50, COUNT - 1):
        go_to(page, frame)
        for row, column in [(1, 0), (0, 3), (3, 5)]:
            found = painted(page, (column + 0.5) / 6, (row + 0.5) / 4)
            value = values[frame, row, column]
            expected = [np.interp(value, levels, part) for part in ends.T]
            assert found == pytest.approx(expected, abs=6), (frame, row, column)
        assert painted(page, 0.5 / 6, 0.5 / 4)[3] < 40
        assert painted(page, 0.01, 0.01)[3] == 0
    expect(page.locator("div.legend .ramp-tick")).to_have_text(["0", "4", "64"])
    expect(page.locator("div.legend .ramp-unit")).to_have_text("mm/h")


def test_outlines_are_drawn_where_their_points_are(page: Page) -> None:
    choose(page, "Bodies")
    bodies = player_overlays.bodies(COUNT)
    anna, ben = map(opaque, bodies.colours)
    nothing = [0, 0, 0, 0]
    go_to(page, 0)
    assert painted(page, 0.2, 0.2) == painted(page, 0.2, 0.5) == anna
    assert painted(page, 0.2, 0.35) == anna, "the line between"
    for x, y in [(0.1, 0.9), (0.5, 0.9), (0.9, 0.9), (0.7, 0.8), (0.5, 0.7)]:
        assert painted(page, x, y) == ben
    assert painted(page, 0.3, 0.8) == nothing, "this edge is not there"
    go_to(page, 96)
    assert painted(page, 0.2, 0.35) == nothing
    assert painted(page, 0.6, 0.35) == anna
    assert painted(page, 0.5, 0.9) == ben
    expect(page.locator("div.legend .chip")).to_have_text(["Anna", "Ben"])


def test_the_legend_is_that_of_the_overlay_chosen(page: Page) -> None:
    legend = page.locator("div.legend")
    expect(legend).to_be_hidden()
    choose(page, "Bodies")
    expect(legend).to_have_text("AnnaBen")
    choose(page, "Attention")
    expect(legend).to_be_hidden()
    choose(page, "Rain")
    expect(legend).to_be_visible()
    page.locator("select.overlays").select_option("")
    expect(legend).to_be_hidden()
    expect(page.locator("canvas.overlay")).to_be_hidden()


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
