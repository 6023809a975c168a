"""The pattern of this whole application as small as it can be, with the reader's own shapes."""

from __future__ import annotations

import time

import pandas as pd
import streamlit as st
import torch

from hybridcore.figures import data_flow
from hybridcore.lab.hybrid import HybridCNNRNN, HybridConfig, Spelling
from hybridcore.lab.racers import parameters_of
from hybridcore.lab.shapes import as_file, shapes, what_breaks
from hybridcore.studio.problems import stop_on_problem
from hybridcore.studio.timeline import CONFIG

_SPELLINGS: tuple[Spelling, ...] = ("reshape", "wrap all", "wrap each layer")
_CODE = {
    "reshape": """\
batch, steps = frames.shape[:2]
seen = cnn(frames.flatten(0, 1))          # [B * T, features]
seen = seen.unflatten(0, (batch, steps))  # [B, T, features]
hidden, _ = lstm(seen)""",
    "wrap all": """\
cnn = TimeDistributed(nn.Sequential(conv, relu, pool, flatten))
seen = cnn(frames)                        # [B, T, features]
hidden, _ = lstm(seen)""",
    "wrap each layer": """\
cnn = nn.Sequential(TimeDistributed(conv), TimeDistributed(relu),
                    TimeDistributed(pool), TimeDistributed(flatten))
hidden, _ = lstm(cnn(frames))""",
}


def pattern() -> None:
    """Sizes at the left; shapes, code, the shape that breaks and the file at the right."""
    left, right = st.columns([1, 2.6], gap="medium")
    with left:
        batch, steps, config = _sizes()
    with right:
        with stop_on_problem():
            passed = shapes(config, batch, steps)
        st.plotly_chart(data_flow(passed), config=CONFIG, key="lab.shapes",
                        alt="Shapes: " + ", then ".join(
                            f"{step.name} {step.shape}" for step in passed))
        spelling: Spelling = st.segmented_control(
            "Time is kept out of the CNN's way by", _SPELLINGS, default="reshape", required=True,
            key="spelling", bind="query-params")
        st.code(_CODE[spelling], language="python")
        _breaks(config)
        row = st.container(horizontal=True, vertical_alignment="center")
        row.download_button("Download as one file", as_file(config, spelling), "hybrid.py",
                            "text/x-python", icon=":material/download:", on_click="ignore")
        if row.button("Run it", icon=":material/play_arrow:"):
            st.dataframe(pd.DataFrame(runs(config, batch, steps)), hide_index=True)
            st.caption("The same weights in each spelling: the numbers are the same.")
    st.header("Your own network in the player")
    st.markdown(
        "Any module with `read`, `lstm` and `classify` shows its predictions, gates and states "
        "over a video, beside itself with its memory erased. Whoever runs the server names the "
        "file:")
    st.code("streamlit run app.py -- --own examples/own_network.py", language="bash")


def _sizes() -> tuple[int, int, HybridConfig]:
    def number(label: str, key: str, default: int, most: int, least: int = 1) -> int:
        row = rows[len(asked) % 2]
        asked.append(key)
        return int(row.number_input(label, least, most, default, key=key, bind="query-params"))

    rows, asked = st.columns(2), list[str]()
    default = HybridConfig()
    batch, steps = number("Clips", "batch", 32, 256), number("Frames of each", "steps", 8, 256)
    config = HybridConfig(
        channels=number("Channels", "channels", default.channels, 16),
        height=number("Height", "height", default.height, 512),
        width=number("Width", "width", default.width, 512),
        filters=number("Filters", "filters", default.filters, 256),
        hidden=number("LSTM units", "hidden", default.hidden, 1024),
        classes=number("Classes", "classes", default.classes, 1000))
    return batch, steps, config


def _breaks(config: HybridConfig) -> None:
    """The features that one would think of, and torch's own words on them."""
    thought = config.filters * (config.height // 2) * (config.width // 2)
    message = what_breaks(config, thought)
    if message:
        st.markdown(
            f"**Why it breaks so often.** Half of {config.height} x {config.width}, times "
            f"{config.filters} filters, is {thought:,}, but a 3 x 3 convolution without padding "
            f"takes 2 off each side first: {config.features:,} numbers reach the LSTM. Declared "
            f"for {thought:,}, it says:")
        st.code(message, language=None)


def runs(config: HybridConfig, batch: int, steps: int) -> list[dict[str, object]]:
    """A row for each spelling: what comes out of it, how far that is from the first, how long it
    takes."""
    torch.manual_seed(0)
    clips = torch.randn(batch, steps, config.channels, config.height, config.width)
    first = HybridCNNRNN(config=config)
    weights, rows = list(first.state_dict().values()), list[dict[str, object]]()
    with torch.inference_mode():
        expected = first(clips)
        for spelling in _SPELLINGS:
            network = HybridCNNRNN(config=config, spelling=spelling)
            network.load_state_dict(dict(zip(network.state_dict(), weights, strict=True)))
            before = time.perf_counter()
            logits = network(clips)
            rows.append({
                "spelling": spelling, "logits": str(tuple(logits.shape)),
                "largest difference": float((logits - expected).abs().max()),
                "parameters": parameters_of(network),
                "ms": round(1e3 * (time.perf_counter() - before), 1)})
    return rows
