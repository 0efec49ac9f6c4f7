"""Which channels reach which in real blocks, against their gradients; bounds and refusals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
import torchvision.models as torchvision_models
from numpy.typing import NDArray
from torch import Tensor, nn

import models
from analysis import Report, analyze
from analysis.reachability import channel_reachability, reachability
from analysis.records import Status

Maps = dict[str, Tensor]
Shape = tuple[int, int, int]
Real = Callable[[nn.Module], nn.Module]
Run = Callable[[nn.Module, Tensor], Maps]
Connected = Callable[[Tensor, Tensor], NDArray[np.bool_]]
Probed = Callable[[nn.Module, Shape, list[str]], dict[str, NDArray[np.bool_]]]


# Small blocks of real networks: ShuffleNet v2 units (a stride and shuffles), ResNeXt blocks, an inverted
# residual with its shortcut, one with a gate, a dense block.
BLOCKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, int, int]]] = {
    "shufflenet": (lambda: torchvision_models.shufflenet_v2_x0_5(weights=None).stage2[:2], (24, 6, 6)),
    "resnext": (
        lambda: torchvision_models.resnet.Bottleneck(
            32, 8, groups=8, base_width=16, norm_layer=nn.BatchNorm2d
        ),
        (32, 6, 6),
    ),
    "resnext downsampled": (
        lambda: (
            torchvision_models.resnet.ResNet(
                torchvision_models.resnet.Bottleneck, [1, 1, 1, 1], groups=4, width_per_group=4
            ).layer1
        ),
        (64, 4, 4),
    ),
    "inverted residual": (lambda: torchvision_models.mobilenet_v2(weights=None).features[3], (24, 6, 6)),
    "dense block": (
        lambda: torchvision_models.densenet._DenseBlock(3, 12, 2, 4, 0.0),
        (12, 6, 6),
    ),
    "gated inverted residual": (
        lambda: torchvision_models.mobilenet_v3_small(weights=None).features[1],
        (16, 6, 6),
    ),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_every_layer_of_real_blocks_against_gradients(
    name: str, real: Real, run: Run, probed: Probed
) -> None:
    """From the block's input to each of its leaf layers and to its end, channel by channel."""
    factory, shape = BLOCKS[name]
    torch.manual_seed(0)
    model = real(factory())
    report = analyze(model, shape)
    rows = {row.name: row.index for row in report.rows}
    image = torch.randn(1, *shape, dtype=torch.float64)
    targets = [path for path, maps in run(model, image).items() if path in rows and maps.shape[1] <= 128]
    probes = probed(model, shape, [*targets, ""])
    for target, expected in probes.items():
        found = reachability(report, 0, rows[target] if target else len(report.rows) - 1)
        assert found.status is Status.EXACT
        assert np.array_equal(found.matrix, expected), target


