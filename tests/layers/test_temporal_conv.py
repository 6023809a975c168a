"""The TCN: what it can see, what it must not see, and running it in chunks."""

import pytest
import torch

from hybridcore.layers.temporal_conv import TemporalConvNet


def net(levels: int = 3, kernel: int = 3) -> TemporalConvNet:
    torch.manual_seed(0)
    tcn = TemporalConvNet(inputs=4, channels=6, levels=levels, kernel=kernel).eval()
    for block in tcn.blocks:  # the tiny initial weights would hide a leak
        for conv in (block.first.conv, block.second.conv):
            torch.nn.init.normal_(conv.parametrizations.weight.original0, 1.0, 0.1)
    return tcn


def test_the_published_default_sees_3061_steps() -> None:
    # k = 7, 8 levels: Bai et al.'s permuted-MNIST network, two convolutions a block.
    assert TemporalConvNet(inputs=1, channels=1, levels=8, kernel=7).receptive_field == 3061


@pytest.mark.parametrize(("levels", "kernel"), [(2, 2), (3, 3), (2, 5)])
def test_receptive_field_by_gradient(levels: int, kernel: int) -> None:
    tcn = net(levels, kernel).double()
    for block in tcn.blocks:  # all positive, so that no ReLU silences a path
        for conv in (block.first.conv, block.second.conv):
            conv.parametrizations.weight.original1.data.abs_()
            conv.bias.data.zero_()
    steps = tcn.receptive_field + 5
    x = torch.rand(1, steps, 4, dtype=torch.double, requires_grad=True)
    tcn(x)[0][0, -1].sum().backward()
    touched = (x.grad[0].abs().sum(1) > 0).nonzero().ravel()
    assert int(touched[0]) == steps - tcn.receptive_field


def test_the_future_does_not_leak() -> None:
    tcn = net()
    x = torch.randn(1, 40, 4)
    changed = x.clone()
    changed[0, 20:] += 1
    a, b = tcn(x)[0][0], tcn(changed)[0][0]
    assert torch.equal(a[:20], b[:20])
    assert not torch.allclose(a[20:], b[20:])


@pytest.mark.parametrize("chunk", [1, 3, 16])
def test_chunks_give_the_whole(chunk: int) -> None:
    tcn = net()
    x = torch.randn(2, 37, 4)
    whole, _ = tcn(x)
    parts, state = [], None
    for at in range(0, x.shape[1], chunk):
        out, state = tcn(x[:, at : at + chunk], state)
        parts.append(out)
    torch.testing.assert_close(torch.cat(parts, 1), whole, atol=1e-5, rtol=1e-5)


def test_it_can_start_as_an_average() -> None:
    torch.manual_seed(0)
    tcn = TemporalConvNet(inputs=6, channels=6, levels=3, dropout=0).eval()
    growth = tcn.start_as_average(4)
    level = torch.rand(6).expand(1, 80, 6)
    settled = tcn(level)[0][:, tcn.receptive_field :, :4]
    torch.testing.assert_close(settled, growth * level[:, tcn.receptive_field :, :4], rtol=0.1,
                               atol=0)
    noise = torch.rand(1, 2000, 6)
    calm = tcn(noise)[0][0, tcn.receptive_field :, :4] / growth
    assert calm.std() < 0.6 * noise.std()
