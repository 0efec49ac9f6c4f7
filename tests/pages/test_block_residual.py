from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck

from analysis import analyze

PAGE = str(Path(__file__).parents[2] / "pages" / "building_blocks.py")


def residual(**parameters: str) -> AppTest:
    """The block "Bottleneck" with these query parameters, run once."""
    test = AppTest.from_file(PAGE, default_timeout=60)
    test.query_params["block"] = "residual"
    for name, value in parameters.items():
        test.query_params[f"residual_{name}"] = value
    return test.run()


def traced(block: nn.Module, channels: int, side: int) -> tuple[int, int]:
    """Parameters of a real block's convolutions and its MACs, by the trace."""
    rows = analyze(block.to("meta").eval(), (channels, side, side)).rows
    convolutions = [row for row in rows if row.operator == "conv2d"]
    return sum(row.params for row in convolutions), sum(row.macs or 0 for row in convolutions)


# He et al. 2016, figure 5: 256 channels reduced to 64, on maps of 56 x 56.
def test_default_is_resnets_first_block() -> None:
    """A basic block on 256 channels has 16.9 times its parameters, at its cost 62 channels."""
    test = residual()
    assert not test.exception
    assert [metric.value for metric in test.metric] == ["69,632", "16.9 x", "62 channels", "3 x 3", "32 x 4d"]
    assert "70{,}144" in test.latex[2].value


@pytest.mark.parametrize(
    ("stage", "channels", "width", "side"),
    [
        ("conv2_x", 256, 64, 56),
        ("conv3_x", 512, 128, 28),
        ("conv4_x", 1024, 256, 14),
        ("conv5_x", 2048, 512, 7),
    ],
)
def test_every_stage_is_a_real_block(stage: str, channels: int, width: int, side: int) -> None:
    """Parameters and MACs of torchvision's bottleneck and basic blocks of these sizes."""
    test = residual(stage=stage)
    assert not test.exception
    table = test.dataframe[0].value.set_index("Block")
    shown = [tuple(table.loc[name, ["Parameters", "MACs"]]) for name in table.index]
    affordable = table["Channels"].tolist()[-1]
    assert shown == [
        traced(Bottleneck(channels, width), channels, side),
        traced(BasicBlock(channels, channels), channels, side),
        traced(BasicBlock(affordable, affordable), affordable, side),
    ]


# Xie et al. 2017, table 2.
def test_the_papers_widths_stand_beside_the_computed_ones() -> None:
    """Equal where the paper has a number; the column is there for its block alone."""
    table = residual().dataframe[1].value.set_index("Paths G")
    printed = table[table["d in table 2"] != ""]
    assert printed["d in table 2"].astype(int).to_dict() == {1: 64, 2: 40, 4: 24, 8: 14, 32: 4}
    assert (printed["d in table 2"].astype(int) == printed["Channels of a path d"]).all()
    assert "d in table 2" not in residual(channels="512").dataframe[1].value


def test_the_narrowest_block_is_shown() -> None:
    """16 channels reduced to 2: one or two paths, and no exception."""
    test = residual(channels="16", reduction="8", size="1")
    assert not test.exception
    assert [metric.value for metric in test.metric][::4] == ["100", "2 x 1d"]
    assert any("Moved away from conv2_x" in caption.value for caption in test.caption)
