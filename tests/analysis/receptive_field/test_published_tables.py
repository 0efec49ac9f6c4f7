"""Row by row: networks whose every layer has a published or derived size, stride and padding."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from derivation import after, path
from zoo_networks import row_of

from analysis import Report

# torchvision's features, the layers that see anything new: convolutions and poolings.
CHAINS = {
    "alexnet": "11/4/2 3/2/0 5 3/2/0 3*3 3/2/0",
    # Simonyan and Zisserman, Table 1: 3x3 convolutions a stage, then 2x2 pooling.
    "vgg11": "(3 2/2/0)*2 (3*2 2/2/0)*3",
    "vgg13": "(3*2 2/2/0)*5",
    "vgg16": "(3*2 2/2/0)*2 (3*3 2/2/0)*3",
    "vgg19": "(3*2 2/2/0)*2 (3*4 2/2/0)*3",
}


@pytest.mark.parametrize("name", CHAINS)
def test_every_layer_of_a_chain_follows_the_recurrence(
    name: str, zoo_report: Callable[[str], Report]
) -> None:
    """size += (k - 1) J, padding += p J, J *= s, from the first convolution to the last pooling."""
    rows = [row for row in zoo_report(name).rows if row.operator in ("conv2d", "max_pool2d")]
    windows = path(CHAINS[name])
    assert len(rows) == len(windows)
    for count, row in enumerate(rows, start=1):
        size, stride, padding = after(windows[:count])
        assert row.receptive_field == (size, size)
        assert row.effective_stride == (Fraction(stride), Fraction(stride))
        assert row.effective_padding == (padding, padding)


# Araujo, Norris and Sim (2019): the end points of their tables, size / stride / padding.
VGG_16 = """conv1_1 3/1/1, pool1 6/2/2, conv2_1 10/2/4, pool2 16/4/6, conv3_1 24/4/10, conv3_2 32/4/14, pool3 44/8/18,
conv4_1 60/8/26, conv4_2 76/8/34, pool4 100/16/42, conv5_1 132/16/58, conv5_2 164/16/74, pool5 212/32/90"""
VGG_16_MODULES = (0, 4, 5, 9, 10, 12, 16, 17, 19, 23, 24, 26, 30)
INCEPTION_V3 = """Conv2d_1a_3x3 3/2/0, Conv2d_2a_3x3 7/2/0, Conv2d_2b_3x3 11/2/2, maxpool1 15/4/2, Conv2d_4a_3x3 23/4/2,
maxpool2 31/8/2, Mixed_5b 63/8/18, Mixed_5d 127/8/50, Mixed_6a 159/16/58, Mixed_6e 927/16/442, Mixed_7a 1055/32/490,
Mixed_7c 1311/32/618"""


def end_points(table: str) -> list[tuple[str, int, int, int]]:
    """Entries of a published table: name, size, stride, padding."""
    entries = (entry.split() for entry in table.replace("\n", " ").split(","))
    return [(name, *map(int, numbers.split("/"))) for name, numbers in entries]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "module", "size", "stride", "padding"),
    [
        ("vgg16", f"features.{module}", *numbers)
        for module, (_, *numbers) in zip(VGG_16_MODULES, end_points(VGG_16), strict=True)
    ]
    + [("inception_v3", *entry) for entry in end_points(INCEPTION_V3)],
)
def test_published_end_points(
    name: str, module: str, size: int, stride: int, padding: int, zoo_report: Callable[[str], Report]
) -> None:
    """Layers inside the networks have the published sizes, strides and paddings."""
    row = row_of(zoo_report(name), module)
    assert row is not None
    assert row.receptive_field == (size, size)
    assert row.effective_stride == (Fraction(stride), Fraction(stride))
    assert row.effective_padding == (padding, padding)
