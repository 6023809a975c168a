"""What the LSTM held, and the way of the tensors."""

import numpy as np
import pytest
import torch

from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.scene.model import SceneConfig, SceneModel
from hybridcore.scene.states import data_flow, lstm_states, units_by_cuts
from hybridcore.system import At
from tests.scene.made_up import KINDS, answer_of, made_up_result


def test_units_that_jump_at_cuts_come_first() -> None:
    rng = np.random.default_rng(0)
    trace = LSTMTrace(**{name: rng.random((90, 12), np.float32) for name in "ifgoch"})
    trace.c[:] = 0
    trace.c[45:, 7] = 2
    trace.c[45:, 2] = 1
    assert units_by_cuts(trace, np.array([45]))[:2].tolist() == [7, 2]
    assert units_by_cuts(trace, np.array([], int))[0] == 7


def test_only_the_lstm_has_states() -> None:
    torch.manual_seed(0)
    result = made_up_result()
    model = SceneModel(config=SceneConfig(cell_dim=8, attention=4, dim=108, hidden=108))
    track = result.tracks["lstm"]
    inputs = torch.rand(1, 90, 108)
    with torch.inference_mode():
        hidden = model.lstm(inputs)[0]
    result.tracks["lstm"] = type(track)(**{
        **vars(track), "inputs": inputs[0].numpy(), "hidden": hidden[0].numpy()})
    holder = type("Holder", (), {"models": {"lstm": model}})()
    states = lstm_states(answer_of(result, "lstm", model=holder), At())
    assert states is not None
    np.testing.assert_array_equal(states.trace.h, hidden[0])
    np.testing.assert_allclose(states.trace.o * np.tanh(states.trace.c), states.trace.h, atol=1e-5)
    np.testing.assert_array_equal(states.x, result.times)
    np.testing.assert_array_equal(states.units, units_by_cuts(states.trace, np.array([45])))
    assert states.names(3) == f"unit 3: {result.scene_names[3]}"
    assert states.names(100) == "unit 100: free"
    for kind in ("tcn", "frame"):
        assert lstm_states(answer_of(result, kind, model=holder), At()) is None


@pytest.mark.parametrize("kind", KINDS)
def test_the_flow_is_that_of_the_model_chosen(kind: str) -> None:
    (step,) = data_flow(answer_of(made_up_result(), kind), At())
    assert step.name == f"network of {kind}"
