"""GoogLeNet layer by layer against Table 1 of its paper."""

from __future__ import annotations

from collections import Counter

import torch

from models.papers import googlenet
from tests.models.papers.paper_layers import Layer, convolution, layers, linear, report

# Table 1: map size, input channels, then #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj.
TABLE_1 = {
    "3a": (28, 192, 64, 96, 128, 16, 32, 32),
    "3b": (28, 256, 128, 128, 192, 32, 96, 64),
    "4a": (14, 480, 192, 96, 208, 16, 48, 64),
    "4b": (14, 512, 160, 112, 224, 24, 64, 64),
    "4c": (14, 512, 128, 128, 256, 24, 64, 64),
    "4d": (14, 512, 112, 144, 288, 32, 64, 64),
    "4e": (14, 528, 256, 160, 320, 32, 128, 128),
    "5a": (7, 832, 256, 160, 320, 32, 128, 128),
    "5b": (7, 832, 384, 192, 384, 48, 128, 128),
}
# Table 1's output sizes after each inception module.
OUTPUTS = {"3a": 256, "3b": 480, "4a": 512, "4b": 512, "4c": 512, "4d": 528, "4e": 832, "5a": 832, "5b": 1024}


def derived() -> list[Layer]:
    """Stem, nine inception modules and the linear layer at 224 x 224."""
    found = [convolution(3, 64, 7, 112), convolution(64, 64, 1, 56), convolution(64, 192, 3, 56)]
    for size, channels, ones, reduce3, threes, reduce5, fives, project in TABLE_1.values():
        found += [
            convolution(channels, ones, 1, size),
            convolution(channels, reduce3, 1, size),
            convolution(reduce3, threes, 3, size),
            convolution(channels, reduce5, 1, size),
            convolution(reduce5, fives, 5, size),
            convolution(channels, project, 1, size),
        ]
    return [*found, linear(1024, 1000)]


def test_every_layer_follows_table_1() -> None:
    """58 layers: 6,998,552 parameters in the main network and 1,582,671,872 MACs, none with a batch normalisation."""
    expected = derived()
    assert Counter(layers("googlenet_2014")) == Counter(expected)
    assert sum(layer.params for layer in expected) == 6_998_552
    assert sum(layer.macs for layer in expected) == 1_582_671_872 == report("googlenet_2014").totals.macs


def test_modules_have_the_output_sizes_of_table_1() -> None:
    """The concatenations are as wide as the table's output column says."""
    found = {
        row.module_path.removeprefix("inception"): row.output_shape[1]
        for row in report("googlenet_2014").rows
        if row.operator == "cat"
    }
    assert found == OUTPUTS


def test_the_side_heads_follow_section_5() -> None:
    """5 x 5 average every 3, 128 maps of 4 x 4, 1024 units, 1000 scores: 6,379,728 parameters that evaluation skips."""
    side = [
        layer.params
        for channels in (512, 528)
        for layer in (convolution(channels, 128, 1, 4), linear(128 * 4 * 4, 1024), linear(1024, 1000))
    ]
    totals = report("googlenet_2014").totals
    assert totals.unused_params == sum(side) == 6_379_728
    assert totals.params == 13_378_280


def test_training_returns_three_scores_and_evaluation_one() -> None:
    """A real forward pass in both modes; the side heads take gradients."""
    network = googlenet.GoogLeNet()
    scores, side4a, side4d = network(torch.randn(1, 3, 224, 224))
    assert scores.shape == side4a.shape == side4d.shape == (1, 1000)
    (scores.sum() + 0.3 * (side4a.sum() + side4d.sum())).backward()
    assert all(parameter.grad is not None for parameter in network.parameters())
    with torch.inference_mode():
        assert network.eval()(torch.randn(1, 3, 224, 224)).shape == (1, 1000)


def test_the_receptive_field_has_real_5x5_branches() -> None:
    """The widest path through nine modules sees 715 pixels; torchvision's 3 x 3 leave 379 of them."""
    # 7, pool +2*2, 3x3 +2*4, pool +2*4: 27. Two modules +4*8 each, pool +2*8: 107. Five +4*16, pool +2*16: 459.
    # Two +4*32: 715.
    assert report("googlenet_2014").totals.receptive_field == (715, 715)
