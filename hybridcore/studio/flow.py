"""The way of the data through the network, down to one number at the place that is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from hybridcore import figures
from hybridcore.studio.address import presenting
from hybridcore.studio.follow import frame_followed
from hybridcore.system import Answer, At, System


def show_flow(system: System, answer: Answer[Any, Any], at: At) -> None:
    """Stations with their shapes; below them picture, map and sum, where the system works one
    out."""
    assert system.flow is not None
    st.caption("Shapes of this very input's tensors; blue boxes hold weights that this project "
               "trained.")
    steps = system.flow(answer, at)
    st.plotly_chart(figures.data_flow(steps), key=f"{system.key}.flow",
                    alt="Data flow: " + ", then ".join(step.name for step in steps))
    if system.worked is None or presenting():  # too much for a stage
        return
    product = system.worked(answer, replace(at, frame=frame_followed(system.key)))
    if product is None:
        return
    st.markdown("**From the picture to one number**")
    st.caption(product.note)
    st.plotly_chart(figures.dot_product(product), key=f"{system.key}.worked",
                    alt=f"Picture, map and feature, cell by cell: {product.formula()}")
    st.markdown(f"`{product.formula()}`")
