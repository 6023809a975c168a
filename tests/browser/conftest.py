"""A real browser and a real server for the tests of what only they can show.

`app_server(script)` gives the address of a running Streamlit app, `browser_page` a fresh page.
Both browser and servers are shared by the whole test run.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("HYBRIDCORE_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_SECONDS = 60.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def browser() -> Iterator[sync_api.BrowserContext]:
    """One headless Chromium for all tests; they share its cache, as loading costs most."""
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(20_000)
        yield context
        chromium.close()


@pytest.fixture
def browser_page(browser: sync_api.BrowserContext) -> Iterator[sync_api.Page]:
    """A new page, 1280 x 900 pixels, waiting at most 20 s for anything."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture(scope="session")
def app_server() -> Iterator[Callable[..., str]]:
    """`app_server(script, **environment)` starts `streamlit run script` on a free loopback port.

    Asking again for the same script gives the same server.
    """
    running: dict[Path, tuple[str, subprocess.Popen[bytes]]] = {}

    def start(script: Path, **environment: str) -> str:
        if script not in running:
            running[script] = _serve(script, environment)
        return running[script][0]

    yield start
    for _, server in running.values():
        server.terminate()
        server.wait(timeout=10)


def _serve(script: Path, environment: dict[str, str]) -> tuple[str, subprocess.Popen[bytes]]:
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
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path, **environment}
    )
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
            return address, server
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    server.kill()
    raise RuntimeError(f"{script.name} did not start within {START_SECONDS:.0f} s")
