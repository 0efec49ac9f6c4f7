from __future__ import annotations

from fractions import Fraction

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

import models
from analysis import analyze
from analysis.records import Report
from analysis.subsampling import finest, subsampling_table, subsamplings
from analysis.subsampling_low_pass import LowPass, Verdict

# Name, S, kernel, 1 / f* on its own grid, 1 / f* on the image (J after it, times 2).
GOLDENS = {
    "alexnet": [
        ("features.0", 4, 11, 8, 8),
        ("features.2", 2, 3, 4, 16),
        ("features.5", 2, 3, 4, 32),
        ("features.12", 2, 3, 4, 64),
    ],
    "lenet5_modern": [("pool1", 2, 2, 4, 4), ("pool2", 2, 2, 4, 8)],
    "vgg16": [(f"features.{index}", 2, 2, 4, 4 * 2**step) for step, index in enumerate((4, 9, 16, 23, 30))],
    "resnet50": [
        ("conv1", 2, 7, 4, 4),
        ("maxpool", 2, 3, 4, 8),
        ("layer2.0.conv2", 2, 3, 4, 16),
        ("layer2.0.downsample.0", 2, 1, 4, 16),
        ("layer3.0.conv2", 2, 3, 4, 32),
        ("layer3.0.downsample.0", 2, 1, 4, 32),
        ("layer4.0.conv2", 2, 3, 4, 64),
        ("layer4.0.downsample.0", 2, 1, 4, 64),
    ],
    "densenet121": [
        ("features.conv0", 2, 7, 4, 4),
        ("features.pool0", 2, 3, 4, 8),
        ("features.transition1.pool", 2, 2, 4, 16),
        ("features.transition2.pool", 2, 2, 4, 32),
        ("features.transition3.pool", 2, 2, 4, 64),
    ],
    "convnext_tiny": [
        ("features.0.0", 4, 4, 8, 8),
        ("features.2.1", 2, 2, 4, 16),
        ("features.4.1", 2, 2, 4, 32),
        ("features.6.1", 2, 2, 4, 64),
    ],
    "vit_b_16": [("conv_proj", 16, 16, 32, 32)],
}


def report(name: str) -> Report:
    """The report of a zoo model at its own size."""
    return analyze(models.build(name), models.card(name).input_shape)


@pytest.mark.parametrize("name", GOLDENS)
def test_every_subsampling_with_its_limits(name: str) -> None:
    """f* = 1 / (2 S) on the layer's grid and 1 / (2 J) on the image: AlexNet's conv1 0.125 for both."""
    found = [
        (
            entry.name,
            *entry.factor,
            *(entry.kernel or ()),
            entry.aliasing_frequency,
            entry.aliasing_frequency_image,
        )
        for entry in subsamplings(report(name))
    ]
    assert found == [
        (layer, step, step, kernel, kernel, (1 / own, 1 / own), (1 / image, 1 / image))
        for layer, step, kernel, own, image in GOLDENS[name]
    ]


@pytest.mark.parametrize(
    ("name", "layer", "expected", "verdict"),
    [
        ("alexnet", "features.0", LowPass.WIDE, Verdict.LEARNABLE),
        ("alexnet", "features.2", LowPass.MAXIMUM, Verdict.NONLINEAR),
        ("resnet50", "layer2.0.downsample.0", LowPass.NARROW, Verdict.ABSENT),
        ("convnext_tiny", "features.0.0", LowPass.EQUAL, Verdict.LEARNABLE),
        ("densenet121", "features.transition1.pool", LowPass.AVERAGE, Verdict.PRESENT),
        ("timm/resnetblur50", "layer2.0.aa.conv2d", LowPass.FIXED, Verdict.PRESENT),
        ("timm/resnetblur50", "maxpool.1.conv2d", LowPass.FIXED, Verdict.PRESENT),
        ("timm/resnetblur50", "conv1", LowPass.WIDE, Verdict.LEARNABLE),
        ("resnet20_cifar", "stage2.0.shortcut", LowPass.NONE, Verdict.ABSENT),
        ("swin_t", "features.2", LowPass.ALL_PHASES, Verdict.NOT_NEEDED),
    ],
)
def test_low_pass(name: str, layer: str, expected: LowPass, verdict: Verdict) -> None:
    """What the window can do by its shape; BlurPool is known by depthwise weights that are no parameter."""
    entry = next(entry for entry in subsamplings(report(name)) if entry.name == layer)
    assert (entry.low_pass, entry.low_pass.verdict) == (expected, verdict)
    assert entry.low_pass.sentence.endswith(".")


