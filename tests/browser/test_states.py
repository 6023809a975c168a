"""An LSTM from inside in a real browser: rows, spans, sums, loops and events."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect
from torch import nn

from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from tests.browser.test_player import COUNT, variable_times, write_numbered

APP = Path(__file__).with_name("states_app.py")
UNITS = 8


@pytest.fixture(scope="module")
def address(app_server: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("states")
    write_numbered(folder / "clip.mp4", variable_times())
    np.save(folder / "times.npy", variable_times())
    return app_server(APP, HYBRIDCORE_TEST_CLIP=str(folder / "clip.mp4"),
                      HYBRIDCORE_TEST_TIMES=str(folder / "times.npy"))


@pytest.fixture
def page(browser_page: Page, address: str) -> Page:
    browser_page.goto(address)
    expect(browser_page.locator(".sums tbody tr")).to_have_count(6)
    expect(browser_page.locator(".event")).to_be_attached()
    browser_page.locator("video").evaluate(
        "video => video.readyState >= 2 || new Promise(go => video.oncanplay = go)")
    return browser_page


@pytest.fixture(scope="module")
def trace() -> LSTMTrace:
    """That of the app."""
    torch.manual_seed(0)
    lstm = nn.LSTM(3, UNITS, batch_first=True)
    inputs = torch.randn(COUNT, 3)
    return lstm_trace(lstm, inputs, lstm(inputs[None])[0][0])


def middle_of_step(area: Locator, step: int) -> float:
    """Where a step is drawn, px from the left of a map."""
    times, box = variable_times(), area.bounding_box()
    assert box is not None
    ends = np.append(times[1:], 2 * times[-1] - times[-2])
    return float(box["width"] * (times[step] + ends[step]) / 2 / ends[-1])


def test_a_row_chooses_its_unit_and_its_sums_are_those_of_the_frame(
    page: Page, trace: LSTMTrace
) -> None:
    area = page.locator(".map").nth(2)
    box = area.bounding_box()
    assert box is not None
    row, step = 5, 90
    area.click(position={"x": middle_of_step(area, step), "y": box["height"] * (row + 0.5) / UNITS})
    unit = UNITS - 1 - row
    expect(page.locator(".sums h3")).to_have_text(re.compile(f"^unit {unit} at "))
    expect(page.locator("input.frame")).to_have_value(str(step))
    results = page.locator(".sums td:last-child").all_inner_texts()
    expected = [getattr(trace, letter)[step, unit] for letter in "ifogch"]
    shown = [float(text.strip("= ")) for text in results]
    assert shown == pytest.approx(expected, abs=0.0006)
    page.locator(".player").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".sums td:last-child").last).to_have_text(
        f"= {trace.h[step + 1, unit]:.3f}")


def test_a_brushed_span_is_looked_up_and_looped(page: Page) -> None:
    area = page.locator(".map").first
    first, last = 62, 65  # the second half of the clip is slow: 0.1 s a frame
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + middle_of_step(area, first), box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + middle_of_step(area, last), box["y"] + 60, steps=4)
    page.mouse.up()
    times = variable_times()
    expect(page.get_by_text(f"From {times[first]:.2f} to {times[last]:.2f} s")).to_be_visible()
    expect(page.get_by_text("2 units stay on: unit 0; unit 1")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()  # the other place
    page.get_by_role("button", name="Loop this span").click()
    expect(page.locator(".loop")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("input.frame")).to_have_value(str(first))
    frames = page.locator("video").evaluate(
        """async video => {
            const field = video.getRootNode().querySelector("input.frame");
            const seen = [];
            await video.play();
            let rounds = 0;
            while (rounds < 2) {
                await new Promise(requestAnimationFrame);
                const frame = Number(field.value);
                if (seen.length && frame < seen.at(-1)) rounds++;
                seen.push(frame);
            }
            video.pause();
            return seen;
        }""")
    assert min(frames) == first
    assert last <= max(frames) <= last + 1  # the frame after the span is seen for a moment


def test_keys_step_from_event_to_event(page: Page) -> None:
    page.locator(".player").focus()
    field, line = page.locator("input.frame"), page.locator(".event")
    for key, frame, title in (("e", 20, "event at 20"), ("e", 40, "event at 40"),
                              ("e", COUNT - 1, ""), ("Shift+E", 40, "event at 40"),
                              ("Shift+E", 20, "event at 20"), ("Shift+E", 0, "")):
        page.keyboard.press(key)
        expect(field).to_have_value(str(frame))
        expect(line).to_have_text(title)
    page.keyboard.press("a")  # loops the stretch of the first label
    span = page.locator(".track .span")
    width = span.evaluate("span => span.offsetWidth / span.offsetParent.offsetWidth")
    times = variable_times()
    whole = 2 * times[-1] - times[-2]
    assert width == pytest.approx(times[COUNT // 2] / whole, abs=0.02)
    page.keyboard.press("a")
    expect(span).to_be_hidden()
