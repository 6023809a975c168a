"""Why a label is said at the frame where the player stands: the frames that carried it, and where
in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from hybridcore.figures import heat_overlay
from hybridcore.layers.influence import Influence, Reading, influence, left_out, probabilities
from hybridcore.media.picture import jpeg
from hybridcore.studio.follow import frame_followed
from hybridcore.studio.gallery import Thumb, gallery
from hybridcore.studio.memory_figures import influence_strips
from hybridcore.studio.timeline import show_timeline
from hybridcore.system import Answer, At, System
from hybridcore.text import percent
from hybridcore.why import Glance, Why

NAMED = 5  # frames
_CHOICES = 5  # labels that are likeliest at a frame
_EXACT = 128  # frames that are left out one by one, the latest ones
_DRAWS = 8  # of other frames at random, with which those that are named are compared
_RECENT = 1.0  # s
_NEAR = 60  # frames
_SIDE = 320  # px of a small picture
_WIDEST = 1.8  # width of a small picture for its height, if it is to be seen whole
_LIKELIEST = -1  # in place of a label


@dataclass(frozen=True, eq=False)
class Account:
    """Why one label is said at one frame, ready to be shown.

    strip: a row a network, over all frames; near: over the latest ones alone; check: what the
    named frames did, in words; named: the strongest first; thumbs: of them.
    """

    strip: go.Figure
    near: go.Figure
    check: str
    named: np.ndarray
    thumbs: tuple[Thumb, ...]


def show_why(
    system: System, answer: Answer[Any, Any], at: At, key: str,
    span: tuple[float, float] | None = None,
) -> None:
    """The part of the page; it follows the player ``system.key``.

    key: of the answer. span: seconds over which the player's strips run.
    """
    assert system.why is not None
    why = system.why(answer, replace(at, frame=frame_followed(system.key)))
    if why is None:
        st.caption("There is nothing at this frame that a network could be asked about.")
        return
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with left:
        label = choose_label(why, key=f"{system.key}.why")
    exact = right.toggle(
        "Leave frames out one by one", key=f"{system.key}.exact",
        help="Measures what each of the latest frames did by covering it, instead of estimating it "
             "for all of them by gradient times input.")
    account = _account(f"{key} {at.item} {why.frame} {label} {exact}", why, label, exact)
    st.markdown(account.check)
    show_timeline(account.strip, system.key, "why.strip",
                  f"How much every frame spoke for the label. {account.check}", span)
    if account.thumbs:
        gallery(account.thumbs, key=f"{system.key}.why.frames", player=system.key,
                label="The frames that carried the label")
    st.caption("Orange spoke for the label, blue against it; each row by its own strongest frame. "
               f"{why.note} The latest frames alone:")
    show_timeline(account.near, system.key, "why.near",
                  "How much each of the latest frames spoke for the label")


def choose_label(why: Why, *, key: str) -> int:
    """Let somebody choose the label that is asked about."""
    reading = why.readings[0]
    here = np.argsort(-probabilities(reading)[reading.step_of(why.frame)])[:_CHOICES]
    labels = [_LIKELIEST, *dict.fromkeys([*here.tolist(), *np.unique(why.asked).tolist()])]
    name = f"{key}.label"
    if st.session_state.get(name) not in labels:
        st.session_state.pop(name, None)
    asked = int(why.asked[why.frame])
    chosen = st.selectbox("Label", labels, key=name, format_func=lambda label: (
        f"{why.labels[asked]} (of this frame)" if label == _LIKELIEST else why.labels[label]))
    return asked if chosen == _LIKELIEST else int(chosen)


@st.cache_resource(max_entries=64, show_spinner=False)
def _account(key: str, _why: Why, label: int, exact: bool) -> Account:
    return account_of(_why, label, exact=exact)


def account_of(why: Why, label: int, *, exact: bool = False) -> Account:
    """Ask every network; the frames that are named are those of the first one."""
    found = [
        _measured(reading, why.frame, label) if exact
        else influence(reading, reading.step_of(why.frame), label) for reading in why.readings]
    first, reading = found[0], why.readings[0]
    named = first.strongest(NAMED)
    gradient = first.gradient if not exact else influence(
        reading, reading.step_of(why.frame), label).gradient
    contributions = [one.contribution for one in found]
    strip = influence_strips(why.times, contributions, [
        _title(why, one, part) for one, part in zip(why.readings, found, strict=True)])
    near = slice(max(0, why.frame + 1 - _NEAR), why.frame + 1 + reading.lookahead)
    latest = influence_strips(
        why.times[near], [one[near] for one in contributions],
        [one.title for one in why.readings])
    if not len(named):
        return Account(strip, latest, f"Nothing spoke for {why.labels[label]}.", named, ())
    shown, without = _without(why, reading, label, named)
    thumbs = tuple(
        Thumb(_when(why, frame), jpeg(_picture(glance), _SIDE),
              f"{_share(first, frame)} of what spoke for it; without it {percent(p)}",
              time=float(why.times[frame]))
        for frame, glance, p in zip(
            named, why.look(named, gradient[named]), without[: len(named)], strict=True))
    return Account(strip, latest, _check(why, label, shown, without), named, thumbs)


def _measured(reading: Reading, frame: int, label: int) -> Influence:
    """What the latest frames did, one by one, in nats of the label's probability."""
    step = reading.step_of(frame)
    last = step if reading.causal else len(reading) - 1
    frames = np.arange(max(0, last + 1 - _EXACT), last + 1)
    whole, *without = left_out(reading, step, label, [frames[:0], *frames[:, None]])
    contribution = np.zeros(len(reading), np.float32)
    contribution[frames] = np.log(max(whole, 1e-12)) - np.log(np.maximum(without, 1e-12))
    return Influence(contribution, np.zeros((len(reading), 0), np.float32))


