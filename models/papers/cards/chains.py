"""LeNet-5, AlexNet, VGG and GoogLeNet."""

from __future__ import annotations

from models.papers.cards.entry import Entry

_NO_LENET = "torchvision has no LeNet."
_MODERN = (
    "Not the network of 1998: C3 sees all maps of S2, pooling is a plain average without parameters, and the "
    "output is linear; 61,706 parameters where the paper counts 60,000."
)
_SAME_AS = (
    "The same parameters and MACs as torchvision's {}, which also resamples the last map to 7 x 7, so that it "
    "takes other image sizes."
)


def _vgg(
    name: str, configuration: str, params: int, macs: int, errors: tuple[float, float], note: str
) -> Entry:
    best = "jittered training images" if configuration in ("C", "D", "E") else "S = Q = 256"
    return Entry(
        name,
        f"VGG {configuration} (2014)",
        "VGG",
        params,
        macs,
        f"Architecture: Table 1, column {configuration}. Errors: Table 3, one network at a single test scale, {best}.",
        (note,),
        *errors,
    )


CHAIN_ENTRIES: tuple[Entry, ...] = (
    Entry(
        "lenet5",
        "LeNet-5 (1998)",
        "LeNet",
        60_000,
        325_680,
        "Architecture: section II-B, Fig. 2 and Table I. Error: 0.95 % on MNIST's test set, section III-B.",
        (
            "torchvision has no LeNet. C3 is connected by the paper's Table I, subsampling has one trainable "
            "coefficient and one bias a map, activations are 1.7159 tanh(2 a / 3), and the ten outputs are "
            "distances to fixed codes: 840 values that are no parameters.",
            "MACs are those of convolutions and of F6; the products of subsampling and the squares of the output "
            "are left out, as for all networks here.",
        ),
        input_shape=(1, 32, 32),
    ),
    Entry(
        "lenet5_modern",
        "LeNet-5, modern, tanh",
        "LeNet",
        61_706,
        416_520,
        "The network of today's textbooks, after section II-B; the paper has no figures for it.",
        (_MODERN, _NO_LENET),
        input_shape=(1, 32, 32),
    ),
    Entry(
        "lenet5_modern_sigmoid",
        "LeNet-5, modern, sigmoid",
        "LeNet",
        61_706,
        416_520,
        "The network of today's textbooks, after section II-B; the paper has no figures for it.",
        (_MODERN, "The logistic function in place of tanh.", _NO_LENET),
        input_shape=(1, 32, 32),
    ),
    Entry(
        "lenet5_modern_28",
        "LeNet-5, modern, 28 x 28",
        "LeNet",
        61_706,
        416_520,
        "The network of today's textbooks, after section II-B; the paper has no figures for it.",
        (
            _MODERN,
            "For MNIST's 28 x 28 images the first convolution pads by 2; without it the last 5 x 5 kernel would "
            "meet a map of 4 x 4.",
            _NO_LENET,
        ),
        input_shape=(1, 28, 28),
    ),
    Entry(
        "alexnet_2012",
        "AlexNet (2012)",
        "AlexNet",
        60_965_224,
        724_406_816,
        "Architecture: sections 3.3 to 3.5, Fig. 2. Errors: Table 2, one network (1 CNN), averaged over ten crops.",
        (
            "torchvision's alexnet is the single tower of Krizhevsky's One weird trick (2014): 64, 192, 384, 256, "
            "256 channels where this one has 96, 256, 384, 384, 256; no groups, no local response normalisation, "
            "224 x 224 with padding 2; dropout comes before its first two linear layers, here after.",
            "The paper says 224 x 224, but its maps of 55 x 55 need 227. It also prints 253,440 units for the "
            "first layer, which has 290,400.",
        ),
        40.7,
        18.2,
        (3, 227, 227),
    ),
    _vgg("vgg11_a", "A", 132_863_336, 7_609_090_048, (29.6, 10.4), _SAME_AS.format("vgg11")),
    _vgg(
        "vgg11_a_lrn",
        "A-LRN",
        132_863_336,
        7_609_090_048,
        (29.7, 10.5),
        "Not in torchvision: configuration A with local response normalisation after its first convolution, "
        "which costs no parameters and gained nothing.",
    ),
    _vgg("vgg13_b", "B", 133_047_848, 11_308_466_176, (28.7, 9.9), _SAME_AS.format("vgg13")),
    _vgg(
        "vgg16_c",
        "C",
        133_638_952,
        11_770_888_192,
        (27.3, 8.8),
        "Not in torchvision: 16 layers as D, but the third convolution of stages 3, 4 and 5 is 1 x 1.",
    ),
    _vgg("vgg16_d", "D", 138_357_544, 15_470_264_320, (25.6, 8.1), _SAME_AS.format("vgg16")),
    _vgg("vgg19_e", "E", 143_667_240, 19_632_062_464, (25.5, 8.0), _SAME_AS.format("vgg19")),
    Entry(
        "googlenet_2014",
        "GoogLeNet (2014)",
        "GoogLeNet",
        13_378_280,
        1_582_671_872,
        "Architecture: Table 1, Fig. 3 and section 5. Error: Table 3, one network and one crop; no top-1 is printed.",
        (
            "Built with both side heads: 13,378,280 parameters with them, 6,998,552 without. They take no part in "
            "evaluation, so MACs leave them out.",
            "torchvision's googlenet has 3 x 3 kernels in the branches named 5 x 5, and a batch normalisation "
            "after each convolution, whose biases it drops, in place of local response normalisation.",
            "The paper states no constants for its local response normalisation; AlexNet's are taken.",
        ),
        None,
        10.07,
    ),
)
