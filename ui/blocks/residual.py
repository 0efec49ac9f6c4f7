"""Bottleneck: a residual block narrowed by 1 x 1 convolutions beside a basic one, and ResNeXt's paths."""

from __future__ import annotations

import streamlit as st

from analysis.residual_arithmetic import (
    CardinalChoice,
    ResidualComparison,
    compare_residual_blocks,
    widths_at_constant_cost,
)
from charts.blocks.residual import blocks_chart, cardinality_chart
from ui import cache, export, selection
from ui.blocks import residual_numbers as numbers
from ui.blocks.columns import columns
from ui.blocks.preset_pills import Values, pills, show_departure
from ui.blocks.shown import Shown
from ui.figures import show_chart
from ui.headlines import show_headlines

PAGE = "blocks"
REDUCTIONS = {"2": "C / 2 (Wide ResNet-50)", "4": "C / 4 (ResNet)", "8": "C / 8"}
FEWEST, MOST, STEP = 16, 2048, 16
CAPTIONS = (
    "The dotted way goes up to the basic block on as many channels, the dashed one left to the basic block that "
    "costs as much.",
    "Each width is the whole number that comes closest to the bottleneck's parameters.",
)
NOTES = (
    "He et al. (2016), figure 5, and Xie et al. (2017), equation 4 and table 2. C channels enter and leave the "
    "block, d is the width of a path, G the number of paths. MACs are the parameters times the positions of the map.",
    "In ResNeXt's block the 3 x 3 convolutions of all paths are one convolution in G groups.",
)


def show() -> Shown:
    """Draw the block: channels and reduction, the formulas with their results, two charts, two tables."""
    settings = _resnet_stages()
    chosen = pills(PAGE, "residual_stage", "Blocks of ResNet-50", settings, next(iter(settings)))
    channels, reduction, side = _sliders(next(iter(settings.values())))
    show_departure(chosen, settings, _setting(channels, reduction, side))
    pair, choices = _compared(channels, int(reduction), side)
    choice = numbers.named(choices)
    headlines = numbers.headlines(pair, choice)
    show_headlines(headlines)
    with st.grid(3, min_column_width=330):
        for formula in numbers.formulas(pair, choice):
            st.latex(formula)
    st.caption(" ".join(NOTES))
    figures = (
        blocks_chart(_curve(int(reduction)), pair),
        cardinality_chart(choices, choice),
    )
    with st.grid(2, min_column_width=360, gap="medium"):
        for number, (figure, caption) in enumerate(zip(figures, CAPTIONS, strict=True)):
            with st.container():
                show_chart(figure, key=f"blocks_residual_chart_{number}", caption=caption)
    tables = {
        "The three blocks": numbers.block_table(pair),
        "Cardinality against width": numbers.cardinality_table(pair, choices),
    }
    for number, (title, table) in enumerate(tables.items()):
        st.markdown(f"#### {title}")
        export.table(
            table,
            key=f"blocks_residual_table_{number}",
            file_name=f"convscope_residual_{number}.csv",
            column_config=columns(table, [name for name in table if name == numbers.SHARE]),
        )
    return Shown(headlines, figures, CAPTIONS, tables, NOTES)


def _setting(channels: int, reduction: str, side: int) -> Values:
    """The controls' values by their parameters in the URL."""
    return {"residual_channels": channels, "residual_reduction": reduction, "residual_size": side}


def _sliders(start: Values) -> tuple[int, str, int]:
    with st.grid(3, min_column_width=250, vertical_alignment="bottom"):
        return (
            selection.whole(
                PAGE,
                "residual_channels",
                "Channels C",
                FEWEST,
                MOST,
                int(start["residual_channels"]),
                step=STEP,
            ),
            selection.choice(PAGE, "residual_reduction", "Width d of the bottleneck", REDUCTIONS, "4"),
            selection.whole(PAGE, "residual_size", "Side of the map", 1, 112, int(start["residual_size"])),
        )


@st.cache_resource(max_entries=1, show_spinner="Tracing ResNet-50 ...")
def _resnet_stages() -> dict[str, Values]:
    """The second block of each stage of ResNet-50, which has no projection, as the trace has it."""
    rows = {row.name: row for row in cache.report("resnet50_v1_5", 224).rows}
    stages: dict[str, Values] = {}
    for stage in ("conv2_x", "conv3_x", "conv4_x", "conv5_x"):
        reducing = rows[f"{stage}.1.conv1"]
        (_, channels, side, _), width = reducing.input_shapes[0], reducing.output_shape[1]
        stages[stage] = _setting(channels, str(channels // width), side)
    return stages


@st.cache_resource(max_entries=64, show_spinner=False)
def _compared(
    channels: int, reduction: int, side: int
) -> tuple[ResidualComparison, tuple[CardinalChoice, ...]]:
    pair = compare_residual_blocks(channels, reduction, (side, side))
    return pair, widths_at_constant_cost(channels, pair.bottleneck.params)


@st.cache_resource(max_entries=len(REDUCTIONS), show_spinner=False)
def _curve(reduction: int) -> tuple[ResidualComparison, ...]:
    return tuple(
        compare_residual_blocks(channels, reduction, (1, 1)) for channels in range(FEWEST, MOST + 1, STEP)
    )
