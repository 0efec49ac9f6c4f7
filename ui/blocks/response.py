"""Local response normalisation: one strong channel quiets its neighbours; batch normalisation does not."""

from __future__ import annotations

import streamlit as st

from analysis.experiments import filter_bank
from analysis.experiments import response_normalisation as lrn
from analysis.experiments.batch_normalisation import Maps, batch_in_full
from analysis.experiments.filter_bank import CHANNELS
from analysis.experiments.response_normalisation import Constants
from analysis.records import Pair
from ui import export, selection
from ui.blocks import response_charts
from ui.blocks import response_numbers as numbers
from ui.blocks.columns import columns
from ui.blocks.response_charts import Scene
from ui.blocks.shown import Shown
from ui.decimal_slider import number
from ui.figures import show_chart
from ui.headlines import show_headlines
from ui.messages import attempt
from ui.picture_choice import picture
from ui.picture_file import Picture

PAGE = "blocks"
PLACES = {"strongest": "Where the channel answers most", "chosen": "Of your choice"}
_SILENT = 1e-6


def show() -> Shown:
    """Draw the block: picture, channel, constants; formulas; all channels at a position, maps, a table."""
    chosen = picture(PAGE)
    name = selection.choice(PAGE, "response_channel", "Strong channel", CHANNELS, "45", wrap=True)
    channel = list(CHANNELS).index(name)
    factor, constants = _settings()
    maps = attempt(feature_maps, chosen.digest, chosen)
    if maps is None:
        return Shown()
    position = _position(maps, channel)
    if maps[channel].max() < _SILENT:
        st.text(f"Channel {CHANNELS[name]} is silent everywhere on this picture: choose another one.")
        return Shown()
    found = lrn.competition(maps, channel, factor, position, constants)
    neighbour = lrn.loudest_neighbour(found.responses, channel, constants.n)
    headlines = numbers.headlines(found, channel, neighbour, factor, constants)
    show_headlines(headlines)
    shown = channel if neighbour is None else neighbour
    strong = lrn.strengthened(maps, channel, factor)
    value = lrn.in_full(found.strong_responses, shown, constants)
    with st.grid(2, min_column_width=330):
        for formula in numbers.formulas(value, batch_in_full(strong, shown, position), shown, constants):
            st.latex(formula)
    note = (
        "Krizhevsky et al. (2012), section 3.3: k = 2, n = 5, α = 10⁻⁴, β = 0.75. PyTorch divides α by n; the same is "
        f"there `{numbers.pytorch_line(constants)}`. Batch normalisation (Ioffe and Szegedy 2015): mean and variance "
        "of a channel over all its positions, here of this one picture."
    )
    st.caption(note)
    scene = Scene(chosen, maps, strong, channel, neighbour, factor, position, constants)
    charts = response_charts.charts(scene, found)
    with st.grid(2, min_column_width=360, gap="medium"):
        for index, (chart, caption) in enumerate(zip(charts, response_charts.CAPTIONS, strict=True)):
            with st.container():
                show_chart(chart, key=f"blocks_response_chart_{index}", caption=caption)
    table = numbers.table(found, channel, constants.n)
    st.markdown("#### All channels at this position")
    settings = columns(table, shares=[numbers.KEPT])
    export.table(
        table, key="blocks_response_table", file_name="convscope_response.csv", column_config=settings
    )
    return Shown(
        headlines, charts, response_charts.CAPTIONS, {"All channels at this position": table}, (note,)
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def feature_maps(digest: str, _picture: Picture) -> Maps:
    """The maps of the filter bank for a picture, computed once."""
    return filter_bank.feature_maps(filter_bank.scaled_down(_picture.pixels))


def _settings() -> tuple[int, Constants]:
    with st.grid(5, min_column_width=150):
        factor = selection.whole(PAGE, "response_factor", "Times as strong", 1, 20, 10)
        n = selection.whole(PAGE, "response_n", "n, channels of the window", 1, 15, 5, step=2)
        k = number(PAGE, "response_k", "k", 0.5, 10.0, 2.0, step=0.5)
        alpha = number(PAGE, "response_alpha", "α, in units of 10⁻⁴", 0.0, 20.0, 1.0, step=0.5)
        beta = number(PAGE, "response_beta", "β", 0.0, 2.0, 0.75, step=0.05)
    return factor, Constants(n, k, alpha / 10_000, beta)


def _position(maps: Maps, channel: int) -> Pair:
    if selection.choice(PAGE, "response_at", "Position", PLACES, "strongest") == "strongest":
        return lrn.strongest_position(maps, channel)
    with st.grid(2, min_column_width=150):
        down = selection.whole(PAGE, "response_down", "From the top (%)", 0, 100, 50)
        across = selection.whole(PAGE, "response_across", "From the left (%)", 0, 100, 50)
    return lrn.position_at(maps, down / 100, across / 100)
