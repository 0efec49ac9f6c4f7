"""Inception: a module branch by branch, with its 1 x 1 reductions and without, and modules in a chain."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from analysis.inception_arithmetic import ChainedModule, InceptionCost, inception_chain, inception_cost
from charts.blocks import inception as charts
from charts.format import exact
from ui import export, selection
from ui.blocks import inception_numbers as numbers
from ui.blocks.columns import columns
from ui.blocks.googlenet_modules import TracedModule, traced_modules
from ui.blocks.preset_pills import Values, pills, show_departure
from ui.blocks.shown import Shown
from ui.figures import show_chart, show_legend
from ui.headlines import show_headlines

PAGE = "blocks"
START = "3a"
WIDTHS = {
    "ones": "n₁: 1 x 1",
    "reduce_threes": "r₃: 1 x 1 before 3 x 3",
    "threes": "n₃: 3 x 3",
    "reduce_fives": "r₅: 1 x 1 before 5 x 5",
    "fives": "n₅: 5 x 5",
    "projected": "p: 1 x 1 after pooling",
}
CHAINS = {"googlenet": "GoogLeNet's nine modules", "same": "nine times this module"}
CAPTIONS = (
    "The large kernels do most of the work; a reduction cuts the channels that they read.",
    "Without a projection the pooled branch hands on every channel that it was given.",
    "A naive module adds n₁ + n₃ + n₅ channels to those that it was given; a pooling between two keeps them.",
    "Each naive module convolves all the channels that those before it have piled up.",
)
NOTE = (
    "Szegedy et al. (2014), figure 2: (a) naive, (b) with 1 x 1 reductions. MACs are the parameters times the "
    "positions of the map; biases are not counted."
)


def show() -> Shown:
    """Draw the block: a module, its sliders, the formula with its result, branches and chain."""
    modules = traced_modules()
    settings = {
        name: _setting(module.channels, module.size[0], module.widths) for name, module in modules.items()
    }
    chosen = pills(PAGE, "inception_module", "Module of GoogLeNet", settings, START)
    channels, side, widths = _sliders(modules[START])
    setting = _setting(channels, side, widths)
    show_departure(chosen, settings, setting)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        quantity = selection.choice(
            PAGE, "inception_cost", "Cost in", {"macs": "MACs", "params": "Parameters"}, "macs"
        )
        chained = selection.choice(PAGE, "inception_chain", "Chain of", CHAINS, "googlenet")
    cost = _cost(channels, side, tuple(widths.items()))
    names, chain = (
        _googlenet_chain() if chained == "googlenet" else _own_chain(channels, side, tuple(widths.items()))
    )
    headlines = numbers.headlines(cost, channels, chain)
    show_headlines(headlines)
    notes = (NOTE, *_as_traced(chosen if chosen and settings[chosen] == setting else None))
    with st.grid(2, min_column_width=330):
        st.latex(numbers.FORMULA)
        st.latex(numbers.formula_with_numbers(cost, channels, widths))
    st.caption(" ".join(notes))
    figures = (
        charts.branch_cost_chart(cost, quantity),
        charts.branch_channels_chart(cost),
        charts.chain_channels_chart(names, chain),
        charts.chain_cost_chart(names, chain, quantity),
    )
    show_legend(figures[0])
    with st.grid(2, min_column_width=360, gap="medium"):
        for number, (figure, caption) in enumerate(zip(figures, CAPTIONS, strict=True)):
            with st.container():
                show_chart(figure, key=f"blocks_inception_chart_{number}", caption=caption, legend=False)
    table = numbers.branch_table(cost)
    export.table(
        table,
        key="blocks_inception_table",
        file_name="convscope_inception.csv",
        column_config=columns(table),
    )
    return Shown(headlines, figures, CAPTIONS, {"By branch": table}, notes)


def _setting(channels: int, side: int, widths: Mapping[str, int]) -> Values:
    """The sliders' values by their parameters in the URL."""
    return {"inception_channels": channels, "inception_size": side} | {
        f"inception_{name}": width for name, width in widths.items()
    }


def _sliders(start: TracedModule) -> tuple[int, int, dict[str, int]]:
    with st.grid(4, min_column_width=200):
        channels = selection.whole(
            PAGE, "inception_channels", "C: channels in", 16, 1024, start.channels, step=16
        )
        side = selection.whole(PAGE, "inception_size", "Side of the map", 1, 112, start.size[0])
        widths = {
            name: selection.whole(PAGE, f"inception_{name}", label, 8, 512, start.widths[name], step=8)
            for name, label in WIDTHS.items()
        }
    return channels, side, widths


@st.cache_resource(max_entries=64, show_spinner=False)
def _cost(channels: int, side: int, widths: tuple[tuple[str, int], ...]) -> InceptionCost:
    return inception_cost(channels, (side, side), **dict(widths))


@st.cache_resource(max_entries=1, show_spinner=False)
def _googlenet_chain() -> tuple[tuple[str, ...], tuple[ChainedModule, ...]]:
    modules = traced_modules()
    first = next(iter(modules.values()))
    links = [(module.size, module.widths) for module in modules.values()]
    return tuple(modules), inception_chain(first.channels, links)


@st.cache_resource(max_entries=64, show_spinner=False)
def _own_chain(
    channels: int, side: int, widths: tuple[tuple[str, int], ...]
) -> tuple[tuple[str, ...], tuple[ChainedModule, ...]]:
    links = [((side, side), dict(widths))] * 9
    return tuple(str(number) for number in range(1, 10)), inception_chain(channels, links)


def _as_traced(name: str | None) -> tuple[str, ...]:
    """What the trace of GoogLeNet counts in a module, as a sentence; nothing for a module of one's own."""
    if name is None:
        return ()
    module = traced_modules()[name]
    return (
        f"The traced GoogLeNet has {exact(module.macs)} MACs in {name} and {exact(module.params)} parameters, "
        "its biases among them.",
    )
