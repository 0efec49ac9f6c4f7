"""Where a network keeps its parameters: a tree of kinds or stages and layers, and bars in the order of layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.format import exact, short
from charts.inspect_kinds import MODULE_COLOUR
from charts.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, figure

if TYPE_CHECKING:
    from analysis.parameter_census import CensusLine, ParameterCensus

SHAPES = {"treemap": "Treemap", "sunburst": "Sunburst"}
GROUPS = {"kind": "Kind", "stage": "Stage"}

COLOURS = {
    "convolution": BLUE,
    "fully connected": PURPLE,
    "linear at each position": SKY,
    "normalisation": GREEN,
    "embedding": ORANGE,
    "other": GREY,
}
_MOST_NAMES = 24  # more do not fit below the bars; the hover names them all
_GROUP: dict[str, Callable[[CensusLine], str]] = {
    "kind": lambda line: line.kind.value,
    "stage": lambda line: line.stage,
}


def census_tree_chart(census: ParameterCensus, name: str, by: str, shape: str) -> go.Figure:
    """All parameters, within them each group of :data:`GROUPS`, within it each layer; areas are in proportion.

    ``name`` labels the whole; ``by`` is one of :data:`GROUPS`, ``shape`` of :data:`SHAPES`. A click opens a group.
    """
    groups = census.kinds if by == "kind" else census.stages
    lines = [line for line in census.lines if line.params]
    draw = go.Treemap if shape == "treemap" else go.Sunburst
    picture = figure(_tree_title(census, by), height=440)
    picture.add_trace(
        draw(
            ids=["all", *(group.name for group in groups), *map(str, range(len(lines)))],
            parents=["", *("all" for _ in groups), *(_GROUP[by](line) for line in lines)],
            labels=[name, *(group.name for group in groups), *(line.name or name for line in lines)],
            values=[census.params, *(group.params for group in groups), *(line.params for line in lines)],
            customdata=[
                "all layers",
                *(f"{group.layers} {'layer' if group.layers == 1 else 'layers'}" for group in groups),
                *(f"{line.module_type}, {line.kind.value}, {line.stage}" for line in lines),
            ],
            branchvalues="total",
            sort=by == "kind",
            marker={
                "colors": [
                    MODULE_COLOUR,
                    *(COLOURS.get(group.name, MODULE_COLOUR) for group in groups),
                    *(COLOURS[line.kind.value] for line in lines),
                ],
                "line": {"width": 1, "color": "rgba(255,255,255,0.35)"},
            },
            texttemplate="%{label}<br>%{percentRoot:.1%}",
            textfont={"color": "white"},
            hovertemplate="<b>%{label}</b> (%{customdata})<br>%{value:,} parameters, %{percentRoot:.2%}<extra></extra>",
        )
    )
    if shape == "treemap":
        picture.update_traces(tiling={"pad": 1}, pathbar={"textfont": {"color": "white"}})
        picture.update_layout(uniformtext={"minsize": 10, "mode": "hide"})
    return picture


def census_bars_chart(census: ParameterCensus) -> go.Figure:
    """The parameters of every layer in the order of the network's modules, coloured by kind."""
    lines = [line for line in census.lines if line.params]
    picture = figure(
        _bars_title(lines, census.params), "layer, in the order of the modules", "parameters", 380
    )
    for kind, colour in COLOURS.items():
        members = [(place, line) for place, line in enumerate(lines) if line.kind.value == kind]
        if not members:
            continue
        picture.add_bar(
            x=[place for place, _ in members],
            y=[line.params for _, line in members],
            name=kind,
            customdata=[
                (line.name or "(the network itself)", line.module_type, line.params / census.params)
                for _, line in members
            ],
            hovertemplate="<b>%{customdata[0]}</b> (%{customdata[1]})<br>%{y:,} parameters, "
            "%{customdata[2]:.2%}<extra></extra>",
            marker={"color": colour, "line": {"width": 0}},
        )
    picture.update_layout(barmode="stack", bargap=0.15)
    named = len(lines) <= _MOST_NAMES
    picture.update_xaxes(
        range=[-0.6, len(lines) - 0.4],
        showgrid=False,
        tickvals=list(range(len(lines))) if named else [],
        ticktext=[line.name for line in lines] if named else [],
    )
    picture.update_yaxes(exponentformat="SI")
    return picture


def _tree_title(census: ParameterCensus, by: str) -> str:
    if not census.params:
        return "This network has no parameters"
    most = max(census.kinds if by == "kind" else census.stages, key=lambda group: group.params)
    where = f"{most.name} layers" if by == "kind" else _stage(most.name)
    return f"{most.share:.1%} of the {short(census.params)} parameters are in {where}"


def _stage(name: str) -> str:
    return {"head": "the head", "not used": "layers that inference does not use"}.get(
        name, f"layers at {name}"
    )


def _bars_title(lines: Sequence[CensusLine], params: int) -> str:
    if not lines:
        return "No layer has parameters"
    largest = max(lines, key=lambda line: line.params)
    return f"The largest of {exact(len(lines))} layers, {largest.name}, holds {largest.params / params:.1%}"
