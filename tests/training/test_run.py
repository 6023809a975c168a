"""The clock-driven run: schedule, resuming, averaged weights."""

from itertools import repeat
from pathlib import Path

import pytest
import torch
from torch import nn

from hybridcore.training.run import ClockRun, StepRun, WeightAverage, cosine


def test_cosine_ends_annealed() -> None:
    assert cosine(0.0) == 0
    assert cosine(0.03) == pytest.approx(1)
    assert cosine(1.0) == pytest.approx(0, abs=1e-9)
    values = [cosine(0.03 + k / 100) for k in range(97)]
    assert values == sorted(values, reverse=True)


def test_a_run_learns_stops_on_time_and_resumes(tmp_path: Path) -> None:
    torch.manual_seed(0)

    def new_run(minutes: float) -> ClockRun:
        model = nn.Linear(3, 1)
        optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
        return ClockRun(model, optimiser, minutes=minutes, directory=tmp_path)

    run = new_run(0.01)
    x, y = torch.randn(64, 3), torch.randn(64, 1)
    losses = []
    for _ in run.steps():
        loss = (run.module(x) - y).square().mean()
        losses.append(loss.item())
        run.apply(loss)
    assert losses[-1] < losses[0]
    assert 0.6 <= run.spent < 5
    again = new_run(0.01)
    assert again.step == run.step
    assert list(again.steps()) == []  # its time is spent
    torch.testing.assert_close(again.module.weight, run.module.weight)


def test_a_checkpoint_holds_the_optimiser_and_shared_layers(tmp_path: Path) -> None:
    torch.manual_seed(0)

    def new_run() -> ClockRun:
        first, second = nn.Linear(3, 3), nn.Linear(3, 3)
        second.weight = first.weight
        module = nn.Sequential(first, second)
        optimiser = torch.optim.AdamW(module.parameters(), lr=0.1)
        return ClockRun(module, optimiser, minutes=1, directory=tmp_path)

    run = new_run()
    for _ in range(3):
        run.apply(run.module(torch.ones(2, 3)).square().mean())
    run.step, run.spent = 3, 1.5
    run.save()
    again = new_run()
    assert (again.step, again.spent) == (3, 1.5)
    for one in (run, again):
        one.apply(one.module(torch.ones(2, 3)).square().mean())
    for name, value in run.module.state_dict().items():
        torch.testing.assert_close(again.module.state_dict()[name], value)
        torch.testing.assert_close(again.average.values[name], run.average.values[name])


def test_learning_ends_with_the_averaged_weights(tmp_path: Path) -> None:
    module = nn.Linear(3, 1)
    optimiser = torch.optim.SGD(module.parameters(), lr=0.1)
    run = ClockRun(module, optimiser, minutes=0.003, directory=tmp_path)
    run.learn(repeat(torch.ones(4, 3)), lambda x: (module(x) - 1).square().mean())
    assert run.step > 0
    torch.testing.assert_close(module.weight.detach(), run.average.values["weight"])


def test_average_of_a_constant_is_the_constant() -> None:
    module = nn.Linear(2, 2)
    average = WeightAverage(module, 0.9)
    for _ in range(5):
        average.update(module)
    torch.testing.assert_close(average.values["weight"], module.weight.detach())


def test_a_run_of_steps_is_annealed_over_them() -> None:
    module = nn.Linear(2, 1)
    optimiser = torch.optim.SGD(module.parameters(), lr=0.2)
    rates = []

    def loss(x: torch.Tensor) -> torch.Tensor:
        rates.append(optimiser.param_groups[0]["lr"])
        return module(x).square().mean()

    StepRun(module, optimiser, count=20, warmup=0.1).learn(repeat(torch.ones(3, 2)), loss)
    assert rates == pytest.approx([0.2 * max(cosine(k / 20, warmup=0.1), 1e-3) for k in range(20)])
