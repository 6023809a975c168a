"""A server that a test started is gone when the test run ends, whatever ended it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import servers

SECONDS = 30
# Says who it is, then waits for ever.
SERVER = "import os, signal; os.write(1, b'%d\\n' % os.getpid()); signal.pause()"
# What pytest is to a server: it starts one, and something happens to it.
PARENT = f"""
import signal, sys
from tests.browser.servers import leashed
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored if the tests run in background
with leashed([sys.executable, "-c", {SERVER!r}]) as server:
    server.wait()
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux to end a process")


def expect_gone(handle: int) -> None:
    """Wait until the process of a pidfd has ended."""
    ended, _, _ = select.select([handle], [], [], SECONDS)
    os.close(handle)
    assert ended, "a server outlived the one who started it"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT],
                         ids=lambda number: number.name)
def test_a_server_ends_with_the_run_that_started_it(number: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=servers.ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(servers.ROOT)})
    try:
        assert parent.stdout is not None
        handle = os.pidfd_open(int(parent.stdout.readline()))
        parent.send_signal(number)
        parent.wait(SECONDS)
        expect_gone(handle)
    finally:
        parent.kill()


def test_children_of_a_server_end_with_it(tmp_path: Path) -> None:
    fifo = tmp_path / "pid"
    os.mkfifo(fifo)
    code = f"""if 1:
        import os, pathlib, signal
        if os.fork() == 0:
            pathlib.Path({str(fifo)!r}).write_text(str(os.getpid()))
        signal.pause()
    """
    with servers.leashed([sys.executable, "-c", code]):
        handle = os.pidfd_open(int(fifo.read_text()))
    expect_gone(handle)


def test_a_server_that_does_not_start_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []

    def interrupted(address: str, server: subprocess.Popen[bytes], name: str) -> None:
        started.append(os.pidfd_open(server.pid))
        raise KeyboardInterrupt

    monkeypatch.setattr(servers, "_wait_for", interrupted)
    with (pytest.raises(KeyboardInterrupt),
          servers.streamlit_server(tmp_path / "app.py", {})):
        pass
    expect_gone(*started)


def test_a_server_that_ends_as_it_begins_is_said(tmp_path: Path) -> None:
    with (pytest.raises(RuntimeError, match=r"missing\.py ended"),
          servers.streamlit_server(tmp_path / "missing.py", {})):
        pass
