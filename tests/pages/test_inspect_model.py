from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import models
from analysis import analyze

PAGE = str(Path(__file__).parents[2] / "pages" / "inspect_model.py")


def inspect_page(**parameters: str) -> AppTest:
    """The Inspect page with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    for name, value in parameters.items():
        test.query_params[name] = value
    return test.run()


def headlines(test: AppTest) -> dict[str, tuple[str, str]]:
    """Value and detail of each headline."""
    details = [caption.value for caption in test.caption[: len(test.metric)]]
    return {metric.label: (metric.value, detail) for metric, detail in zip(test.metric, details, strict=True)}


def test_default_page_shows_resnet50() -> None:
    """The numbers that torchvision and Araujo et al. publish for ResNet-50, to the digit."""
    test = inspect_page()
    assert not test.exception
    shown = headlines(test)
    assert shown["Parameters"] == ("25.6 M", "25,557,032")
    assert shown["MACs"] == ("4.09 G", "4,089,184,256 for one image")
    assert shown["Receptive field"][0] == "427 x 427"
    assert shown["Total stride"][0] == "32 x 32"


@pytest.mark.parametrize(
    "name", ["alexnet", "googlenet", "densenet121", "mobilenet_v3_small", "vit_b_16", "swin_t"]
)
def test_every_kind_of_network_is_drawn(name: str) -> None:
    """The table has a line for every row of the library's report, and the headline is its total."""
    test = inspect_page(model=name)
    assert not test.exception
    card = models.card(name)
    expected = analyze(models.build(name, card.input_shape[-1]), card.input_shape, name=name)
    assert len(test.dataframe[0].value) == len(expected.rows)
    assert headlines(test)["MACs"][1] == f"{expected.totals.macs:,} for one image"


def test_numbers_follow_the_size() -> None:
    """A fully convolutional part at half the size costs a quarter: AlexNet's first layer at 227 and 115 pixels."""
    for size, side in (("227", 56), ("115", 28)):
        first = inspect_page(model="alexnet", size=size).dataframe[0].value.iloc[0]
        assert first["macs"] == side * side * 64 * 3 * 11 * 11


def test_too_small_a_size_is_a_sentence_with_a_way_out() -> None:
    """AlexNet at 17 pixels: the page names the layer and 63, and its button goes there."""
    test = inspect_page(model="alexnet", size="17")
    assert not test.exception
    assert "features.5" in test.text[0].value
    assert "The smallest square input that works is 63 x 63." in test.text[0].value
    assert not test.metric
    test.button(key="inspect_smallest").click().run()
    assert not test.exception
    assert headlines(test)["Parameters"][1] == "61,100,840"
    assert test.query_params["size"] in ("63", ["63"])


def test_vit_takes_only_multiples_of_its_patch() -> None:
    """The slider of ViT-B/16 goes in steps of 16, and a link that asks for 230 pixels is answered."""
    test = inspect_page(model="vit_b_16", size="230")
    assert not test.exception
    assert (test.slider[0].step, test.slider[0].value) == (16, 224)
    assert headlines(test)["Receptive field"][0] == "whole input"


def test_depth_comes_from_the_link() -> None:
    """?depth=1 of ResNet-50 draws its 8 top modules, batch normalisation and activation within them."""
    test = inspect_page(model="resnet50", depth="1")
    assert any("175 operations in 8 boxes" in entry.value for entry in test.markdown)


def test_a_depth_that_the_next_model_lacks_becomes_as_fits() -> None:
    """From EfficientNet's depth 5 to AlexNet, which has two depths, without a word about the link."""
    test = inspect_page(model="efficientnet_b0", depth="5")
    assert test.session_state["inspect_depth"] == "5"
    test.selectbox(key="inspect_model").set_value("alexnet").run()
    assert not test.exception
    assert test.session_state["inspect_depth"] == "auto"
    assert any("22 operations in 12 boxes" in entry.value for entry in test.markdown)


def test_an_unknown_model_in_the_link_is_a_sentence() -> None:
    """?model=resnet5 shows the default and says so."""
    test = inspect_page(model="resnet5")
    assert not test.exception
    assert headlines(test)["Parameters"][1] == "25,557,032"


def test_columns_are_chosen() -> None:
    """The picker's columns are those of the table, in its order."""
    test = inspect_page(model="resnet18")
    test.multiselect(key="inspect_columns").set_value(["name", "macs", "live_bytes"]).run()
    assert not test.exception
    assert list(test.dataframe[0].value.columns) == ["name", "macs", "live_bytes"]


def test_unused_heads_are_named() -> None:
    """GoogLeNet's auxiliary heads: 13,004,888 parameters, of which 6,624,904 serve inference (torchvision)."""
    detail = headlines(inspect_page(model="googlenet"))["Parameters"][1]
    assert detail == f"13,004,888, {13_004_888 - 6_624_904:,} of them unused"
