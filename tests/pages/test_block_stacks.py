from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGE = str(Path(__file__).parents[2] / "pages" / "building_blocks.py")


def stacks(**parameters: str) -> AppTest:
    """The block "Stacks of 3 x 3" with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    test.query_params["block"] = "stacks"
    for name, value in parameters.items():
        test.query_params[f"stacks_{name}"] = value
    return test.run()


def headlines(test: AppTest) -> list[str]:
    """The four numbers at the head."""
    return [metric.value for metric in test.metric]


# Simonyan and Zisserman (2015), section 2.3: 27 C^2 weights in place of 49 C^2. With biases and C = 256:
# 3 * (9 * 256^2 + 256) = 1,770,240 and 49 * 256^2 + 256 = 3,211,520.
def test_default_is_vggs_argument() -> None:
    """Three layers of 3 x 3 for one of 7 x 7: 0.551 of the parameters, three non-linearities."""
    test = stacks()
    assert not test.exception
    assert headlines(test) == ["0.551 x", "0.551 x", "3", "115"]
    row = test.dataframe[0].value.set_index("One kernel").loc["7 x 7"]
    assert (row["Parameters, one"], row["Parameters, stack"]) == (3_211_520, 1_770_240)


def test_alexnets_first_layer_pays_for_a_stack() -> None:
    """From the trace: five layers of 3 x 3 cost 9.58 times the parameters and 118.9 times the MACs."""
    test = stacks(layer="alexnet")
    assert headlines(test) == ["9.58 x", "119 x", "5", "30.9"]
    assert any("9.58 times the parameters and 118.9 times the MACs" in entry.value for entry in test.markdown)
    row = test.dataframe[0].value.set_index("One kernel").loc["11 x 11"]
    assert (row["MACs, one"], row["MACs, stack"]) == (105_415_200, 12_535_992_864)
    formulas = [entry.value for entry in test.latex]
    assert r"11^2 \cdot 3 \cdot 96 + 96" in formulas[0]
    assert r"9 \cdot 3 \cdot 96 + 4 \cdot 9 \cdot 96^2 + 5 \cdot 96" in formulas[1]
    assert r"\frac{9}{28}" in formulas[2]


def test_more_channels_in_turn_the_comparison() -> None:
    """At 31 channels in, AlexNet's stack has fewer parameters, but still more MACs: it strides last."""
    test = stacks(layer="alexnet")
    test.slider(key="blocks_stacks_in").set_value(31).run()
    params, macs = (float(text.removesuffix(" x")) for text in headlines(test)[:2])
    assert params < 1 < macs


@pytest.mark.parametrize(("kernel", "layers"), [("5", "2"), ("9", "4"), ("11", "5")])
def test_every_kernel_has_its_stack(kernel: str, layers: str) -> None:
    """(K - 1) / 2 layers."""
    test = stacks(kernel=kernel)
    assert not test.exception
    assert headlines(test)[2] == layers


def test_a_kernel_larger_than_the_map_is_a_sentence() -> None:
    """Without padding 11 x 11 does not fit into 8 x 8; 5 x 5 and 7 x 7 do."""
    test = stacks(kernel="11", size="8", padded="off")
    assert not test.exception
    assert "A kernel of 11 does not fit into 8 values" in test.text[0].value
    test = stacks(kernel="5", size="8", padded="off")
    assert test.dataframe[0].value["One kernel"].tolist() == ["5 x 5", "7 x 7"]
