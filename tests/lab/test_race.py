"""Tasks as they are defined, networks within their budget, and a race that can be won."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from hybridcore.lab.race import Race, RaceConfig
from hybridcore.lab.racers import RACERS, Racer, Start, parameters_of, with_budget
from hybridcore.lab.tasks import COPIED, SYMBOLS, TASKS, Task
from hybridcore.layers.lstm import LSTM
from hybridcore.layers.unrolled import unroll

BY_KEY = {task.key: task for task in TASKS}
EVERY_TASK = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.key)
EVERY_RACER = pytest.mark.parametrize("racer", RACERS, ids=lambda racer: racer.key)


@EVERY_TASK
def test_batches_have_their_shapes_and_come_again(task: Task) -> None:
    length = task.lengths[1]
    inputs, targets = task.batch(np.random.default_rng(3), 5, length)
    again, _ = task.batch(np.random.default_rng(3), 5, length)
    torch.testing.assert_close(inputs, again)
    assert inputs.shape == (5, length, task.inputs)
    assert inputs.dtype == torch.float32
    assert 0 < targets.shape[1] <= length
    said = torch.zeros(5, length, task.outputs)
    assert torch.isfinite(task.loss(said, targets))


def test_answers_follow_from_the_inputs() -> None:
    rng = np.random.default_rng(0)
    inputs, sums = BY_KEY["adding"].batch(rng, 50, 20)
    torch.testing.assert_close((inputs[..., 0] * inputs[..., 1]).sum(1, keepdim=True), sums)
    assert (inputs[..., 1].sum(1) == 2).all()
    inputs, symbols = BY_KEY["copy"].batch(rng, 50, 40)
    shown = inputs.argmax(2)
    torch.testing.assert_close(shown[:, :COPIED], symbols + 1)
    assert (shown[:, COPIED:-COPIED - 1] == 0).all()
    assert (shown[:, -COPIED - 1] == SYMBOLS + 1).all()
    inputs, odd = BY_KEY["parity"].batch(rng, 50, 9)
    torch.testing.assert_close((inputs[..., 0] > 0).cumsum(1) % 2, odd)


def test_guessing_costs_what_is_said() -> None:
    rng = np.random.default_rng(1)
    for key, said in (("adding", 1.0), ("copy", 0.0), ("parity", 0.0), ("sine", 0.0)):
        task = BY_KEY[key]
        inputs, targets = task.batch(rng, 4000, task.lengths[1])
        guess = torch.full((*inputs.shape[:2], task.outputs), said)
        assert task.loss(guess, targets).item() == pytest.approx(task.guess(60), rel=0.06), key


def test_digits_that_judge_are_not_trained_on() -> None:
    task = BY_KEY["digits"]
    assert task.test is not None
    seen = {row.numpy().tobytes() for row in task.batch(np.random.default_rng(0), 3000, 64)[0]}
    judge = {row.numpy().tobytes() for row in task.test(np.random.default_rng(0), 3000, 64)[0]}
    assert len(judge) > 300
    assert not seen & judge


@EVERY_RACER
def test_a_network_uses_its_budget_and_no_more(racer: Racer) -> None:
    for budget in (1500, 6000):
        network = with_budget(racer, inputs=2, outputs=3, length=50, budget=budget, start=Start())
        assert 0.8 * budget < parameters_of(network) <= budget
        assert network(torch.randn(2, 50, 2)).shape == (2, 50, 3)


@EVERY_RACER
def test_only_the_bidirectional_one_sees_the_future(racer: Racer) -> None:
    torch.manual_seed(0)
    network = racer.build(2, 6, 1, 20, Start())
    inputs = torch.randn(1, 20, 2).requires_grad_()
    (slope,) = torch.autograd.grad(network(inputs)[0, 9, 0], inputs)
    later = slope[0, 10:].abs().sum()
    assert (later == 0) == racer.causal
    (slope,) = torch.autograd.grad(network(inputs)[0, -1, 0], inputs)
    assert slope[0, 0].abs().sum() > 0  # the last step sees the first


def test_the_fused_lstm_is_the_cell_of_the_layers() -> None:
    torch.manual_seed(0)
    lstm = next(racer for racer in RACERS if racer.key == "lstm")
    network, inputs = lstm.build(2, 5, 3, 10, Start(orthogonal=True)), torch.randn(2, 10, 2)
    cell, fused = LSTM(inputs=2, hidden=5), network.layer
    with torch.no_grad():
        cell.from_input.weight.copy_(fused.weight_ih_l0)
        cell.from_input.bias.copy_(fused.bias_ih_l0)
        cell.from_hidden.weight.copy_(fused.weight_hh_l0)
        cell.from_hidden.bias.copy_(fused.bias_hh_l0)
    torch.testing.assert_close(network(inputs), network.say(unroll(cell, inputs)[0]))
    gate = fused.weight_hh_l0[:5]
    torch.testing.assert_close(gate @ gate.T, torch.eye(5))


def ticks() -> Iterator[float]:
    now = 0.0
    while True:
        yield now
        now += 0.01


def test_a_race_shares_its_time_and_somebody_learns() -> None:
    racers = [racer for racer in RACERS if racer.key in ("elman", "gru")]
    race = Race(BY_KEY["parity"], racers, RaceConfig(length=6, budget=1500))
    clock = ticks()  # a step costs 0.01 s
    shares = list(race.run(6.0, every=1.0, clock=lambda: next(clock)))
    assert shares == sorted(shares)
    assert shares[-1] == 1
    for runner in race.runners:
        assert runner.steps == pytest.approx(300, abs=2)
        assert [lap.steps for lap in runner.laps] == sorted(lap.steps for lap in runner.laps)
        assert runner.laps[0].steps == 0
        assert len(runner.laps) == len(shares)
        assert runner.laps[-1].gradient.shape == (6,)
    gru = race.runners[1]
    loss, right = race.judged(gru.network)
    assert loss < 0.35
    assert right > 0.85


def test_the_gradient_of_elman_vanishes_and_that_of_an_open_lstm_does_not() -> None:
    kept = {}
    for key, start in (("elman", Start()), ("lstm", Start(forget_bias=5.0))):
        racer = next(racer for racer in RACERS if racer.key == key)
        race = Race(BY_KEY["adding"], [racer], RaceConfig(length=100, start=start))
        slope = race.gradient(race.runners[0].network)
        kept[key] = slope[0] / slope[-1]
    assert kept["elman"] < 1e-6
    assert kept["lstm"] > 1e-2
