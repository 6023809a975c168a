"""Many people at once: ``python -m benchmarks.load --people 8 --minutes 3``.

Starts the server and as many browser sessions. Each person does by turns what people do: goes to
another page, looks at a sample, uploads a small clip of their own, switches the model, has a film
written. Printed are what went wrong, whether anybody saw what is another's, how long it took, and
how much memory the server held. Exits with 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Error, Page, sync_playwright

from benchmarks.timing import line
from hybridcore.media import VideoWriter
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.learn.rendered import render_clip
from hybridcore.systems import systems
from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.servers import ROOT, streamlit_server

PATIENCE = 60.0  # s, the longest that anybody waits for one thing
# Lets a page say how often the server began to draw it.
_COUNT_RUNS = """
window.runs = 0;
new MutationObserver(changes => changes.forEach(change => {
    window.runs += change.target.dataset.testScriptState === "running";
})).observe(document, {subtree: true, attributeFilter: ["data-test-script-state"]});
"""
_COLD = "page of a server that has just started"
_CLIPS = 3  # of every person
_SHORTEST, _FRAME_RATE = 40, 30  # frames of the shortest, and a second
WARMING = 15.0  # s after which memory is compared with that at the end


class Log:
    """What all persons saw and how long it took them; written by their threads.

    seconds: of every kind of action. wrong: a line for everything that was.
    """

    def __init__(self) -> None:
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)
        self.wrong: list[str] = []
        self._lock = threading.Lock()

    @contextmanager
    def timed(self, action: str) -> Iterator[None]:
        """Measure the block as one action."""
        start = time.monotonic()
        yield
        with self._lock:
            self.seconds[action].append(time.monotonic() - start)

    def say(self, what: str) -> None:
        """Something was wrong."""
        with self._lock:
            self.wrong.append(what)


class Person:
    """One visitor with a browser context of their own, and clips that nobody else has."""

    def __init__(
        self, number: int, page: Page, address: str, files: dict[Path, int], log: Log
    ) -> None:
        self.name = f"person-{number}"
        self._page, self._address, self._log = page, address, log
        self._random = random.Random(number)
        self._systems = list(systems().values())
        self._system = self._systems[number % len(self._systems)]
        self._files = files
        self._shown: Path | None = None  # the own file that is looked at

    def begin(self) -> None:
        """Open the first page."""
        with self._log.timed("first page"):
            self._page.goto(f"{self._address}/{self._system.key}")
            answered(self._page)

    def act(self) -> None:
        """Do one of the things that people do."""
        action = self._random.choice(
            [self._turn_page, self._turn_page, self._upload, self._switch, self._switch,
             self._export])
        action()
        self._check()

    def _turn_page(self) -> None:
        self._system = self._random.choice([s for s in self._systems if s is not self._system])
        self._shown = None
        with self._log.timed("page switch"):
            self._page.get_by_role("link", name=self._system.title).first.click()
            self._page.get_by_role("heading", name=self._system.title).first.wait_for()
            answered(self._page)

    def _upload(self) -> None:
        file = self._random.choice(list(self._files))
        with self._log.timed("upload to answer"):
            self._page.locator("input[type=file]").first.set_input_files(str(file))
            self._page.get_by_text(file.name).first.wait_for()
            answered(self._page)
        self._shown = file

    def _switch(self) -> None:
        kinds = self._page.locator(f".st-key-{self._system.key}-kind button")
        if (count := kinds.count()) < 2:
            return
        others = [k for k in range(count)
                  if kinds.nth(k).get_attribute("aria-checked") != "true"]
        wanted = kinds.nth(self._random.choice(others))
        with self._log.timed("model switch"):
            runs = self._page.evaluate("() => window.runs")
            wanted.click()
            self._page.wait_for_function("runs => window.runs > runs", arg=runs)
            answered(self._page)

    def _export(self) -> None:
        button = self._page.get_by_role("button", name="Prepare annotated MP4")
        if button.count() == 0:
            return
        with self._log.timed("film written"):
            button.first.click()
            self._page.get_by_role("button", name="Annotated MP4", exact=True).wait_for()

    def _check(self) -> None:
        """Nothing raised, and every name and film on the page is this person's own."""
        for trouble in self._page.locator("[data-testid=stException]").all_inner_texts():
            self._log.say(f"{self.name}, {self._system.key}: {trouble.splitlines()[0]}")
        for trouble in self._page.locator("[data-testid=stAlertContentError]").all_inner_texts():
            self._log.say(f"{self.name}, {self._system.key}: {trouble}")
        content = self._page.locator("[data-testid=stMain]").inner_text()
        labels = self._page.locator("video").evaluate_all(
            "videos => videos.map(video => video.getAttribute('aria-label') || '')")
        for text in (content, *labels):
            for word in text.replace("“", " ").split():
                if word.startswith("person-") and not word.startswith(f"{self.name}-"):
                    self._log.say(f"{self.name} sees {word}")
        named = [label for label in labels if "person-" in label]
        if self._shown and named and not any(self._shown.name in label for label in named):
            self._log.say(f"{self.name} looks at {self._shown.name} and is shown {named[0]}")
        if self._shown and self._system.key == "scene":
            last = self._page.locator(".last-frame").first.inner_text()
            if last.split()[-1] != str(self._files[self._shown] - 1):
                self._log.say(f"{self.name}: {self._shown.name} does not end at frame {last}")


