"""What the networks of the lab did on its tasks, measured beforehand, and what follows from it.

``measured.json`` lies beside this file; ``python -m hybridcore.lab.learn.measure`` writes it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from statistics import median

FILE = Path(__file__).with_name("measured.json")


@dataclass(frozen=True)
class Run:
    """A network that learned a task alone.

    task, racer: their keys. parameters, steps: of it and of its training. loss, right (0..1): on
    sequences that it had not seen. step, whole: s for a new frame of a stream, and for a sequence
    that is there.
    """

    task: str
    racer: str
    seed: int
    parameters: int
    steps: int
    loss: float
    right: float
    step: float
    whole: float


@dataclass(frozen=True)
class Measured:
    """Runs, each of ``seconds`` of one core (``hardware``). budget: the parameters allowed;
    lengths: steps of a sequence, by task."""

    seconds: float
    budget: int
    hardware: str
    lengths: dict[str, int]
    runs: tuple[Run, ...]

    @property
    def seeds(self) -> int:
        """How many times each was measured, at least."""
        pairs = [(run.task, run.racer) for run in self.runs]
        return min(map(pairs.count, pairs))

    def of(self, task: str, racer: str) -> list[Run]:
        """Every run of a network on a task."""
        return [run for run in self.runs if (run.task, run.racer) == (task, racer)]

    def median(self, task: str, racer: str, what: str) -> float:
        """Of a number of these runs, by its name."""
        return median(getattr(run, what) for run in self.of(task, racer))

    def write(self, path: Path) -> None:
        """As JSON, a line for each run."""
        head = {key: value for key, value in asdict(self).items() if key != "runs"}
        runs = ",\n  ".join(json.dumps(asdict(run)) for run in self.runs)
        path.write_text(f'{json.dumps(head)[:-1]},\n "runs": [\n  {runs}\n ]}}\n')


def read(path: Path) -> Measured:
    """What was written there."""
    found = json.loads(path.read_text())
    return Measured(**{**found, "runs": tuple(Run(**run) for run in found["runs"])})


@cache
def measured() -> Measured:
    """What ships."""
    return read(FILE)
