"""What the server of a benchmark and its children hold and have used (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def server_memory(address: str) -> int:
    """Bytes that they hold now."""
    return sum(
        1024 * int(row.split()[1]) for folder in _family(address)
        for row in _read(folder / "status").splitlines() if row.startswith("VmRSS:"))


def server_seconds(address: str) -> float:
    """CPU seconds until now, those of children that have ended among them."""
    ticks = 0
    for folder in _family(address):
        fields = _read(folder / "stat").rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))  # own time, then that of children that were awaited
    return ticks / os.sysconf("SC_CLK_TCK")


def _family(address: str) -> Iterator[Path]:
    """The folders in /proc of the server at an address and of its descendants."""
    option = f"--server.port={address.rsplit(':', 1)[1]}"
    parents: dict[str, str] = {}
    servers = set()
    for folder in Path("/proc").glob("[0-9]*"):
        stat = _read(folder / "stat").rpartition(")")[2].split()
        if stat:
            parents[folder.name] = stat[1]
        if option in _read(folder / "cmdline"):
            servers.add(folder.name)
    for number in parents:
        above = number
        while above in parents and above not in servers:
            above = parents[above]
        if above in servers:
            yield Path("/proc", number)


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # it has ended
        return ""
