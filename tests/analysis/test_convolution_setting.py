from __future__ import annotations

import pytest
from torch import nn

import models
from analysis import analyze
from analysis.block_arithmetic import weight_sharing
from analysis.convolution_setting import ConvolutionSetting, convolution_setting


# LeCun et al. 1998, section II-B: C1 is 6 maps of 28 x 28 from one of 32 x 32 by 5 x 5, with 156 parameters
# and 122,304 connections.
def test_lenets_first_layer() -> None:
    """Read off the trace, and the formula makes of it what the trace has counted."""
    report = analyze(models.build("lenet5"), (1, 32, 32), name="lenet5")
    setting = convolution_setting(report, "c1")
    assert setting == ConvolutionSetting("c1", 1, (32, 32), 6, 5, 1, 0, 1)
    sharing = weight_sharing(setting.channels, setting.size, setting.out_channels, setting.kernel)
    assert (sharing.local_params, sharing.shared_params) == (122_304, 156)
    assert sharing.shared_params == next(row.params for row in report.rows if row.name == "c1")


@pytest.mark.parametrize(("model", "size"), [("alexnet_2012", 227), ("vgg16", 224), ("resnext50_32x4d", 64)])
def test_every_convolution_of_a_network_is_described(model: str, size: int) -> None:
    """From its setting the formula counts the MACs of the trace, groups included."""
    report = analyze(models.build(model), (3, size, size), name=model)
    rows = [row for row in report.rows if row.operator == "conv2d"]
    for row in rows:
        setting = convolution_setting(report, row.name)
        counted = weight_sharing(
            setting.channels,
            setting.size,
            setting.out_channels,
            setting.kernel,
            stride=setting.stride,
            padding=setting.padding,
            groups=setting.groups,
        )
        assert counted.local_macs == row.macs
        assert counted.output == row.map_size


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        ("nine", "has no convolution 'nine'"),
        ("0", "is dilated or not the same"),
        ("1", "is dilated or not the same"),
    ],
)
def test_what_the_formulas_do_not_cover_is_refused(layer: str, sentence: str) -> None:
    """No such layer, a dilated one, one that is wider than high."""
    network = nn.Sequential(nn.Conv2d(1, 1, 3, dilation=2), nn.Conv2d(1, 1, (1, 3)))
    with pytest.raises(ValueError, match=sentence):
        convolution_setting(analyze(network, (1, 16, 16), name="tiny"), layer)
