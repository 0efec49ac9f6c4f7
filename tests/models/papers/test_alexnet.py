"""AlexNet layer by layer against section 3 of its paper, and local response normalisation."""

from __future__ import annotations

from fractions import Fraction

import pytest
import torch
from torch import nn

from models.papers import alexnet
from models.papers.normalisation import LocalResponseNormalisation
from tests.models.papers.paper_layers import convolution, layers, linear, report


def test_every_layer_follows_section_3_5() -> None:
    """Kernels, groups and maps of the paper give 60,965,224 parameters and 724,406,816 MACs."""
    # "The second convolutional layer ... filters it with 256 kernels of size 5 x 5 x 48", the fourth "3 x 3 x 192",
    # the fifth "3 x 3 x 192": half of the maps before them. The third has "3 x 3 x 256".
    expected = [
        convolution(3, 96, 11, 55),
        convolution(96, 256, 5, 27, groups=2),
        convolution(256, 384, 3, 13),
        convolution(384, 384, 3, 13, groups=2),
        convolution(384, 256, 3, 13, groups=2),
        linear(256 * 6 * 6, 4096),
        linear(4096, 4096),
        linear(4096, 1000),
    ]
    assert [layer.params for layer in expected[:5]] == [34_944, 307_456, 885_120, 663_936, 442_624]
    assert layers("alexnet_2012") == expected
    totals = report("alexnet_2012").totals
    assert (totals.params, totals.macs) == (60_965_224, 724_406_816)


def test_pooling_overlaps_and_normalisation_comes_before_it() -> None:
    """55, 27, 13, 6 by windows of 3 every 2; the first two poolings read normalised maps; dropout follows fc6 and 7."""
    kept = ("norm", "pool", "dropout", "fc")
    modules = [row.module_path for row in report("alexnet_2012").rows if row.module_path.startswith(kept)]
    assert list(dict.fromkeys(modules)) == [
        "norm1", "pool1", "norm2", "pool2", "pool5", "fc6", "dropout6", "fc7", "dropout7", "fc8",
    ]  # fmt: skip
    pools = [row for row in report("alexnet_2012").rows if row.name.startswith("pool")]
    assert [row.output_shape[1:] for row in pools] == [(96, 27, 27), (256, 13, 13), (256, 6, 6)]
    assert [(module.kernel_size, module.stride) for module in _pools()] == [(3, 2)] * 3
    # 1 + 10, + 2*4, + 4*8, + 2*8, then (2 + 2 + 2 + 2) * 16 = 195 pixels, 32 apart
    assert pools[-1].receptive_field == (195, 195)
    assert pools[-1].effective_stride == (Fraction(32), Fraction(32))


def _pools() -> list[nn.MaxPool2d]:
    return [module for module in alexnet.AlexNet().modules() if isinstance(module, nn.MaxPool2d)]


def test_the_towers_do_not_see_each_other_until_conv3() -> None:
    """The gradient of conv2's first half reaches conv1's first 48 maps alone, that of conv3 all 96."""
    network = alexnet.AlexNet().double()
    maps = torch.randn(1, 96, 15, 15, dtype=torch.float64, requires_grad=True)
    second = network.conv2(maps)
    (tower,) = torch.autograd.grad(second[:, :128].sum(), maps, retain_graph=True)
    (both,) = torch.autograd.grad(network.conv3(second)[:, 0].sum(), maps)
    assert tower.abs().sum(dim=(0, 2, 3)).nonzero().flatten().tolist() == list(range(48))
    assert both.abs().sum(dim=(0, 2, 3)).nonzero().numel() == 96


@pytest.mark.parametrize("channels", [1, 3, 5, 12])
def test_normalisation_follows_the_formula_of_section_3_3(channels: int) -> None:
    """b_i = a_i / (k + alpha * sum over max(0, i - n/2) to min(N - 1, i + n/2))^beta, summed by hand."""
    constant, neighbours, alpha, beta = 2.0, 5, 1e-4, 0.75
    activities = 100 * torch.randn(2, channels, 3, 4, dtype=torch.float64)
    expected = torch.empty_like(activities)
    for index in range(channels):
        first, last = max(0, index - neighbours // 2), min(channels - 1, index + neighbours // 2)
        squares = sum(activities[:, other] ** 2 for other in range(first, last + 1))
        expected[:, index] = activities[:, index] / (constant + alpha * squares) ** beta
    assert torch.allclose(LocalResponseNormalisation()(activities), expected, rtol=1e-12, atol=0)


def test_a_strong_channel_quiets_its_neighbours() -> None:
    """A channel of 100 becomes 100 / 3^0.75 = 43.87, and two channels aside 1 becomes 1 / (3 + 10^-4)^0.75."""
    activities = torch.zeros(1, 7, 1, 1, dtype=torch.float64)
    activities[0, 3], activities[0, 5] = 100.0, 1.0
    normalised = LocalResponseNormalisation()(activities).flatten()
    assert normalised[3].item() == pytest.approx(100 / 3.0001**0.75)
    assert round(normalised[3].item(), 2) == 43.87
    assert normalised[5].item() == pytest.approx(1 / 3.0001**0.75)
