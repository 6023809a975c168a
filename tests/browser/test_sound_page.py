"""The sound page in a real browser: what it exports plays with sound."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hybridcore.media import Clip, VideoWriter
from hybridcore.sound.rendered import render_clip

ROOT = Path(__file__).resolve().parents[2]
JOB_MILLISECONDS = 120_000


@pytest.fixture
def page(browser_page, app_server: Callable[..., str], tmp_path: Path):
    """The sound page with two silent seconds of a stick watched."""
    with VideoWriter(tmp_path / "stick.mp4", 320, 180, 30) as writer:
        for frame in render_clip(3, "stick", seconds=2, size=(180, 320)).frames:
            writer.write(frame)
    browser_page.goto(f"{app_server(ROOT / 'app.py')}/sound_matching")
    browser_page.locator("input[type=file]").first.set_input_files(str(tmp_path / "stick.mp4"))
    browser_page.get_by_text("Look inside").wait_for(timeout=JOB_MILLISECONDS)
    browser_page.locator("video").first.wait_for()
    return browser_page


def download(page, label: str, tmp_path: Path) -> bytes:
    with page.expect_download(timeout=JOB_MILLISECONDS) as event:
        page.get_by_role("button", name=label, exact=True).click()
    path = tmp_path / event.value.suggested_filename
    event.value.save_as(path)
    return path.read_bytes()


def test_the_export_plays_with_sound(page, tmp_path: Path) -> None:
    assert download(page, "WAV", tmp_path)[:4] == b"RIFF"
    page.get_by_role("button", name="Prepare MP4 with sound").click()
    page.get_by_role("button", name="MP4 with sound", exact=True).wait_for(
        timeout=JOB_MILLISECONDS)
    path = tmp_path / "out.mp4"
    path.write_bytes(download(page, "MP4 with sound", tmp_path))
    assert Clip.open(path).info.has_sound
    assert decoded_sound(page, path) > 0.01


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
