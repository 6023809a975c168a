"""The three scene models: one contract."""

import dataclasses

import pytest
import torch

from hybridcore.scene.model import KINDS, Kind, SceneConfig, SceneModel

SMALL = SceneConfig(cell_dim=12, attention=6, dim=20, hidden=20, classes=7, tcn_levels=3)


def build(kind: Kind) -> SceneModel:
    torch.manual_seed(0)
    model = SceneModel(config=dataclasses.replace(SMALL, kind=kind))
    model.start_from(torch.nn.Linear(12, 7))
    torch.nn.init.normal_(model.attention.score.weight)
    return model.eval()


@pytest.fixture
def cells() -> torch.Tensor:
    return torch.rand(2, 33, 9, 12, generator=torch.Generator().manual_seed(1)) * 6


@pytest.mark.parametrize("kind", KINDS)
def test_shapes_and_gradients(kind: Kind, cells: torch.Tensor) -> None:
    model = build(kind).train()
    output = model(cells)
    assert output.logits.shape == (2, 33, 7)
    assert output.cut_logits.shape == (2, 33)
    assert output.attention.shape == (2, 33, 9)
    assert output.inputs.shape == (2, 33, 20)
    torch.testing.assert_close(output.attention.sum(-1), torch.ones(2, 33))
    (output.logits.square().mean() + output.cut_logits.square().mean()).backward()
    for name, parameter in model.named_parameters():
        if name.startswith("embed.evidence"):  # what scenes look like is not learned again
            assert parameter.grad is None
            continue
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("chunk", [1, 5, 16])
def test_chunks_give_the_whole(kind: Kind, chunk: int, cells: torch.Tensor) -> None:
    model = build(kind)
    whole = model(cells)
    state, logits, cuts = None, [], []
    for at in range(0, cells.shape[1], chunk):
        output = model(cells[:, at : at + chunk], state)
        state = output.state
        logits.append(output.logits)
        cuts.append(output.cut_logits)
    torch.testing.assert_close(torch.cat(logits, 1), whole.logits, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(torch.cat(cuts, 1), whole.cut_logits, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_clip_does_not_depend_on_its_batch(kind: Kind, cells: torch.Tensor) -> None:
    model = build(kind)
    torch.testing.assert_close(
        model(cells[1:]).logits[0], model(cells).logits[1], atol=1e-5, rtol=1e-5)


def test_only_the_frame_model_has_no_memory(cells: torch.Tensor) -> None:
    changed = cells.clone()
    changed[:, :10] = 0
    for kind in KINDS:
        model = build(kind)
        same = torch.allclose(model(cells).logits[:, 10:], model(changed).logits[:, 10:])
        assert same == (kind == "frame")


@pytest.mark.parametrize("kind", KINDS)
def test_the_future_does_not_leak(kind: Kind, cells: torch.Tensor) -> None:
    model = build(kind)
    changed = cells.clone()
    changed[:, 20:] = 0
    torch.testing.assert_close(
        model(changed).logits[:, :20], model(cells).logits[:, :20], atol=1e-6, rtol=1e-6)


def test_the_frame_model_starts_as_the_encoders_classifier(cells: torch.Tensor) -> None:
    torch.manual_seed(0)
    classifier = torch.nn.Linear(12, 7)
    model = SceneModel(config=dataclasses.replace(SMALL, kind="frame")).eval()
    model.start_from(classifier)
    expected = classifier(cells.mean(2)).argmax(-1)
    assert torch.equal(model(cells).logits.argmax(-1), expected)


@pytest.mark.parametrize("kind", KINDS)
def test_all_classes_are_treated_alike_after_training(kind: Kind, cells: torch.Tensor) -> None:
    model = build(kind)
    optimiser = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=0.005)
    labels = torch.randint(7, (2, 33), generator=torch.Generator().manual_seed(2))
    for _ in range(5):
        optimiser.zero_grad()
        output = model(cells)
        loss = torch.nn.functional.cross_entropy(output.logits.flatten(0, 1), labels.flatten())
        (loss + output.cut_logits.mean()).backward()
        optimiser.step()
    order = torch.tensor([3, 0, 6, 1, 5, 2, 4])
    before = model(cells)
    with torch.no_grad():
        for parameter in model.embed.evidence.parameters():
            parameter.copy_(parameter[order])
    after = model(cells)
    torch.testing.assert_close(after.logits, before.logits[..., order], atol=1e-4, rtol=1e-4)
    assert not torch.allclose(after.logits, before.logits, atol=1e-2)