def _without(
    why: Why, reading: Reading, label: int, named: np.ndarray
) -> tuple[float, np.ndarray]:
    """The probability that is shown, and what it is without each of the frames named, without all
    of them, and without as many others."""
    step = reading.step_of(why.frame)
    known = np.arange(step + 1 if reading.causal else len(reading))
    rng = np.random.default_rng(0)
    others = [rng.choice(known, min(len(named), len(known)), replace=False) for _ in range(_DRAWS)]
    p = why.share[why.frame] * left_out(
        reading, step, label, [named[:0], *named[:, None], named, *others])
    each = p[1 : len(named) + 2]
    return float(p[0]), np.append(each, p[len(named) + 2 :].mean())


def _check(why: Why, label: int, shown: float, without: np.ndarray) -> str:
    """Whether the frames that are named mattered more than others."""
    count = len(without) - 2
    return (f"**{why.labels[label]}** at {_when(why, why.frame)}: {percent(shown)}. Without the "
            f"{count} frames below it would be {percent(float(without[-2]))}; without {count} at "
            f"random, {percent(float(without[-1]))} on average.")


def _title(why: Why, reading: Reading, found: Influence) -> str:
    """The network, and how much of what spoke for it came from this frame and from the last second.
    """
    positive = np.maximum(found.contribution, 0)
    total = float(positive.sum())
    if total <= 0:
        return f"<b>{reading.title}</b>  nothing that it read spoke for it"
    recent = (why.times <= why.times[why.frame]) \
        & (why.times > why.times[why.frame] - _RECENT)
    return (f"<b>{reading.title}</b>  {percent(float(positive[why.frame]) / total)} of what spoke "
            f"for it came from this frame, {percent(float(positive[recent].sum()) / total)} from "
            "the last second")


def _picture(glance: Glance) -> np.ndarray:
    """It under its map; what is upright stands in the middle of a picture that is not, whole."""
    picture = heat_overlay(glance.picture, glance.weights)
    height, width = picture.shape[:2]
    side = max(0, round(_WIDEST * height) - width) // 2
    return np.pad(picture, ((0, 0), (side, side), (0, 0)))


def _share(found: Influence, frame: int) -> str:
    total = float(np.maximum(found.contribution, 0).sum())
    return percent(float(found.contribution[frame]) / total)


def _when(why: Why, frame: int) -> str:
    return f"{why.times[frame]:.2f} s"
