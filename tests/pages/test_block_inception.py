from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import models
from analysis import analyze

PAGE = str(Path(__file__).parents[2] / "pages" / "building_blocks.py")


def inception(**parameters: str) -> AppTest:
    """The block "Inception" with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    test.query_params["block"] = "inception"
    for name, value in parameters.items():
        test.query_params[f"inception_{name}"] = value
    return test.run()


def together(test: AppTest) -> dict[str, int]:
    """The last line of the table, all branches together."""
    table = test.dataframe[0].value
    assert table["Branch"].tolist()[-1] == "together"
    return {name: table[name].tolist()[-1] for name in table.columns[1:]}


# Szegedy et al. 2014, table 1: module 3a has 128 M operations and 256 output channels.
def test_default_is_module_3a() -> None:
    """128 M MACs instead of 303 M; the naive pooling hands on its 192 channels."""
    test = inception()
    assert not test.exception
    assert [metric.value for metric in test.metric] == ["128 M", "163,328", "256", "10.9 x"]
    assert together(test) == {
        "Channels": 256,
        "Parameters": 163_328,
        "MACs": 128_049_152,
        "Channels, naive": 416,
        "Parameters, naive": 387_072,
        "MACs, naive": 303_464_448,
    }
    assert "163{,}328" in test.latex[1].value


def test_every_module_is_the_traced_one() -> None:
    """MACs of the network's own convolutions, module by module; its parameters are ours and a bias a channel."""
    report = analyze(models.build("googlenet_2014"), (3, 224, 224))
    for name in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"):
        rows = [row for row in report.rows if row.name.startswith(f"inception{name}.")]
        convolutions = [row for row in rows if row.operator == "conv2d"]
        test = inception(module=name)
        assert not test.exception
        found = together(test)
        assert found["MACs"] == sum(row.macs or 0 for row in rows)
        biases = sum(row.output_shape[1] for row in convolutions)
        assert found["Parameters"] == sum(row.params for row in rows) - biases
        assert found["Channels"] == rows[-1].output_shape[1]
        assert test.slider(key="blocks_inception_channels").value == rows[0].input_shapes[0][1]


def test_sliders_move_away_from_the_module_and_its_pill_brings_them_back() -> None:
    """Own widths get a caption; another pill sets all sliders; the chain is the module's own when asked for."""
    test = inception()
    test.slider(key="blocks_inception_reduce_threes").set_value(64).run()
    assert any("Moved away from 3a" in caption.value for caption in test.caption)
    # 192 * 64 + 192 * 64 + 9 * 64 * 128 + 192 * 16 + 25 * 16 * 32 + 192 * 32
    assert together(test)["Parameters"] == 120_320
    test.button_group(key="blocks_inception_module").set_value("5b").run()
    assert test.slider(key="blocks_inception_reduce_threes").value == 192
    assert test.query_params["inception_module"] == "5b"
    test = inception(module="3a", chain="same", cost="params")
    assert not test.exception
    assert test.metric[3].value != "10.9 x"


@pytest.mark.parametrize(
    ("parameter", "value", "sentence"),
    [("module", "6a", "'6a' is none of 3a, 3b"), ("ones", "9", "9 is not one of 8, 16")],
)
def test_a_wrong_link_gets_a_sentence(parameter: str, value: str, sentence: str) -> None:
    """The default is shown, and the note says why."""
    test = inception(**{parameter: value})
    assert not test.exception
    assert sentence in test.toast[0].value
    assert test.metric[1].value == "163,328"
