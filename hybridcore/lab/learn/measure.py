"""Let every network of the lab learn every task alone, and write down what became of it.

``python -m hybridcore.lab.learn.measure --seconds 20 --seeds 3``. Seconds are those of the
processor, so what else runs does not count. Runs that are in the file already are not done again.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import torch

from hybridcore.device import describe, one_thread
from hybridcore.lab.measured import FILE, Measured, Run, read
from hybridcore.lab.race import Race, RaceConfig
from hybridcore.lab.raced import finish
from hybridcore.lab.racers import RACERS, Racer
from hybridcore.lab.tasks import TASKS, Task


def main() -> None:
    """Measure what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--budget", type=int, default=RaceConfig.budget)
    parser.add_argument("--out", type=Path, default=FILE)
    args = parser.parse_args()
    with one_thread():
        hardware = describe(torch.device("cpu"))
    found = read(args.out) if args.out.exists() else Measured(
        args.seconds, args.budget, hardware, {task.key: task.lengths[1] for task in TASKS}, ())
    for seed in range(args.seeds):
        for task in TASKS:
            for racer in RACERS:
                if not any(run.seed == seed for run in found.of(task.key, racer.key)):
                    run = measure(task, racer, found, seed)
                    found = replace(found, runs=(*found.runs, run))
                    found.write(args.out)
                    print(run, flush=True)


def measure(task: Task, racer: Racer, how: Measured, seed: int) -> Run:
    """One network on one task, with the time, length and budget of ``how``."""
    race = Race(task, [racer], RaceConfig(how.lengths[task.key], how.budget, seed=seed))
    for _ in race.run(how.seconds, how.seconds, clock=time.thread_time):
        pass
    (runner,) = race.runners
    end = finish(race, runner)
    return Run(task.key, racer.key, seed, runner.parameters, runner.steps, end.loss, end.right,
               end.cost.step, end.cost.whole)


if __name__ == "__main__":
    main()
