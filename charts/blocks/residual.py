"""Bottleneck and basic residual blocks as channels grow, and ResNeXt's cardinality against width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.format import exact, ratio_text
from charts.log_axis import log_axis
from charts.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, figure

if TYPE_CHECKING:
    from analysis.residual_arithmetic import CardinalChoice, ResidualComparison


def blocks_chart(curve: Sequence[ResidualComparison], chosen: ResidualComparison) -> go.Figure:
    """Parameters over channels of both blocks; up from ``chosen`` lies equal width, left of it equal cost."""
    ratio = ratio_text(chosen.basic.params / chosen.bottleneck.params)
    picture = figure(
        f"On {exact(chosen.channels)} channels a basic block has {ratio} the parameters of the bottleneck",
        "channels of the block's input and output",
        "parameters",
        400,
    )
    channels = [entry.channels for entry in curve]
    basic = [entry.basic.params for entry in curve]
    bottleneck = [entry.bottleneck.params for entry in curve]
    _add_curve(picture, "basic block", channels, basic, ORANGE, "square")
    _add_curve(picture, "bottleneck", channels, bottleneck, BLUE, "circle")
    here = (chosen.channels, chosen.bottleneck.params)
    _add_way(picture, "equal channels", here, (chosen.channels, chosen.basic.params), "dot")
    _add_way(picture, "equal cost", here, (chosen.affordable_channels, chosen.affordable.params), "dash")
    picture.add_scatter(
        x=[chosen.channels, chosen.channels, chosen.affordable_channels],
        y=[chosen.bottleneck.params, chosen.basic.params, chosen.affordable.params],
        mode="markers",
        showlegend=False,
        marker={"color": [BLUE, ORANGE, ORANGE], "symbol": ["circle", "square", "square"], "size": 12},
        customdata=["bottleneck", "basic block, equal channels", "basic block, equal cost"],
        hovertemplate="<b>%{customdata}</b><br>%{x:,} channels<br>%{y:,} parameters<extra></extra>",
    )
    picture.update_layout(margin={"r": 24})
    narrowest = min(channels[0], chosen.affordable_channels)
    picture.update_xaxes(**log_axis(narrowest, channels[-1]))
    picture.update_yaxes(**log_axis(min(*bottleneck, chosen.affordable.params), max(basic)))
    return picture


def cardinality_chart(choices: Sequence[CardinalChoice], named: CardinalChoice) -> go.Figure:
    """Width of a path and of the grouped layer over the cardinality, at constant cost; the title says ``named``."""
    picture = figure(
        f"For the cost of one path of {exact(choices[0].path_width)} channels: "
        f"{exact(named.cardinality)} of {exact(named.path_width)}, together {exact(named.group_width)}",
        "cardinality (paths)",
        "channels",
        400,
    )
    path_widths = [choice.path_width for choice in choices]
    group_widths = [choice.group_width for choice in choices]
    cardinalities = [choice.cardinality for choice in choices]
    for name, values, colour, symbol in (
        ("grouped layer, all paths", group_widths, GREEN, "diamond"),
        ("one path", path_widths, PURPLE, "circle"),
    ):
        picture.add_scatter(
            x=cardinalities,
            y=values,
            name=name,
            mode="lines+markers",
            line={"color": colour},
            marker={"color": colour, "symbol": symbol, "size": 9},
            customdata=[choice.params for choice in choices],
            hovertemplate=f"<b>%{{x}} paths</b>, {name}<br>%{{y:,}} channels<br>%{{customdata:,}} parameters"
            "<extra></extra>",
        )
    picture.update_xaxes(type="log", tickvals=cardinalities, ticktext=[str(each) for each in cardinalities])
    picture.update_yaxes(
        **log_axis(
            min(choice.path_width for choice in choices), max(choice.group_width for choice in choices)
        )
    )
    return picture


def _add_curve(
    picture: go.Figure, name: str, channels: Sequence[int], params: Sequence[int], colour: str, symbol: str
) -> None:
    picture.add_scatter(
        x=list(channels),
        y=list(params),
        name=name,
        mode="lines",
        line={"color": colour},
        marker={"color": colour, "symbol": symbol},
        hovertemplate=f"<b>{name}</b><br>%{{x:,}} channels<br>%{{y:,}} parameters<extra></extra>",
    )


def _add_way(picture: go.Figure, name: str, start: tuple[int, int], end: tuple[int, int], dash: str) -> None:
    picture.add_scatter(
        x=[start[0], end[0]],
        y=[start[1], end[1]],
        name=name,
        mode="lines",
        line={"color": GREY, "dash": dash},
        hoverinfo="skip",
    )
