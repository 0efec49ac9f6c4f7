"""The zone plate section of the Aliasing page: one picture with every frequency, and what a stride makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis import low_pass_filters, zone_plate
from analysis.zone_plate import FILTERS, SIZE, STRIDES
from charts.aliasing_zone_plate import filter_responses_chart, plate_chart, sampled_chart
from ui import export, selection
from ui.blocks.shown import Shown
from ui.figures import show_chart
from ui.url_state import publish, seed

if TYPE_CHECKING:
    from analysis.zone_plate import SampledPlate

PAGE = "aliasing"
LABELS = {
    "none": "No filter",
    "box": "Box of S",
    "binomial_3": "Binomial 3",
    "binomial_5": "Binomial 5",
    "binomial_7": "Binomial 7",
    "ideal": "Ideal",
}
_NOTHING = "nothing"
_INTRODUCTION = (
    "A zone plate is a wave whose frequency grows with the distance from its centre, so a place on it is a frequency: "
    "what a filter and a stride do to each frequency is seen at its place. Each picture is drawn back from its samples "
    "by the ideal interpolation, so what is seen is what the samples say and nothing that a screen adds."
)
_RESPONSE_CAPTION = (
    "Along one axis; in two dimensions the factors of both multiply. n binomial taps: |H(f)| = |cos πf|ⁿ⁻¹ "
    "(Zhang 2019). A box of S taps has its zeros exactly at the centres of the false rings, and lets through what lies "
    "between them."
)
COLUMNS: dict[str, Any] = {
    "filter": st.column_config.TextColumn("Filter", pinned=True),
    "limit_response": st.column_config.NumberColumn("|H(f*)|", format="%.3f"),
    "kept_share": st.column_config.NumberColumn(
        "Kept up to f*",
        format="percent",
        help="Of the energy up to f* in both directions; 100 % would be sharp",
    ),
    "aliased_share": st.column_config.NumberColumn(
        "Moiré",
        format="percent",
        help="Energy above f* after the filter, all of which folds, by all energy",
    ),
    "false_contrast": st.column_config.NumberColumn(
        "Nearest false rings", format="percent", help="|H(1/S)|: what is left of the contrast at their centre"
    ),
}


def show_zone_plate() -> Shown:
    """Draw the plate, its samples behind each chosen filter, the responses and the shares; ?zone_stride=4."""
    st.subheader("Where does the moiré appear?")
    st.markdown(_INTRODUCTION)
    st.latex(r"\cos(\pi k r^2),\quad f(r) = k r,\quad f^* = \frac{1}{2S}\ \text{at}\ r = \frac{f^*}{k}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stride = int(
            selection.choice(PAGE, "zone_stride", "Stride S", {str(step): str(step) for step in STRIDES}, "2")
        )
        names = _filters()
    caption = _where(stride)
    st.caption(caption)
    plates, charts = _drawn(stride)
    chosen = [plates[0], *(plate for name, plate in zip(FILTERS, plates[1:], strict=True) if name in names)]
    with st.grid(4, min_column_width=250, gap="medium"):
        for number, plate in enumerate(chosen):
            with st.container():
                show_chart(plate, key=f"aliasing_zone_{number}", legend=False)
    responses = _responses(stride, tuple(names))
    show_chart(responses, key="aliasing_zone_responses", caption=_RESPONSE_CAPTION)
    table = charts[charts["name"].isin(names)].drop(columns="name")
    export.table(
        table,
        key="aliasing_zone_table",
        file_name=f"convscope_zone_plate_{stride}.csv",
        column_config=COLUMNS,
    )
    return Shown(
        charts=(*chosen, responses),
        captions=(caption, *[""] * (len(chosen) - 1), _RESPONSE_CAPTION),
        tables={f"A zone plate with stride {stride}": table},
    )


def _filters() -> Sequence[str]:
    """The filters to be drawn; ?zone_filters=none,binomial_5, or nothing."""
    key, default = f"{PAGE}_zone_filters", list(FILTERS)
    seed(key, "zone_filters", _known, default)
    chosen = st.pills(
        "Filters before the stride",
        FILTERS,
        selection_mode="multi",
        format_func=LABELS.__getitem__,
        key=key,
        wrap=True,
    )
    found = [name for name in FILTERS if name in chosen]
    publish(key, "zone_filters", chosen, ",".join(found) or _NOTHING, ",".join(default))
    return found


def _known(text: str) -> list[str]:
    names = [] if text == _NOTHING else text.split(",")
    unknown = [name for name in names if name not in FILTERS]
    if unknown:
        raise ValueError(f"{unknown[0][:20]!r} is none of {', '.join(FILTERS)}")
    return [name for name in FILTERS if name in names]


def _where(stride: int) -> str:
    """What is to be seen where, for one stride."""
    limit, radius = 1 / (2 * stride), zone_plate.ring_radius(stride)
    count = len(zone_plate.sampled_plate("none", stride).false_centres)
    return (
        f"S = {stride}: f* = {limit:.4g} cycles per pixel, on this plate of {SIZE} x {SIZE} pixels (k = 1 / {SIZE}) "
        f"the ring of r = f* / k = {radius:g} pixels (red). Inside the dotted square the rings are the plate's own. "
        f"Beyond it each frequency looks like the one that differs by a multiple of 1 / {stride}: so rings must appear "
        f"again around the {count} other places where fx and fy are multiples of 1 / {stride} (orange crosses, where "
        "the filter leaves any contrast there), and a filter has to grey them out without greying the square."
    )


@st.cache_resource(max_entries=len(STRIDES), show_spinner=False)
def _drawn(stride: int) -> tuple[tuple[go.Figure, ...], pd.DataFrame]:
    """The plate and its samples behind each filter as charts, and the shares as a table."""
    plates: list[SampledPlate] = [zone_plate.sampled_plate(name, stride) for name in FILTERS]
    whole = plate_chart(low_pass_filters.interpolated(zone_plate.zone_plate(), 2), SIZE, 1 / (2 * stride))
    table = pd.DataFrame(
        {
            "name": plate.filter,
            "filter": LABELS[plate.filter],
            "limit_response": plate.limit_response,
            "kept_share": plate.kept_share,
            "aliased_share": plate.aliased_share,
            "false_contrast": float(
                zone_plate.filter_response(plate.filter, stride, np.array([1 / stride]))[0]
            ),
        }
        for plate in plates
    )
    return (whole, *(sampled_chart(LABELS[plate.filter], plate) for plate in plates)), table


@st.cache_resource(max_entries=32, show_spinner=False)
def _responses(stride: int, names: tuple[str, ...]) -> go.Figure:
    frequencies = np.linspace(0, 0.5, 201)
    curves = {name: (LABELS[name], zone_plate.filter_response(name, stride, frequencies)) for name in names}
    return filter_responses_chart(frequencies, curves, 1 / (2 * stride))