def make_clips(folder: Path, people: int) -> list[dict[Path, int]]:
    """Small clips with sound for every person, and the number of frames of each.

    No two have as many frames, so it shows whose answer is whose.
    """
    clip = render_clip(
        3, "stick", seconds=(_SHORTEST + _CLIPS * people) / _FRAME_RATE + 1, size=(90, 160))
    frames = list(clip.frames)
    files: list[dict[Path, int]] = [{} for _ in range(people)]
    for number in range(_CLIPS * people):
        person, of_person = divmod(number, _CLIPS)
        path, count = folder / f"person-{person}-clip-{of_person}.mp4", _SHORTEST + number
        sound = clip.sound[: count * RATE // _FRAME_RATE]
        with VideoWriter(path, 160, 90, _FRAME_RATE, sound, RATE) as writer:
            for frame in frames[:count]:
                writer.write(frame)
        files[person][path] = count
    return files


def warm_up(address: str, log: Log) -> None:
    """Open every page once: what the server loads at its first visitor is measured by itself."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        for system in systems().values():
            with log.timed(_COLD):
                page.goto(f"{address}/{system.key}")
                answered(page)
        browser.close()


def answered(page: Page) -> None:
    """Wait until a page has drawn an answer, or has said why there is none."""
    page.wait_for_function("""() => {
        const busy = document.querySelector(
            "[data-testid=stApp][data-test-script-state=running], [data-testid=stProgress]");
        return !busy && document.querySelector(
            "[data-testid=stDownloadButton], [data-testid=stAlert]");
    }""")


def live(number: int, address: str, files: dict[Path, int], end: float, log: Log) -> None:
    """What one person does until the end, with files of their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.add_init_script(_COUNT_RUNS)
        person = Person(number, page, address, files, log)
        try:
            person.begin()
            while time.monotonic() < end:
                person.act()
        except Error as error:
            log.say(f"{person.name}, {page.url}: {' '.join(str(error).split())[:300]}")
        browser.close()


def server_memory(address: str) -> int:
    """Bytes that the server and its children hold now (Linux)."""
    port = address.rsplit(":", 1)[1]
    sizes = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(row.split(":", 1) for row in (folder / "status").read_text().splitlines())
            served = f"--server.port={port}" in (folder / "cmdline").read_text()
        except OSError:
            continue  # it has ended
        if "VmRSS" in status:
            size = 1024 * int(status["VmRSS"].split()[0])
            sizes[int(folder.name)] = (int(status["PPid"]), served, size)
    servers = {number for number, (_, served, _) in sizes.items() if served}
    return sum(size for number, (parent, _, size) in sizes.items()
               if number in servers or parent in servers)


def watch(address: str, seen: list[int], stop: threading.Event) -> None:
    """Note the server's memory every second."""
    while not stop.wait(1.0):
        seen.append(server_memory(address))


def report(log: Log, memory: list[int], seconds: float, people: int) -> None:
    """Print what was seen."""
    answers = sum(len(times) for action, times in log.seconds.items() if action != _COLD)
    line(f"{people} people for {seconds:.0f} s: answers a minute", f"{60 * answers / seconds:.0f}")
    for action, times in sorted(log.seconds.items()):
        low, high = np.percentile(times, [50, 95])
        line(f"  {action} ({len(times)}), median and 95th percentile",
             f"{low:.2f} s, {high:.2f} s")
    early = max(memory[: int(WARMING)], default=0)
    late = float(np.median(memory[-5:])) if memory else 0.0
    line("server's memory: peak", f"{max(memory, default=0) / 2**30:.2f} GiB")
    line(f"  highest in the first {WARMING:.0f} s, and at the end",
         f"{early / 2**30:.2f}, {late / 2**30:.2f} GiB")
    line("wrong", str(len(log.wrong)), "0")
    for wrong in log.wrong:
        print(f"  {wrong}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=3.0)
    args = parser.parse_args()
    if CHROMIUM is None:
        sys.exit("There is no Chromium on this machine.")
    log, stop = Log(), threading.Event()
    memory: list[int] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        files = make_clips(folder, args.people)
        address = stack.enter_context(streamlit_server(
            ROOT / "app.py", {"HYBRIDCORE_STORE": str(folder / "store")}))
        warm_up(address, log)
        start = time.monotonic()
        threads = [threading.Thread(
            target=live, args=(k, address, files[k], start + 60 * args.minutes, log))
            for k in range(args.people)]
        watcher = threading.Thread(target=watch, args=(address, memory, stop))
        for thread in (watcher, *threads):
            thread.start()
        for thread in threads:
            thread.join()
        stop.set()
        watcher.join()
        report(log, memory, time.monotonic() - start, args.people)
    return 1 if log.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
