"""The training of one sound model."""

import torch

from hybridcore.sound.learn.fit import robust_loss


def test_the_loss_hardly_minds_an_outlier() -> None:
    true = torch.zeros(10, 42)
    near, far = true + 0.01, true.clone()
    far[0] += 5
    assert (robust_loss(true, true) == 0).all()
    assert robust_loss(far, true).mean() < 10 * robust_loss(near, true).mean()
