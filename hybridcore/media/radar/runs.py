"""Fields over time: even steps, without a gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from hybridcore.errors import MediaError

ASSUMED_STEP = 5.0  # min, where files say no times
COARSE = 15.0  # min: between fields that lie further apart a shower may come and go
LONGEST_STEP = 60.0  # min
FEW = 4  # fields: fewer do not reach back over half an hour
_UNEVEN = 0.2  # of a step, by which fields may come early or late


@dataclass(frozen=True)
class Run:
    """places: of the fields, in the order of time. step: min from one to the next."""

    places: tuple[int, ...]
    step: float


def latest_run(times: Sequence[datetime | None], most: int) -> tuple[Run, list[str]]:
    """The longest run of fields without a gap, of several the latest, and what a person should
    know of it; not more than the latest ``most``.

    Raises:
        MediaError: there is one field only, or they lie more than an hour apart.
    """
    notes: list[str] = []
    timed = [(time, at) for at, time in enumerate(times) if time is not None]
    if not timed:
        places, step = tuple(range(len(times))), ASSUMED_STEP
        notes.append(f"The files say no times; {ASSUMED_STEP:.0f} min between fields are assumed, "
                     "and motion is wrong in proportion if that is wrong.")
    else:
        if len(timed) < len(times):
            notes.append(f"{len(times) - len(timed)} fields without a time are left out.")
        at_time = {time: at for time, at in reversed(timed)}  # the first of equal times stays
        if len(at_time) < len(timed):
            notes.append(f"{len(timed) - len(at_time)} fields are left out because others have the "
                         "same time.")
        order = sorted(at_time)
        step = _usual_step(order)
        run = _longest(order, step)
        if len(run) < len(order):
            notes.append(f"There are gaps in time: the longest part without one is used, "
                         f"{len(run)} of {len(order)} fields, {run[0]:%Y-%m-%d %H:%M} to "
                         f"{run[-1]:%H:%M} UTC.")
        if len(run) > 1:
            step = _minutes(run[0], run[-1]) / (len(run) - 1)
        places = tuple(at_time[time] for time in run)
    if len(places) < 2:
        raise MediaError("There is one radar field only, and motion shows between at least two; "
                         "choose several files, or a zip of them.")
    if len(places) > most:
        notes.append(f"Of {len(places)} fields the latest {most} are used.")
        places = places[-most:]
    if len(places) < FEW:
        notes.append(f"There are {len(places)} fields only; with {FEW} or more over half an hour "
                     "motion and growth are surer.")
    if step > COARSE:
        notes.append(f"Fields lie {step:.0f} min apart, which is too coarse to follow showers; "
                     f"{COARSE:.0f} min or less is better.")
    return Run(places, round(step, 3)), notes


def _usual_step(order: Sequence[datetime]) -> float:
    steps = Counter(round(2 * _minutes(*pair)) / 2 for pair in pairwise(order))
    steps.pop(0.0, None)
    if not steps:
        return ASSUMED_STEP
    step = max(steps, key=lambda one: (steps[one], -one))
    if step > LONGEST_STEP:
        raise MediaError(f"The fields lie {step:,.0f} min apart, which is too far to see rain "
                         f"move; choose fields at most {LONGEST_STEP:.0f} min apart.")
    return step


def _longest(order: Sequence[datetime], step: float) -> Sequence[datetime]:
    best, start = order[:1], 0
    for at in range(1, len(order) + 1):
        if at == len(order) or abs(_minutes(order[at - 1], order[at]) - step) > _UNEVEN * step:
            if at - start >= len(best):
                best = order[start:at]
            start = at
    return best


def _minutes(first: datetime, second: datetime) -> float:
    return (second - first).total_seconds() / 60
