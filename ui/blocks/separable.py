"""Depthwise separable: a convolution a channel and a 1 x 1 after it, beside the full convolution."""

from __future__ import annotations

import streamlit as st

import models
from analysis.block_arithmetic import BlockCost, separable_cost, separable_share, stack_cost
from analysis.separable_layers import separable_layers
from charts.blocks.separable import kernel_chart, layers_chart, share_chart
from ui import cache, export, selection
from ui.blocks import separable_numbers as numbers
from ui.blocks.columns import columns
from ui.blocks.preset_pills import Values, pills, show_departure
from ui.blocks.shown import Shown
from ui.figures import show_chart
from ui.headlines import show_headlines

PAGE = "blocks"
MOBILENETS = {
    "1": "mobilenet_v1",
    "0.75": "mobilenet_v1_075",
    "0.5": "mobilenet_v1_050",
    "0.25": "mobilenet_v1_025",
}
START = "7"
KERNELS = (1, 3, 5, 7, 9, 11)
# Channels out of the curves: 1, 2, 3, 4, 6, 8, 12, ... 2048.
OUT_CHANNELS = tuple(sorted({2**power for power in range(12)} | {3 * 2**power for power in range(10)}))
CAPTIONS = (
    "Each line falls towards 1 / k² as channels grow; with a 1 x 1 kernel there is nothing to separate.",
    "At the channels and the map that are chosen above; the axis is logarithmic.",
    "From the trace. The depthwise part is 1 / M of the full convolution, the pointwise part 1 / 9.",
)
NOTE = (
    "Howard et al. (2017), section 3.1: C channels in, M channels out, kernel k. Biases and normalisation are not "
    "counted, and a separable convolution has a second non-linearity between its parts."
)


def show() -> Shown:
    """Draw the block: a layer, the share with its formula, curves over channels and kernel, MobileNet's layers."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        width = selection.choice(
            PAGE, "separable_width", "MobileNet v1 of width", {name: name for name in MOBILENETS}, "1"
        )
        network = _network(MOBILENETS[width])
        settings = {
            str(number): _setting(layer.channels, layer.out_channels, layer.kernel[0], layer.size[0])
            for number, layer in enumerate(network.layers, 1)
        }
        chosen = pills(PAGE, "separable_layer", "Its separable layers", settings, START)
    channels, out_channels, kernel, side = _sliders(settings[START])
    show_departure(chosen, settings, _setting(channels, out_channels, kernel, side))
    full, separable = _costs(channels, out_channels, side)
    share = separable_share(out_channels, kernel)
    headlines = numbers.headlines(full[kernel], separable[kernel], share, network)
    show_headlines(headlines)
    st.latex(numbers.formula(out_channels, kernel, share))
    notes = (NOTE, numbers.beyond_macs(network))
    st.caption(NOTE)
    st.markdown(notes[1])
    figures = (
        share_chart(_curves(), (kernel, out_channels, float(share))),
        kernel_chart(full, separable),
        layers_chart(network.layers, network.title),
    )
    with st.grid(2, min_column_width=360, gap="medium"):
        for number in (0, 1):
            with st.container():
                show_chart(figures[number], key=f"blocks_separable_chart_{number}", caption=CAPTIONS[number])
    show_chart(figures[2], key="blocks_separable_layers", caption=CAPTIONS[2])
    table = numbers.layer_table(network.layers)
    st.markdown(f"#### The separable layers of {network.title}")
    export.table(
        table,
        key="blocks_separable_table",
        file_name="convscope_separable.csv",
        column_config=columns(table, ("Share",)),
    )
    return Shown(headlines, figures, CAPTIONS, {f"Separable layers of {network.title}": table}, notes)


def _setting(channels: int, out_channels: int, kernel: int, side: int) -> Values:
    """The sliders' values by their parameters in the URL."""
    return {
        "separable_channels": channels,
        "separable_out": out_channels,
        "separable_kernel": kernel,
        "separable_size": side,
    }


def _sliders(start: Values) -> tuple[int, int, int, int]:
    channels, out_channels, kernel, side = (int(value) for value in start.values())
    with st.grid(4, min_column_width=200):
        return (
            selection.whole(PAGE, "separable_channels", "Channels in, C", 8, 1024, channels, step=8),
            selection.whole(PAGE, "separable_out", "Channels out, M", 8, 1024, out_channels, step=8),
            selection.whole(PAGE, "separable_kernel", "Kernel, k", KERNELS[0], KERNELS[-1], kernel, step=2),
            selection.whole(PAGE, "separable_size", "Side of the output", 1, 112, side),
        )


@st.cache_resource(max_entries=len(MOBILENETS), show_spinner="Tracing MobileNet ...")
def _network(name: str) -> numbers.Network:
    report = cache.report(name, 224)
    return numbers.Network(models.card(name).title, report.totals.macs, separable_layers(report))


@st.cache_resource(max_entries=64, show_spinner=False)
def _costs(channels: int, out_channels: int, side: int) -> tuple[dict[int, BlockCost], dict[int, BlockCost]]:
    """The full and the separable convolution by kernel."""
    size = (side, side)
    full = {kernel: stack_cost(channels, out_channels, size, (kernel,), bias=False) for kernel in KERNELS}
    separable = {kernel: separable_cost(channels, out_channels, size, kernel) for kernel in KERNELS}
    return full, separable


@st.cache_resource(max_entries=1, show_spinner=False)
def _curves() -> dict[int, list[tuple[int, float]]]:
    return {
        kernel: [(count, float(separable_share(count, kernel))) for count in OUT_CHANNELS]
        for kernel in KERNELS
    }
