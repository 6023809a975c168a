"""A model card as a person reads it: what the model is, what it learned from, how well it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from hybridcore.text import percent, quantity, spread

Card = Mapping[str, Any]


def show_card(card: Card) -> None:
    """Show a model card.

    Args:
        card: the JSON beside a weights file. Known keys, all optional: name, title, description,
            paper {title, authors, year, url}, architecture or config, parameters,
            training {data: [{name, citation, terms}], command, seed, hardware, started_from},
            metrics [{name, split, count, value, interval, unit}],
            reliability [{from, to, share, probability, right}],
            clips [{source, shows, clips, frames, accepted, half}], differences [str], limits [str],
            tried [{what, gave}].
    """
    st.subheader(card.get("title") or card.get("name") or "Model")
    if card.get("description"):
        st.markdown(card["description"])
    if card.get("paper"):
        st.markdown(_paper(card["paper"]))
    if card.get("parameters"):
        st.markdown(f":material/tune: {quantity(card['parameters'], 'parameters')}")
    if card.get("metrics"):
        st.markdown("**Measured**")
        st.table(metric_rows(card["metrics"]), hide_index=True)
    if card.get("reliability"):
        with st.expander("Reliability: how often it is right where it is that sure"):
            st.table(reliability_rows(card["reliability"]), hide_index=True)
    if card.get("clips"):
        with st.expander("Real clips that it was calibrated and measured on"):
            st.table([{key.capitalize(): value for key, value in row.items()}
                      for row in card["clips"]], hide_index=True)
    bullets("Differences from the paper", card.get("differences"))
    bullets("Known limits", card.get("limits"))
    _training(card.get("training") or {})
    if card.get("tried"):
        st.markdown("**What was tried**")
        st.table(
            [
                {"Tried": row.get("what", ""), "Result": row.get("gave", "")}
                for row in card["tried"]
            ],
            hide_index=True,
        )
    config = card.get("config") or card.get("architecture")
    if config:
        with st.expander("Configuration"):
            if isinstance(config, str):
                st.markdown(config)
            else:
                st.json(config)


def metric_rows(metrics: Sequence[Card]) -> list[dict[str, str]]:
    """Metrics as table rows of text; an interval stands behind its value."""
    rows = []
    for metric in metrics:
        unit = metric.get("unit") or ""
        text = quantity(metric["value"], unit)
        if between := spread(metric.get("interval"), unit):
            text += f" ({between})"
        count = metric.get("count")
        rows.append(
            {
                "Metric": str(metric.get("name", "")),
                "Value": text,
                "Measured on": str(metric.get("split", "")),
                "Count": f"{count:,}" if isinstance(count, int) else str(count or ""),
            }
        )
    return rows


def reliability_rows(bins: Sequence[Card]) -> list[dict[str, str]]:
    """Bins of probability as table rows of text: which, how sure, how often right, how many."""
    return [
        {
            "Probability": f"{row['from']:.1f} to {row['to']:.1f}",
            "Mean": percent(row["probability"]),
            "Right": percent(row["right"]),
            "Share": percent(row["share"]),
        }
        for row in bins
    ]


def _paper(paper: Card | str) -> str:
    if isinstance(paper, str):
        return f":material/article: {paper}"
    title = paper.get("title") or "Paper"
    head = f"[{title}]({paper['url']})" if paper.get("url") else f"*{title}*"
    authors = paper.get("authors")
    if isinstance(authors, Sequence) and not isinstance(authors, str):
        authors = ", ".join(authors)
    rest = ", ".join(str(part) for part in (authors, paper.get("year")) if part)
    return f":material/article: {head}" + (f" · {rest}" if rest else "")


def bullets(title: str, lines: Sequence[str] | str | None) -> None:
    if lines:
        items = [lines] if isinstance(lines, str) else lines
        st.markdown(f"**{title}**\n\n" + "\n".join(f"- {line}" for line in items))


def _training(training: Card) -> None:
    data = training.get("data")
    if data:
        st.markdown("**Training data**")
        sets = [data] if isinstance(data, (str, Mapping)) else data
        st.markdown("\n".join(f"- {_data_set(entry)}" for entry in sets))
    facts = {"Started from": "started_from", "Trained on": "hardware", "Seed": "seed"}
    lines = [f"{text} {training[k]}" for text, k in facts.items() if training.get(k) is not None]
    if lines:
        st.caption(" · ".join(lines))
    if training.get("command"):
        st.code(training["command"], language=None, wrap_lines=True)


def _data_set(entry: Card | str) -> str:
    if isinstance(entry, str):
        return entry
    parts = (entry.get("citation"), entry.get("terms"))
    rest = " · ".join(str(part) for part in parts if part)
    return f"{entry.get('name', 'Data')}" + (f" · {rest}" if rest else "")
