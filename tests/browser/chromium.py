"""The Chromium that tests and benchmarks drive, and how it is started."""

from __future__ import annotations

import os
import shutil

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
