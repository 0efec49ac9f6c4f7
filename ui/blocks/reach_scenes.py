"""Known chains of layers whose groups are worth a look, by their rows in the trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain from one row to another, its name on the button, and what it shows."""

    label: str
    first: str
    last: str
    remark: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A model of the zoo and chains of its layers, by their names in the URL; the first is the default."""

    label: str
    model: str
    chains: Mapping[str, Chain]


SCENES: Mapping[str, Scene] = {
    "alexnet": Scene(
        "AlexNet's towers",
        "alexnet_2012",
        {
            "conv2": Chain(
                "conv2",
                "conv2",
                "conv2",
                "Krizhevsky et al. (2012), section 3.5: the kernels of convolutions 2, 4 and 5 see only maps of their "
                "own GPU, here a group of two.",
            ),
            "conv3": Chain(
                "conv2 to conv3",
                "conv2",
                "conv3",
                "Convolution 3 reads both GPUs, and the towers meet. Where norm2 sums over neighbouring maps, a few "
                "at the border see both towers already, as this network is written.",
            ),
            "conv5": Chain(
                "conv4 to conv5",
                "conv4",
                "conv5",
                "Two grouped layers, one after the other, keep the towers apart.",
            ),
            "fc6": Chain(
                "conv4 to fc6", "conv4", "fc6", "The first fully connected layer reads both towers."
            ),
        },
    ),
    "resnext": Scene(
        "ResNeXt's block",
        "resnext50_32x4d_2016",
        {
            "grouped": Chain(
                "3 x 3 alone",
                "conv2_x.1.conv2",
                "conv2_x.1.conv2",
                "Xie et al. (2017), figure 3(c): 32 groups of 4 channels, the paths.",
            ),
            "block": Chain(
                "whole block",
                "conv2_x.1.conv1",
                "conv2_x.1.relu3",
                "The 1 x 1 convolutions before and after the groups read all channels, so no path stays alone.",
            ),
        },
    ),
    "shufflenet": Scene(
        "ShuffleNetV2",
        "shufflenet_v2_x1_0",
        {
            "1": Chain(
                "one unit",
                "stage2.1.chunk",
                "stage2.1.view:2",
                "Ma et al. (2018), figure 3(c): half of the channels pass by untouched, the shuffle mixes the halves.",
            ),
            "2": Chain(
                "two units",
                "stage2.1.chunk",
                "stage2.2.view:2",
                "The second unit convolves half of what the first has left untouched.",
            ),
            "3": Chain(
                "three units",
                "stage2.1.chunk",
                "stage2.3.view:2",
                "What is left untouched halves with each unit.",
            ),
        },
    ),
    "mobilenet": Scene(
        "MobileNet",
        "mobilenet_v1",
        {
            "depthwise": Chain(
                "depthwise",
                "separables.6.depthwise",
                "separables.6.depthwise",
                "Howard et al. (2017), figure 2: a group for each channel, so each sees itself alone.",
            ),
            "pointwise": Chain(
                "and pointwise",
                "separables.6.depthwise",
                "separables.6.pointwise",
                "The 1 x 1 convolution after it reads all channels: what one layer leaves out the other brings.",
            ),
        },
    ),
}
