"""An Inception module by its branches and modules in a chain, each with the 1 x 1 reductions and without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.format import exact, ratio_text, short
from charts.theme import BLUE, ORANGE, figure

if TYPE_CHECKING:
    from analysis.inception_arithmetic import ChainedModule, InceptionCost

QUANTITIES = {"macs": "MACs", "params": "parameters"}
_WITH, _WITHOUT = "with 1 x 1 reductions", "without (naive)"


def branch_cost_chart(cost: InceptionCost, quantity: str) -> go.Figure:
    """Bars of ``quantity`` ("macs" or "params") by branch; the title states both sums."""
    unit = QUANTITIES[quantity]
    reduced, naive = getattr(cost, quantity), getattr(cost, f"naive_{quantity}")
    title = f"{short(reduced)} {unit} with the reductions, {short(naive)} without"
    if quantity == "params":
        title = f"{exact(reduced)} parameters with the reductions, {exact(naive)} without"
    return _branch_bars(title, cost, quantity, unit)


def branch_channels_chart(cost: InceptionCost) -> go.Figure:
    """Bars of output channels by branch; without a projection the pooled branch hands on all that it is given."""
    title = f"{exact(cost.channels)} channels leave with the reductions, {exact(cost.naive_channels)} without"
    return _branch_bars(title, cost, "channels", "output channels")


def chain_channels_chart(names: Sequence[str], chain: Sequence[ChainedModule]) -> go.Figure:
    """Output channels after each module of a chain, whose ``names`` are on the x axis."""
    last = chain[-1]
    title = (
        f"After {_modules(len(chain))}: {exact(last.channels)} channels with the reductions, "
        f"{exact(last.naive_channels)} without"
    )
    return _chain_lines(title, names, chain, "channels", "output channels")


def chain_cost_chart(names: Sequence[str], chain: Sequence[ChainedModule], quantity: str) -> go.Figure:
    """``quantity`` ("macs" or "params") of each module of a chain; the title states how far the sums are apart."""
    reduced = sum(getattr(link, quantity) for link in chain)
    naive = sum(getattr(link, f"naive_{quantity}") for link in chain)
    unit = QUANTITIES[quantity]
    title = f"All together {short(naive)} {unit} instead of {short(reduced)}: {ratio_text(naive / reduced)}"
    return _chain_lines(title, names, chain, quantity, f"{unit} of the module")


def _branch_bars(title: str, cost: InceptionCost, quantity: str, unit: str) -> go.Figure:
    picture = figure(title, "branch", unit, 320)
    for name, prefix, colour in ((_WITH, "", BLUE), (_WITHOUT, "naive_", ORANGE)):
        whole = getattr(cost, prefix + quantity)
        values = [getattr(branch, prefix + quantity) for branch in cost.branches]
        picture.add_bar(
            x=[branch.name for branch in cost.branches],
            y=values,
            name=name,
            marker={"color": colour},
            customdata=[value / whole for value in values],
            hovertemplate=f"<b>%{{x}}</b>, {name}<br>%{{y:,}} {unit}<br>%{{customdata:.1%}} of the module"
            "<extra></extra>",
        )
    picture.update_yaxes(exponentformat="SI")
    return picture


def _chain_lines(
    title: str, names: Sequence[str], chain: Sequence[ChainedModule], quantity: str, label: str
) -> go.Figure:
    picture = figure(title, "module", label, 320)
    for name, prefix, colour, symbol in ((_WITH, "", BLUE, "circle"), (_WITHOUT, "naive_", ORANGE, "square")):
        picture.add_scatter(
            x=list(names),
            y=[getattr(link, prefix + quantity) for link in chain],
            name=name,
            mode="lines+markers",
            line={"color": colour},
            marker={"color": colour, "symbol": symbol, "size": 8},
            hovertemplate=f"<b>%{{x}}</b>, {name}<br>%{{y:,}} {label}<extra></extra>",
        )
    picture.update_xaxes(type="category")
    picture.update_yaxes(rangemode="tozero", exponentformat="SI")
    return picture


def _modules(count: int) -> str:
    return "one module" if count == 1 else f"{count} modules"
