"""What was found in a visitor's own files, in a line each, for the row of small pictures."""

from __future__ import annotations

from pathlib import Path

import streamlit as st


def headline(key: str, path: Path) -> str:
    """What the system ``key`` found in a file; "" before it was looked at."""
    return _headlines(key).get(path, "")


def remember(key: str, path: Path, text: str) -> bool:
    """Keep it for this session; returns whether it is news."""
    news = headline(key, path) != text
    _headlines(key)[path] = text
    return news


def _headlines(key: str) -> dict[Path, str]:
    found: dict[Path, str] = st.session_state.setdefault(f"{key}.headlines", {})
    return found
