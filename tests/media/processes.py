"""The processes that decode for this one, as Linux lists them."""

import os
import time
from pathlib import Path

from hybridcore.media.decoder import has_processes


def children(process):
    """The numbers of the processes that this one started, zombies included."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(number) for task in tasks for number in task.read_text().split()]


def servers(process=None):
    """The numbers of the processes that fork decoders."""
    found = []
    for child in children(process or os.getpid()):
        command = Path(f"/proc/{child}/cmdline").read_bytes()
        if b"hybridcore.media.fork_server" in command:
            found.append(child)
    return found


def decoders():
    """The numbers of all decoders."""
    if not has_processes():
        return []
    return [decoder for server in servers() for decoder in children(server)]


def until(condition, seconds=20.0):
    """Wait until ``condition()`` holds; fails if it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.01)
