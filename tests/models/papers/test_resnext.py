"""ResNeXt layer by layer against Table 1 of its paper, and the equivalence of its three forms."""

from __future__ import annotations

from collections import Counter

import pytest
import torch
from torch import nn

import models
from analysis import analyze
from models.papers import resnext
from models.papers.aggregated import AggregatedPaths, EarlyConcatenation, Grouped
from tests.models.papers.paper_layers import Layer, layers, layers_of, linear, normalised, report

# Table 1: output channels and map size of conv2_x to conv5_x.
STAGES = ((256, 56), (512, 28), (1024, 14), (2048, 7))


def derived(blocks: tuple[int, int, int, int], cardinality: int) -> list[Layer]:
    """Form (c): 1 x 1, 3 x 3 in groups, 1 x 1; 4 channels a path in conv2_x, twice as many each stage."""
    found, channels, entering_size = normalised(3, 64, 7, 112), 64, 56
    for count, (expanded, size) in zip(blocks, STAGES, strict=True):
        width = cardinality * 4 * expanded // 256
        for index in range(count):
            found += normalised(channels, width, 1, entering_size if index == 0 else size)
            found += normalised(width, width, 3, size, groups=cardinality)
            found += normalised(width, expanded, 1, size)
            if index == 0:
                found += normalised(channels, expanded, 1, size)
            channels = expanded
        entering_size = size
    return [*found, linear(2048, 1000)]


@pytest.mark.parametrize(
    ("name", "blocks", "cardinality"),
    [
        ("resnext50_32x4d_2016", (3, 4, 6, 3), 32),
        ("resnext101_32x4d_2016", (3, 4, 23, 3), 32),
        ("resnext101_64x4d_2016", (3, 4, 23, 3), 64),
    ],
)
def test_every_layer_follows_table_1(name: str, blocks: tuple[int, int, int, int], cardinality: int) -> None:
    """Parameters, MACs and output of each layer; the card has their sums."""
    expected = derived(blocks, cardinality)
    assert Counter(layers(name)) == Counter(expected)
    assert models.card(name).params == sum(layer.params for layer in expected)
    assert models.card(name).gmacs == sum(layer.macs for layer in expected) / 1e9


@pytest.mark.parametrize("name", ["resnext50_32x4d", "resnext101_64x4d"])
def test_torchvision_has_the_same_layers(name: str) -> None:
    """torchvision's networks are the grouped form."""
    other = analyze(models.build(name), (3, 224, 224))
    assert Counter(layers_of(other)) == Counter(layers(f"{name}_2016"))


@pytest.mark.parametrize("form", ["paths", "concatenated"])
def test_the_forms_have_the_same_sums(form: str) -> None:
    """The whole network with paths has the parameters, MACs and receptive field of the grouped one."""
    ours, grouped = report(f"resnext50_32x4d_2016_{form}").totals, report("resnext50_32x4d_2016").totals
    assert (ours.params, ours.macs, ours.receptive_field) == (
        grouped.params,
        grouped.macs,
        grouped.receptive_field,
    )


def with_varied_statistics(block: Grouped) -> Grouped:
    """The block in double precision with weights and running statistics that are all different."""
    generator = torch.Generator().manual_seed(0)
    block = block.double()
    for tensor in block.state_dict().values():
        if tensor.is_floating_point():
            tensor.copy_(0.5 + torch.rand(tensor.shape, generator=generator, dtype=torch.float64))
    for parameter in block.parameters():
        parameter.data -= 1.0
    return block


# The block of Fig. 1 and 3 (256 channels, 32 paths of 4), one that halves the map, and a small one.
@pytest.mark.parametrize("shape", [(256, 32, 4, 256, 1), (256, 32, 8, 512, 2), (12, 3, 2, 12, 1)])
@pytest.mark.parametrize("form", [AggregatedPaths, EarlyConcatenation])
@pytest.mark.parametrize("training", [False, True])
def test_the_three_forms_compute_the_same_function(
    form: type[AggregatedPaths] | type[EarlyConcatenation],
    shape: tuple[int, int, int, int, int],
    training: bool,
) -> None:
    """Fig. 3: with shared weights, outputs and gradients agree in double precision, in both modes."""
    grouped = with_varied_statistics(Grouped(*shape)).train(training)
    other = form(*shape).double().train(training)
    other.load_grouped(grouped)
    image = torch.randn(2, shape[0], 6, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    images = [image.clone().requires_grad_() for _ in range(2)]
    outputs = [block(one) for block, one in zip((grouped, other), images, strict=True)]
    assert outputs[0].abs().max() > 0
    assert torch.allclose(outputs[0], outputs[1], rtol=1e-10, atol=1e-10)
    for output in outputs:
        output.square().sum().backward()
    gradients = [one.grad for one in images]
    assert gradients[0] is not None and gradients[1] is not None
    assert torch.allclose(gradients[0], gradients[1], rtol=1e-8, atol=1e-8)
    counts = [sum(parameter.numel() for parameter in block.parameters()) for block in (grouped, other)]
    assert counts[0] == counts[1]


def test_the_block_of_figure_1_has_the_parameters_of_section_3_3() -> None:
    """C (256 d + 3 3 d d + d 256) = 70,144 weights with C = 32 and d = 4, in each form."""
    for form in (Grouped, AggregatedPaths, EarlyConcatenation):
        block = form(256, 32, 4, 256, 1)
        convolutions = [module for module in block.modules() if isinstance(module, nn.Conv2d)]
        assert (
            sum(module.weight.numel() for module in convolutions)
            == 32 * (256 * 4 + 9 * 4 * 4 + 4 * 256)
            == 70_144
        )


def test_weights_of_another_shape_are_refused() -> None:
    """The sentence names both shapes."""
    with pytest.raises(ValueError, match=r"A block of \(16, 2, 4, 16, 1\) cannot take the weights of one of"):
        AggregatedPaths(16, 2, 4, 16, 1).load_grouped(Grouped(16, 4, 2, 16, 1))


def test_variants_use_their_forms() -> None:
    """16 blocks of the named form in each 50-layer network."""
    for name, form in (("", Grouped), ("_paths", AggregatedPaths), ("_concatenated", EarlyConcatenation)):
        network = models.build(f"resnext50_32x4d_2016{name}")
        assert sum(isinstance(module, form) for module in network.modules()) == 16
    assert len(resnext.VARIANTS) == 5
