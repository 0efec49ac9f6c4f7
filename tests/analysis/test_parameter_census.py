"""The census of parameters against the modules themselves and against files that PyTorch writes."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable

import pytest
import torch
import torchvision.models as torchvision_models
from torch import nn

import models
from analysis import Report, analyze
from analysis.parameter_census import (
    NOT_USED,
    ParameterKind,
    census_table,
    checkpoint_bytes,
    parameter_census,
)


# 9216 * 4096 + 4096, 4096 * 4096 + 4096, 4096 * 1000 + 1000 in three fully connected layers: 58,631,144.
# 23,296 + 307,392 + 663,936 + 884,992 + 590,080 in five convolutions: 2,469,696.
def test_alexnet_keeps_its_parameters_in_three_layers(zoo_report: Callable[[str], Report]) -> None:
    """58,631,144 in three fully connected layers against 2,469,696 in five convolutions."""
    census = parameter_census(zoo_report("alexnet"))
    assert [(group.name, group.layers, group.params) for group in census.kinds] == [
        ("fully connected", 3, 58_631_144),
        ("convolution", 5, 2_469_696),
    ]
    assert census.fully_connected_share == 58_631_144 / 61_100_840
    assert [(group.name, group.params) for group in census.stages] == [
        ("55x55", 23_296),
        ("27x27", 307_392),
        ("13x13", 663_936 + 884_992 + 590_080),
        ("head", 58_631_144),
    ]


@pytest.mark.parametrize("name", models.names())
def test_each_parameter_is_counted_once_under_its_own_layer(
    name: str, zoo_report: Callable[[str], Report]
) -> None:
    """Lines, kinds and stages sum to the model's parameters, and each line to its module's own tensors."""
    census = parameter_census(zoo_report(name))
    model = models.build(name)
    total = sum(parameter.numel() for parameter in model.parameters())
    assert census.params == total
    assert (
        sum(group.params for group in census.kinds) == sum(group.params for group in census.stages) == total
    )
    assert sum(group.share for group in census.kinds) == pytest.approx(1, abs=1e-12)
    own: Counter[str] = Counter()
    for line in census.lines:
        own[line.name] += line.params
    assert dict(own) == {
        path: sum(parameter.numel() for parameter in module.parameters(recurse=False))
        for path, module in model.named_modules()
        if any(True for _ in module.parameters(recurse=False))
    }


@pytest.mark.parametrize("name", models.names())
def test_kinds_are_those_of_the_modules(name: str, zoo_report: Callable[[str], Report]) -> None:
    """Convolutions, linear layers and norms hold what the modules of those types hold."""
    census = parameter_census(zoo_report(name))
    found = {group.name: group.params for group in census.kinds}
    held: Counter[str] = Counter()
    for module in models.build(name).modules():
        params = sum(parameter.numel() for parameter in module.parameters(recurse=False))
        if isinstance(module, nn.Conv2d):
            held["convolution"] += params
        elif isinstance(module, nn.Linear | nn.MultiheadAttention):
            held["linear"] += params
        elif isinstance(module, nn.BatchNorm2d | nn.LayerNorm):
            held["normalisation"] += params
        else:
            held["rest"] += params
    assert found.get("convolution", 0) == held["convolution"]
    assert found.get("fully connected", 0) + found.get("linear at each position", 0) == held["linear"]
    assert found.get("normalisation", 0) == held["normalisation"]
    assert found.get("embedding", 0) + found.get("other", 0) == held["rest"]


# ViT-B/16: class token 768, position embedding 197 * 768 = 151,296; head 768 * 1000 + 1000 = 769,000.
# LeNet-5 of 1998: a coefficient and a bias for each of 6 + 16 subsampled maps; F6 120 * 84 + 84.
# ConvNeXt-T: layer scales 3 * 96 + 3 * 192 + 9 * 384 + 3 * 768 = 6,624; the same head.
@pytest.mark.parametrize(
    ("name", "kind", "params"),
    [
        ("vit_b_16", ParameterKind.EMBEDDING, 768 + 151_296),
        ("vit_b_16", ParameterKind.FULLY_CONNECTED, 769_000),
        ("convnext_tiny", ParameterKind.OTHER, 6_624),
        ("lenet5", ParameterKind.OTHER, 44),
        ("lenet5", ParameterKind.FULLY_CONNECTED, 10_164),
        ("alexnet_2012", ParameterKind.FULLY_CONNECTED, 58_631_144),
        ("alexnet_2012", ParameterKind.CONVOLUTION, 2_334_080),
        ("convnext_tiny", ParameterKind.FULLY_CONNECTED, 769_000),
        ("resnet50", ParameterKind.FULLY_CONNECTED, 2_049_000),
    ],
)
def test_heads_embeddings_and_scales(
    name: str, kind: ParameterKind, params: int, zoo_report: Callable[[str], Report]
) -> None:
    """A linear layer that runs at each position is no fully connected layer."""
    census = parameter_census(zoo_report(name))
    assert sum(line.params for line in census.lines if line.kind is kind) == params


def test_a_small_input_does_not_turn_linear_layers_at_each_position_into_fully_connected_ones() -> None:
    """ConvNeXt at 32 pixels works on a 1 x 1 map at the end; its kinds stay as they are."""
    report = analyze(models.build("convnext_tiny"), (3, 32, 32))
    share = {group.name: group.params for group in parameter_census(report).kinds}
    assert share["fully connected"] == 769_000


# GoogLeNet: 13,004,888 with its two auxiliary heads, 6,624,904 without.
def test_auxiliary_heads_are_not_used(zoo_report: Callable[[str], Report]) -> None:
    """The stage "not used" holds both heads, by the kinds of their modules."""
    census = parameter_census(zoo_report("googlenet"))
    unused = [line for line in census.lines if line.stage == NOT_USED]
    assert sum(line.params for line in unused) == 13_004_888 - 6_624_904
    assert {line.name.split(".")[0] for line in unused} == {"aux1", "aux2"}
    # each head: Linear(2048, 1024) and Linear(1024, 1000)
    linear = sum(line.params for line in unused if line.kind is ParameterKind.FULLY_CONNECTED)
    assert linear == 2 * (2048 * 1024 + 1024 + 1024 * 1000 + 1000)
    assert [group.name for group in census.stages][-1] == NOT_USED


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize("name", ["resnet18", "vgg16", "swin_t", "vit_b_16", "maxvit_t"])
def test_checkpoints_are_as_large_as_converted_models(
    name: str, dtype: str, zoo_report: Callable[[str], Report]
) -> None:
    """The tensors of the state dict after ``Module.to(dtype)``, byte for byte."""
    converted = models.build(name).to(getattr(torch, dtype))
    expected = sum(tensor.numel() * tensor.element_size() for tensor in converted.state_dict().values())
    assert checkpoint_bytes(zoo_report(name), dtype) == expected


def test_a_saved_file_is_larger_by_its_structure_only() -> None:
    """ResNet-18 saved by PyTorch: the counted bytes and less than 100 kB of names and padding."""
    model = torchvision_models.resnet18(weights=None)
    file = io.BytesIO()
    torch.save(model.state_dict(), file)
    counted = checkpoint_bytes(analyze(model, (3, 64, 64)), "float32")
    assert 0 < file.tell() - counted < 100_000


# VGG-16: 138,357,544 parameters of 4 bytes. ResNet-18: 11,689,512 parameters and 9,600 statistics of one
# byte, and 20 counters of batches of 8 bytes.
def test_known_sizes(zoo_report: Callable[[str], Report]) -> None:
    """553,430,176 bytes for VGG-16; int8 leaves whole numbers as they are."""
    assert checkpoint_bytes(zoo_report("vgg16"), "float32") == 553_430_176
    assert checkpoint_bytes(zoo_report("resnet18"), "int8") == 11_689_512 + 9_600 + 20 * 8


def test_an_unknown_dtype_is_refused(zoo_report: Callable[[str], Report]) -> None:
    """The sentence lists the choices."""
    with pytest.raises(ValueError, match="Unknown dtype 'float8': choose float32, float16, bfloat16, int8"):
        checkpoint_bytes(zoo_report("alexnet"), "float8")


def test_the_table_has_a_line_for_each_layer(zoo_report: Callable[[str], Report]) -> None:
    """AlexNet: eight lines, the largest the first fully connected layer with 61.8 % of all parameters."""
    table = census_table(zoo_report("alexnet"))
    assert len(table) == 8
    largest = table.sort_values("params").iloc[-1]
    assert (largest["name"], largest["kind"], largest["params"]) == (
        "classifier.1",
        "fully connected",
        37_752_832,
    )
    assert largest["share"] == 37_752_832 / 61_100_840
    assert table["params"].dtype == table["tensors"].dtype == "int64"


def test_a_tied_weight_counts_once_and_a_network_without_parameters_has_no_share() -> None:
    """Two layers that share one weight, and a single activation."""

    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = nn.Conv2d(3, 3, 1, bias=False), nn.Conv2d(3, 3, 1, bias=False)
            self.second.weight = self.first.weight

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return self.second(self.first(image))

    census = parameter_census(analyze(Tied(), (3, 8, 8)))
    assert (census.params, [line.name for line in census.lines]) == (9, ["first"])
    empty = parameter_census(analyze(nn.ReLU(), (3, 8, 8)))
    assert (empty.params, empty.lines, empty.fully_connected_share) == (0, (), None)
    assert census_table(analyze(nn.ReLU(), (3, 8, 8))).empty
