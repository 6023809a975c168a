"""What the first visitors would wait for, done once beside their first page."""

from __future__ import annotations

import gc
import logging
import threading
import time
from functools import cache
from importlib import import_module

from hybridcore.errors import HybridCoreError
from hybridcore.systems import systems

_AFTER = 2.0  # s, in which a browser gets what the first page is made of
_LOG = logging.getLogger(__name__)


@cache
def warm_up() -> threading.Thread:
    """The thread that imports what pages need and loads every system's networks and
    samples; begun once."""
    # No daemon, as the thread of a page is: a process that ends inside torch would crash.
    thread = threading.Thread(target=_load, name="warm-up", daemon=False)
    thread.start()
    return thread


def _load() -> None:
    time.sleep(_AFTER)
    import_module("hybridcore.studio.page")
    from hybridcore.answers import shared_model
    from hybridcore.studio.chosen import spool

    for system in systems().values():
        if not threading.main_thread().is_alive():
            return  # the process ends
        try:
            shared_model(system)
            for sample in system.samples:  # some are made when they are first asked for
                sample.path(spool().folder)
        except (HybridCoreError, OSError):  # said on its page
            _LOG.warning("the networks or samples of %s cannot be had", system.key, exc_info=True)
    # Modules and networks stay as long as the process: collections need not go through them.
    gc.collect()
    gc.freeze()
