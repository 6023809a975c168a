"""A real browser and a real server for the tests of what only they can show.

`app_server(script)` gives the address of a running Streamlit app, `browser_page` a fresh page.
Both browser and servers are shared by the whole test run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.servers import streamlit_server

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

PATIENCE = 60_000  # milliseconds; a machine that tests may be busy


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
        context.set_default_timeout(PATIENCE)
        sync_api.expect.set_options(timeout=PATIENCE)
        yield context
        chromium.close()


@pytest.fixture
def browser_page(browser: sync_api.BrowserContext) -> Iterator[sync_api.Page]:
    """A new page, 1280 x 900 pixels, waiting at most a minute for anything."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture(scope="session")
def app_server() -> Iterator[Callable[..., str]]:
    """`app_server(script, **environment)` starts `streamlit run script` on a free loopback port.

    Asking again for the same script gives the same server.
    """
    addresses: dict[Path, str] = {}
    with ExitStack() as servers:

        def start(script: Path, **environment: str) -> str:
            if script not in addresses:
                addresses[script] = servers.enter_context(streamlit_server(script, environment))
            return addresses[script]

        yield start
