"""Are recurrent networks finished? Table and sentences that follow from what was measured.

``python -m hybridcore lab`` prints them as the README holds them.
"""

from __future__ import annotations

from hybridcore.lab.measured import Measured
from hybridcore.lab.racers import RACERS
from hybridcore.lab.tasks import TASKS, Task
from hybridcore.lab.verdict import LEARNED, number
from hybridcore.text import enumerated, percent

RECURRENT, CONVOLUTION = "lstm", "tcn"
_AHEAD = 1.5  # times the loss of the other, from which somebody has won
_TITLES = {racer.key: racer.title for racer in RACERS}


def rows(found: Measured) -> list[dict[str, str]]:
    """A row for each network: what it reached on each task, and what it costs on the first one."""
    table = []
    for racer in RACERS:
        step, whole = (found.median(TASKS[0].key, racer.key, what) for what in ("step", "whole"))
        table.append({
            "Network": racer.title,
            **{_head(task, found): _reached(found, task, racer.key) for task in TASKS},
            "New frame, µs": f"{1e6 * step:.0f}", "Sequence, ms": f"{1e3 * whole:.2g}"})
    return table


def how(found: Measured) -> str:
    """How it was measured, in a sentence."""
    seeds = "one seed" if found.seeds == 1 else f"medians of {found.seeds} seeds"
    return (f"Every network had {found.seconds:.0f} s of one core for each task and at most "
            f"{found.budget:,} parameters ({found.hardware}; {seeds}). Classes: share right; "
            "numbers: squared error. Times are those of one sequence of "
            f"{found.lengths[TASKS[0].key]} steps, frame by frame and all at once.")


def answer(found: Measured) -> str:
    """Where the TCN wins, where the LSTM wins, and what each costs."""
    won: dict[str, list[str]] = {RECURRENT: [], CONVOLUTION: [], "": []}
    for task in TASKS:
        won[winner(found, task)].append(task.title[0].lower() + task.title[1:])
    names = {key: f"the {_TITLES[key]}" if key else "neither" for key in won}
    parts = [f"{names[key]} is ahead at {enumerated(won[key])}" for key in won if won[key]]
    return f"In the same time with as many parameters, {'; '.join(parts)}. {_costs(found)}"


def winner(found: Measured, task: Task) -> str:
    """LSTM or TCN, if it has learned the task and the other has a loss well above its own; ""."""
    losses = {key: found.median(task.key, key, "loss") for key in (RECURRENT, CONVOLUTION)}
    best, other = sorted(losses, key=losses.__getitem__)
    learned = losses[best] < LEARNED * task.guess(found.lengths[task.key])
    return best if learned and losses[other] > _AHEAD * losses[best] else ""


def _costs(found: Measured) -> str:
    first = TASKS[0].key
    step = {key: 1e6 * found.median(first, key, "step") for key in (RECURRENT, CONVOLUTION)}
    whole = {key: 1e3 * found.median(first, key, "whole") for key in (RECURRENT, CONVOLUTION)}
    return (f"A new frame of a stream costs the LSTM {step[RECURRENT]:.0f} µs and the TCN "
            f"{step[CONVOLUTION]:.0f} µs; a sequence of {found.lengths[first]} steps that is there "
            f"as a whole, {whole[RECURRENT]:.2g} ms and {whole[CONVOLUTION]:.2g} ms.")


def _reached(found: Measured, task: Task, racer: str) -> str:
    classes = task.goal == "class"
    reached = {key: found.median(task.key, key, "right" if classes else "loss") for key in _TITLES}
    best = max(reached.values()) if classes else min(reached.values())
    shown, top = (percent(value) if classes else number(value) for value in (reached[racer], best))
    return f"**{shown}**" if shown == top else shown


def _head(task: Task, found: Measured) -> str:
    return f"{task.title}, {found.lengths[task.key]} steps"
