from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis import analyze
from analysis.reachability import channel_reachability
from models import build, card
from ui.blocks.reach_scenes import SCENES

PAGE = str(Path(__file__).parents[2] / "pages" / "building_blocks.py")


def groups(of: str = "", **parameters: str) -> AppTest:
    """The block "Groups and reach" with these query parameters, run once; ``model`` is not prefixed."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    test.query_params["block"] = "groups"
    if of:
        test.query_params["groups_of"] = of
    for name, value in parameters.items():
        test.query_params[name if name == "model" else f"groups_{name}"] = value
    return test.run()


def headlines(test: AppTest) -> list[str]:
    """The numbers at the head, with plain spaces."""
    return [metric.value.replace("\N{NO-BREAK SPACE}", " ") for metric in test.metric]


# Krizhevsky et al. 2012, section 3.5: 96 maps on two GPUs, 48 on each.
def test_default_is_alexnets_second_convolution() -> None:
    """Half of 256 x 96 pairs, and through the third convolution all of them."""
    test = groups()
    assert not test.exception
    assert headlines(test) == ["50 %", "48", "256", "exact"]
    assert headlines(groups("alexnet", alexnet="conv3")) == ["100 %", "96", "384", "exact"]
    assert headlines(groups("alexnet", alexnet="conv5")) == ["50 %", "192", "256", "exact"]


@pytest.mark.parametrize(("of", "chain"), [(of, chain) for of in SCENES for chain in SCENES[of].chains])
def test_every_known_chain_says_what_the_trace_says(of: str, chain: str) -> None:
    """Its rows exist, and the pairs that are connected are counted as in the matrix of a trace of our own."""
    test = groups(of, **{of: chain})
    assert not test.exception
    scene = SCENES[of]
    shape = card(scene.model).input_shape
    first, last = scene.chains[chain].first, scene.chains[chain].last
    matrix = channel_reachability(analyze(build(scene.model), shape), first, last)
    assert f"{matrix.sum():,} of {matrix.size:,} pairs" in [caption.value for caption in test.caption]
    assert test.dataframe[0].value["Row"].tolist()[-1] == last


def test_own_layers_with_a_shuffle_and_without() -> None:
    """24 channels in 4 groups: two layers connect all with a shuffle, a quarter without; the weights are the same."""
    setting = {"channels": "24", "number": "4", "depth": "2"}
    assert headlines(groups("layers", **setting)) == ["100 %", "24", "24", "288"]
    assert headlines(groups("layers", **setting, shuffle="off")) == ["25 %", "6", "24", "288"]


def test_groups_that_do_not_divide_the_channels_are_explained() -> None:
    """A sentence, and no chart."""
    test = groups("layers", channels="24", number="5")
    assert not test.exception
    assert test.text[-1].value == "24 channels cannot be shared out to 5 groups: choose a divisor of 24."
    assert len(test.metric) == 0


def test_any_network_from_any_row() -> None:
    """ResNeXt-50's grouped convolution alone and with the next; LeNet-5 takes one channel."""
    test = groups("any", model="resnext50_32x4d")
    assert not test.exception
    assert headlines(test) == ["3.12 %", "4", "128", "exact"]
    test.selectbox(key="blocks_groups_last").set_value("layer1.0.conv3").run()
    assert headlines(test) == ["100 %", "128", "256", "exact"]
    assert test.query_params["groups_last"] == "layer1.0.conv3"
    test.selectbox(key="blocks_model").set_value("lenet5").run()
    assert not test.exception
    assert test.selectbox(key="blocks_groups_first").value == "c1"
    assert headlines(test)[1:3] == ["1", "6"]


def test_a_link_carries_the_rows() -> None:
    """A row beside the short list is shown too, and the list of all rows is longer."""
    test = groups("any", model="shufflenet_v2_x1_0", first="stage2.1.chunk", last="stage2.1.view:2")
    assert not test.exception
    assert headlines(test)[:3] == ["25.4 %", "1 to 58", "116"]
    short = len(test.selectbox(key="blocks_groups_first").options)
    test.toggle(key="blocks_groups_all").set_value(True).run()
    assert len(test.selectbox(key="blocks_groups_first").options) > 2 * short
    assert headlines(test)[0] == "25.4 %"


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("fc", "conv1", "Row 'fc' (174) runs after row 'conv1' (0): exchange them."),
    ],
)
def test_an_impossible_pair_of_rows_is_a_sentence(first: str, last: str, sentence: str) -> None:
    """Nothing else is drawn, and the page offers its report all the same."""
    test = groups("any", model="resnet50", first=first, last=last)
    assert not test.exception
    assert test.text[-1].value == sentence
    assert len(test.metric) == 0


def test_a_row_that_the_network_lacks_gets_a_note() -> None:
    """The default is shown instead."""
    test = groups("any", model="resnet50", first="conv9")
    assert not test.exception
    assert "resnet50 has no row 'conv9'" in test.toast[0].value
    assert headlines(test)[0] == "100 %"
