from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ui.picture_file import Picture

PAGE = str(Path(__file__).parents[2] / "pages" / "building_blocks.py")


def sharing(**parameters: str) -> AppTest:
    """The block "Why convolution" with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    test.query_params["block"] = "sharing"
    for name, value in parameters.items():
        test.query_params[name] = value
    return test.run()


def headlines(test: AppTest) -> dict[str, str]:
    """The numbers by their labels."""
    return {metric.label: metric.value for metric in test.metric}


# LeCun et al. 1998, section II-B.
def test_default_is_lenets_first_layer() -> None:
    """4,821,600, 122,304 and 156 parameters, with the numbers in the formulas."""
    test = sharing()
    assert not test.exception
    assert test.dataframe[0].value["Parameters"].tolist() == [4_821_600, 122_304, 156]
    formulas = [entry.value for entry in test.latex]
    assert r"(1 \cdot 32 \cdot 32 + 1) \cdot 6 \cdot 28 \cdot 28" in formulas[0]
    assert "4{,}821{,}600" in formulas[0]
    assert r"(1 \cdot 5^2 + 1) \cdot 6 \cdot 28 \cdot 28" in formulas[1]
    assert r"(1 \cdot 5^2 + 1) \cdot 6 \\" in formulas[2]
    assert headlines(test)["Sharing saves"] == "784 x"


# (3 * 11^2 + 1) * 96 = 34,944 in Krizhevsky et al. 2012; at 55 * 55 positions 3,025 times that.
def test_a_known_layer_sets_the_sliders_which_then_stay_free() -> None:
    """AlexNet's first layer from its trace; with another stride it has fewer positions and the same weights."""
    test = sharing(sharing_layer="alexnet")
    assert test.dataframe[0].value["Parameters"].tolist()[1:] == [34_944 * 55 * 55, 34_944]
    test.slider(key="blocks_sharing_stride").set_value(8).run()
    assert test.dataframe[0].value["Parameters"].tolist()[1:] == [34_944 * 28 * 28, 34_944]


def test_an_impossible_layer_is_a_sentence() -> None:
    """A kernel of 9 does not fit into 4 pixels; the picture below is still shown."""
    test = sharing(sharing_size="4", sharing_kernel="9")
    assert not test.exception
    assert "choose a smaller kernel, or a padding of at least 3." in test.text[0].value
    assert headlines(test)["Difference, convolution"] == "0"


def test_a_convolution_follows_the_shift_and_own_weights_do_not() -> None:
    """Exactly 0 on the picture of a cat, beside thousands."""
    shown = headlines(sharing())
    assert shown["Difference, convolution"] == "0"
    assert float(shown["Difference, own weights"].replace(",", "")) > 100
    assert shown["The output moves by"] == "8, 4"


@pytest.mark.parametrize(("right", "moves", "follows"), [("6", "3, 2", True), ("5", "2.5, 2", False)])
def test_a_stride_follows_multiples_only(right: str, moves: str, follows: bool) -> None:
    """With stride 2, six pixels are three values of the output, and five are none."""
    shown = headlines(sharing(sharing_step="2", sharing_right=right))
    assert shown["The output moves by"] == moves
    assert (shown["Difference, convolution"] == "0") == follows


@pytest.mark.parametrize("name", ["horizontal", "outline", "blur"])
def test_every_filter_can_be_shown(name: str) -> None:
    """Its weights stand beside the pictures, and it follows the shift."""
    test = sharing(sharing_filter=name, picture="bricks")
    assert not test.exception
    assert headlines(test)["Difference, convolution"] == "0"


def test_a_picture_that_is_too_small_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five pixels moved by eight: what to do is said, and the cost of the layer still stands above."""
    tiny = Picture("tiny", np.zeros((5, 5, 3), dtype=np.uint8))
    monkeypatch.setattr("ui.blocks.sharing_equivariance.picture", lambda _: tiny)
    test = sharing()
    assert not test.exception
    assert "leaves nothing to compare of a picture of 5 x 5: choose a smaller one." in test.text[0].value
    assert headlines(test)["Shared"] == "156"
