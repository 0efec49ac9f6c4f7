from __future__ import annotations

import models
from ui import cache, comparison


def compared(*names: str, size: int = 224) -> list[comparison.Compared]:
    """These models, analysed at one size."""
    return [comparison.Compared(models.card(name), size, cache.report(name, size)) for name in names]


def test_best_of_each_line_is_marked() -> None:
    """MobileNetV2 costs least, ResNet-50 is the most accurate; ratios are to the first of the choice."""
    vgg, resnet, mobile = comparison.headlines(compared("vgg16", "resnet50", "mobilenet_v2"), "macs")
    assert [line.best for line in vgg] == [False] * 6
    assert [mobile[0].text, mobile[0].best] == ["301 MMACs", True]
    assert [resnet[3].text, resnet[3].best] == ["80.9 % top-1 at 224 px", True]
    # 25,557,032 / 138,357,544 parameters
    assert (vgg[1].ratio, resnet[1].ratio) == ("", "0.185 x")


def test_flops_are_twice_the_macs() -> None:
    """The switch changes the number and its unit: 2 x 4,089,184,256 FLOPs."""
    (resnet,) = comparison.headlines(compared("resnet50"), "flops")
    assert resnet[0].text == "8.18 GFLOPs"


def test_a_single_model_wins_nothing() -> None:
    """There is no best of one, nor of equals."""
    assert not any(line.best for line in comparison.headlines(compared("resnet50"), "macs")[0])
    for lines in comparison.headlines(compared("vgg16", "vgg16"), "macs"):
        assert not any(line.best for line in lines)


def test_differences_as_numbers_and_as_text() -> None:
    """Every quantity has a name for people; the text prints the digits of the number."""
    numbers, text = comparison.difference_tables(compared("vgg16", "resnet50"))
    assert numbers["quantity"].isin(comparison.LABELS).all()
    assert list(text.columns) == ["Quantity", "VGG-16", "ResNet-50", "ResNet-50 / VGG-16"]
    line = text.set_index("Quantity").loc["MACs"].to_dict()
    assert line == {"VGG-16": "15,470,264,320", "ResNet-50": "4,089,184,256", "ResNet-50 / VGG-16": "0.264 x"}
