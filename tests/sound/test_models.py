"""The sound models: one contract."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from hybridcore.sound.features import APPEARANCE, FeatureChunk
from hybridcore.sound.model import KINDS, KNOWN_MATERIALS, Kind, SoundConfig, SoundModel
from hybridcore.sound.networks import (
    FramePredictor,
    at_90_hz,
    predict_frames,
    recurrent_trace,
)
from hybridcore.sound.strokes import STATISTICS
from hybridcore.weights import load_into, save_weights

SMALL = SoundConfig(dim=12, level=6, hidden=10, appearance=4, tcn_levels=2)
FRAMES = 23


def build(kind: Kind) -> SoundModel:
    torch.manual_seed(0)
    return SoundModel(config=replace(SMALL, kind=kind)).eval()


@pytest.fixture
def features() -> tuple[torch.Tensor, torch.Tensor]:
    """As the models read them: statistics measured in both ways."""
    dice = torch.Generator().manual_seed(1)
    return (torch.rand(2, FRAMES, 2 * len(STATISTICS), generator=dice),
            torch.rand(2, FRAMES, APPEARANCE, generator=dice))


def chunk(features: tuple[torch.Tensor, torch.Tensor], start: int, stop: int) -> FeatureChunk:
    strokes, appearance = (f[0, start:stop].numpy() for f in features)
    return FeatureChunk(
        np.arange(FRAMES)[start:stop] / 30, strokes[:, : len(STATISTICS)], appearance, stop)


@pytest.mark.parametrize("kind", KINDS)
def test_shapes_and_gradients(kind: Kind, features: tuple) -> None:
    model = build(kind).train()
    output = model(*features)
    assert output.onset_logits.shape == output.strength.shape == (2, FRAMES)
    assert output.action_logits.shape == (2, FRAMES, 2)
    assert output.material_logits.shape == (2, FRAMES, len(KNOWN_MATERIALS))
    assert output.cochleagram.shape == (2, FRAMES, 3, 42)
    assert output.inputs.shape == (2, FRAMES, 12)
    total = sum(getattr(output, name).square().mean() for name in (
        "onset_logits", "strength", "action_logits", "material_logits", "cochleagram"))
    total.backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [1, 2, 7])
def test_chunks_give_the_whole(kind: Kind, length: int, features: tuple) -> None:
    model = build(kind)
    whole = predict_frames(model, [chunk(features, 0, FRAMES)])
    parts = predict_frames(model, (
        chunk(features, at, min(at + length, FRAMES)) for at in range(0, FRAMES, length)))
    assert len(whole.onset) == len(whole.times) == FRAMES
    for name in ("times", "onset", "strength", "action", "material", "cochleagram"):
        np.testing.assert_allclose(
            getattr(parts, name), getattr(whole, name), atol=1e-4, rtol=1e-4)
    assert (whole.hidden is not None) == (kind in ("lstm", "bilstm"))
    if whole.hidden is not None:
        np.testing.assert_allclose(parts.hidden, whole.hidden, atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_a_clip_does_not_depend_on_its_batch(kind: Kind, features: tuple) -> None:
    model = build(kind)
    alone = model(*(f[1:] for f in features)).onset_logits[0]
    torch.testing.assert_close(alone, model(*features).onset_logits[1], atol=1e-5, rtol=1e-5)


def test_how_far_each_model_sees(features: tuple) -> None:
    """Changing frames 8 .. 10 reaches no step before them but for the bidirectional twin, and no
    step after the window but for those with a memory."""
    strokes, appearance = features
    changed = strokes.clone()
    changed[:, 8:11] += 1
    for kind in KINDS:
        model = build(kind)
        moved = (model(changed, appearance).onset_logits - model(*features).onset_logits).abs()
        assert (moved[:, :8].max() > 1e-6) == (kind == "bilstm")
        beyond = moved[:, 11 + SMALL.window :]
        assert (beyond.max() > 1e-6) == (kind != "frame")


def test_the_bidirectional_model_takes_no_state(features: tuple) -> None:
    model = build("bilstm")
    with pytest.raises(ValueError, match="whole clip"):
        model(*features, model(*features).state)


@pytest.mark.parametrize("kind", KINDS)
def test_the_level_of_motion_reaches_strength_and_sound_alone(kind: Kind, features: tuple) -> None:
    model, (strokes, appearance) = build(kind), features
    louder = strokes.clone()
    louder[..., len(STATISTICS) :] += 2
    before, after = model(strokes, appearance), model(louder, appearance)
    for name in ("onset_logits", "action_logits", "material_logits"):
        torch.testing.assert_close(getattr(after, name), getattr(before, name))
    for name in ("strength", "cochleagram"):
        assert (getattr(after, name) - getattr(before, name)).abs().max() > 1e-3


@pytest.mark.parametrize("kind", KINDS)
def test_saved_and_loaded_it_says_the_same(kind: Kind, features: tuple, tmp_path: Path) -> None:
    model = build(kind)
    save_weights(model, "one", {}, tmp_path)
    torch.manual_seed(5)
    other = load_into(SoundModel(config=model.config), "one", tmp_path)
    torch.testing.assert_close(
        other(*features).onset_logits, model(*features).onset_logits, atol=5e-3, rtol=5e-3)


@pytest.mark.parametrize("kind", ["lstm", "bilstm"])
def test_the_trace_is_the_lstms_own(kind: Kind, features: tuple) -> None:
    model = build(kind)
    prediction = predict_frames(model, [chunk(features, 0, FRAMES)])
    trace = recurrent_trace(model, prediction)
    assert prediction.hidden.shape == (FRAMES, SMALL.hidden)
    np.testing.assert_allclose(trace.o * np.tanh(trace.c), prediction.hidden, atol=1e-5)
    # The first step of the forward direction, from nothing: one cell by hand.
    cell = torch.nn.LSTMCell(SMALL.dim, SMALL.hidden)
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        getattr(cell, name).data = getattr(model.lstm, f"{name}_l0").data
    hidden, state = cell(torch.from_numpy(prediction.inputs[:1]))
    np.testing.assert_allclose(trace.h[0], hidden[0].detach(), atol=1e-5)
    np.testing.assert_allclose(trace.c[0], state[0].detach(), atol=1e-5)


@pytest.mark.parametrize("kind", ["tcn", "frame"])
def test_without_an_lstm_there_is_no_trace(kind: Kind, features: tuple) -> None:
    model = build(kind)
    assert recurrent_trace(model, predict_frames(model, [chunk(features, 0, FRAMES)])) is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [5, FRAMES])
def test_shapes_on_the_way_are_those_of_the_whole_clip(
    kind: Kind, length: int, features: tuple
) -> None:
    model = build(kind)
    predictor = FramePredictor(model)
    for at in range(0, FRAMES, length):
        predictor.step(chunk(features, at, min(at + length, FRAMES)))
    predictor.finish()
    shapes = [step.shape for step in predictor.flow.steps]
    steps = FRAMES + model.lookahead  # what follows the clip is read too
    width = SMALL.hidden * (2 if kind == "bilstm" else 1)
    assert shapes == [
        (steps, len(STATISTICS)), (steps, SMALL.dim), (steps, width), (steps, SMALL.level),
        (steps, 1), (steps, 1), (steps, 2), (steps, len(KNOWN_MATERIALS)), (steps, 3, 42)]


def test_components_span_the_cochleagram() -> None:
    torch.manual_seed(0)
    sounds = torch.rand(400, 3) @ torch.rand(3, 42)  # three dimensions of 42
    model = SoundModel(config=replace(SMALL, components=3))
    model.find_components(sounds)
    away = sounds - model.middle
    torch.testing.assert_close(away @ model.basis.T @ model.basis, away, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_speaks_of_a_frame_before_it(kind: Kind, features: tuple) -> None:
    model, ahead = build(kind), SMALL.lookahead
    strokes, appearance = features[0][:1, :, : len(STATISTICS)], features[1][:1]
    still = torch.zeros(1, ahead, strokes.shape[2])
    with torch.no_grad():
        output = model(model.usual(torch.cat([strokes, still], 1))[0],
                       torch.cat([appearance, appearance[:, -1:].expand(-1, ahead, -1)], 1))
    prediction = predict_frames(model, [chunk(features, 0, FRAMES)])
    np.testing.assert_allclose(
        prediction.onset, output.onset_logits[0, ahead:].sigmoid(), atol=1e-5)
    np.testing.assert_allclose(prediction.strength, output.strength[0, ahead:], atol=1e-4)
    np.testing.assert_allclose(
        prediction.material, output.material_logits[0, ahead:].softmax(-1), atol=1e-5)


def test_an_even_clock_keeps_a_ramp() -> None:
    times = np.arange(12) / 25
    middles = times[:, None] + (np.arange(3) + 0.5) / 75
    ramp = np.repeat(middles[..., None], 42, 2).astype(np.float32)
    even = at_90_hz(times, ramp)
    assert even.shape == (round(np.ceil(12 / 25 * 90)), 42)
    clock = (np.arange(len(even)) + 0.5) / 90
    np.testing.assert_allclose(even[1:-1, 5], clock[1:-1], atol=1e-5)


def test_one_frame_is_enough_for_an_answer(features: tuple) -> None:
    said = predict_frames(build("lstm"), [chunk(features, 0, 1)])
    assert said.onset.shape == (1,)
    assert said.cochleagram.shape[1] == 42
    assert np.isfinite(said.cochleagram).all()
