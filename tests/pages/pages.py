"""Opening pages as Streamlit does, and waiting for their jobs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from streamlit.testing.v1 import AppTest

from hybridcore.jobs import board

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 120


def open_home() -> AppTest:
    """The application at its address; what it makes to be shown there does not outlive the test."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT_SECONDS).run()
    assert not app.exception
    app.run()  # what is shown is begun once a browser has the page
    assert board().settle(WAIT_SECONDS)
    return app


def open_page(key: str, sample: str | None = None) -> AppTest:
    """The page of a system, with one of its samples chosen by the address."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT_SECONDS)
    if sample:
        app.query_params["sample"] = sample
    app._page_hash = _page_hash(key)
    app.run()
    assert not app.exception
    return app


@cache
def _page_hash(key: str) -> str:
    """What Streamlit calls a page; found out once."""
    home = AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT_SECONDS).run()
    return next(page for page, info in home._registered_pages.items()
                if info["url_pathname"] == key)


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    """Give a file to the page's uploader and wait for its answer."""
    app.file_uploader[0].upload(name, content).run()
    return wait_for_charts(app)


def wait_for_charts(app: AppTest) -> AppTest:
    """Wait until no job runs, and draw the page as its polling fragment would."""
    assert board().settle(WAIT_SECONDS)
    app.run()
    return app
