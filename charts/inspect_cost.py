"""What each layer, module and stage of one network costs: MACs and parameters."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from charts.format import exact, short
from charts.inspect_kinds import MODULE_COLOUR, look
from charts.inspect_panels import indices, named, numbers, two_panels
from charts.theme import BLUE, GREEN, PURPLE, figure

if TYPE_CHECKING:
    from analysis.records import Report, Row

QUANTITIES = {"macs": "MACs", "params": "parameters"}
_DEPTH_SHOWN = 4


def cost_tree_chart(report: Report, quantity: str) -> go.Figure:
    """An icicle of ``quantity`` ("macs" or "params"): modules within modules, down to the layer.

    Four levels are drawn; a click on a module opens it.
    """
    word = QUANTITIES[quantity]
    nodes = _Nodes(report.name)
    for row in report.rows:
        value = _value(row, quantity)
        if value:
            nodes.add(row, value)
    picture = figure(_tree_title(report, quantity), height=380)
    picture.update_layout(uniformtext={"minsize": 10, "mode": "hide"})
    picture.add_trace(
        go.Icicle(
            ids=nodes.ids,
            parents=nodes.parents,
            labels=nodes.labels,
            values=nodes.values,
            customdata=nodes.names,
            branchvalues="remainder",
            maxdepth=_DEPTH_SHOWN,
            sort=False,
            tiling={"orientation": "v", "pad": 1},
            marker={"colors": nodes.colours, "line": {"width": 0}},
            hovertemplate=f"<b>%{{customdata}}</b><br>%{{value:,}} {word}, %{{percentRoot:.2%}}<extra></extra>",
            textfont={"color": "white"},
            pathbar={"visible": True, "textfont": {"color": "white"}},
        )
    )
    return picture


def cost_by_layer_chart(report: Report) -> go.Figure:
    """MACs (above) and parameters (below) of every row that has any."""
    picture = two_panels(_layer_title(report), ("MACs", "parameters"))
    for axis, quantity, colour in (("y", "macs", BLUE), ("y2", "params", PURPLE)):
        costly = [row for row in report.rows if _value(row, quantity)]
        picture.add_trace(
            go.Bar(
                x=indices(costly),
                y=numbers(_value(row, quantity) for row in costly),
                yaxis=axis,
                customdata=named(costly),
                hovertemplate=f"row %{{x}}: %{{customdata}}<br>%{{y:,}} {QUANTITIES[quantity]}<extra></extra>",
                marker={"color": colour, "line": {"width": 0}},
                showlegend=False,
            )
        )
    picture.update_layout(bargap=0.1, xaxis_range=[-1, len(report.rows)])
    return picture


def cost_by_stage_chart(report: Report) -> go.Figure:
    """The share of each stage (rows that work at one map size) in MACs, parameters and activations."""
    stages = report.stages
    names = [_stage_name(stage.name) for stage in stages]
    picture = figure(
        _stage_title(report), "share of the whole network", "stage", height=120 + 62 * len(stages)
    )
    for word, values, colour in (
        ("MACs", [stage.macs for stage in stages], BLUE),
        ("parameters", [stage.params for stage in stages], PURPLE),
        ("activation bytes written", [stage.activation_bytes for stage in stages], GREEN),
    ):
        whole = sum(values) or 1
        picture.add_trace(
            go.Bar(
                name=word,
                orientation="h",
                y=names,
                x=[value / whole for value in values],
                customdata=values,
                hovertemplate=f"%{{y}}: %{{customdata:,}} {word}, %{{x:.2%}}<extra></extra>",
                marker={"color": colour, "line": {"width": 0}},
            )
        )
    picture.update_xaxes(tickformat=".0%")
    picture.update_yaxes(autorange="reversed", showgrid=False)
    return picture


class _Nodes:
    """The modules and rows of an icicle, numbered: long paths as ids would be half of the figure."""

    def __init__(self, root: str) -> None:
        self.ids = ["0"]
        self.parents = [""]
        self.labels = [root]
        self.names = [root]
        self.values = [0]
        self.colours = [MODULE_COLOUR]
        self._numbers: dict[str, int] = {"": 0}

    def add(self, row: Row, value: int) -> None:
        """A leaf for ``row`` below its module, and the modules above it where they are new."""
        label = row.operator if row.name != row.module_path else row.name.rpartition(".")[2]
        above = row.module_path if row.name != row.module_path else row.module_path.rpartition(".")[0]
        self._append(label, row.name, self._module(above), value, look(row.kind.value)[1])

    def _module(self, path: str) -> int:
        if path not in self._numbers:
            above, _, label = path.rpartition(".")
            self._numbers[path] = self._append(label, path, self._module(above), 0, MODULE_COLOUR)
        return self._numbers[path]

    def _append(self, label: str, name: str, parent: int, value: int, colour: str) -> int:
        number = len(self.ids)
        self.ids.append(str(number))
        self.parents.append(str(parent))
        self.labels.append(label)
        self.names.append(name)
        self.values.append(value)
        self.colours.append(colour)
        return number


def _value(row: Row, quantity: str) -> int:
    return (row.macs or 0) if quantity == "macs" else row.params


def _tree_title(report: Report, quantity: str) -> str:
    whole = report.totals.macs if quantity == "macs" else report.totals.params - report.totals.unused_params
    return f"Where the {short(whole)} {QUANTITIES[quantity]} are"


def _layer_title(report: Report) -> str:
    counts = [_value(row, "macs") for row in report.rows]
    whole = sum(counts)
    if not whole:
        return "No row of this network multiplies"
    half = next(index for index, reached in enumerate(accumulate(counts)) if 2 * reached >= whole)
    return f"Half of the MACs are done by row {exact(half)}, {report.rows[half].name}"


def _stage_title(report: Report) -> str:
    most_macs = max(report.stages, key=lambda stage: stage.macs)
    most_params = max(report.stages, key=lambda stage: stage.params)
    if most_macs is most_params:
        return f"Most MACs and most parameters are in {_stage_name(most_macs.name)}"
    return (
        f"Most MACs are in {_stage_name(most_macs.name)}, most parameters in {_stage_name(most_params.name)}"
    )


def _stage_name(name: str) -> str:
    return "the head" if name == "head" else f"{name} maps"
