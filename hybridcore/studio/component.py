"""How the components of this folder are declared, and how files reach their browser side."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime import get_instance

# Modules that the player and the sentence have in common.
SHOWN = (
    "mounts.js", "staging.js", "payload.js", "elements.js", "colours.js", "grid.js", "tag.js",
    "heat.js", "field.js", "outlines.js", "sprites.js", "legend.js", "overlays.js", "panels.js",
    "corner.js", "link.js",
)
_HERE = Path(__file__).parent
_TOP_LEVEL = re.compile(
    r"^(?:export )?(?:async )?(?:const|let|class|function) (\w+)", flags=re.MULTILINE)


def declare(name: str, *modules: str) -> Callable[..., Any]:
    """The component made of ``NAME.html``, ``NAME.css`` between ``base.css`` and ``stage.css``, and
    JavaScript modules.

    ``modules`` are ordered so that each comes after those it imports; the last holds the default
    export. Streamlit takes one inline module, so they are joined and their imports removed.

    Raises:
        ValueError: two modules have a name in common, which no browser would run.
    """
    sources = [_read(module) for module in modules]
    declared = [found for text in sources for found in _TOP_LEVEL.findall(text)]
    if twice := sorted({found for found in declared if declared.count(found) > 1}):
        raise ValueError(f"{name}: several modules declare {', '.join(twice)}")
    script = "\n".join(re.sub(r"^import .*\n", "", text, flags=re.MULTILINE) for text in sources)
    return st.components.v2.component(
        f"hybridcore.{name}", html=_read(f"{name}.html"),
        css="".join(map(_read, ("base.css", f"{name}.css", "stage.css"))), js=script,
    )


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def serve(content: str | bytes, mime: str, coordinates: str, digest: str | None = None) -> str:
    """Offer a file (path or bytes) to this session's browser; the address is a content hash.

    Args:
        coordinates: the place on the page; what was offered there before is taken back.
        digest: hexadecimal SHA-256 of bytes, where it is known.

    Streamlit hashes only samples of what is larger than 1 MiB. Two models' arrays for one film may
    differ between them, so bytes are told apart by a hash of all of them, and files by their name.
    """
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    if isinstance(content, str):
        whole = Path(content).name
    else:
        whole = digest or hashlib.sha256(content).hexdigest()
    address = get_instance().media_file_mgr.add(content, mime, coordinates, file_name=whole)
    return f"/{base}{address}" if base else address


def nothing() -> None:
    """A component's state exists only where a callback is given."""
