"""The captioning networks and their decoder, on tiny untrained networks: one contract."""

import math

import pytest
import torch

from hybridcore.caption.attend import doubly_stochastic
from hybridcore.caption.decode import beam_search, sample, teacher_force
from hybridcore.caption.model import (
    KINDS,
    CaptionConfig,
    CaptionModel,
    Kind,
    decoder_inputs,
    in_sentence,
)
from hybridcore.caption.networks import build
from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.vocabulary import END, START, UNKNOWN
from hybridcore.layers.recurrent import lstm_trace

SMALL = CaptionConfig(
    vocabulary=17, cell_dim=12, features=10, attention=6, embedding=8, hidden=9, dropout=0.3
)


def small(kind: Kind) -> CaptionModel:
    torch.manual_seed(4)
    model = build(kind, SMALL).eval()
    torch.nn.init.normal_(model.embedding.weight)  # so that words differ clearly
    return model


@pytest.fixture
def cells() -> torch.Tensor:
    return torch.rand(3, 9, 12, generator=torch.Generator().manual_seed(1)) * 6


@pytest.fixture
def words() -> torch.Tensor:
    return torch.randint(3, 17, (3, 2, 5), generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize("kind", KINDS)
def test_shapes_and_gradients(kind: Kind, cells: torch.Tensor, words: torch.Tensor) -> None:
    model = small(kind).train()
    output = model(model.read(cells), decoder_inputs(words))
    logits = model.classify(output.readout)
    assert logits.shape == (3, 2, 5, 17)
    assert output.hidden.shape == (3, 2, 5, 9)
    loss = logits.square().mean()
    if output.attention is not None:
        assert output.attention.shape == (3, 2, 5, 9)
        torch.testing.assert_close(output.attention.sum(-1), torch.ones(3, 2, 5))
        loss = loss + doubly_stochastic(output.attention, in_sentence(words))
    loss.backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name


@pytest.mark.parametrize("kind", KINDS)
def test_teacher_forcing_is_step_by_step(
    kind: Kind, cells: torch.Tensor, words: torch.Tensor
) -> None:
    model = small(kind)
    reading = model.read(cells)
    whole = model(reading, decoder_inputs(words))
    state = None
    for t, word in enumerate(decoder_inputs(words).unbind(2)):
        step = model(reading, word[..., None], state)
        state = step.last
        torch.testing.assert_close(step.readout[:, :, 0], whole.readout[:, :, t])
        torch.testing.assert_close(state.h, whole.hidden[:, :, t])


@pytest.mark.parametrize("kind", KINDS)
def test_beam_one_is_greedy(kind: Kind, cells: torch.Tensor) -> None:
    model = small(kind)
    decoded = beam_search(model, model.read(cells), DecodingOptions(beam=1, most_words=8))
    for photo in range(3):
        reading, numbers = model.read(cells[photo : photo + 1]), [START]
        while numbers[-1] != END and len(numbers) <= 8:
            output = model(reading, torch.tensor([[numbers]]))
            numbers.append(int(model.log_probabilities(output.readout[0, 0, -1]).argmax()))
        assert decoded.sentence(photo)[0].tolist() == numbers[1:]


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_is_decoded_as_one_by_one(kind: Kind, cells: torch.Tensor) -> None:
    model = small(kind)
    options = DecodingOptions(beam=4, most_words=9)
    together = beam_search(model, model.read(cells), options)
    for photo in range(3):
        alone = beam_search(model, model.read(cells[photo : photo + 1]), options)
        for rank in range(4):
            ours, theirs = together.sentence(photo, rank), alone.sentence(0, rank)
            assert ours[0].tolist() == theirs[0].tolist()
            assert together.score[photo, rank] == pytest.approx(alone.score[0, rank], abs=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_a_score_is_the_sum_of_its_steps(kind: Kind, cells: torch.Tensor) -> None:
    model = small(kind)
    decoded = beam_search(model, model.read(cells), DecodingOptions(beam=3, most_words=7))
    for rank in range(3):
        numbers, log_p = decoded.sentence(0, rank)
        again = teacher_force(model, model.read(cells[:1]), numbers.tolist())
        steps = again.log_probabilities[range(len(numbers)), numbers]
        assert steps == pytest.approx(log_p, abs=1e-4)
        assert decoded.score[0, rank] == pytest.approx(float(log_p.sum()), abs=1e-4)
        assert not {START, UNKNOWN} & set(numbers.tolist())


@pytest.mark.parametrize("kind", KINDS)
def test_a_forced_prefix_begins_every_sentence(kind: Kind, cells: torch.Tensor) -> None:
    model = small(kind)
    options = DecodingOptions(beam=3, most_words=7, prefix=(5, 9))
    for decode in (beam_search, sample):
        decoded = decode(model, model.read(cells), options)
        found = [s for s in range(3) if math.isfinite(decoded.score[0, s])]
        assert all(decoded.words[0, s, :2].tolist() == [5, 9] for s in found)


def test_a_sharp_or_narrow_draw_is_greedy(cells: torch.Tensor) -> None:
    model = small("attend")
    greedy = beam_search(model, model.read(cells), DecodingOptions(beam=1, most_words=6))
    for options in (DecodingOptions(beam=1, most_words=6, temperature=1e-3),
                    DecodingOptions(beam=1, most_words=6, nucleus=1e-6)):
        drawn = sample(model, model.read(cells), options)
        assert (drawn.sentence(0)[0] == greedy.sentence(0)[0]).all()


@pytest.mark.parametrize("kind", KINDS)
def test_gates_are_those_of_the_run(kind: Kind, cells: torch.Tensor) -> None:
    model = small(kind)
    forced = teacher_force(model, model.read(cells[:1]), [4, 7, 3, END])
    trace = lstm_trace(model.lstm, forced.inputs, forced.hidden,
                       first_h=forced.first_h, first_c=forced.first_c)
    torch.testing.assert_close(
        torch.from_numpy(trace.o) * torch.from_numpy(trace.c).tanh(), forced.hidden,
        atol=1e-5, rtol=1e-4)
