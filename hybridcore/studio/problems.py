"""What is wrong with an input, shown in place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from hybridcore.errors import HybridCoreError


def show_problem(problem: object) -> None:
    """One sentence: an error, or the text of one."""
    st.error(str(problem), icon=":material/error:")


@contextmanager
def stop_on_problem() -> Iterator[None]:
    """Say what is wrong if the block fails for a known reason, and end the page there."""
    try:
        yield
    except HybridCoreError as error:
        show_problem(error)
        st.stop()
