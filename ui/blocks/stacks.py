"""Stacks of 3 x 3 against one large kernel that sees as much."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from analysis.stack_comparison import StackComparison, compare_stack, over_channels, over_kernels
from charts.blocks.stacks import QUANTITIES, channels_chart, depth_chart
from ui import export, selection
from ui.blocks import presets, stacks_numbers
from ui.blocks.sharing import traced
from ui.blocks.shown import Shown
from ui.figures import show_chart
from ui.headlines import show_headlines
from ui.messages import attempt

PAGE = "blocks"
KERNELS = {str(kernel): f"{kernel} x {kernel}" for kernel in (5, 7, 9, 11)}
CURVES = (5, 7, 11)
# Channels in at which the curves are worked out.
COUNTS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)
# Name in the URL: what the button says; model, size and layer whose setting the sliders take; the kernel, where
# it is not the layer's own. Simonyan and Zisserman (2015), section 2.3, compare three 3 x 3 with one 7 x 7.
LAYERS = {
    "vgg16": ("VGG-16: 256 to 256 maps", ("vgg16", 224, "features.12"), 7),
    "alexnet": ("AlexNet's first: 3 to 96", ("alexnet_2012", 227, "conv1"), None),
}
DEPTH_CAPTION = "The stack beside one kernel: n layers of 3 x 3 see (2n + 1) x (2n + 1)."
CHANNELS_CAPTION = (
    "Only the stack's first layer reads the channels in; its others read the channels out. With few channels in, "
    "as at the image, that is what it pays for. Below the dashed line the stack is smaller."
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the controls say: one kernel, its channels, the side of its map."""

    kernel: int
    channels: int
    out_channels: int
    size: int
    stride: int
    padded: bool


def show() -> Shown:
    """Draw the block: the setting, ratios, formulas, costs over depth and over channels."""
    setting = _setting()
    compared = attempt(_compared, setting)
    if compared is None:
        return Shown()
    headlines = stacks_numbers.headlines(compared)
    show_headlines(headlines)
    st.markdown(stacks_numbers.verdict(compared))
    with st.grid(3, min_column_width=330):
        for formula in stacks_numbers.formulas(compared):
            st.latex(formula)
    st.caption(
        "C channels in, M channels out, n layers of 3 x 3; the last terms are biases, which break even leaves out."
    )
    series, charts = _charts(setting, compared)
    with st.grid(3, min_column_width=330, gap="medium"):
        for quantity, chart in zip(QUANTITIES, charts, strict=False):
            with st.container():
                show_chart(chart, key=f"blocks_stacks_{quantity}", caption=DEPTH_CAPTION)
    show_chart(charts[-1], key="blocks_stacks_channels", caption=CHANNELS_CAPTION)
    table = stacks_numbers.depth_table(series)
    export.table(
        table,
        key="blocks_stacks_table",
        file_name="convscope_stacks.csv",
        column_config=stacks_numbers.column_config(table),
    )
    captions = (DEPTH_CAPTION,) * len(QUANTITIES) + (CHANNELS_CAPTION,)
    return Shown(headlines, charts, captions, {"One kernel and its stack": table})


def _setting() -> Setting:
    labels = {name: layer[0] for name, layer in LAYERS.items()}
    name = selection.choice(PAGE, "stacks_layer", "Start from", labels, "vgg16")
    _, layer, kernel = LAYERS[name]
    known = traced(*layer)
    controls = {
        "stacks_kernel": str(kernel or known.kernel),
        "stacks_in": known.channels,
        "stacks_out": known.out_channels,
        "stacks_size": known.size[0],
        "stacks_stride": known.stride,
        "stacks_padded": known.padding > 0,
    }
    presets.follow(PAGE, "stacks", name, controls)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = selection.choice(PAGE, "stacks_kernel", "One kernel of", KERNELS, "7")
        padded = selection.switch(
            PAGE, "stacks_padded", "Padded", default=True, help="Each layer keeps the size of its map."
        )
    with st.grid(4, min_column_width=150):
        channels = selection.whole(PAGE, "stacks_in", "Channels in", 1, 512, 256)
        out_channels = selection.whole(PAGE, "stacks_out", "Channels out", 1, 512, 256)
        size = selection.whole(PAGE, "stacks_size", "Size of the map", 1, 256, 56)
        stride = selection.whole(
            PAGE, "stacks_stride", "Stride", 1, 8, 1, help="The stack has it in its last layer."
        )
    return Setting(int(chosen), channels, out_channels, size, stride, padded)


@st.cache_resource(max_entries=64, show_spinner=False)
def _compared(setting: Setting) -> StackComparison:
    return compare_stack(
        setting.channels,
        setting.out_channels,
        (setting.size, setting.size),
        setting.kernel,
        stride=setting.stride,
        padded=setting.padded,
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _charts(
    setting: Setting, compared: StackComparison
) -> tuple[tuple[StackComparison, ...], tuple[go.Figure, ...]]:
    """The comparisons over kernels, their three charts, and the chart over channels."""
    size, stride, padded = (setting.size, setting.size), setting.stride, setting.padded
    channels, out_channels = setting.channels, setting.out_channels
    series = over_kernels(map(int, KERNELS), channels, out_channels, size, stride=stride, padded=padded)
    curves = [
        over_channels(sorted({*COUNTS, channels}), out_channels, size, kernel, stride=stride, padded=padded)
        for kernel in sorted({*CURVES, setting.kernel})
        if padded or kernel <= setting.size
    ]
    charts = [depth_chart(series, quantity) for quantity in QUANTITIES]
    return series, (*charts, channels_chart(curves, compared))
