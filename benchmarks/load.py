"""Many people at once: ``python -m benchmarks.load --people 8 --minutes 3``.

Starts the server and as many sessions, which speak Streamlit's protocol: the server is measured,
not what a browser draws. Each person does by turns what people do: goes to another page, looks at
a sample, uploads a small clip of their own, switches the model, goes to another frame, has a film
written. Printed are what went wrong, whether anybody was sent what is another's, how long it took,
and how much memory the server held. Exits with 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import numpy as np
import requests
from websockets.exceptions import WebSocketException

from benchmarks.processes import server_memory
from benchmarks.timing import line
from benchmarks.visitor import Late, Visitor
from hybridcore.media import VideoWriter
from hybridcore.packing import unpack
from hybridcore.sound.cochleagram import RATE
from hybridcore.sound.learn.rendered import render_clip
from hybridcore.systems import systems
from tests.browser.servers import ROOT, streamlit_server

PATIENCE = 60.0  # s, the longest that anybody waits for one thing
THINKING = 1.0  # s between two actions, on average
_NAMES = re.compile(rb"person-\d+(?=-clip)")
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
    """One visitor with a session of their own, and clips that nobody else has."""

    def __init__(self, number: int, address: str, files: dict[Path, int], log: Log) -> None:
        self.name = f"person-{number}"
        self._visitor = Visitor(address, PATIENCE, self._look)
        self._log, self._random = log, random.Random(number)
        self._systems = list(systems().values())
        self._system = self._systems[number % len(self._systems)]
        self._files = files
        self._shown: Path | None = None  # the own file that is looked at

    def live(self, end: float) -> None:
        """Do by turns what people do, until the end."""
        with closing(self._visitor):
            try:
                with self._log.timed("first page"):
                    self._visitor.open(self._system.key)
                    self._visitor.wait(self._visitor.answered)
                while time.monotonic() < end:
                    action = self._random.choice([
                        self._turn_page, self._turn_page, self._look_at_sample, self._upload,
                        self._switch, self._switch, self._seek, self._seek, self._export])
                    action()
                    self._check()
                    time.sleep(self._random.uniform(0, 2 * THINKING))
            except (Late, OSError, requests.RequestException, WebSocketException) as error:
                self._log.say(f"{self.name}, {self._system.key}: {type(error).__name__} {error}")

    def _turn_page(self) -> None:
        self._system = self._random.choice([s for s in self._systems if s is not self._system])
        self._shown = None  # what was last looked at there may be any file of this person
        with self._log.timed("page switch"):
            self._visitor.open(self._system.key)
            self._visitor.wait(self._visitor.answered)

    def _look_at_sample(self) -> None:
        found = self._visitor.component("gallery")
        assert found is not None
        gallery, fragment = found
        count = len(json.loads(gallery.json)["entries"])
        own = count - len(self._system.samples)
        with self._log.timed("sample"):
            self._visitor.event(gallery, fragment, choice=self._random.randrange(own, count))
            self._visitor.wait(self._visitor.answered)
        self._shown = None

    def _upload(self) -> None:
        file = self._random.choice(list(self._files))
        found = self._visitor.find("file_uploader")
        assert found is not None
        with self._log.timed("upload to answer"):
            self._visitor.upload(found[0], file, found[1])
            self._visitor.wait(self._visitor.answered)
        self._shown = file

    def _switch(self) -> None:
        found = self._visitor.find("button_group", "Model")
        if found is None:
            return
        titles = [option.content for option in found[0].options]
        with self._log.timed("model switch"):
            self._visitor.set(
                found[0], found[1], string_array_value=[self._random.choice(titles)])
            self._visitor.wait(self._visitor.answered)

    def _seek(self) -> None:
        found = self._visitor.component("player")
        if found is None:
            return
        position = {"film": json.loads(found[0].json)["film"],
                    "frame": self._random.randrange(_SHORTEST)}
        with self._log.timed("another frame"):
            self._visitor.set(found[0], found[1], json_value=json.dumps({"position": position}))
            self._visitor.wait(self._visitor.answered)

    def _export(self) -> None:
        found = self._visitor.find("download_button", "Annotated MP4")
        if found is None:
            return
        with self._log.timed("film written"):
            self._visitor.trigger(*found)
            self._visitor.wait(self._visitor.answered)

    def _check(self) -> None:
        """Nothing raised, and what is played is this person's own."""
        for trouble in self._visitor.problems():
            self._log.say(f"{self.name}, {self._system.key}: {trouble}")
        found = self._visitor.component("player")
        if self._shown is None or found is None:
            return
        data = json.loads(found[0].json)
        self._visitor.fetch(data["video"])
        frames = len(unpack(self._visitor.fetch(data["payload"]["whole"]))["times"])
        if frames != self._files[self._shown]:
            self._log.say(f"{self.name}, {self._system.key}: {self._shown.name} has "
                          f"{self._files[self._shown]} frames and {frames} are shown")

    def _look(self, message: bytes) -> None:
        """Whatever the server sends, it names nobody else's file."""
        for name in set(_NAMES.findall(message)) - {self.name.encode()}:
            self._log.say(f"{self.name} is sent the name of a file of {name.decode()}")


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
    with closing(Visitor(address, PATIENCE)) as visitor:
        for system in systems().values():
            with log.timed(_COLD):
                visitor.open(system.key)
                visitor.wait(visitor.answered)


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
            target=Person(k, address, files[k], log).live, args=(start + 60 * args.minutes,))
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
