"""Model and options of a system as widgets; they keep their values across pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from hybridcore.options import Choice, Choices, Number, Option, Text
from hybridcore.system import System

_MOST_BUTTONS = 5  # more choices are a list


def choose_kind(system: System) -> str:
    """The key of the model chosen; nothing is drawn where there is only one."""
    titles = {kind.key: kind.title for kind in system.kinds}
    if len(titles) == 1:
        return next(iter(titles))
    return _choose("Model", titles, next(iter(titles)), f"{system.key}.kind", labelled=False)


def widget_key(system: System, option: Option, kind: str) -> str:
    """The name of an option's value in the session; each model starts from its own default where
    it has one."""
    name = f"{system.key}.{option.key}"
    return f"{name}.{kind}" if callable(option.default) else name


def forget_options(system: System) -> None:
    """Set back what says something of an input that is no longer looked at. For callbacks."""
    for option in system.options:
        if option.of_input:
            for kind in system.kinds:
                st.session_state.pop(widget_key(system, option, kind.key), None)


def option_widgets(system: System, kind: str, *, rerun: bool) -> dict[str, Any]:
    """Draw the options that need the networks to look again, or those that do not.

    Returns:
        A value for each, also for those that are not drawn: they stay at their default.
    """
    options = [option for option in system.options if option.rerun is rerun]
    values = {option.key: option.default_for(kind) for option in options}
    for option in options:
        if option.widget and option.applies(values, kind):
            values[option.key] = _widget(option, kind, widget_key(system, option, kind))
    return values


def _widget(option: Option, kind: str, key: str) -> Any:
    default = option.default_for(kind)
    help_text = option.help or None
    if isinstance(option, Choice):
        return _choose(option.title, option.choices, default, key, help_text)
    if isinstance(option, Choices):
        return option.ordered(st.segmented_control(
            option.title, list(option.choices), selection_mode="multi", default=default, key=key,
            format_func=option.choices.__getitem__, help=help_text, persist_state="session"))
    if isinstance(option, Number):
        cast = int if option.whole else float
        return st.slider(
            option.title, cast(option.low), cast(option.high), cast(default), cast(option.step),
            key=key, help=help_text, width=220, persist_state="session")
    if isinstance(option, Text):
        return st.text_input(
            option.title, default, key=key, help=help_text, placeholder=option.placeholder,
            width=320, persist_state="session")
    raise TypeError(f"{option.key}: a {type(option).__name__} has no widget")


def _choose(
    title: str, choices: Mapping[str, str], default: str, key: str, help_text: str | None = None,
    *, labelled: bool = True,
) -> str:
    label: Literal["visible", "collapsed"] = "visible" if labelled else "collapsed"
    if len(choices) > _MOST_BUTTONS:
        return st.selectbox(
            title, list(choices), index=list(choices).index(default), key=key, help=help_text,
            format_func=choices.__getitem__, persist_state="session", label_visibility=label)
    chosen: str = st.segmented_control(
        title, list(choices), format_func=choices.__getitem__, default=default, required=True,
        key=key, help=help_text, persist_state="session", label_visibility=label)
    return chosen
