"""ResNet and its plain twins, for ImageNet and for CIFAR-10."""

from __future__ import annotations

from models.papers.cards.entry import Entry

_TABLE_1 = "Architecture: Table 1 and Fig. 3."
_TEN_CROPS = "Errors: {}, averaged over ten crops."
_OPTION_A = (
    "Shortcuts of option A: zeros for the channels that are added, no parameters, so that it has exactly those of "
    "its plain twin. torchvision projects them by 1 x 1 convolutions (option B)."
)
_V1 = "The stride of a stage is in its first 1 x 1 convolution; torchvision moves it to the 3 x 3 (v1.5)."
_V1_5 = (
    "The same as torchvision's {}: the stride of a stage is in the 3 x 3 convolution of its first bottleneck, "
    "which the paper has in the 1 x 1 before it."
)
_PLAIN = "Not in torchvision: the residual network of this depth without its shortcuts."

# Test errors on CIFAR-10 in percent, Table 6; ResNet-110 is the best of five runs.
_CIFAR: tuple[tuple[int, int, int, float], ...] = (
    (20, 269_722, 40_551_040, 8.75),
    (32, 464_154, 68_862_592, 7.51),
    (44, 658_586, 97_174_144, 7.17),
    (56, 853_018, 125_485_696, 6.97),
    (110, 1_727_962, 252_887_680, 6.43),
)


def _deep(depth: int, params: int, macs: tuple[int, int], errors: tuple[float, float]) -> tuple[Entry, Entry]:
    """A bottleneck network in both versions: the paper's, with its errors, and torchvision's."""
    v1 = Entry(
        f"resnet{depth}_v1",
        f"ResNet-{depth} v1 (2015)",
        "ResNet",
        params,
        macs[0],
        f"{_TABLE_1} {_TEN_CROPS.format('Table 3')}",
        (_V1,),
        *errors,
    )
    v1_5 = Entry(
        f"resnet{depth}_v1_5",
        f"ResNet-{depth} v1.5",
        "ResNet",
        params,
        macs[1],
        f"{_TABLE_1} The paper has no figures for this version.",
        (_V1_5.format(f"resnet{depth}"),),
    )
    return v1, v1_5


def _cifar(depth: int, params: int, macs: int, error: float) -> tuple[Entry, Entry]:
    """A network for CIFAR-10 and its plain twin."""
    architecture = "Architecture: section 4.2."
    residual = Entry(
        f"resnet{depth}_cifar",
        f"ResNet-{depth} for CIFAR-10",
        "ResNet",
        params,
        macs,
        f"{architecture} Error: {error:.2f} % on CIFAR-10's test set, Table 6.",
        ("Not in torchvision. Shortcuts have no parameters (option A).",),
        input_shape=(3, 32, 32),
    )
    plain = Entry(
        f"plain{depth}_cifar",
        f"Plain-{depth} for CIFAR-10",
        "ResNet",
        params,
        macs,
        f"{architecture} Its error is drawn in Fig. 6, left, but not printed."
        if depth < 110
        else f"{architecture} Its error exceeds 60 % (Fig. 6).",
        (_PLAIN,),
        input_shape=(3, 32, 32),
    )
    return plain, residual


RESIDUAL_ENTRIES: tuple[Entry, ...] = (
    Entry(
        "plain18",
        "Plain-18 (2015)",
        "ResNet",
        11_515_688,
        1_794_805_760,
        f"{_TABLE_1} {_TEN_CROPS.format('Table 2')} No top-5 is printed.",
        (_PLAIN,),
        27.94,
    ),
    Entry(
        "plain34",
        "Plain-34 (2015)",
        "ResNet",
        21_623_848,
        3_644_493_824,
        f"{_TABLE_1} {_TEN_CROPS.format('Tables 2 and 3')}",
        (_PLAIN,),
        28.54,
        10.02,
    ),
    Entry(
        "resnet18_v1",
        "ResNet-18 (2015)",
        "ResNet",
        11_515_688,
        1_794_805_760,
        f"{_TABLE_1} {_TEN_CROPS.format('Table 2')} No top-5 is printed.",
        (_OPTION_A,),
        27.88,
    ),
    Entry(
        "resnet34_v1",
        "ResNet-34 (2015)",
        "ResNet",
        21_623_848,
        3_644_493_824,
        f"{_TABLE_1} {_TEN_CROPS.format('Table 3, ResNet-34 A')}",
        (_OPTION_A,),
        25.03,
        7.76,
    ),
    Entry(
        "resnet18_v1_b",
        "ResNet-18, option B (2015)",
        "ResNet",
        11_689_512,
        1_814_073_344,
        f"{_TABLE_1} The paper has no figures for 18 layers with this option.",
        ("Shortcuts by projection where shapes differ: the same as torchvision's resnet18.",),
    ),
    Entry(
        "resnet34_v1_b",
        "ResNet-34, option B (2015)",
        "ResNet",
        21_797_672,
        3_663_761_408,
        f"{_TABLE_1} {_TEN_CROPS.format('Table 3, ResNet-34 B')}",
        ("Shortcuts by projection where shapes differ: the same as torchvision's resnet34.",),
        24.52,
        7.46,
    ),
    *_deep(50, 25_557_032, (3_857_973_248, 4_089_184_256), (22.85, 6.71)),
    *_deep(101, 44_549_160, (7_570_194_432, 7_801_405_440), (21.75, 6.05)),
    *_deep(152, 60_192_808, (11_282_415_616, 11_513_626_624), (21.43, 5.71)),
    *(entry for row in _CIFAR for entry in _cifar(*row)),
)
