from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis.experiments.dropout import Convention, drawn_layer, kept, outcome

PAGE = str(Path(__file__).parents[2] / "pages" / "building_blocks.py")


def block(**parameters: str) -> AppTest:
    """The block with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    for name, value in {"block": "dropout", **parameters}.items():
        test.query_params[name] = value
    return test.run()


@pytest.mark.parametrize("rule", Convention)
def test_headlines_are_the_librarys(rule: Convention) -> None:
    """Mean, deviation and evaluation at p = 0.25 with 64 units."""
    test = block(dropout_rule=rule.value, dropout_rate="25", dropout_units="64")
    assert not test.exception
    found = outcome(drawn_layer(64, 0), kept(64, 0.25, 2000, 0), 0.25, rule)
    assert [metric.value for metric in test.metric] == [
        f"{value:.4f}" for value in (found.mean, found.deviation, found.evaluation)
    ]


def test_where_alexnet_has_its_dropout() -> None:
    """In 2012 after the ReLU of the first two fully connected layers, in torchvision before these layers."""
    lines = block().dataframe[1].value
    assert lines["Dropout"].tolist() == ["dropout6", "dropout7", "classifier.0", "classifier.3"]
    assert lines["Drops the output of"].tolist() == [
        "relu6 (relu), 4,096 values", "relu7 (relu), 4,096 values",
        "flatten (flatten), 9,216 values", "classifier.2 (relu), 4,096 values",
    ]  # fmt: skip
    assert set(lines["Rate"]) == {0.5}


def test_no_dropout_at_all() -> None:
    """At p = 0 training and evaluation are the same, whoever scales."""
    test = block(dropout_rate="0", dropout_rule="unscaled")
    assert not test.exception
    assert test.metric[0].value == test.metric[2].value