class TwoTowers(nn.Module):
    """AlexNet of 2012, an eighth as wide: groups=2 in convolutions 2, 4 and 5, response normalisation."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 12, 11, 4)
        self.norm1, self.pool1 = nn.LocalResponseNorm(5, alpha=5e-1), nn.MaxPool2d(3, 2)
        self.conv2 = nn.Conv2d(12, 32, 5, padding=2, groups=2)
        self.norm2, self.pool2 = nn.LocalResponseNorm(5, alpha=5e-1), nn.MaxPool2d(3, 2)
        self.conv3 = nn.Conv2d(32, 48, 3, padding=1)
        self.conv4 = nn.Conv2d(48, 48, 3, padding=1, groups=2)
        self.conv5 = nn.Conv2d(48, 32, 3, padding=1, groups=2)
        self.pool5 = nn.MaxPool2d(3, 2)

    def forward(self, image: Tensor) -> Tensor:
        maps = self.pool1(self.norm1(torch.tanh(self.conv1(image))))
        maps = self.pool2(self.norm2(torch.tanh(self.conv2(maps))))
        maps = torch.tanh(self.conv4(torch.tanh(self.conv3(maps))))
        return self.pool5(torch.tanh(self.conv5(maps)))


# Two towers: half of the pairs. Response normalisation reads two maps on either side, so it carries two maps
# of each tower across the border; convolution 3 reads all.
def test_alexnets_towers(real: Real, run: Run, connected: Connected) -> None:
    """Convolutions 4 and 5 keep the towers apart; gradients agree from every convolution to every later one."""
    torch.manual_seed(0)
    model = real(TwoTowers())
    report = analyze(model, (3, 131, 131))
    layers = ["conv1", "conv2", "conv3", "conv4", "conv5"]
    image = torch.randn(1, 3, 131, 131, dtype=torch.float64, requires_grad=True)
    entering: Maps = {}
    for name in layers:
        model.get_submodule(name).register_forward_pre_hook(
            lambda module, inputs, name=name: entering.update({name: inputs[0]})
        )
    maps = run(model, image)
    for first in layers:
        for last in layers[layers.index(first) :]:
            expected = connected(entering[first], maps[last])
            assert np.array_equal(channel_reachability(report, first, last), expected), (first, last)
    towers = channel_reachability(report, "conv4", "pool5")
    assert np.array_equal(towers, np.kron(np.eye(2, dtype=bool), np.ones((16, 24), dtype=bool)))
    assert channel_reachability(report, "conv3", "conv3").all()
    # conv2 on norm1: each tower of 16 sees its 6 maps through windows of 5, so 2 maps of the other tower
    normed = channel_reachability(report, first_row_of(report, "norm1"), "conv2")
    assert normed[:16].sum(axis=1).tolist() == [8] * 16
    assert normed[16:].sum(axis=1).tolist() == [8] * 16


def first_row_of(report: Report, module: str) -> int:
    """Index of the first row that a module runs."""
    return next(row.index for row in report.rows if row.module_path == module)


def test_a_shortcut_around_the_first_row_counts() -> None:
    """In a residual block, the tensor that enters the first convolution also enters the sum."""

    class Residual(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.shift = nn.Conv2d(4, 4, 1, groups=2)

        def forward(self, maps: Tensor) -> Tensor:
            return maps + self.shift(maps).flip(1)

    report = analyze(Residual(), (4, 5, 5))
    # channel 0 is its own shortcut plus channels 2 and 3 by the mirrored second group
    expected = [[1, 0, 1, 1], [0, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 1]]
    assert channel_reachability(report, "shift", "add").astype(int).tolist() == expected
    # entering the sum itself are two tensors of four channels: the input's and the mirrored ones
    both = channel_reachability(report, "add", "add").astype(int).tolist()
    assert both == np.hstack([np.eye(4), np.eye(4)]).astype(int).tolist()


def test_a_row_that_is_not_reached_is_all_false() -> None:
    """Two branches of one input: nothing of the first branch's second layer reaches the other branch."""

    class Branches(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b, self.c = (nn.Conv2d(3, 3, 1) for _ in range(3))

        def forward(self, maps: Tensor) -> tuple[Tensor, Tensor]:
            return self.b(self.a(maps)), self.c(maps)

    report = analyze(Branches(), (3, 5, 5))
    found = reachability(report, "b", "c")
    assert not found.matrix.any()
    assert found.matrix.shape == (3, 3)
    assert found.status is Status.EXACT


def test_an_unknown_operator_gives_a_bound_that_names_it() -> None:
    """Sorting may bring any value of a group anywhere: true for all that entered it, with a reason."""

    class Sorted(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.paired = nn.Conv2d(6, 6, 1, groups=2)

        def forward(self, maps: Tensor) -> Tensor:
            return self.paired(maps)[:, :3].cumsum(1)

    found = reachability(analyze(Sorted(), (6, 4, 4)), "paired", "cumsum")
    assert found.status is Status.BOUND
    assert "'cumsum'" in found.reason
    # nothing of the second group entered
    assert found.matrix.tolist() == [[True] * 3 + [False] * 3] * 3


def test_writing_into_a_part_of_a_tensor_is_a_bound_on_the_whole(probed: Probed) -> None:
    """The gradient's connections are all among those that are claimed."""

    class Writing(nn.Module):
        def forward(self, maps: Tensor) -> Tensor:
            copy = maps * 2
            copy[:, :2] = maps[:, 2:4]
            return copy + 0

    model = Writing()
    found = reachability(analyze(model, (5, 4, 4)), 0, "add")
    assert found.status is Status.BOUND
    assert found.matrix[probed(model, (5, 4, 4), [""])[""]].all()


# ResNeXt-50: conv2 of the first block has 128 channels in 32 groups of 4: 32 * 4 * 4 pairs.
def test_resnexts_cardinality() -> None:
    """Within a block the groups stay apart until the 1 x 1 convolution after them."""
    report = analyze(models.build("resnext50_32x4d"), (3, 224, 224))
    groups = channel_reachability(report, "layer1.0.conv2", "layer1.0.bn2")
    assert np.array_equal(groups, np.kron(np.eye(32, dtype=bool), np.ones((4, 4), dtype=bool)))
    assert channel_reachability(report, "layer1.0.conv2", "layer1.0.conv3").all()


def test_features_of_vectors_and_tokens_are_channels() -> None:
    """AlexNet's last pooling to its scores: 256 maps through 9,216 features; a head's own 9,216 x 4,096."""
    report = analyze(models.build("alexnet"), (3, 224, 224))
    assert channel_reachability(report, "features.12", "classifier.6").shape == (1000, 256)
    flat = channel_reachability(report, "flatten", "flatten")
    assert np.array_equal(flat, np.kron(np.eye(256, dtype=bool), np.ones((36, 1), dtype=bool)))
    assert channel_reachability(report, "classifier.1", "classifier.1").shape == (4096, 9216)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("conv9", 1, "Sequential has no row named 'conv9': choose a name of the layer table."),
        (0, 7, "Sequential has no row 7: choose one from 0 to 2."),
        (-1, 0, "Sequential has no row -1: choose one from 0 to 2."),
        ("1", "0", "Row '1' (1) runs after row '0' (0): exchange them."),
        ("2", "2", "Row '2' takes 12,544 channels: choose one that takes at most 10,000."),
    ],
)
def test_impossible_rows_are_refused(first: int | str, last: int | str, sentence: str) -> None:
    """The sentence names the row and says what to do."""
    report = analyze(nn.Sequential(nn.Conv2d(3, 16, 3), nn.Flatten(), nn.Linear(12_544, 2)), (3, 30, 30))
    with pytest.raises(ValueError, match=r".*") as error:
        channel_reachability(report, first, last)
    assert str(error.value) == sentence
