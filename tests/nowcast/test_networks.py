"""The networks begin as the climate of persistence, and the paper's have its parameters."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from hybridcore.cards import load_card
from hybridcore.nowcast.bins import BINS, EDGES
from hybridcore.nowcast.moving import LEADS, PAST
from hybridcore.nowcast.networks import (
    KINDS,
    Kind,
    Nowcaster,
    NowcasterConfig,
    foretell,
    load,
    log_rain,
)
from hybridcore.nowcast.published import PARAMETERS, EncoderForecaster
from tests.nowcast.test_motion import showers


def network(kind: Kind) -> Nowcaster:
    torch.manual_seed(0)
    return Nowcaster(config=NowcasterConfig(kind=kind, channels=8, fine=4)).eval()


def stirred(kind: Kind) -> Nowcaster:
    """One whose answer hangs on everything that it reads."""
    made = network(kind)
    torch.nn.init.normal_(made.say.weight)
    return made


@pytest.mark.parametrize("channels", PARAMETERS)
def test_the_papers_networks_have_the_parameters_it_prints(channels: tuple[int, ...]) -> None:
    made = EncoderForecaster(channels=channels)
    assert sum(p.numel() for p in made.parameters()) == PARAMETERS[channels]


def test_the_papers_network_says_as_many_frames_as_are_asked_for() -> None:
    films = torch.rand(2, 3, 16, 6, 5)
    made = EncoderForecaster(channels=(4, 3), kernel=3)
    assert made(films, frames=4).shape == (2, 4, 16, 6, 5)
    # The forecaster begins with what the encoder holds.
    assert (made(films) - made(films.flip(1))).abs().max() > 1e-6


def test_they_are_small() -> None:
    for kind in KINDS:
        made = Nowcaster(config=NowcasterConfig(kind=kind))
        assert sum(p.numel() for p in made.parameters()) < 300_000


@pytest.mark.parametrize("kind", KINDS)
def test_at_first_the_table_alone_speaks(kind: Kind) -> None:
    made = network(kind)
    with torch.no_grad():
        made.table.copy_(torch.randn(made.table.shape))
    past = np.full((len(PAST), 10, 13), 0.05, np.float32)
    past[:, 0, :9] = [0.05, *EDGES]  # one of every bin
    past[:, 1, 0] = np.nan
    said = foretell(made, past)
    assert said.shape == (len(LEADS), BINS, 10, 13)
    table = made.table.detach().softmax(-1).numpy()
    assert said[:, :, 0, :9] == pytest.approx(table[:, :BINS].transpose(0, 2, 1), abs=1e-5)
    assert said[:, :, 1, 0] == pytest.approx(table[:, BINS], abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_only_those_with_memory_know_the_past(kind: Kind) -> None:
    made = stirred(kind)
    rng = np.random.default_rng(1)
    past = rng.gamma(0.3, 3, (len(PAST), 32, 32)).astype(np.float32)
    changed = past.copy()
    changed[0, 8:16, 8:16] += 5
    differs = np.abs(foretell(made, changed) - foretell(made, past)).max() > 1e-6
    assert differs == (kind != "single")
    changed = past.copy()
    changed[-1, 8:16, 8:16] += 5
    assert np.abs(foretell(made, changed) - foretell(made, past)).max() > 1e-6


def climate(past: np.ndarray, **more: bool) -> np.ndarray:
    """How likely it is after each lead that 1 mm/h stays, by the table of the sequence alone."""
    made = Nowcaster(config=NowcasterConfig(channels=8, fine=4, **more)).eval()
    with torch.no_grad():
        made.table.copy_(torch.eye(BINS + 1, BINS) * 3)
    return foretell(made, past)[:, 4:, 20, 20].sum(1)


def test_rain_that_kept_is_told_to_keep() -> None:
    """Both see the same field last; the past of one says that its rain goes within ten minutes."""
    keeps = np.zeros((len(PAST), 40, 40), np.float32)
    keeps[:, 8:32, 8:32] = 1.5
    goes = keeps.copy()
    for k in range(len(PAST) - 1):
        goes[k] = np.roll(keeps[k], 24, 0)  # there it rained, and no longer
    for past in (keeps, goes):  # no field is the next one again
        past[:-1] += np.array([0.01, 0.02, 0.03], np.float32)[:, None, None]
    assert (climate(keeps) > climate(goes) + 0.2).all()
    assert climate(keeps, adapts=False) == pytest.approx(climate(goes, adapts=False))


def test_a_file_of_one_field_tells_nothing_of_how_rain_keeps() -> None:
    past = np.zeros((len(PAST), 40, 40), np.float32)
    past[:, 8:32, 8:32] = 1.5
    assert climate(past) == pytest.approx(climate(past, adapts=False), abs=1e-5)


def test_states_are_those_of_the_run() -> None:
    """The hidden maps of the last layers at a lead, put through the rest, give what was said."""
    made = stirred("corrector")
    past = torch.from_numpy(log_rain(
        np.random.default_rng(2).gamma(0.3, 3, (len(PAST), 16, 24)).astype(np.float32)))[None]
    memories = made.states(past)
    assert len(memories) == made.config.layers
    steps = len(PAST) + len(LEADS)
    for memory in memories:
        for maps in (memory.hidden, memory.cell, memory.input, memory.forget, memory.output):
            assert maps.shape == (steps, 8, 4, 6)
        assert memory.hidden == pytest.approx(memory.output * np.tanh(memory.cell), abs=1e-5)
        for gate in (memory.input, memory.forget, memory.output):
            assert 0 <= gate.min() <= gate.max() <= 1
    with torch.inference_mode():
        hidden = torch.from_numpy(np.concatenate([m.hidden[len(PAST):] for m in memories], 1))
        wide = torch.pixel_shuffle(made.enlarge(hidden), 4)
        near = made.near_leads(made.near(past.flatten(1, 2))).unflatten(1, (len(LEADS), -1))[0]
        said = made.say(torch.relu(wide + near))
        assert said == pytest.approx(made(past)[0] - made._climate(past)[0], abs=1e-4)
    assert network("single").states(past)[0].hidden.shape == (1 + len(LEADS), 8, 4, 6)


def test_no_data_is_told_from_dry() -> None:
    read = log_rain(np.array([[0.0, np.nan, 0.9]], np.float32))
    assert read[1].tolist() == [[1, 0, 1]]
    assert read[0, 0] == pytest.approx([0, 0, np.log(10)])


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_networks_say_rain_where_it_rains(kind: Kind) -> None:
    still = np.stack([showers(0, (0, 0)) * share for share in (0.94, 0.96, 0.98, 1)])
    heavy = foretell(load(kind), still)[:, 4:].sum(1)  # 1 mm/h and more
    assert heavy[0, still[-1] >= 3].mean() > 0.8
    assert heavy[0, still[-1] == 0].mean() < 0.2
    assert heavy[0, still[-1] >= 3].mean() > heavy[-1, still[-1] >= 3].mean()  # less sure later


def test_the_corrector_is_above_lagrangian_persistence_in_a_country_that_it_never_saw() -> None:
    found = load_card("nowcast_corrector")["skill"]["Finland"]
    assert found["starts"] >= 20
    for name in ("CSI 0.5", "CSI 1.0", "RMSE"):
        own, other = (found["scores"][method][name] for method in ("corrector", "lagrangian"))
        above = [b - a if name == "RMSE" else a - b for a, b in zip(own, other, strict=True)]
        assert len(above) == len(LEADS)
        assert min(above) > 0, name
