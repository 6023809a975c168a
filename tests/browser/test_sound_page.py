"""The sound page in a real browser: an edited onset is heard, and what is exported plays."""

import csv
import io
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.sync_api import expect

from hybridcore.media import Clip, VideoWriter
from hybridcore.sound.learn.rendered import render_clip
from tests.browser.steps import bring, download, open_system, select, wait_for_answer

ROOT = Path(__file__).resolve().parents[2]
JOB_MILLISECONDS = 300_000
EDIT_MILLISECONDS = 30_000
SPAN = """plot => { const handle = plot.querySelector(".handle");
    return ["aria-valuemin", "aria-valuemax"].map(name => Number(handle.getAttribute(name))); }"""
MARKER, TIME = 16, 80  # pixels, across: what selects a row, and the column of the times


@pytest.fixture
def page(browser_page, app_server: Callable[..., str], tmp_path: Path):
    """The sound page with two silent seconds of a stick, answered."""
    with VideoWriter(tmp_path / "stick.mp4", 320, 180, 30) as writer:
        for frame in render_clip(3, "stick", seconds=2, size=(180, 320)).frames:
            writer.write(frame)
    browser_page.goto(f"{app_server(ROOT / 'app.py')}/sound")
    bring(browser_page, tmp_path / "stick.mp4")
    browser_page.locator("video[aria-label^='The clip stick.mp4']").wait_for(
        timeout=JOB_MILLISECONDS)
    wait_for_answer(browser_page)
    return browser_page


def onsets(page, tmp_path: Path) -> list[str]:
    """The times of all onsets, as exported."""
    with download(page, "CSV", tmp_path).open() as file:
        return [row["time"] for row in csv.DictReader(file)]


def type_time(page, row: int, time: str) -> None:
    select(page, row, TIME, f"#glide-cell-1-{row}")
    page.keyboard.press("Enter")
    field = page.locator("input.gdg-input")
    field.wait_for()
    page.keyboard.press("Control+A")
    page.keyboard.type(time)
    expect(field).to_have_value(time)
    page.keyboard.press("Enter")


def heard(page) -> str:
    """Names the file that plays, and so its sound."""
    return page.locator("video").first.get_attribute("src")


def hear_another(page, edit: Callable[[], None]) -> None:
    """Edit until another file plays; a grid of a busy browser may lose a key."""
    video, before = page.locator("video").first, heard(page)
    for attempt in range(4):
        edit()
        try:
            expect(video).not_to_have_attribute("src", before, timeout=EDIT_MILLISECONDS)
            wait_for_answer(page)  # the files to download come after the player
            return
        except AssertionError:
            if attempt == 3:
                raise


def loudness(wav: bytes, time: float) -> float:
    """Of the 50 ms that follow a time."""
    sound, rate = soundfile.read(io.BytesIO(wav))
    first = round(time * rate)
    return float(np.square(sound[first : first + rate // 20]).mean())


def test_an_added_onset_is_heard_and_the_export_plays(page, tmp_path: Path) -> None:
    silent, times = download(page, "WAV", tmp_path).read_bytes(), onsets(page, tmp_path)
    page.get_by_label("Add row").press("Enter")
    hear_another(page, lambda: type_time(page, len(times), "1.234"))
    assert sorted(onsets(page, tmp_path)) == sorted([*times, "1.234"])
    struck = download(page, "WAV", tmp_path).read_bytes()
    assert len(struck) == len(silent)
    assert loudness(struck, 1.234) > 2 * loudness(silent, 1.234)

    path = download(page, "MP4 with sound", tmp_path)
    assert Clip.open(path).info.has_sound
    assert decoded_sound(page, path) > 0.01


def test_a_changed_time_and_a_deleted_onset_are_heard(page, tmp_path: Path) -> None:
    def delete() -> None:
        select(page, 0, MARKER, "tr[aria-rowindex='2']")
        page.keyboard.press("Delete")

    _, *others = onsets(page, tmp_path)
    frame = page.locator("input.frame")
    frame.fill("31")
    frame.press("Enter")
    hear_another(page, lambda: type_time(page, 0, "0.3"))
    expect(frame).to_have_value("31")  # the playhead stays through an edit
    page.wait_for_function("""() => {
        const roots = [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")];
        const video = roots.map(root => root.shadowRoot.querySelector("video")).find(Boolean);
        return Math.abs(video.currentTime - 31.5 / 30) < 0.02;
    }""")
    assert onsets(page, tmp_path) == ["0.3", *others]
    hear_another(page, delete)
    assert onsets(page, tmp_path) == others


def test_onsets_are_added_moved_and_deleted_in_the_chart(
    browser_page, app_server: Callable[..., str], tmp_path: Path
) -> None:
    page = browser_page
    open_system(page, app_server(ROOT / "app.py"), "sound")
    plot = page.locator(".onset-editor .plot")
    chosen = plot.locator(".handle.chosen")
    _, duration = plot.evaluate(SPAN)
    before = plot.locator(".handle").evaluate_all("all => all.map(h => Number(h.dataset.time))")
    gap, free = max((b - a, (a + b) / 2) for a, b in pairwise([0, *before, duration]))
    untouched = download(page, "WAV", tmp_path).read_bytes()
    frame = page.locator("input.frame")
    frame.fill("31")
    frame.press("Enter")

    def at(time: float) -> tuple[float, float]:
        plot.scroll_into_view_if_needed()
        box = plot.bounding_box()
        return box["x"] + box["width"] * time / duration, box["y"] + box["height"] / 2

    def edited(edit: Callable[[], None], expected: float) -> tuple[float, bytes]:
        """The time of the onset that is chosen after an edit, and all that is heard then."""
        hear_another(page, edit)
        expect(frame).to_have_value("31")  # the playhead stays
        time = float(chosen.get_attribute("data-time"))
        assert time == pytest.approx(expected, abs=0.02)
        return time, download(page, "WAV", tmp_path).read_bytes()

    added, struck = edited(lambda: page.mouse.click(*at(free)), free)
    assert loudness(struck, added) > 2 * loudness(untouched, added)

    page.mouse.move(*at(added))
    page.mouse.down()
    page.mouse.move(*at(added + gap / 4), steps=3)
    moved, there = edited(page.mouse.up, added + gap / 4)
    assert loudness(there, moved) > 2 * loudness(untouched, moved)
    assert loudness(there, added) < loudness(struck, added)
    assert [float(time) for time in onsets(page, tmp_path)] == pytest.approx(
        sorted([*before, moved]), abs=1e-4)

    chosen.focus()
    hear_another(page, lambda: page.keyboard.press("Delete"))
    assert download(page, "WAV", tmp_path).read_bytes() == untouched
    page.get_by_role("button", name="Undo").focus()
    assert edited(lambda: page.keyboard.press("Enter"), moved) == (moved, there)


def decoded_sound(page, path: Path) -> float:
    """The loudest sample that Chromium decodes from a file, after it has played its pictures."""
    page.set_content("<input type=file><video></video>")
    page.locator("input").set_input_files(str(path))
    return page.evaluate("""async () => {
        const file = document.querySelector("input").files[0];
        const video = document.querySelector("video");
        video.muted = true;
        video.src = URL.createObjectURL(file);
        await video.play();
        await new Promise(go => video.onended = go);
        const context = new OfflineAudioContext(1, 44100, 44100);
        const sound = await context.decodeAudioData(await file.arrayBuffer());
        return sound.getChannelData(0).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    }""")
