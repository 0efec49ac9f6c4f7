"""Which historical model has a modern version, and why the two differ. Read without torch.

The differences in numbers are not here: whoever compares the two analyses both.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A historical model, its modern version, and a sentence for each difference.

    The modern version is torchvision's, or today's textbooks' of LeNet-5. ``reasons`` is empty where both
    have the same layers of the same shapes.
    """

    paper: str
    modern: str
    reasons: tuple[str, ...]


_CLASSIFIER = (
    "torchvision resamples the last map to 7 x 7 before its linear layers, so that it takes other image sizes; "
    "at 224 x 224 nothing changes."
)
_STRIDE = (
    "The paper halves the map in the first 1 x 1 convolution of a stage and skips three of four positions there; "
    "torchvision halves it in the 3 x 3 after it, so that its 1 x 1 computes four times as many positions."
)
_OPTION = (
    "The paper's shortcuts have no parameters (option A: every second position, zeros for the added channels), "
    "torchvision's are 1 x 1 convolutions with batch normalisation (option B)."
)
_ONE_MAP = (
    "torchvision concatenates before the first layer of a block too, where there is one map: nothing changes."
)

_TEXTBOOK = (
    "C3 of 1998 sees 3, 4 or 6 of the 6 maps before it, by the paper's Table I; the modern one sees all: 1,516 "
    "parameters become 2,416.",
    "Subsampling of 1998 sums 2 x 2 values, scales them by a trainable coefficient and adds a bias; the modern "
    "pooling is their mean, without parameters.",
    "The activations of 1998 are 1.7159 tanh(2 a / 3) and follow the subsampling too; the modern ones are tanh, after "
    "the convolutions and the first linear layer.",
    "The ten outputs of 1998 are distances to fixed codes of 84 values; the modern ones are a linear layer of 850 "
    "parameters.",
)

COUNTERPARTS: tuple[Counterpart, ...] = (
    Counterpart("lenet5", "lenet5_modern", _TEXTBOOK),
    Counterpart(
        "lenet5",
        "lenet5_modern_28",
        (
            *_TEXTBOOK,
            "MNIST's images have 28 x 28 pixels: padding by 2 in the first convolution stands for the border of 1998.",
        ),
    ),
    Counterpart(
        "alexnet_2012",
        "alexnet",
        (
            "The network of 2012 ran as two towers on two GPUs, so its convolutions 2, 4 and 5 have two groups; "
            "torchvision follows the single tower of 2014 (One weird trick), without groups.",
            "Channels are 96, 256, 384, 384 and 256 in 2012, and 64, 192, 384, 256 and 256 in torchvision.",
            "The network of 2012 normalises over neighbouring channels after convolutions 1 and 2; torchvision "
            "has left that out.",
            "The network of 2012 needs images of 227 x 227 without padding; torchvision takes 224 x 224 and pads "
            "its first convolution by 2.",
            "Dropout follows the first two linear layers in 2012 and precedes them in torchvision.",
            "torchvision resamples the last map to 6 x 6, so that it takes other image sizes.",
        ),
    ),
    Counterpart("vgg11_a", "vgg11", (_CLASSIFIER,)),
    Counterpart(
        "vgg11_a_lrn",
        "vgg11",
        (
            "Configuration A-LRN normalises over neighbouring channels after its first convolution.",
            _CLASSIFIER,
        ),
    ),
    Counterpart("vgg13_b", "vgg13", (_CLASSIFIER,)),
    Counterpart(
        "vgg16_c",
        "vgg16",
        (
            "The third convolution of stages 3, 4 and 5 is 1 x 1 in configuration C and 3 x 3 in D, which is "
            "torchvision's.",
            _CLASSIFIER,
        ),
    ),
    Counterpart("vgg16_d", "vgg16", (_CLASSIFIER,)),
    Counterpart("vgg19_e", "vgg19", (_CLASSIFIER,)),
    Counterpart(
        "googlenet_2014",
        "googlenet",
        (
            "torchvision's branches named 5 x 5 have 3 x 3 kernels, a slip that its weights depend on.",
            "torchvision puts a batch normalisation after each convolution and drops the convolution's bias; the "
            "paper has biases, and normalises over neighbouring channels twice in its stem.",
            "torchvision's last pooling has windows of 2 x 2, the paper's 3 x 3.",
        ),
    ),
    Counterpart("resnet18_v1", "resnet18", (_OPTION,)),
    Counterpart("resnet34_v1", "resnet34", (_OPTION,)),
    Counterpart("plain18", "resnet18", ("The plain network has no shortcuts.",)),
    Counterpart("plain34", "resnet34", ("The plain network has no shortcuts.",)),
    Counterpart("resnet18_v1_b", "resnet18", ()),
    Counterpart("resnet34_v1_b", "resnet34", ()),
    Counterpart("resnet50_v1", "resnet50", (_STRIDE,)),
    Counterpart("resnet101_v1", "resnet101", (_STRIDE,)),
    Counterpart("resnet152_v1", "resnet152", (_STRIDE,)),
    Counterpart("resnet50_v1_5", "resnet50", ()),
    Counterpart("resnet101_v1_5", "resnet101", ()),
    Counterpart("resnet152_v1_5", "resnet152", ()),
    Counterpart("resnext50_32x4d_2016", "resnext50_32x4d", ()),
    Counterpart("resnext101_64x4d_2016", "resnext101_64x4d", ()),
    Counterpart(
        "resnext101_32x4d_2016",
        "resnext101_32x8d",
        ("Each of the 32 paths has 4 channels in the paper's network and 8 in torchvision's.",),
    ),
    Counterpart("densenet121_2016", "densenet121", (_ONE_MAP,)),
    Counterpart("densenet169_2016", "densenet169", (_ONE_MAP,)),
    Counterpart("densenet201_2016", "densenet201", (_ONE_MAP,)),
)


def counterparts(name: str) -> tuple[Counterpart, ...]:
    """The pairs that a model is half of, by the name of either half.

    [pair.paper for pair in counterparts("resnet18")] == ["resnet18_v1", "plain18", "resnet18_v1_b"].
    """
    return tuple(pair for pair in COUNTERPARTS if name in (pair.paper, pair.modern))


def counterpart(name: str) -> Counterpart | None:
    """The pair of a historical model, None without one: counterpart("alexnet_2012").modern == "alexnet"."""
    return next((pair for pair in COUNTERPARTS if pair.paper == name), None)
