from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ui.decimal_slider import decimal_number


@pytest.mark.parametrize(("text", "value"), [("0", 0.0), ("0.3", 0.3), ("2", 2.0), ("3e-1", 0.3)])
def test_steps_are_the_numbers_as_written(text: str, value: float) -> None:
    """0.3 is 0.3, not three times 0.1 with its rounding."""
    assert decimal_number(text, 0.0, 2.0, 0.1) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("half", "'half' is not a number"),
        ("nan", "nan is not between 0 and 2"),
        ("2.1", "2.1 is not between 0 and 2"),
        ("0.25", "0.25 is not one of 0, 0.1, ... 2"),
    ],
)
def test_what_a_link_says_wrongly_is_a_sentence(text: str, sentence: str) -> None:
    """Which value, and what there is."""
    with pytest.raises(ValueError, match=sentence):
        decimal_number(text, 0.0, 2.0, 0.1)


def page() -> None:
    """One slider and what it gives."""
    import streamlit as st

    from ui.decimal_slider import number

    st.text(repr(number("page", "beta", "beta", 0.0, 2.0, 0.75, step=0.05)))


def test_the_slider_and_the_url_say_the_same() -> None:
    """It starts at the link's number, writes another one there, and at a wrong one at the default."""
    test = AppTest.from_function(page)
    test.query_params["beta"] = "0.3"
    test.run()
    assert test.text[0].value == "0.3"
    test.slider[0].set_value(0.15).run()
    assert test.text[0].value == "0.15"
    assert test.query_params["beta"] == "0.15"
    wrong = AppTest.from_function(page)
    wrong.query_params["beta"] = "3"
    assert wrong.run().text[0].value == "0.75"
    assert "3 is not between 0 and 2." in wrong.toast[0].value
