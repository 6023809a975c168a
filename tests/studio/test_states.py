"""What is sent of an LSTM to the browser, and what a brushed span says, by numbers."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from hybridcore.layers.patterns import Place
from hybridcore.layers.recurrent import LSTMTrace, lstm_trace
from hybridcore.packing import pack, unpack
from hybridcore.studio.patterns import places_table
from hybridcore.studio.states import unit_names
from hybridcore.studio.unit_maps import maps_tree, unit_tree
from hybridcore.system import States


def random_trace(steps: int = 30, units: int = 6) -> LSTMTrace:
    torch.manual_seed(0)
    lstm = nn.LSTM(4, units, batch_first=True)
    inputs = torch.randn(steps, 4)
    return lstm_trace(lstm, inputs, lstm(inputs[None])[0][0])


def test_every_map_holds_the_values_of_its_own_gate_under_its_own_name() -> None:
    trace = random_trace()
    units = np.array([3, 1])
    tree = unpack(pack(maps_tree(
        States(trace, np.arange(30) / 10, units, ""), units, ["c", "a"])))
    assert tree["labels"] == ["c", "a"]
    assert tree["words"] is None
    for letter, gate in zip("ifogch", tree["maps"], strict=True):
        assert gate["name"].split()[-1] == letter
        values = gate["low"] + gate["levels"] / 65535 * (gate["high"] - gate["low"])
        np.testing.assert_allclose(values, getattr(trace, letter)[:, units].T, atol=1e-4)


def test_words_stand_at_their_positions() -> None:
    trace = random_trace(3)
    tree = maps_tree(States(trace, ["a", "dog", "a"], np.arange(6), "", over_time=False),
                     np.arange(6), list("abcdef"))
    assert tree["words"] == ["a", "dog", "a"]
    assert tree["times"].tolist() == [0, 1, 2]


def test_the_sums_of_a_unit_give_its_states() -> None:
    trace = random_trace()
    tree = unpack(pack(unit_tree(trace, 2, "unit 2")))
    i, f, o, g = tree["gates"].T
    np.testing.assert_allclose(f * tree["c_before"] + i * g, trace.c[:, 2], atol=1e-6)
    np.testing.assert_allclose(o * np.tanh(tree["c"]), trace.h[:, 2], atol=1e-6)


def test_a_unit_is_named_after_what_it_goes_with() -> None:
    trace = random_trace(30, 3)
    kitchen = np.repeat([0.0, 1.0], 15)
    trace.h[:] = np.random.default_rng(0).normal(size=(30, 3)) / 10
    trace.h[:, 1] -= kitchen
    names = unit_names(States(trace, np.arange(30.0), np.arange(3), "",
                              signals={"kitchen": kitchen}))
    assert names[0] == "unit 0"
    assert names[1].startswith("unit 1, correlates with kitchen (r = -0.9")


def test_places_are_told_in_seconds_or_in_words() -> None:
    trace = random_trace(4)
    places = [Place(2, 3, 2)]
    over_time = places_table(States(trace, np.arange(4) / 2, np.arange(6), ""), places, 3)
    assert over_time.iloc[0].tolist() == [1.0, 1.5, "2 of 3"]
    words = places_table(
        States(trace, list("abcd"), np.arange(6), "", over_time=False), places, 3)
    assert words.iloc[0].tolist() == ["c d", "2 of 3"]
