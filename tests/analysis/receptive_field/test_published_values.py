"""Sizes, strides and paddings of the last maps: published, or derived from the papers' tables."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from derivation import after, path
from torchvision.models import resnet50
from torchvision.models.resnet import Bottleneck
from zoo_networks import row_of

from analysis import Report, analyze

# The longest path of each network to its last map: kernel/stride/padding of each window on it.
PATHS = {
    # Krizhevsky (2014), "One weird trick": padding 2 in the first layer.
    "alexnet": ("features", "11/4/2 3/2/0 5 3/2/0 3*3 3/2/0"),
    # GoogLeNet, Table 1; the "5x5" of torchvision is a 3x3. Ceil mode does not move the grid.
    "googlenet": ("inception5b", "7/2 3/2/0 3 3/2/0 3*2 3/2/0 3*5 2/2/0 3*2"),
    # Inception-v3, Table 1: a double 3x3 in each of three modules; after the reduction four modules with
    # 1x7 and 7x1 twice, of which an axis sees two 7s; in the last two modules 3x3 and then 3x1.
    "inception_v3": ("Mixed_7c", "3/2/0 3/1/0 3 3/2/0 3/1/0 3/2/0 3*6 3 3/2/0 7*8 7 3/2/0 3*4"),
    # ResNet, Table 1: a basic block has two 3x3, a bottleneck one, which carries torchvision's stride.
    "resnet18": ("layer4", "7/2 3/2 3*4 3/2 3*3 3/2 3*3 3/2 3*3"),
    "resnet34": ("layer4", "7/2 3/2 3*6 3/2 3*7 3/2 3*11 3/2 3*5"),
    "resnet50": ("layer4", "7/2 3/2 3*3 3/2 3*3 3/2 3*5 3/2 3*2"),
    "resnet101": ("layer4", "7/2 3/2 3*3 3/2 3*3 3/2 3*22 3/2 3*2"),
    "resnet152": ("layer4", "7/2 3/2 3*3 3/2 3*7 3/2 3*35 3/2 3*2"),
    "resnext50_32x4d": ("layer4", "7/2 3/2 3*3 3/2 3*3 3/2 3*5 3/2 3*2"),
    "wide_resnet50_2": ("layer4", "7/2 3/2 3*3 3/2 3*3 3/2 3*5 3/2 3*2"),
    # DenseNet, Table 1: one 3x3 a layer, 2x2 mean pooling between the blocks.
    "densenet121": ("features", "7/2 3/2 3*6 2/2/0 3*12 2/2/0 3*24 2/2/0 3*16"),
    "densenet201": ("features", "7/2 3/2 3*6 2/2/0 3*12 2/2/0 3*48 2/2/0 3*32"),
    # SqueezeNet: the 3x3 half of each fire module.
    "squeezenet1_0": ("features", "7/2/0 3/2/0 3*3 3/2/0 3*4 3/2/0 3"),
    "squeezenet1_1": ("features", "3/2/0 3/2/0 3*2 3/2/0 3*2 3/2/0 3*4"),
    # MobileNetV2, Table 2; MobileNetV3, Tables 1 and 2; EfficientNet, Table 1: the depthwise kernels.
    "mobilenet_v2": ("features", "3/2 3 3/2 3 3/2 3*2 3/2 3*3 3*3 3/2 3*2 3"),
    "mobilenet_v3_large": ("features", "3/2 3 3/2 3 5/2 5*2 3/2 3*3 3*2 5/2 5*2"),
    "mobilenet_v3_small": ("features", "3/2 3/2 3/2 3 5/2 5*2 5*2 5/2 5*2"),
    "efficientnet_b0": ("features", "3/2 3 3/2 3 5/2 5 3/2 3*2 5*3 5/2 5*3 3"),
    # MnasNet-B1; ShuffleNetV2, Table 5; RegNetX-400MF with depths 1, 2, 7 and 12.
    "mnasnet1_0": ("layers", "3/2 3 3/2 3*2 5/2 5*2 5/2 5*2 3*2 5/2 5*3 3"),
    "shufflenet_v2_x1_0": ("conv5", "3/2 3/2 3/2 3*3 3/2 3*7 3/2 3*3"),
    "regnet_x_400mf": ("trunk_output", "3/2 3/2 3/2 3 3/2 3*6 3/2 3*11"),
    # ConvNeXt-T: 4x4 patches, 7x7 blocks 3, 3, 9 and 3, 2x2 between the stages.
    "convnext_tiny": ("features", "4/4/0 7*3 2/2/0 7*3 2/2/0 7*9 2/2/0 7*3"),
}
# Araujo, Norris and Sim (2019) publish AlexNet 195/32, Inception-v3 1311/32/618 and ResNet v1 483/32.
VALUES = {
    "alexnet": (195, 32, 66),
    "googlenet": (379, 32, 167),
    "inception_v3": (1311, 32, 618),
    "resnet18": (435, 32, 217),
    "resnet34": (899, 32, 449),
    "resnet50": (427, 32, 213),
    "resnet101": (971, 32, 485),
    "resnet152": (1451, 32, 725),
    "resnext50_32x4d": (427, 32, 213),
    "wide_resnet50_2": (427, 32, 213),
    "densenet121": (2071, 32, 1021),
    "densenet201": (3863, 32, 1917),
    "squeezenet1_0": (155, 16, 60),
    "squeezenet1_1": (207, 16, 88),
    "mobilenet_v2": (491, 32, 245),
    "mobilenet_v3_large": (595, 32, 297),
    "mobilenet_v3_small": (639, 32, 319),
    "efficientnet_b0": (851, 32, 425),
    "mnasnet1_0": (843, 32, 421),
    "shufflenet_v2_x1_0": (527, 32, 263),
    "regnet_x_400mf": (975, 32, 487),
    "convnext_tiny": (1688, 32, 828),
}
GATED = {"mobilenet_v3_large", "mobilenet_v3_small", "efficientnet_b0"}


@pytest.mark.parametrize("name", VALUES)
def test_last_maps_have_the_published_or_derived_fields(
    name: str, zoo_report: Callable[[str], Report]
) -> None:
    """Size, stride and padding of the local path follow from the windows on the longest path."""
    last_map, windows = PATHS[name]
    size, stride, padding = VALUES[name]
    assert after(path(windows)) == (size, stride, padding)
    report = zoo_report(name)
    row = row_of(report, last_map)
    assert row is not None
    assert row.local_receptive_field == (size, size)
    assert row.effective_stride == (Fraction(stride), Fraction(stride))
    assert row.effective_padding == (padding, padding)
    assert (row.receptive_field == (size, size)) is (name not in GATED)
    assert row.whole_input or name not in GATED


def test_resnet_with_the_stride_in_its_first_convolution_has_the_published_483() -> None:
    """The paper's ResNet-50 reduces in the 1x1: 483 pixels, and 241 of padding where TensorFlow has 239 at 224."""
    model = resnet50()
    for block in (module for module in model.modules() if isinstance(module, Bottleneck)):
        block.conv1.stride, block.conv2.stride = block.conv2.stride, block.conv1.stride
    windows = path("7/2 3/2 3*3 1/2 3*4 1/2 3*6 1/2 3*3")
    assert after(windows) == (483, 32, 241)
    row = row_of(analyze(model, (3, 224, 224)), "layer4")
    assert row is not None
    assert row.receptive_field == (483, 483)
    assert row.effective_stride == (Fraction(32), Fraction(32))
    assert row.effective_padding == (241, 241)
