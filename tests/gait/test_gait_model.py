"""The gait networks: what must hold whatever the weights."""

import pytest
import torch

from hybridcore.gait.model import KINDS, GaitConfig, GaitNet, Kind
from hybridcore.layers.recurrent import lstm_trace
from hybridcore.weights import load_into, save_weights


def small(kind: Kind) -> GaitNet:
    torch.manual_seed(3)
    config = GaitConfig(kind=kind, channels=(4, 6, 8), strip_dim=5, hidden=12, dim=7)
    net = GaitNet(config=config)
    net(torch.rand(2, 3, 64, 44))  # so that the running means of the CNN are not trivial
    return net.eval()


@pytest.fixture
def walks() -> torch.Tensor:
    return (torch.rand(3, 9, 64, 44, generator=torch.Generator().manual_seed(5)) > 0.6).float()


@pytest.mark.parametrize("kind", KINDS)
def test_shapes(kind: Kind, walks: torch.Tensor) -> None:
    output = small(kind)(walks)
    assert output.embedding.shape == (3, 9, 7)
    torch.testing.assert_close(output.embedding.norm(dim=-1), torch.ones(3, 9))
    assert output.view_logits.shape == (3, 9, 11)
    assert output.inputs.shape == (3, 9, 40)
    assert output.hidden.shape == (3, 9, 12 if kind == "lstm" else 40)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("chunk", [1, 4])
def test_chunks_do_not_change_the_answer(kind: Kind, chunk: int, walks: torch.Tensor) -> None:
    net, state, parts = small(kind), None, []
    for part in walks.split(chunk, 1):
        output = net(part, state)
        state = output.state
        parts.append(output.embedding)
    torch.testing.assert_close(torch.cat(parts, 1), net(walks).embedding, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_a_walk_is_judged_alone(kind: Kind, walks: torch.Tensor) -> None:
    net = small(kind)
    torch.testing.assert_close(
        net(walks).embedding[1:2], net(walks[1:2]).embedding, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("kind", ["set", "mean", "gei"])
def test_without_recurrence_the_order_of_frames_is_nothing(
    kind: Kind, walks: torch.Tensor
) -> None:
    net = small(kind)
    torch.testing.assert_close(
        net(walks).embedding[:, -1], net(walks.flip(1)).embedding[:, -1], atol=1e-5, rtol=1e-4)


def test_the_lstm_sees_the_order_of_frames(walks: torch.Tensor) -> None:
    net = small("lstm")
    assert (net(walks).embedding[:, -1] - net(walks.flip(1)).embedding[:, -1]).abs().max() > 1e-3


def test_gates_are_those_of_the_run(walks: torch.Tensor) -> None:
    net = small("lstm")
    first = net(walks[:1, :4])
    rest = net(walks[:1, 4:], first.state)
    memory = first.state.memory
    assert memory is not None
    trace = lstm_trace(net.lstm, rest.inputs[0], rest.hidden[0],
                       first_h=memory[0][0, 0], first_c=memory[1][0, 0])
    torch.testing.assert_close(
        torch.from_numpy(trace.o) * torch.from_numpy(trace.c).tanh(), rest.hidden[0].detach(),
        atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_saved_weights_answer_alike(kind: Kind, walks: torch.Tensor, tmp_path) -> None:
    net = small(kind)
    save_weights(net, "net", {}, tmp_path)
    again = load_into(GaitNet(config=net.config), "net", tmp_path)
    torch.testing.assert_close(
        again(walks).embedding, net(walks).embedding, atol=5e-3, rtol=0)  # float16 on disk
