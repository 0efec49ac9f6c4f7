"""Output size: windows over a line of values, and what falls off its border."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from analysis.window_arithmetic import WindowPlan, window_plan
from charts.blocks.window_walk import walk_chart
from charts.blocks.windows import WIDE, border_chart, windows_chart
from ui import export, selection
from ui.blocks import windows_numbers, windows_walk
from ui.blocks.shown import Shown
from ui.figures import show_chart
from ui.headlines import Headline, show_headlines
from ui.messages import show_error

PAGE = "blocks"
CAPTION = (
    "One axis of a map. Each row is a window, which becomes one value of the output; the topmost row is the input. "
    "Padding holds zeros for a convolution, and for max pooling nothing at all."
)


def show() -> Shown:
    """Draw the block: the walk, the sliders, the formula with the numbers put in, the windows."""
    walk, steps, current = windows_walk.stepper(PAGE)
    setting = _sliders()
    if current is not None and setting != tuple(windows_walk.setting(steps[current]).values()):
        st.caption(f"Moved away from {steps[current].layer}: choose it again for its own setting.")
    headlines: tuple[Headline, ...] = ()
    charts: list[go.Figure] = []
    try:
        plan = _plan(*setting)
    except ValueError as error:
        show_error(error, "There is no such layer.")
    else:
        headlines = windows_numbers.headlines(plan)
        show_headlines(headlines)
        _show_formula(plan)
        charts += _drawings(plan)
    charts.append(walk_chart(steps, current))
    show_chart(
        charts[-1],
        key="blocks_windows_walk_chart",
        caption=f"AlexNet ({walk.label}), from its trace. Choose a layer above to see its windows.",
    )
    why = windows_walk.refusal(walk.model, walk.walked_from)
    if why:
        show_error(ValueError(why), f"At {walk.walked_from} pixels this AlexNet cannot run.")
    table = windows_numbers.walk_table(steps)
    export.table(table, key="blocks_windows_table", file_name="convscope_walk.csv")
    captions = (CAPTION, *[""] * (len(charts) - 1))
    return Shown(headlines, tuple(charts), captions, {"The walk": table}, (why,) if why else ())


def _sliders() -> tuple[int, int, int, int, int, bool]:
    with st.grid(6, min_column_width=150, vertical_alignment="bottom"):
        return (
            selection.whole(PAGE, "windows_size", "Size (values)", 1, 256, 12),
            selection.whole(PAGE, "windows_kernel", "Kernel", 1, 16, 3),
            selection.whole(PAGE, "windows_stride", "Stride", 1, 16, 2),
            selection.whole(PAGE, "windows_padding", "Padding, each side", 0, 8, 0),
            selection.whole(PAGE, "windows_dilation", "Dilation", 1, 8, 1),
            selection.switch(
                PAGE,
                "windows_ceil",
                "ceil_mode",
                help="Round up, so that a last window may reach past the border. Convolutions round down.",
            ),
        )


@st.cache_resource(max_entries=64, show_spinner=False)
def _plan(size: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> WindowPlan:
    return window_plan(size, kernel, stride, padding, dilation, ceil_mode=ceil_mode)


def _show_formula(plan: WindowPlan) -> None:
    symbols, numbers = windows_numbers.formula(plan)
    with st.grid(2, min_column_width=330):
        st.latex(symbols)
        st.latex(numbers)
    st.caption(
        "N values, kernel K, stride S, padding P on each side, dilation D. " + windows_numbers.remark(plan)
    )


def _drawings(plan: WindowPlan) -> list[go.Figure]:
    charts = [windows_chart(plan)]
    show_chart(charts[0], key="blocks_windows_chart", caption=CAPTION)
    if plan.size > WIDE:
        with st.grid(2, min_column_width=360, gap="medium"):
            for side in ("left", "right"):
                charts.append(border_chart(plan, side))
                with st.container():
                    show_chart(charts[-1], key=f"blocks_windows_{side}", legend=False)
    return charts
