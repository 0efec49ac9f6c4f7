from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from analysis.experiments.filter_bank import CHANNELS, feature_maps
from analysis.experiments.response_normalisation import (
    Constants,
    competition,
    loudest_neighbour,
    strongest_position,
)
from ui.picture_file import Picture, shipped

PAGE = str(Path(__file__).parents[2] / "pages" / "building_blocks.py")


def response(**parameters: str) -> AppTest:
    """The block "Local response normalisation" with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    test.query_params["block"] = "response"
    for name, value in parameters.items():
        test.query_params[name] = value
    return test.run()


def headlines(test: AppTest) -> dict[str, str]:
    """The numbers by their labels."""
    return {metric.label: metric.value for metric in test.metric}


def test_the_papers_constants_on_the_cat() -> None:
    """The numbers are the library's; the same layer of PyTorch is named with n times alpha."""
    test = response()
    assert not test.exception
    maps = feature_maps(shipped("cat").pixels)
    channel = list(CHANNELS).index("45")
    expected = competition(maps, channel, 10, strongest_position(maps, channel), Constants())
    neighbour = loudest_neighbour(expected.responses, channel, 5)
    assert neighbour is not None
    shown = headlines(test)
    assert shown["Channel 45° answers"] == f"{expected.strong_responses[channel]:,.1f}"
    assert (
        shown[f"LRN leaves of {list(CHANNELS.values())[neighbour]}"]
        == f"{100 * expected.kept[neighbour]:.1f} %"
    )
    assert shown["Batch normalisation"] == "100 %"
    assert shown["Alone, loudest at"] == "200.0"
    assert any("LocalResponseNorm(5, alpha=0.0005, beta=0.75, k=2)" in entry.value for entry in test.caption)
    table = test.dataframe[0].value
    assert table["LRN, stronger"].tolist() == expected.strong_normalised.tolist()
    assert (table["In the window"] == "yes").sum() == 5


def test_the_formula_holds_the_numbers_of_one_value() -> None:
    """What stands in the fraction gives what stands below it."""
    formula = response().latex[0].value
    inner = formula.split(r"\frac{")[2]
    activity = float(inner.split("}")[0])
    total = float(inner.split(r"\cdot ")[1].split(")")[0].replace("{,}", ""))
    result = float(formula.split("={} & ")[2].split(" ")[0])
    assert result == pytest.approx(activity / (2 + 1e-4 * total) ** 0.75, abs=2e-3)


def test_constants_change_what_is_left() -> None:
    """A larger beta leaves less of the neighbour; alpha 0 leaves all, and nothing grows without end."""
    test = response()
    label = next(name for name in headlines(test) if name.startswith("LRN leaves of"))
    before = float(headlines(test)[label].split(" ")[0])
    test.slider(key="blocks_response_beta").set_value(1.5).run()
    assert float(headlines(test)[label].split(" ")[0]) < before
    test.slider(key="blocks_response_alpha").set_value(0.0).run()
    assert headlines(test)[label] == "100.0 %"
    assert headlines(test)["Alone, loudest at"] == "no end"


def test_a_window_of_one_has_no_neighbours() -> None:
    """And the page says so."""
    test = response(response_n="1")
    assert not test.exception
    assert headlines(test)["LRN leaves"] == "all"


def test_any_position_can_be_chosen() -> None:
    """The middle of 62 x 62 maps, and the corner."""
    test = response(response_at="chosen", response_channel="red")
    maps = feature_maps(shipped("cat").pixels)
    red = list(CHANNELS).index("red")
    assert test.dataframe[0].value["Before"][red] == maps[red, 30, 30]
    test.slider(key="blocks_response_down").set_value(100).run()
    test.slider(key="blocks_response_across").set_value(0).run()
    assert test.dataframe[0].value["Before"][red] == maps[red, 61, 0]


def test_a_silent_channel_is_a_sentence() -> None:
    """A grey picture has no colours."""
    test = response(picture="bricks", response_channel="red")
    assert not test.exception
    assert test.text[0].value == "Channel red is silent everywhere on this picture: choose another one."


def test_a_picture_that_is_too_small_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine pixels are fewer than the filters have."""
    tiny = Picture("tiny", np.zeros((9, 9, 3), dtype=np.uint8))
    monkeypatch.setattr("ui.blocks.response.picture", lambda _: tiny)
    test = response()
    assert not test.exception
    assert "9 x 9 pixels is smaller than the filters" in test.text[0].value


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [("response_n", "4", "4 is not one of 1, 3, ... 15"), ("response_k", "0", "0 is not between 0.5 and 10")],
)
def test_a_wrong_link_gets_a_sentence(name: str, value: str, sentence: str) -> None:
    """An even window has no middle, and k = 0 could divide by nothing."""
    test = response(**{name: value})
    assert not test.exception
    assert sentence in test.toast[0].value
