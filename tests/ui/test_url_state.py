from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

PAGE = """
import streamlit as st
from ui import selection

card = selection.model("test")
size = selection.input_size("test", card)
unit = selection.cost_unit("test")
st.text(f"{card.name} {size} {unit}")
"""


def opened(**parameters: str) -> AppTest:
    """The page above, run once with these query parameters."""
    test = AppTest.from_string(PAGE, default_timeout=30)
    for name, value in parameters.items():
        test.query_params[name] = value
    return test.run()


def shown(test: AppTest) -> str:
    """What the page says that it shows."""
    assert not test.exception
    return test.text[0].value


def said(test: AppTest) -> dict[str, str]:
    """The query parameters of the page's URL."""
    return {name: value if isinstance(value, str) else value[0] for name, value in test.query_params.items()}


def test_a_bare_link_shows_the_default_and_leaves_the_url_bare() -> None:
    """Each change of the URL is a step of the browser's history: opening a page makes none."""
    test = opened()
    assert shown(test) == "resnet50 224 macs"
    assert said(test) == {}


def test_a_link_reproduces_the_view() -> None:
    """All that the link says is shown, and stays in the URL."""
    test = opened(model="efficientnet_b0", size="320", unit="flops")
    assert shown(test) == "efficientnet_b0 320 flops"
    assert said(test) == {"model": "efficientnet_b0", "size": "320", "unit": "flops"}


def test_controls_write_the_url() -> None:
    """Whoever copies the address after a choice gets a link to that choice."""
    test = opened()
    test.selectbox[0].set_value("vgg16").run()
    test.slider[0].set_value(100).run()
    assert shown(test) == "vgg16 100 macs"
    assert said(test) == {"model": "vgg16", "size": "100"}


def test_a_step_back_in_history_shows_the_earlier_view() -> None:
    """The browser's Back button changes the URL under the widgets: the URL wins."""
    test = opened(model="vgg16")
    test.selectbox[0].set_value("alexnet").run()
    test.query_params["model"] = "vgg16"
    assert shown(test.run()) == "vgg16 224 macs"


def test_the_size_follows_the_model_until_it_is_chosen() -> None:
    """Inception-v3's figures are published at 299; a size that was chosen stays where the model can take it."""
    test = opened()
    test.selectbox[0].set_value("inception_v3").run()
    assert shown(test) == "inception_v3 299 macs"
    test.slider[0].set_value(192).run()
    test.selectbox[0].set_value("vit_b_16").run()
    assert shown(test) == "vit_b_16 192 macs"
    test.selectbox[0].set_value("vit_h_14").run()
    assert shown(test) == "vit_h_14 224 macs"


@pytest.mark.parametrize(
    ("parameter", "value", "sentence"),
    [
        ("model", "resnet5", "did you mean resnet50"),
        ("size", "abc", "is not a whole number"),
        ("size", "99999", "99999 is not between 16 and 1024"),
        ("size", "-1", "-1 is not between 16 and 1024"),
        ("unit", "euro", "'euro' is none of macs, flops"),
    ],
)
def test_a_wrong_value_gets_a_sentence_and_the_default(parameter: str, value: str, sentence: str) -> None:
    """The sentence names the value; the page works on; the URL says what is shown."""
    test = opened(**{parameter: value})
    assert shown(test) == "resnet50 224 macs"
    assert len(test.toast) == 1
    assert f"The link says {parameter}={value}" in test.toast[0].value
    assert sentence in test.toast[0].value
    assert said(test)[parameter] == {"model": "resnet50", "size": "224", "unit": "macs"}[parameter]


def test_markdown_in_a_link_is_shown_and_not_followed() -> None:
    """A link cannot put a picture or a link of its own on the page."""
    test = opened(model="![x](http://example.org/a.png)")
    assert r"!\[x\]" in test.toast[0].value


def test_a_size_that_the_model_cannot_take_is_said() -> None:
    """ViT-B/16 needs multiples of 16."""
    test = opened(model="vit_b_16", size="225")
    assert shown(test) == "vit_b_16 224 macs"
    assert "225 is not a multiple of 16" in test.toast[0].value
