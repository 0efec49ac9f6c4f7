"""ResNeXt, DenseNet and MobileNet."""

from __future__ import annotations

from models.papers.cards.entry import Entry

_RESNEXT_SOURCE = "Architecture: Table 1 and Fig. 3({}). Errors: {}, one crop."
_FORM = "{} The grouped form computes the same function with as many weights. Not in torchvision."


def _densenet(
    depth: int, params: int, macs: int, errors: tuple[float, float], *, in_torchvision: bool
) -> Entry:
    note = (
        f"The same parameters and MACs as torchvision's densenet{depth}."
        if in_torchvision
        else "Not in torchvision, whose fourth DenseNet is 161, with growth rate 48. The blocks of this column make "
        "265 layers, one more than its name says."
    )
    return Entry(
        f"densenet{depth}_2016",
        f"DenseNet-{depth} (2016)",
        "DenseNet",
        params,
        macs,
        f"Architecture: Table 1, column DenseNet-{depth} (k = 32). Errors: Table 3, one crop.",
        (note,),
        *errors,
    )


def _mobilenet(name: str, width: str, params: int, macs: int, error: float) -> Entry:
    return Entry(
        name,
        f"MobileNet v1 {width} (2017)",
        "MobileNetV1",
        params,
        macs,
        f"Architecture: Table 1, width multiplier {width}. Accuracy: Table 6; no top-5 is printed.",
        (
            "torchvision has MobileNet v2 and v3, not v1. Table 1 prints stride 2 for the last depthwise "
            "convolution, whose map keeps its size: the stride is 1.",
        ),
        error,
    )


LATER_ENTRIES: tuple[Entry, ...] = (
    Entry(
        "resnext50_32x4d_2016",
        "ResNeXt-50 32x4d (2016)",
        "ResNeXt",
        25_028_904,
        4_230_479_872,
        _RESNEXT_SOURCE.format("c", "Table 3; no top-5 is printed"),
        ("The same parameters and MACs as torchvision's resnext50_32x4d.",),
        22.2,
    ),
    Entry(
        "resnext50_32x4d_2016_paths",
        "ResNeXt-50 32x4d, summed paths (2016)",
        "ResNeXt",
        25_028_904,
        4_230_479_872,
        _RESNEXT_SOURCE.format("a", "Table 3; no top-5 is printed"),
        (_FORM.format("Each of 32 paths is a bottleneck of its own; their outputs are summed."),),
        22.2,
    ),
    Entry(
        "resnext50_32x4d_2016_concatenated",
        "ResNeXt-50 32x4d, early concatenation (2016)",
        "ResNeXt",
        25_028_904,
        4_230_479_872,
        _RESNEXT_SOURCE.format("b", "Table 3; no top-5 is printed"),
        (_FORM.format("32 paths are concatenated before a common last convolution."),),
        22.2,
    ),
    Entry(
        "resnext101_32x4d_2016",
        "ResNeXt-101 32x4d (2016)",
        "ResNeXt",
        44_177_704,
        7_969_996_800,
        _RESNEXT_SOURCE.format("c", "Tables 3 and 4"),
        ("Not in torchvision, whose resnext101_32x8d has paths twice as wide and is not in the paper.",),
        21.2,
        5.6,
    ),
    Entry(
        "resnext101_64x4d_2016",
        "ResNeXt-101 64x4d (2016)",
        "ResNeXt",
        83_455_272,
        15_460_270_080,
        _RESNEXT_SOURCE.format("c", "Tables 4 and 5"),
        ("The same parameters and MACs as torchvision's resnext101_64x4d.",),
        20.4,
        5.3,
    ),
    _densenet(121, 7_978_856, 2_834_161_664, (25.02, 7.71), in_torchvision=True),
    _densenet(169, 14_149_480, 3_359_843_328, (23.80, 6.85), in_torchvision=True),
    _densenet(201, 20_013_928, 4_291_365_888, (22.58, 6.34), in_torchvision=True),
    _densenet(264, 33_337_704, 5_751_653_376, (22.15, 6.12), in_torchvision=False),
    _mobilenet("mobilenet_v1", "1.0", 4_231_976, 568_740_352, 29.4),
    _mobilenet("mobilenet_v1_075", "0.75", 2_585_560, 325_400_448, 31.6),
    _mobilenet("mobilenet_v1_050", "0.50", 1_331_592, 149_497_088, 36.3),
    _mobilenet("mobilenet_v1_025", "0.25", 470_072, 41_030_272, 49.4),
)
