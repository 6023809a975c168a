"""A whole race: watched while it runs, judged and timed at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hybridcore.cores import core_count
from hybridcore.device import one_thread
from hybridcore.lab.cost import Cost, cost_of
from hybridcore.lab.race import Race, RaceConfig, Runner
from hybridcore.lab.racers import Racer
from hybridcore.lab.tasks import Task
from hybridcore.progress import Progress, report


@dataclass(frozen=True)
class Finish:
    """What became of a network. loss, right (0..1): on sequences that nobody trained on."""

    loss: float
    right: float
    cost: Cost


@dataclass(frozen=True)
class Raced:
    """Networks with their laps, and by their keys what became of them, once the race is over."""

    task: Task
    config: RaceConfig
    runners: tuple[Runner, ...]
    finishes: dict[str, Finish] = field(default_factory=dict)


def run_race(
    task: Task, racers: Sequence[Racer], config: RaceConfig, seconds: float,
    progress: Progress | None = None,
) -> Raced:
    """Train for ``seconds`` in all, a network on each core; what is known so far are their laps."""
    race = Race(task, racers, config)
    runners = tuple(race.runners)
    whole = max(1, round(seconds))
    for share in race.run(seconds, cores=core_count()):
        report(progress, round(share * whole), whole, lambda: Raced(task, config, runners))
    return Raced(task, config, runners, {
        runner.racer.key: finish(race, runner) for runner in runners})


@one_thread()
def finish(race: Race, runner: Runner) -> Finish:
    """Judge and time a network."""
    cost = cost_of(runner.network, race.config.length, race.task.inputs)
    return Finish(*race.judged(runner.network), cost)