def test_overlap_is_kernel_by_s() -> None:
    """11 / 4 for AlexNet's first layer; below 1 windows leave values out."""
    assert subsamplings(report("alexnet"))[0].overlap == (2.75, 2.75)
    assert subsamplings(report("resnet50"))[3].overlap == (0.5, 0.5)


def test_patch_merging_is_one_subsampling() -> None:
    """Swin's eight slices, four phases over rows and columns, are one entry that reads row 74."""
    entry = subsamplings(report("swin_t"))[1]
    assert (entry.rows, entry.source, entry.factor) == (tuple(range(75, 83)), 74, (Fraction(2), Fraction(2)))


class Shortcut(nn.Module):
    """Takes odd rows and every third column, beside a mean that a slice reads."""

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        picked = image[:, :, 1::2, ::3]
        return picked, functional.avg_pool2d(image, 3, 1, 1)[:, :, ::2]


def test_slices_by_axis_and_phase() -> None:
    """S and the first value kept, (h, w); an axis that is not sliced has no limit."""
    both, rows = subsamplings(analyze(Shortcut(), (1, 12, 12)))
    assert (both.factor, both.phase) == ((Fraction(2), Fraction(3)), (1, 0))
    assert both.aliasing_frequency == (0.25, 1 / 6) and both.low_pass is LowPass.NONE
    assert rows.aliasing_frequency == (0.25, None) and finest(rows.aliasing_frequency) == 0.25
    assert rows.low_pass is LowPass.AVERAGE  # before it


class Blurred(nn.Module):
    """A padded binomial filter in a buffer, then a 1 x 1 convolution with stride 2."""

    filt: Tensor

    def __init__(self) -> None:
        super().__init__()
        taps = torch.tensor([1.0, 2.0, 1.0]) / 4
        self.register_buffer("filt", torch.outer(taps, taps).expand(2, 1, 3, 3).clone())
        self.project = nn.Conv2d(2, 4, 1, stride=2)

    def forward(self, image: Tensor) -> Tensor:
        blurred = functional.conv2d(functional.pad(image, (1, 1, 1, 1), mode="reflect"), self.filt, groups=2)
        return self.project(blurred)


def test_a_filter_before_counts() -> None:
    """Zhang's shortcut: blur at stride 1, then a 1 x 1 convolution that alone could filter nothing."""
    (entry,) = subsamplings(analyze(Blurred(), (2, 16, 16)))
    assert (entry.name, entry.low_pass) == ("project", LowPass.FIXED)


def test_strides_per_axis_and_dilation() -> None:
    """A kernel of 1 x 5 with stride 1 x 4 overlaps along the columns; taps apart are not judged."""
    (wide,) = subsamplings(analyze(nn.Conv2d(1, 1, (1, 5), stride=(1, 4)), (1, 16, 16)))
    assert (wide.factor, wide.aliasing_frequency, wide.low_pass) == (
        (Fraction(1), Fraction(4)),
        (None, 0.125),
        LowPass.WIDE,
    )
    (dilated,) = subsamplings(analyze(nn.Conv2d(1, 1, 3, stride=2, dilation=2), (1, 16, 16)))
    assert dilated.low_pass is LowPass.UNKNOWN


def test_without_a_grid_the_limit_on_the_image_is_unknown() -> None:
    """Pooling of 10 to 7 values has windows of two sizes; the stride after it is still 2."""
    network = nn.Sequential(nn.AdaptiveAvgPool2d(7), nn.Conv2d(1, 1, 3, stride=2))
    entry = subsamplings(analyze(network, (1, 10, 10)))[-1]
    assert (entry.name, entry.aliasing_frequency) == ("1", (0.25, 0.25))
    assert entry.aliasing_frequency_image is None and entry.reason


def test_table() -> None:
    """Numbers in columns that name their unit, one line for each."""
    table = subsampling_table(subsamplings(report("alexnet")))
    first = table.iloc[0]
    assert (first["name"], first["factor_h"], first["overlap_h"], first["period_px"]) == (
        "features.0",
        4,
        2.75,
        8,
    )
    assert list(table["aliasing_frequency_image_w"]) == [1 / 8, 1 / 16, 1 / 32, 1 / 64]
    assert list(table["verdict"]) == ["can be learned"] + ["not linear"] * 3


def test_nothing_subsamples() -> None:
    """Neither entries nor lines."""
    found = subsamplings(analyze(nn.Conv2d(1, 1, 3), (1, 8, 8)))
    assert found == () and subsampling_table(found).empty
