"""What the gait networks learn from: losses by hand, and gradients everywhere."""

import pytest
import torch

from hybridcore.gait.learn.data import Batch
from hybridcore.gait.learn.losses import MarginSoftmax, batch_hard_triplets
from hybridcore.gait.learn.train import Together


def test_training_reaches_every_weight() -> None:
    walks = (torch.rand(3, 9, 64, 44, generator=torch.Generator().manual_seed(5)) > 0.6).float()
    together = Together(people=2)
    batch = Batch(walks[[0, 0, 1, 1]], torch.tensor([0, 0, 1, 1]), torch.tensor([0, 3, 5, 10]))
    loss = together.loss(batch)
    loss.backward()
    assert torch.isfinite(loss)
    for name, parameter in together.named_parameters():
        assert parameter.grad is not None, name


def test_triplets_by_hand() -> None:
    embedding = torch.tensor([[0.0], [1.0], [1.5], [4.0]])
    person = torch.tensor([0, 0, 1, 1])
    # farthest of the same, nearest other: (1, 1.5), (1, 0.5), (2.5, 0.5), (2.5, 3)
    expected = (0 + 0.7 + 2.2 + 0) / 4
    assert batch_hard_triplets(embedding, person).item() == pytest.approx(expected)


def test_the_margin_makes_the_loss_harder() -> None:
    torch.manual_seed(0)
    free = MarginSoftmax(dim=4, people=3, margin=0.0)
    strict = MarginSoftmax(dim=4, people=3, margin=0.3)
    strict.load_state_dict(free.state_dict())
    embedding = torch.nn.functional.normalize(torch.randn(5, 4), dim=1)
    person = torch.tensor([0, 1, 2, 0, 1])
    assert strict(embedding, person) > free(embedding, person)
