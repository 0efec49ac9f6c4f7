from __future__ import annotations

import pandas as pd

from analysis.layer_differences import Layer, LayerPair
from ui.layer_pairs import number_table, text_table

ONE = Layer(
    "conv1", "conv2d", (96, 55, 55), 34_944, 105_415_200, (11, 11), (("stride", (4, 4)), ("padding", (0, 0)))
)
OTHER = Layer(
    "features.0",
    "conv2d",
    (64, 55, 55),
    23_296,
    70_276_800,
    (11, 11),
    (("stride", (4, 4)), ("padding", (2, 2))),
)


def test_what_differs_stands_twice_and_what_agrees_once() -> None:
    """AlexNet's first convolution in both versions: the field and the stride agree."""
    line = text_table([LayerPair(ONE, OTHER)], "the paper", "torchvision").iloc[0].to_dict()
    assert line == {
        "In the paper": "conv1",
        "In torchvision": "features.0",
        "Layer": "conv2d",
        "Output": "96x55x55 → 64x55x55",
        "Parameters": "34,944 → 23,296",
        "MACs": "105,415,200 → 70,276,800",
        "Receptive field": "11 x 11",
        "Settings": "padding 0x0 → 2x2",
    }


def test_a_layer_without_a_partner() -> None:
    """A dash stands for the network that lacks the layer, a missing value in the CSV."""
    pairs = [LayerPair(ONE, OTHER), LayerPair(ONE, None)]
    line = text_table(pairs, "a", "b").iloc[1]
    assert (line["In b"], line["Parameters"], line["Settings"]) == ("–", "34,944 → –", "")
    numbers = number_table(pairs, "a", "b")
    assert numbers["params (a)"].tolist() == [34_944, 34_944]
    assert numbers["params (b)"].iloc[0] == 23_296
    assert pd.isna(numbers["params (b)"].iloc[1])
