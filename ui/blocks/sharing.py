"""Why convolution: what sharing weights saves, and what it brings."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.block_arithmetic import WeightSharing, weight_sharing
from analysis.convolution_setting import ConvolutionSetting, convolution_setting
from charts.blocks.sharing import FORMS, sharing_chart
from charts.format import exact, ratio_text, short
from ui import cache, export, selection
from ui.blocks import presets, sharing_equivariance
from ui.blocks.formulas import digits, three_lines
from ui.blocks.shown import Shown
from ui.figures import show_chart
from ui.headlines import Headline, show_headlines
from ui.messages import attempt

PAGE = "blocks"
# Name in the URL: what the button says, the model, its input size, the layer's name in the trace.
LAYERS = {
    "lenet5": ("LeNet-5's C1", "lenet5", 32, "c1"),
    "alexnet": ("AlexNet's conv1", "alexnet_2012", 227, "conv1"),
    "vgg16": ("VGG-16's first", "vgg16", 224, "features.0"),
}
CAPTION = (
    "The same maps from three layers: each output connected to every input, to its own window by weights of its "
    "own, and to its window by weights that all positions share. Sharing saves parameters, not work: the MACs stay."
)


def show() -> Shown:
    """Draw the block: the cost of one layer in three forms, then translation equivariance on a picture."""
    setting = _setting()
    sharing = attempt(
        weight_sharing,
        setting.channels,
        setting.size,
        setting.out_channels,
        setting.kernel,
        stride=setting.stride,
        padding=setting.padding,
    )
    cost = Shown() if sharing is None else _cost(setting, sharing)
    brings = sharing_equivariance.show(PAGE)
    return Shown(
        headlines=cost.headlines + brings.headlines,
        charts=cost.charts + brings.charts,
        captions=cost.captions + brings.captions,
        tables=cost.tables,
    )


def _setting() -> ConvolutionSetting:
    """The layer that the sliders describe; a known one sets them when it is chosen."""
    labels = {name: layer[0] for name, layer in LAYERS.items()}
    name = selection.choice(PAGE, "sharing_layer", "Start from", labels, "lenet5")
    known = traced(*LAYERS[name][1:])
    controls = {
        "sharing_in": known.channels,
        "sharing_size": known.size[0],
        "sharing_out": known.out_channels,
        "sharing_kernel": known.kernel,
        "sharing_stride": known.stride,
        "sharing_padding": known.padding,
    }
    presets.follow(PAGE, "sharing", name, controls)
    with st.grid(6, min_column_width=150):
        channels = selection.whole(PAGE, "sharing_in", "Channels in", 1, 512, 1)
        size = selection.whole(PAGE, "sharing_size", "Size (pixels)", 1, 256, 32)
        out_channels = selection.whole(PAGE, "sharing_out", "Channels out", 1, 512, 6)
        kernel = selection.whole(PAGE, "sharing_kernel", "Kernel", 1, 16, 5)
        stride = selection.whole(PAGE, "sharing_stride", "Stride", 1, 8, 1)
        padding = selection.whole(PAGE, "sharing_padding", "Padding", 0, 8, 0)
    return ConvolutionSetting("", channels, (size, size), out_channels, kernel, stride, padding, 1)


@st.cache_resource(max_entries=16, show_spinner="Tracing the network ...")
def traced(model: str, size: int, layer: str) -> ConvolutionSetting:
    """The setting of a layer of a zoo model, from its trace."""
    return convolution_setting(cache.report(model, size), layer)


def _cost(setting: ConvolutionSetting, sharing: WeightSharing) -> Shown:
    headlines = (
        Headline("Dense", short(sharing.dense_params), f"{exact(sharing.dense_params)} parameters"),
        Headline(
            "Locally connected",
            short(sharing.local_params),
            f"{exact(sharing.local_params)} parameters",
            "LeCun et al. 1998, section II-B, give LeNet-5's C1 156 trainable parameters and 122,304 connections: "
            "a connection is what a parameter would be if it were not shared.",
        ),
        Headline("Shared", short(sharing.shared_params), f"{exact(sharing.shared_params)} parameters"),
        Headline(
            "Sharing saves",
            ratio_text(sharing.local_params / sharing.shared_params),
            "parameters beside locally connected: one for each position",
        ),
    )
    show_headlines(headlines)
    with st.grid(3, min_column_width=330):
        for formula in _formulas(setting, sharing):
            st.latex(formula)
    st.caption("C maps of H x W in, M maps of h x w out, kernel K; the + 1 is the bias.")
    chart = sharing_chart(sharing)
    show_chart(chart, key="blocks_sharing_chart", caption=CAPTION)
    table = pd.DataFrame(
        {
            "Layer": FORMS,
            "Parameters": [sharing.dense_params, sharing.local_params, sharing.shared_params],
            "MACs": [sharing.dense_macs, sharing.local_macs, sharing.local_macs],
        }
    )
    export.table(
        table,
        key="blocks_sharing_table",
        file_name="convscope_sharing.csv",
        column_config={
            name: st.column_config.NumberColumn(format="localized") for name in ("Parameters", "MACs")
        },
    )
    return Shown(headlines, (chart,), (CAPTION,), {"One layer in three forms": table})


def _formulas(setting: ConvolutionSetting, sharing: WeightSharing) -> tuple[str, str, str]:
    """Parameters of the three forms in LaTeX, the numbers put in."""
    (height, width), (below, across) = setting.size, sharing.output
    inputs = rf"{setting.channels} \cdot {height} \cdot {width}"
    window = rf"{setting.channels} \cdot {setting.kernel}^2"
    maps = rf"{setting.out_channels} \cdot {below} \cdot {across}"
    dense, local, shared = (
        digits(count) for count in (sharing.dense_params, sharing.local_params, sharing.shared_params)
    )
    return (
        three_lines("(C H W + 1) M h w", rf"({inputs} + 1) \cdot {maps}", dense),
        three_lines("(C K^2 + 1) M h w", rf"({window} + 1) \cdot {maps}", local),
        three_lines("(C K^2 + 1) M", rf"({window} + 1) \cdot {setting.out_channels}", shared),
    )
