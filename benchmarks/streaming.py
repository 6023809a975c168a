"""How soon an upload shows something: ``python -m benchmarks.streaming``.

Uploads a 720p clip, and one that browsers cannot play as it is, in a real browser to a real server,
with partial results and without them. Printed are the times from the end of the upload, how often
the labels grow, and what all of it costs the server.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.processes import server_seconds
from benchmarks.scene import HEIGHT, RATE, WIDTH, make_clip
from benchmarks.timing import line
from hybridcore.media import Clip
from hybridcore.systems import systems
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.servers import ROOT, streamlit_server
from tests.browser.steps import bring, open_system

PATIENCE = 600.0  # s
# Notes, at every picture of the page, what is there; times are ms of the page's clock.
_WATCH = """
window.seen = {known: []};
const watch = before => requestAnimationFrame(now => {
    const {seen} = window;
    const works = document.querySelector("[data-testid=stProgress]");
    if (works) seen.works = true;
    const note = name => (seen[name] ??= now);
    for (const host of document.querySelectorAll("[data-testid=stBidiComponentIsolated]")) {
        const player = host.shadowRoot?.querySelector(".player");
        if (!player?.getAttribute("aria-label")?.includes(window.clipName)) continue;
        const video = player.querySelector("video");
        if (video.poster || video.readyState >= 2) note("picture");
        if (video.readyState >= 2) note("video");
        const known = Number(player.dataset.known ?? 0);
        if (known > 1 && known !== seen.known.at(-1)?.[1]) seen.known.push([now, known]);
    }
    if ((seen.works || seen.known.length) && !works && seen.video
        && document.querySelector(".st-key-below-player")) note("whole");
    watch(now);
});
watch();
"""
_START = """name => {
    window.clipName = name;
    window.seen = {known: []};
    performance.clearResourceTimings();
}"""
_SEEN = """() => ({...window.seen, uploaded: performance.getEntriesByType("resource")
    .filter(entry => entry.name.includes("upload_file")).at(-1).responseEnd})"""


@dataclass(frozen=True)
class Seen:
    """What a browser saw of one upload; s since its end, NaN where it never was.

    picture: the first frame, be it a still. video: it can be played. label: the first frames have
    theirs. whole: the finished page. updates: a second, between the first label and the last.
    pause: the longest between two updates. cpu: s of the server.
    """

    picture: float
    video: float
    label: float
    whole: float
    updates: float
    pause: float
    cpu: float


def make_phone_clip(path: Path, source: Path, frames: int) -> Path:
    """The same pictures in H.265, which many browsers do not play."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx265", rate=RATE, options={
            "preset": "ultrafast", "x265-params": "log-level=error"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for chunk in Clip.open(source).chunks():
            for frame in chunk.frames[: max(0, frames - chunk.start)]:
                out.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        out.mux(stream.encode())
    return path


def upload(page: Page, address: str, clip: Path) -> Seen:
    """Upload a clip to the page that is open, and watch until its answer is whole."""
    page.evaluate(_START, clip.name)
    before = server_seconds(address)
    bring(page, clip)
    page.wait_for_function("() => window.seen.whole", timeout=1000 * PATIENCE)
    cpu = server_seconds(address) - before
    seen: dict[str, Any] = page.evaluate(_SEEN)
    moments = np.array([seen[name] for name in ("picture", "video", "whole")])
    known = np.array([moment for moment, _ in seen["known"]] or [np.nan])
    picture, video, whole = (moments - seen["uploaded"]) / 1000
    between = np.diff(known) / 1000
    return Seen(
        picture=picture, video=video, label=(known[0] - seen["uploaded"]) / 1000, whole=whole,
        updates=1 / between.mean() if len(between) else np.nan,
        pause=between.max(initial=0.0), cpu=cpu)


def measure(script: Path, key: str, clips: list[Path], warm: Path) -> list[Seen]:
    """Upload clips one after the other to a server of their own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        streamlit_server(script, {"HYBRIDCORE_STORE": folder}) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.add_init_script(_WATCH)
        open_system(page, address, key)
        upload(page, address, warm)  # so that the networks are loaded
        seen = [upload(page, address, clip) for clip in clips]
        browser.close()
    return seen


def report(key: str, seconds: int, film: Path | None) -> None:
    """Print everything, of a film or of a clip that is made."""
    frames = seconds * RATE
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warm = make_clip(folder / "warm.mp4", RATE)
        plays = folder / f"plays{film.suffix if film else '.mp4'}"
        if film:
            shutil.copy(film, plays)
        else:
            make_clip(plays, frames)
        clips = [plays, make_phone_clip(folder / "phone.mp4", plays, frames)]
        streaming = measure(ROOT / "app.py", key, clips, warm)
        waiting = measure(Path(__file__).with_name("waiting_app.py"), key, clips, warm)
    for clip, now, then in zip(clips, streaming, waiting, strict=True):
        print(f"\n{key}: {film or f'720p, {seconds} s'}, {clip.stem}; from the end of the upload")
        line("  first picture on the page", f"{now.picture:.2f} s", "bar 1 s")
        line("  it can be played", f"{now.video:.2f} s", f"without: {then.video:.2f} s")
        line("  first labels", f"{now.label:.2f} s", f"without: {then.label:.2f} s")
        line("  updates a second", f"{now.updates:.1f}", "bar 5")
        line("  longest pause between updates", f"{now.pause:.2f} s")
        line("  whole answer", f"{now.whole:.1f} s", f"without: {then.whole:.1f} s")
        line("  CPU of the server", f"{now.cpu:.1f} s", f"without: {then.cpu:.1f} s")
        line("  CPU for streaming, of a core", f"{(now.cpu - then.cpu) / now.whole:.0%}",
             "bar 20 %")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--system", default="scene", choices=list(systems()))
    parser.add_argument("--seconds", type=int, default=60, help="of the clips")
    parser.add_argument("--film", type=Path, help="720p; in place of a clip that is made")
    args = parser.parse_args()
    if CHROMIUM is None:
        sys.exit("There is no Chromium on this machine.")
    report(args.system, args.seconds, args.film)


if __name__ == "__main__":
    main()
