from __future__ import annotations

from pathlib import Path

import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

PAGE = str(Path(__file__).parents[2] / "pages" / "building_blocks.py")


def separable(**parameters: str) -> AppTest:
    """The block "Depthwise separable" with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    test.query_params["block"] = "separable"
    for name, value in parameters.items():
        test.query_params[f"separable_{name}"] = value
    return test.run()


def headlines(test: AppTest) -> list[str]:
    """The numbers at the head, with plain spaces."""
    return [metric.value.replace("\N{NO-BREAK SPACE}", " ") for metric in test.metric]


# Howard et al. 2017: 1 / 512 + 1 / 9 = 521 / 4608, and table 2's 94.86 % of the MACs in 1 x 1 convolutions.
def test_default_is_mobilenets_layer_of_512_channels() -> None:
    """11.3 % of the MACs; the formula with its numbers; what MACs leave open is said."""
    test = separable()
    assert not test.exception
    assert headlines(test) == ["11.3 %", "52.3 M", "462 M", "94.9 %"]
    assert r"\frac{521}{4608} = 11.31\,\%" in test.latex[0].value
    assert any("MACs are not time" in text.value for text in test.markdown)


@pytest.mark.parametrize(
    ("channels", "out", "kernel", "side"), [(64, 128, 5, 14), (8, 8, 1, 3), (1024, 512, 11, 7)]
)
def test_any_setting_is_a_pair_of_real_layers(channels: int, out: int, kernel: int, side: int) -> None:
    """Parameters in the details, and the share of MACs by PyTorch's counter."""
    test = separable(channels=str(channels), out=str(out), kernel=str(kernel), size=str(side))
    assert not test.exception
    full = nn.Conv2d(channels, out, kernel, padding=kernel // 2, bias=False, device="meta")
    pair = nn.Sequential(
        nn.Conv2d(
            channels, channels, kernel, padding=kernel // 2, groups=channels, bias=False, device="meta"
        ),
        nn.Conv2d(channels, out, 1, bias=False, device="meta"),
    )
    counts = []
    for module in (pair, full):
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            module(torch.empty(1, channels, side, side, device="meta"))
        counts.append((counter.get_total_flops(), sum(weight.numel() for weight in module.parameters())))
    (flops, params), (full_flops, full_params) = counts
    assert headlines(test)[0] == f"{100 * flops / full_flops:.3g} %"
    details = [caption.value for caption in test.caption]
    assert f"MACs, {params:,} parameters" in details
    assert f"MACs, {full_params:,} parameters" in details


def test_layers_follow_the_network() -> None:
    """Layer 7 of width 0.25 has 128 channels; the table has the thirteen layers of that network."""
    test = separable(width="0.25")
    assert not test.exception
    assert test.slider(key="blocks_separable_channels").value == 128
    table = test.dataframe[0].value
    assert table["Channels out"].tolist()[-1] == 256
    assert len(table) == 13
    test.button_group(key="blocks_separable_layer").set_value("13").run()
    assert test.slider(key="blocks_separable_size").value == 7
