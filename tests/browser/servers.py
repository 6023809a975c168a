"""Servers that tests start, and that are gone when the tests end, whatever ends them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEASH = Path(__file__).with_name("leash.py")
START_SECONDS = 60.0
POLL_SECONDS = 0.1


@contextmanager
def leashed(
    command: Sequence[str], environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in the root of the project, in a session of its own.

    It is killed with its children when the block is left; where that cannot be, because this
    process is gone, the kernel kills it (on Linux).
    """
    server = subprocess.Popen(
        [sys.executable, str(LEASH), str(os.getpid()), *command], cwd=ROOT,
        env={**os.environ, **(environment or {})}, start_new_session=True)
    try:
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@contextmanager
def streamlit_server(script: Path, environment: dict[str, str]) -> Iterator[str]:
    """The address of `streamlit run script` on a free loopback port, once it answers.

    Raises:
        RuntimeError: it ended, or does not answer within a minute.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
    }
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += [f"--{name}={value}" for name, value in options.items()]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with leashed(command, {"PYTHONPATH": path, **environment}) as server:
        _wait_for(f"{address}/_stcore/health", server, script.name)
        yield address


def _wait_for(address: str, server: subprocess.Popen[bytes], name: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"{name} ended as it began, with {server.returncode}")
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(POLL_SECONDS)
    raise RuntimeError(f"{name} did not start within {START_SECONDS:.0f} s")
