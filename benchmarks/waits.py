"""What a person waits for: ``python -m benchmarks.waits``.

Starts a fresh server and a browser: the first text, every sample of every system, pages, models and
a file that was seen before. Then what the server spends on a clip while its page follows the job,
and on another frame in the player, with a collection after every run of a page and without.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.load import make_clips
from benchmarks.processes import server_seconds
from benchmarks.timing import line
from benchmarks.visitor import Visitor
from hybridcore.systems import systems
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.servers import ROOT, streamlit_server
from tests.browser.steps import bring

PATIENCE = 120.0  # s
_CLICKS = 20  # of which the processor's time is the mean
# Lets a page say how often the server began to draw it.
_COUNT_RUNS = """
window.runs = 0;
new MutationObserver(changes => changes.forEach(change => {
    window.runs += change.target.dataset.testScriptState === "running";
})).observe(document, {subtree: true, attributeFilter: ["data-test-script-state"]});
"""
_ANSWERED = """runs => {
    const busy = document.querySelector(
        "[data-testid=stApp][data-test-script-state=running], [data-testid=stProgress]");
    return window.runs > runs && !busy && document.querySelector(
        ".st-key-below-player, [data-testid=stAlert]");
}"""


def report() -> None:
    """Print a line for everything."""
    time_commands()
    with tempfile.TemporaryDirectory() as folder:
        ((clip, *_),) = map(list, make_clips(Path(folder), 1))
        time_pages(Path(folder) / "store", clip)
        for collect in ("true", "false"):
            measure_server(Path(folder) / collect, clip, collect)


def time_commands() -> None:
    """Help and a wrong path: seconds of the processor."""
    for arguments in (["--help"], ["scene", "--help"], ["scene", "missing.mp4"]):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "hybridcore", *arguments], cwd=ROOT, check=False,
                       capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        line(f"{' '.join(arguments)}: processor", f"{seconds:.2f} s", "< 1 s")


def time_pages(store: Path, clip: Path) -> None:
    """What a person sees, from the start of the server on."""
    begin = time.monotonic()
    with streamlit_server(ROOT / "app.py", {"HYBRIDCORE_STORE": str(store)}) as address, \
            sync_playwright() as playwright:
        line("server answers, from its start", f"{time.monotonic() - begin:.2f} s")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(1000 * PATIENCE)
        page.add_init_script(_COUNT_RUNS)
        with timed("Home: first text, from its opening", "< 2 s"):
            page.goto(address)
            page.get_by_role("heading", name="HybridCore").first.wait_for()
        for system in systems().values():
            with timed(f"{system.key}: page, for the first time"), drawn(page):
                page.get_by_role("link", name=system.title).first.click()
            for sample in system.samples[1:]:
                with timed(f"{system.key}: {sample.title}", "< 1 s"), drawn(page):
                    page.get_by_role("button", name=sample.title).first.click()
            models = page.locator(f".st-key-{system.key}-kind button[aria-checked=false]")
            if models.count():
                with timed(f"{system.key}: another model", "< 0.5 s"), drawn(page):
                    models.first.click()
        for system in systems().values():
            with timed(f"{system.key}: page switch", "< 0.5 s"), drawn(page):
                page.get_by_role("link", name=system.title).first.click()
        page.get_by_role("link", name=next(iter(systems().values())).title).first.click()
        for what in ("a new file", "a file seen before"):
            with timed(what, "" if "new" in what else "< 1 s"), drawn(page):
                bring(page, clip)
        browser.close()


def measure_server(store: Path, clip: Path, collect: str) -> None:
    """What the server spends, with or without a collection after every run."""
    name = f"collecting after each run: {collect}"
    settings = {"HYBRIDCORE_STORE": str(store), "STREAMLIT_RUNNER_POST_SCRIPT_GC": collect}
    with streamlit_server(ROOT / "app.py", settings) as address, \
            closing(Visitor(address, PATIENCE)) as visitor:
        for system in systems().values():
            visitor.open(system.key)
            visitor.wait(visitor.answered)
        visitor.open("scene")
        visitor.wait(visitor.answered)
        begin = server_seconds(address)
        found = visitor.find("file_uploader")
        assert found is not None
        visitor.upload(found[0], clip, found[1])
        visitor.wait(visitor.answered)
        line(f"{name}, a clip", f"{server_seconds(address) - begin:.2f} s")
        begin = server_seconds(address)
        times = []
        for click in range(_CLICKS):
            player = visitor.component("player")
            assert player is not None
            position = {"film": json.loads(player[0].json)["film"], "frame": click}
            start = time.monotonic()
            visitor.set(*player, json_value=json.dumps({"position": position}))
            visitor.wait(visitor.answered)
            times.append(time.monotonic() - start)
        line(f"{name}, another frame: processor",
             f"{(server_seconds(address) - begin) / _CLICKS:.3f} s")
        line(f"{name}, another frame: median", f"{np.median(times):.3f} s")


@contextmanager
def timed(what: str, bar: str = "") -> Iterator[None]:
    """Print how long the block takes."""
    begin = time.monotonic()
    yield
    line(what, f"{time.monotonic() - begin:.2f} s", bar)


@contextmanager
def drawn(page: Page) -> Iterator[None]:
    """Wait after the block until the page has drawn another answer, or why there is none."""
    runs = page.evaluate("() => window.runs")
    yield
    page.wait_for_function(_ANSWERED, arg=runs)


if __name__ == "__main__":
    if CHROMIUM is None:
        sys.exit("There is no Chromium on this machine.")
    report()
