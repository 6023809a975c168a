"""What was measured, and the sentences and tables that follow from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hybridcore.lab import answers, figures, published
from hybridcore.lab.cost import Cost
from hybridcore.lab.measured import FILE, Measured, Run, measured, read
from hybridcore.lab.race import Race, RaceConfig
from hybridcore.lab.raced import Finish, Raced, run_race
from hybridcore.lab.racers import RACERS
from hybridcore.lab.tasks import TASKS
from hybridcore.lab.verdict import verdict
from hybridcore.tables import markdown

ROOT = Path(__file__).resolve().parents[2]


def made(lstm: float, tcn: float) -> Measured:
    """Losses of LSTM and TCN on every task, as shares of guessing."""
    lengths = {task.key: task.lengths[1] for task in TASKS}
    loss = {"lstm": lstm, "tcn": tcn}
    runs = tuple(
        Run(task.key, racer.key, 0, 5000, 100,
            loss.get(racer.key, 0.9) * task.guess(lengths[task.key]), 0.5, 2e-5, 3e-4)
        for task in TASKS for racer in RACERS)
    return Measured(20.0, 5000, "a processor", lengths, runs)


def test_every_network_was_measured_on_every_task() -> None:
    found = measured()
    assert found.seeds >= 1
    for task in TASKS:
        for racer in RACERS:
            for run in found.of(task.key, racer.key):
                assert run.parameters <= found.budget
                assert 0 <= run.right <= 1
                assert run.step > 0 < run.whole


def test_the_readme_holds_what_was_measured() -> None:
    readme = (ROOT / "README.md").read_text()
    assert markdown(answers.rows(measured())) in readme
    one_line = " ".join(readme.split())
    assert answers.answer(measured()) in one_line
    assert answers.how(measured()) in one_line


def test_the_answer_names_who_wins_and_only_who_has_learned() -> None:
    assert "the LSTM is ahead at" in answers.answer(made(0.1, 0.9))
    assert "the TCN is" not in answers.answer(made(0.1, 0.9))
    assert "the TCN is ahead at" in answers.answer(made(0.9, 0.1))
    level = answers.answer(made(0.1, 0.11))
    assert "neither is ahead" in level
    assert "the LSTM is" not in level
    assert all(answers.winner(made(0.9, 0.99), task) == "" for task in TASKS)  # both but guess
    assert "costs the LSTM 20 µs" in level


def test_what_was_measured_is_read_as_it_was_written(tmp_path: Path) -> None:
    measured().write(tmp_path / "again.json")
    assert read(tmp_path / "again.json") == measured()
    assert (tmp_path / "again.json").read_text() == FILE.read_text()


def test_figures_show_the_numbers() -> None:
    found = made(0.1, 0.9)
    chart = figures.reached(found)
    by_name = {trace.name: trace for trace in chart.data}
    assert list(by_name["LSTM"].y) == pytest.approx([0.1] * len(TASKS))
    assert list(figures.costs(found).data[0].x) == pytest.approx([20.0] * len(RACERS))


def test_published_results_are_those_of_the_paper() -> None:
    rows = {row["task"]: row for row in published.rows()}
    assert rows["Sequential MNIST, % right"]["TCN"] == "99.0"
    assert rows["Adding, T = 600, loss"]["GRU"] == "5.3e-5"
    assert len(rows) == 4


def test_a_race_ends_with_a_verdict_from_its_numbers() -> None:
    task = next(task for task in TASKS if task.key == "parity")
    racers = [racer for racer in RACERS if racer.key in ("lstm", "tcn")]
    told: list[tuple[int, int]] = []
    raced = run_race(task, racers, RaceConfig(length=6, budget=1500), 0.5,
                     lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1]
    assert raced.finishes.keys() == {"lstm", "tcn"}
    sure = replace(raced, finishes={"lstm": Finish(0.01, 0.99, Cost(1e-3, 2e-5)),
                                    "tcn": Finish(0.69, 0.5, Cost(1e-3, 8e-5))})
    assert verdict(sure) == (
        "**LSTM** did best: loss 0.01 where guessing has 0.69, 99.0 % right; TCN is not much "
        "better than guessing. A new frame of a stream costs LSTM 20 µs and TCN 4 times as much.")
    unsure = replace(raced, finishes={"lstm": Finish(0.6, 0.6, Cost(1e-3, 2e-5))}, runners=(
        raced.runners[0],))
    assert verdict(unsure).startswith("Nobody has learned it yet")


def test_the_figures_of_a_race_are_its_laps() -> None:
    race = Race(TASKS[0], RACERS[:2], RaceConfig(length=12, budget=1500))
    race.begin()
    raced = Raced(race.task, race.config, tuple(race.runners))
    lines = figures.gradient_lines(raced.runners)
    for trace, runner in zip(lines.data, raced.runners, strict=True):
        assert list(trace.y) == pytest.approx(runner.laps[0].gradient.tolist(), abs=1e-9)
    first = figures.first_step(raced.runners)
    assert [len(trace.x) for trace in first.data] == [1, 1]
    losses = figures.loss_curves(raced.runners, 1 / 6, "steps")
    assert losses.data[-1].name == "guessing"
