"""The kinds of layers that hold the parameters: of one network with two heads, of several networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.parameters_census import COLOURS
from charts.theme import figure

if TYPE_CHECKING:
    from analysis.parameter_census import ParameterCensus

HEADS = ("as it is", "global average pooling")


def heads_chart(before: ParameterCensus, after: ParameterCensus) -> go.Figure:
    """The parameters of a network by kind of layer, with the one head and with the other."""
    title = f"{before.params / after.params:.1f} times fewer parameters without the fully connected layers"
    return _stacked({HEADS[0]: before, HEADS[1]: after}, title, "parameters", shares=False)


def story_chart(censuses: Mapping[str, ParameterCensus]) -> go.Figure:
    """The share of each kind of layer in the parameters of several networks, by their titles, in this order."""
    return _stacked(censuses, _story_title(censuses), "share of the parameters", shares=True)


def _stacked(censuses: Mapping[str, ParameterCensus], title: str, x_title: str, *, shares: bool) -> go.Figure:
    names = list(censuses)
    picture = figure(title, x_title, "", 90 + 34 * len(names))
    for kind, colour in COLOURS.items():
        counts = [_count(census, kind) for census in censuses.values()]
        if not any(counts):
            continue
        parts = [count / census.params for count, census in zip(counts, censuses.values(), strict=True)]
        picture.add_bar(
            x=parts if shares else counts,
            y=names,
            orientation="h",
            name=kind,
            customdata=list(zip(counts, parts, strict=True)),
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate=f"%{{y}}: %{{customdata[0]:,}} parameters in {kind} layers, "
            "%{customdata[1]:.2%}<extra></extra>",
        )
    picture.update_layout(barmode="stack")
    picture.update_xaxes(**({"tickformat": ".0%", "range": [0, 1]} if shares else {"exponentformat": "SI"}))
    picture.update_yaxes(autorange="reversed", showgrid=False)
    return picture


def _count(census: ParameterCensus, kind: str) -> int:
    return sum(group.params for group in census.kinds if group.name == kind)


def _story_title(censuses: Mapping[str, ParameterCensus]) -> str:
    shares: Sequence[tuple[str, float]] = [
        (title, census.fully_connected_share or 0.0) for title, census in censuses.items()
    ]
    most, least = max(shares, key=lambda entry: entry[1]), min(shares, key=lambda entry: entry[1])
    return f"Fully connected layers hold {most[1]:.0%} of {most[0]} and {least[1]:.0%} of {least[0]}"
