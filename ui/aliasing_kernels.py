"""The kernels section of the Aliasing page: what frequencies a layer's filters let through."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import streamlit as st

from charts.aliasing_filters import kernels_chart, responses_chart
from charts.aliasing_kernels import filter_shares_chart, radial_response_chart, response_chart
from charts.format import share_text
from models import ModelCard
from ui import aliasing_cache, layer_choice
from ui.blocks.shown import Shown
from ui.figures import show_chart
from ui.headlines import Headline, show_headlines
from ui.messages import attempt
from ui.real_models import RANDOM, weight_options

if TYPE_CHECKING:
    from analysis.kernel_response import KernelResponse

PAGE = "aliasing"
_CAPTION = (
    "A filter multiplies the amplitude of each frequency by |H(f)|, the Fourier transform of its kernel (zeros around "
    "it, 128 x 128 values in all; energies of its input channels added up). The stride keeps the dotted square. "
    "Random filters are white: 1 - 1 / S² of |H|² lies outside, as if there were no filter at all, and a kernel of one "
    "value is white whatever its weight. A filter is called damping when it leaves less than half of white's share."
)


def show_kernels(card: ModelCard, size: int, weights: str) -> Shown:
    """Draw the responses of the first convolution's filters, or of a strided one's, for random and chosen weights."""
    layers = aliasing_cache.strided_layers(card.name, size)
    if not layers:
        st.text("This network has no convolution.")
        return Shown()
    layer = layer_choice.layer(PAGE, "kernels", "Filters of", [row.name for row in layers])
    sets = dict.fromkeys((RANDOM, weights))
    found = {
        weight_options(card)[name]: attempt(aliasing_cache.response, card.name, size, name, layer)
        for name in sets
    }
    responses = {label: response for label, response in found.items() if response is not None}
    if not responses:
        st.text("No subsampling follows this layer, so there is no limit to compare its filters with.")
        return Shown()
    numbers = _headlines(responses)
    show_headlines(numbers)
    st.caption(_CAPTION)
    planes, tiles = _charts((card.name, size, weights, layer), responses)
    for row, charts in enumerate((planes, tiles)):
        with st.grid(3 if len(charts) == 3 else 2, min_column_width=320, gap="medium"):
            for number, chart in enumerate(charts):
                with st.container():
                    show_chart(chart, key=f"aliasing_kernels_{row}_{number}")
    return Shown(numbers, (*planes, *tiles), (_CAPTION,))


@st.cache_resource(max_entries=8, show_spinner=False)
def _charts(
    key: Hashable, _responses: Mapping[str, KernelResponse]
) -> tuple[tuple[go.Figure, ...], tuple[go.Figure, ...]]:
    """Means over all filters; and the filters themselves with the last of the weights."""
    last = list(_responses.values())[-1]
    planes = [response_chart(label, response) for label, response in _responses.items()]
    kernels = kernels_chart(last)
    return (
        (*planes, radial_response_chart(_responses), filter_shares_chart(_responses)),
        (*([] if kernels is None else [kernels]), responses_chart(last)),
    )


def _headlines(responses: Mapping[str, KernelResponse]) -> tuple[Headline, ...]:
    first = next(iter(responses.values()))
    shown = [
        Headline(
            f"{label[0].upper()}{label[1:]} weights",
            share_text(response.mean_share),
            f"of |H|² above f* on the mean of {len(response.kernels)} filters"
            + (f" (of {response.filters})" if response.filters > len(response.kernels) else ""),
        )
        for label, response in responses.items()
    ]
    return (*shown, Headline("White noise", share_text(first.white_share), "has above f*: 1 - 1 / S²"))
