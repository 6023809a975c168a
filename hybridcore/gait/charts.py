"""The charts of an answer: which walk is drawn is chosen by the place that somebody looks at."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from hybridcore.gait import figures
from hybridcore.gait.model import VIEWS
from hybridcore.gait.result import GaitResult
from hybridcore.gait.walk import Walk
from hybridcore.layers.flow import Step
from hybridcore.system import Answer, At, Fact, Item, Items, States

GaitAnswer = Answer[Any, GaitResult]
_OTHERS = 4  # walks that one is compared with


def walk_at(answer: GaitAnswer, at: At) -> Walk | None:
    """The walk that is looked at, on the clock of the player; None where nobody walks."""
    walks = answer.result.walks
    return walks[at.item].on_film() if at.item < len(walks) else None


def items(answer: GaitAnswer) -> Items:
    """Everybody who walks."""
    walks = [walk.on_film() for walk in answer.result.walks]
    return Items("Walker", tuple(
        Item(walk.name, float(walk.times[0]), float(walk.times[-1])) for walk in walks))


def facts(answer: GaitAnswer, at: At) -> tuple[Fact, ...]:
    """Steps, view and identity of one walker."""
    walk = walk_at(answer, at)
    if walk is None:
        return ()
    rhythm, best = walk.rhythm, walk.matches[0] if walk.matches else None
    who = "nobody enrolled" if best is None else best.name if best.accepted else "no match"
    return (
        Fact("Cadence", "unknown" if rhythm.cadence is None else f"{rhythm.cadence:.0f} steps/min"),
        Fact("Cycles", str(len(rhythm.cycles))),
        Fact("Left-right symmetry",
             "unknown" if rhythm.symmetry is None else f"{rhythm.symmetry:.2f}"),
        Fact("View", "unknown" if walk.view is None else f"{walk.view}°"),
        Fact("Identity", who, "" if best is None else f"distance {best.distance:.2f}"),
        Fact("Seen before, by clothing", *_seen_before(walk)),
    )


def _seen_before(walk: Walk) -> tuple[str, str]:
    """The surest answer in a word or two, and when that was."""
    if walk.clothes is None:
        return "not compared", ""
    if not walk.before:
        return "no", ""
    best = walk.before[0]
    value = best.name if best.verdict == "seen before" else f"not sure: {best.name}?"
    return value, best.when


def seen_before(answer: GaitAnswer, at: At) -> pd.DataFrame | None:
    """Where the clothes of everybody were seen before; None where nobody is in full view."""
    walks = [walk.on_film() for walk in answer.result.walks]
    if all(walk.clothes is None for walk in walks):
        return None
    rows = []
    for walk in walks:
        for before in walk.before or (None,):
            rows.append({
                "walker": walk.name, "start": round(float(walk.times[0]), 2),
                "by clothing": walk.seen_before if before is None else before.said,
                "similarity": "" if before is None else f"{before.similarity:.2f}"})
    return pd.DataFrame(rows)


def alike(answer: GaitAnswer, at: At) -> go.Figure | None:
    """How alike the clothes of everybody are; None where there are not two."""
    walks = [walk for walk in answer.result.walks if walk.clothes is not None]
    return figures.alike(walks) if len(walks) > 1 else None


def notes(answer: GaitAnswer, at: At) -> pd.DataFrame | None:
    """What to know before believing this walk."""
    walk = walk_at(answer, at)
    return pd.DataFrame({"note": walk.notes}) if walk is not None and walk.notes else None


def matches(answer: GaitAnswer, at: At) -> pd.DataFrame | None:
    """The nearest names of the gallery; None where nobody is enrolled."""
    walk = walk_at(answer, at)
    if walk is None or not walk.matches:
        return None
    return pd.DataFrame({
        "name": [match.name for match in walk.matches],
        "distance": [round(match.distance, 3) for match in walk.matches],
        "decision": ["accepted" if match.accepted else "no match"
                     for match in walk.matches],
    })


def silhouettes(answer: GaitAnswer, at: At) -> go.Figure | None:
    """Silhouettes at their times."""
    walk = walk_at(answer, at)
    return None if walk is None else figures.silhouette_strip(walk, answer.result.duration)


def width(answer: GaitAnswer, at: At) -> go.Figure | None:
    """Width of the lower half over time, with steps and cycles; None where there is none."""
    walk = walk_at(answer, at)
    return None if walk is None or not len(walk.rhythm.width) else figures.width_signal(
        walk, answer.result.duration)


def energies(answer: GaitAnswer, at: At) -> go.Figure | None:
    """Energy and entropy image, and the energy image of each cycle; None where nobody is seen
    whole."""
    walk = walk_at(answer, at)
    return None if walk is None or not walk.usable.any() else figures.energies(walk)


def evidence(answer: GaitAnswer, at: At) -> go.Figure | None:
    """Distance to the enrolled names over time."""
    walk, result = walk_at(answer, at), answer.result
    return None if walk is None or walk.identity is None else figures.evidence(
        walk, result.known, result.duration)


def embedding_map(answer: GaitAnswer, at: At) -> go.Figure | None:
    """Enrolled walks and those of this input in a plane; None for a single one."""
    result = answer.result
    count = len(result.known.names) + sum(walk.identity is not None for walk in result.walks)
    return figures.embedding_map(result) if count > 1 else None


def views(answer: GaitAnswer, at: At) -> go.Figure | None:
    """Probability of each angle."""
    walk = walk_at(answer, at)
    return None if walk is None or walk.identity is None else figures.view_bars(walk)


def stance(answer: GaitAnswer, at: At) -> go.Figure | None:
    """Where feet touch the ground over time; None where no foot is seen."""
    walk = walk_at(answer, at)
    return None if walk is None or not walk.feet_bits.any() else figures.stance(
        walk, answer.result.duration)


def compare(answer: GaitAnswer, at: At) -> go.Figure | None:
    """The energy image of one walk against those of the next ones; None where there are not two."""
    walks = answer.result.walks
    if at.item >= len(walks) or walks[at.item].energy is None:
        return None
    others = [walk for walk in (*walks[at.item + 1 :], *walks[: at.item])
              if walk.energy is not None]
    if not others:
        return None
    return figures.compare(walks[at.item], others[:_OTHERS])


def states(answer: GaitAnswer, at: At) -> States | None:
    """The LSTM over one walk; None for the networks that have none."""
    walk = walk_at(answer, at)
    if walk is None or walk.identity is None:
        return None
    trace = answer.model.trace(walk.identity, answer.kind)
    if trace is None:
        return None
    units = np.argsort(-trace.h.std(0))
    steps = walk.identity.at
    signals = {"the width of the legs": walk.rhythm.width[steps], **{
        f"a view of {view}°": walk.identity.views[:, k] for k, view in enumerate(VIEWS)}}
    return States(trace, walk.used_times[steps], units, "most active first",
                  signals=signals)


def flow(answer: GaitAnswer, at: At) -> tuple[Step, ...]:
    """The way of one walk through the network."""
    walk = walk_at(answer, at)
    return () if walk is None or walk.identity is None else walk.identity.flow
