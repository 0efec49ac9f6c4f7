from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

PAGE = str(Path(__file__).parents[2] / "pages" / "building_blocks.py")
SLIDERS = ("size", "kernel", "stride", "padding", "dilation")


def windows(**parameters: str) -> AppTest:
    """The block "Output size" with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    test.query_params["block"] = "windows"
    for name, value in parameters.items():
        test.query_params[f"windows_{name}"] = value
    return test.run()


def setting(test: AppTest) -> list[Any]:
    """The values of the five sliders."""
    return [test.slider(key=f"blocks_windows_{name}").value for name in SLIDERS]


def headlines(test: AppTest) -> list[str]:
    """The four numbers at the head."""
    return [metric.value for metric in test.metric]


def test_default_loses_its_last_value() -> None:
    """Twelve values, kernel 3, stride 2: floor(9 / 2) + 1 = 5 windows, and 11 is not read."""
    test = windows()
    assert not test.exception
    assert headlines(test) == ["5", "3 values", "1 value", "11 or 13"]
    assert r"\frac{12 + 2 \cdot 0 - 1 \cdot (3 - 1) - 1}{2}\right\rfloor + 1 = 5" in test.latex[1].value


# Krizhevsky et al. 2012: the sides before each of the eight layers, from the trace.
def test_alexnets_walk_plays_layer_by_layer() -> None:
    """Each press of the button sets the sliders to the next layer; after the last the first comes again."""
    test = windows()
    seen = []
    for _ in range(9):
        test.button(key="blocks_windows_next").click().run()
        assert not test.exception
        seen.append((setting(test)[0], headlines(test)[0]))
    sides = ["227", "55", "27", "27", "13", "13", "13", "13", "6"]
    assert seen[:8] == [(int(before), after) for before, after in pairwise(sides)]
    assert seen[8] == seen[0]
    assert test.query_params["windows_step"] == "1"
    assert test.query_params["windows_kernel"] == "11"


def test_a_link_to_a_step_shows_that_layer() -> None:
    """The second step of torchvision's network is a pooling of 55 by 3 with stride 2."""
    test = windows(walk="torchvision", step="2")
    assert setting(test) == [55, 3, 2, 0, 1]
    assert headlines(test)[0] == "27"


def test_a_link_to_a_step_with_one_number_changed_shows_that_number() -> None:
    """AlexNet's first layer with a padding of 2; a sentence says that it is not the layer's own."""
    test = windows(step="1", padding="2")
    assert setting(test) == [227, 11, 4, 2, 1]
    assert any("Moved away from conv1" in caption.value for caption in test.caption)


def test_sliders_can_leave_the_walk_and_another_step_comes_back_to_it() -> None:
    """A slider that was moved stays; choosing the next step sets it again."""
    test = windows(step="1")
    test.slider(key="blocks_windows_kernel").set_value(7).run()
    assert setting(test) == [227, 7, 4, 0, 1]
    assert any("Moved away from conv1" in caption.value for caption in test.caption)
    test.button(key="blocks_windows_next").click().run()
    assert setting(test) == [55, 3, 2, 0, 1]
    assert not any("Moved away" in caption.value for caption in test.caption)


def test_alexnet_on_224_pixels_loses_a_column_and_fails_in_the_end() -> None:
    """54 windows instead of 55, column 223 unread, and 6,400 values where 9,216 are expected."""
    test = windows(walk="2012-at-224", step="1")
    assert headlines(test)[0] == "54"
    assert headlines(test)[3] == "223 or 227"
    assert test.dataframe[0].value["Gives"].tolist() == [54, 26, 26, 12, 12, 12, 12, 5]
    assert any("expects 9216 features and gets 6400" in text.value for text in test.text)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"size": "4", "kernel": "11"}, "choose a smaller kernel, or a padding of at least 4."),
        ({"padding": "2", "ceil": "on"}, "which pooling refuses: choose at most 1."),
    ],
)
def test_an_impossible_setting_is_a_sentence(parameters: dict[str, str], sentence: str) -> None:
    """What was wrong and what to do; the walk stays on the page, the headlines do not."""
    test = windows(**parameters)
    assert not test.exception
    assert test.text[0].value.endswith(sentence)
    assert not test.metric
    assert test.dataframe


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"size": "3", "kernel": "2", "padding": "1"}, "PyTorch drops such a window"),
        ({"size": "112"}, "1 of its 3 taps lies past the padding"),
        ({"size": "113"}, "rounding up changes nothing here"),
    ],
)
def test_ceil_mode_says_what_it_did(parameters: dict[str, str], sentence: str) -> None:
    """A dropped window, a window past the border, or no difference."""
    test = windows(**parameters, ceil="on")
    assert any(sentence in caption.value for caption in test.caption)


def test_a_wrong_step_in_a_link_gets_a_sentence() -> None:
    """AlexNet has eight windows: the ninth is none."""
    test = windows(step="9")
    assert not test.exception
    assert "9 is not between 1 and 8." in test.toast[0].value
