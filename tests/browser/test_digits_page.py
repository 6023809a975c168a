"""Spoken digits in a real browser: a sound of one's own plays as a film, with what is heard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect

from hybridcore.digits.learn.voice import RATE, Voice, say
from hybridcore.media import write_sound
from tests.browser.steps import bring, open_system, wait_for_answer

ROOT = Path(__file__).resolve().parents[2]


def test_a_sound_of_ones_own_is_written_down_and_the_microphone_waits(
    browser_page: Page, app_server: Callable[..., str], tmp_path: Path
) -> None:
    open_system(browser_page, app_server(ROOT / "app.py"), "digits", "sample=number")
    wait_for_answer(browser_page)
    rng = np.random.default_rng(4)
    pause = np.zeros(RATE // 3, np.float32)
    said = [pause, say(9, Voice(), rng), pause, say(0, Voice(), rng), pause]
    write_sound(tmp_path / "mine.wav", np.concatenate(said), RATE)
    bring(browser_page, tmp_path / "mine.wav")
    expect(browser_page.locator(".slim .thumb[aria-pressed=true]")).to_contain_text("mine.wav")
    wait_for_answer(browser_page)
    for word in ("nine", "zero"):
        expect(browser_page.get_by_test_id("stMain")).to_contain_text(f"· {word}")
    expect(browser_page.locator("video")).to_have_js_property("muted", False)
    # The browser asks for the microphone only when that is opened.
    browser_page.get_by_role("button", name="Change", exact=True).click()
    expect(browser_page.get_by_test_id("stPopoverBody")).to_be_visible()
    microphone = browser_page.get_by_test_id("stAudioInput")
    expect(microphone).to_have_count(0)
    browser_page.get_by_text("Record", exact=True).click()
    expect(microphone).to_be_visible()
