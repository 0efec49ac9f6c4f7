"""What sharing weights brings: a convolution follows a shift of its input. Seen on a picture."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from analysis.experiments import equivariance
from analysis.experiments.equivariance import FILTERS, Orders
from charts.blocks.equivariance import orders_chart, pictures_chart, shifts_chart
from ui import selection
from ui.blocks.shown import Shown
from ui.figures import show_chart
from ui.headlines import Headline, show_headlines
from ui.messages import attempt
from ui.picture_choice import picture

FILTER_LABELS = {
    "vertical": "Vertical edges",
    "horizontal": "Horizontal edges",
    "outline": "Outlines",
    "blur": "Blur",
}
STRIDES = {"1": "1", "2": "2", "4": "4"}
SEED = 0
FURTHEST = 16
CAPTIONS = (
    "Brightness from 0 to 255; a shift leaves a strip of which nothing is known.",
    "Blue is negative, orange positive, one scale for all three. Only what both orders know is compared.",
    "The same filter's strength, but weights drawn anew for each position.",
    "Root mean square of the difference by that of the responses: 0 is equal, 141 % unrelated. With stride S the "
    "output can move by whole values only, S pixels each; the nearer whole shift is compared. A blur loses little: it "
    "has smoothed away before what the stride cannot hold (Zhang 2019).",
)


def show(page: str) -> Shown:
    """Draw the experiment: its controls, both orders for the two layers, the difference over shifts."""
    st.markdown("#### And what does it bring? A shifted picture gives shifted responses")
    st.latex(r"f(\mathrm{shift}_d(x)) = \mathrm{shift}_{d / S}(f(x))")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = picture(page)
        name = selection.choice(page, "sharing_filter", "Filter f", FILTER_LABELS, "vertical")
        stride = int(selection.choice(page, "sharing_step", "Stride S", STRIDES, "1"))
    with st.grid(2, min_column_width=150):
        right = selection.whole(page, "sharing_right", "Shift to the right (pixels)", -16, 16, 8)
        down = selection.whole(page, "sharing_down", "Shift down (pixels)", -16, 16, 4)
    grey = equivariance.brightness(chosen.pixels)
    measured = attempt(both_layers, grey, name, (down, right), stride)
    if measured is None:
        return Shown()
    shared, local = measured
    headlines = _headlines(shared, local)
    show_headlines(headlines)
    st.latex(_matrix(name))
    charts = (
        pictures_chart(grey, shared),
        orders_chart("Convolution", shared),
        orders_chart("Locally connected", local),
        shifts_chart(curves(grey, name)),
    )
    _show_charts(charts)
    return Shown(headlines, charts, CAPTIONS)


@st.cache_resource(max_entries=32, show_spinner=False)
def both_layers(
    grey: NDArray[np.float64], name: str, shift: tuple[int, int], stride: int
) -> tuple[Orders, Orders]:
    """Both orders for the convolution with a filter, and for a locally connected layer of its strength."""
    weights = FILTERS[name]
    own = equivariance.own_weights(weights, grey.shape, stride, seed=SEED)
    return (
        equivariance.both_orders(equivariance.convolution(weights, stride), grey, shift, stride),
        equivariance.both_orders(equivariance.locally_connected(own, stride), grey, shift, stride),
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def curves(grey: NDArray[np.float64], name: str) -> dict[str, tuple[float, ...]]:
    """The relative difference over shifts to the right, for each stride and for the locally connected layer."""
    weights = FILTERS[name]
    found = {
        f"convolution, stride {stride}": equivariance.over_shifts(
            equivariance.convolution(weights, int(stride)), grey, FURTHEST, int(stride)
        )
        for stride in STRIDES
    }
    own = equivariance.locally_connected(equivariance.own_weights(weights, grey.shape, seed=SEED))
    return found | {"locally connected, stride 1": equivariance.over_shifts(own, grey, FURTHEST)}


def _headlines(shared: Orders, local: Orders) -> tuple[Headline, ...]:
    right, down = (shared.exact_output_shift[axis] for axis in (1, 0))
    whole = all(step.denominator == 1 for step in (right, down))
    return (
        Headline(
            "Difference, convolution",
            f"{shared.largest_difference:,.4g}",
            f"the largest of {shared.compared:,} values",
            "The picture and the filter are whole numbers, which float64 adds exactly: equal means equal to the bit.",
        ),
        Headline(
            "Difference, own weights", f"{local.largest_difference:,.4g}", "the largest, locally connected"
        ),
        Headline(
            "The output moves by",
            f"{_text(right)}, {_text(down)}",
            "values, right and down" if whole else "values: not whole, so it cannot",
        ),
    )


def _text(step: Fraction) -> str:
    return f"{float(step):g}"


def _matrix(name: str) -> str:
    rows = r" \\ ".join(" & ".join(map(str, row)) for row in FILTERS[name])
    return rf"f = \begin{{pmatrix}} {rows} \end{{pmatrix}}"


def _show_charts(charts: tuple[go.Figure, ...]) -> None:
    with st.grid(2, min_column_width=360, gap="medium"):
        for number, (chart, caption) in enumerate(zip(charts, CAPTIONS, strict=True)):
            with st.container():
                show_chart(chart, key=f"blocks_sharing_{number}", caption=caption)
