from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import models

APP = str(Path(__file__).parents[2] / "app.py")


def overview(**parameters: str) -> AppTest:
    """The Overview page with these query parameters, run once."""
    test = AppTest.from_file(APP, default_timeout=60)
    for name, value in parameters.items():
        test.query_params[name] = value
    return test.run()


def table_of(test: AppTest, number: int) -> list[str]:
    """The first column of a table of the page."""
    return test.dataframe[number].value.iloc[:, 0].tolist()


def test_the_whole_zoo_is_there() -> None:
    """80 models in the headline and in the table, in the order of their cards, and no exception."""
    test = overview()
    assert not test.exception
    assert test.metric[0].value == "80"
    assert table_of(test, 1) == [card.name for card in models.cards()]


def test_a_link_narrows_the_zoo() -> None:
    """Families and years of the link hold in headline and table."""
    test = overview(families="VGG,AlexNet", years="2014-2022")
    assert test.metric[0].value == "8"
    assert set(table_of(test, 1)) == {card.name for card in models.cards() if card.family == "VGG"}


def test_a_budget_bounds_the_cost() -> None:
    """At most 1 GMACs: exactly the cards that publish no more."""
    test = overview(budget="1")
    assert set(table_of(test, 1)) == {
        card.name for card in models.cards() if card.gmacs is not None and card.gmacs <= 1
    }


def test_nothing_left_is_said() -> None:
    """Filters that no network passes leave a sentence, not an empty chart."""
    test = overview(families="AlexNet", years="2020-2022")
    assert not test.exception
    assert "No network of the zoo passes these filters." in test.text[0].value


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("years", "2022-2012"),
        ("years", "soon"),
        ("families", "VGG,Nonsense"),
        ("cost", "time"),
        ("budget", "-3"),
    ],
)
def test_a_wrong_link_gets_a_sentence(parameter: str, value: str) -> None:
    """What the link says is named, the default is shown, nothing fails."""
    test = overview(**{parameter: value})
    assert not test.exception
    assert f"The link says {parameter}={value}" in test.toast[0].value
    assert test.metric[0].value == "80"


def test_cost_in_parameters() -> None:
    """The switch changes the headline: SqueezeNet 1.1 has the fewest parameters, 1,235,496."""
    test = overview(cost="params")
    assert (test.metric[3].label, test.metric[3].value) == ("Fewest parameters", "1.24 M")
