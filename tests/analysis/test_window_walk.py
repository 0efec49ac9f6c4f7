"""The walk of a map's side through a network, against the paper and against the trace."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import models
from analysis import analyze
from analysis.window_walk import walk_from, window_walk


def walk_of(name: str, size: int) -> tuple[list[str], list[int]]:
    """Names of the layers of a zoo model's walk, and the sides from its input on."""
    walk = window_walk(analyze(models.build(name), (3, size, size), name=name))
    return [step.layer for step in walk], [step.size for step in walk] + [walk[-1].output_size]


# Krizhevsky et al. 2012, section 3.5: 55, then pooled by 3 with stride 2 after layers 1, 2 and 5.
def test_alexnet_of_2012_walks_from_227_to_6() -> None:
    """The eight windows of AlexNet, in order, between its nine sizes."""
    layers, sizes = walk_of("alexnet_2012", 227)
    assert layers == ["conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5"]
    assert sizes == [227, 55, 27, 27, 13, 13, 13, 13, 6]


def test_torchvisions_alexnet_walks_from_224_to_6() -> None:
    """A padding of 2 in the first layer makes 224 do what 227 does; adaptive pooling is not part of it."""
    assert walk_of("alexnet", 224)[1] == [224, 55, 27, 27, 13, 13, 13, 13, 6]


def test_the_same_layers_from_another_size() -> None:
    """The walk from 224 that is worked out from the trace at 227 is what PyTorch's layers give."""
    walk = walk_from(window_walk(analyze(models.build("alexnet_2012"), (3, 227, 227))), 224)
    values = torch.zeros(1, 1, 224)
    sizes = []
    for step in walk:
        assert step.size == values.shape[-1]
        make = nn.Conv1d(1, 1, step.kernel, step.stride, step.padding, step.dilation)
        pool = nn.MaxPool1d(step.kernel, step.stride, step.padding, step.dilation, ceil_mode=step.ceil_mode)
        values = (make if step.operator == "conv2d" else pool)(values)
        sizes.append(step.output_size)
    assert sizes == [54, 26, 26, 12, 12, 12, 12, 5]
    assert values.shape[-1] == 5


def test_a_size_at_which_a_window_does_not_fit_names_the_layer() -> None:
    """From 40: 8 after conv1, 3 after pool1, 3, 1 after pool2, 1, 1, 1; pool5 needs 3."""
    walk = window_walk(analyze(models.build("alexnet_2012"), (3, 227, 227)))
    with pytest.raises(ValueError, match=r"^pool5: A kernel of 3 does not fit into 1 values"):
        walk_from(walk, 40)


def test_settings_that_are_left_open_are_pytorchs_defaults() -> None:
    """A pooling without a stride moves by its kernel; ceil mode and dilation are read from the trace."""
    network = nn.Sequential(
        nn.AvgPool2d(2), nn.MaxPool2d(3, 2, 1, 1, ceil_mode=True), nn.Conv2d(1, 1, 3, dilation=2)
    )
    walk = window_walk(analyze(network, (1, 30, 30)))
    assert [(step.stride, step.padding, step.dilation, step.ceil_mode) for step in walk] == [
        (2, 0, 1, False),
        (2, 1, 1, True),
        (1, 0, 2, False),
    ]
    assert walk_from(walk, 30) == walk


@pytest.mark.parametrize(("name", "layer"), [("resnet18", "layer2.0.downsample.0"), ("googlenet_2014", "")])
def test_a_network_with_branches_has_no_walk(name: str, layer: str) -> None:
    """The sentence names the layer that reads another map than the one before it leaves."""
    report = analyze(models.build(name), (3, 224, 224), name=name)
    with pytest.raises(ValueError, match=f"{name} has no single walk: {layer}"):
        window_walk(report)


def test_a_network_without_windows_has_an_empty_walk() -> None:
    """One linear layer: nothing slides."""
    assert window_walk(analyze(nn.Sequential(nn.Flatten(), nn.Linear(16, 2)), (1, 4, 4))) == ()
