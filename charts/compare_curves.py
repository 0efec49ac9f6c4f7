"""How architectures unfold over their depth: five curves, aligned by relative depth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log10

import pandas as pd
import plotly.graph_objects as go

from charts.log_axis import log_axis
from charts.theme import Style, figure

HEAD = "head"


@dataclass(frozen=True, slots=True)
class Architecture:
    """One line of the charts: its title, its style, the side of its input and its layer table.

    ``layers`` has a line for each operation with the columns name, kind, stage ("56x56" or "head"),
    output_shape ("1x64x56x56"), channels, height, params, macs, live_bytes and local_receptive_field_h.
    """

    title: str
    style: Style
    size: int
    layers: pd.DataFrame


def relative_depth(layers: pd.DataFrame) -> pd.Series:
    """The share of the layers with MACs that have run once a line is done, in percent; 100 at the last."""
    with_macs = layers["macs"].fillna(0) > 0
    return 100 * with_macs.cumsum() / with_macs.sum()


def resolution(layers: pd.DataFrame) -> pd.Series:
    """Height of the maps that a line works at, gates included in the stage that they belong to; before the head."""
    stages = layers.loc[layers["stage"] != HEAD, "stage"]
    return stages.str.partition("x")[0].astype(int)


def channels(layers: pd.DataFrame) -> pd.Series:
    """The widest map so far at the resolution that a line works at; before the head, without gates."""
    body = _body(layers)
    return body["channels"].astype(float).groupby(body["stage"]).cummax().dropna()


def receptive_field(layers: pd.DataFrame) -> pd.Series:
    """The largest receptive field so far in pixels, along the local path; before the head, without gates."""
    return _body(layers)["local_receptive_field_h"].astype(float).cummax().dropna()


def live_memory(layers: pd.DataFrame) -> pd.Series:
    """Most activation memory alive at the same relative depth, in MiB."""
    return layers["live_bytes"].groupby(relative_depth(layers)).transform("max") / 2**20


def cumulative_share(column: str) -> Callable[[pd.DataFrame], pd.Series]:
    """What share of the whole, in percent, has come together once a line is done; ``column`` params or macs."""

    def share(layers: pd.DataFrame) -> pd.Series:
        amounts = layers[column].fillna(0).astype(float)
        return 100 * amounts.cumsum() / amounts.sum()

    return share


def resolution_chart(architectures: Sequence[Architecture]) -> go.Figure:
    """Height of the maps over relative depth, in pixels."""
    chart = figure(
        "How fast do the maps shrink?", _DEPTH, "Height of the map (pixels, log scale)", _HEIGHT_PX
    )
    _draw(chart, architectures, resolution, "map %{y:,.0f} px high")
    return _powers_of_two(chart)


def channels_chart(architectures: Sequence[Architecture]) -> go.Figure:
    """Widest map at each resolution over relative depth, in channels."""
    chart = figure("How wide do they get?", _DEPTH, "Channels (widest so far, log scale)", _HEIGHT_PX)
    _draw(chart, architectures, channels, "%{y:,.0f} channels")
    return _powers_of_two(chart)


def receptive_field_chart(architectures: Sequence[Architecture]) -> go.Figure:
    """Receptive field along the local path over relative depth, in pixels, beside the input size."""
    chart = figure(
        "When have they seen the whole image?", _DEPTH, "Receptive field (pixels, log scale)", _HEIGHT_PX
    )
    _draw(chart, architectures, receptive_field, "receptive field %{y:,.0f} px")
    sizes = {architecture.size for architecture in architectures}
    if len(sizes) == 1:
        size = sizes.pop()
        chart.add_hline(y=size, line={"dash": "dot", "color": "rgba(128,128,128,0.9)"})
        chart.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            y=log10(size),
            yanchor="bottom",
            text=f"input {size} px",
            showarrow=False,
        )
    fields = [value for trace in chart.data for value in trace.y]
    chart.update_yaxes(log_axis(max(1, min(fields)), max(fields)))
    return chart


def params_chart(architectures: Sequence[Architecture]) -> go.Figure:
    """Cumulative parameters over relative depth, in percent of the whole."""
    chart = figure("Where do the parameters sit?", _DEPTH, "Parameters so far (% of all)", _HEIGHT_PX)
    _draw(chart, architectures, cumulative_share("params"), "%{y:.2f} % of the parameters")
    return chart


def macs_chart(architectures: Sequence[Architecture], unit: str) -> go.Figure:
    """Cumulative MACs over relative depth, in percent of the whole (the same for FLOPs); ``unit`` "MACs" or "FLOPs"."""
    chart = figure(f"Where do the {unit} go?", _DEPTH, f"{unit} so far (% of all)", _HEIGHT_PX)
    _draw(chart, architectures, cumulative_share("macs"), f"%{{y:.2f}} % of the {unit}")
    return chart


def memory_chart(architectures: Sequence[Architecture]) -> go.Figure:
    """Live activation memory over relative depth, in MiB."""
    chart = figure("When is memory at its peak?", _DEPTH, "Live activations (MiB)", _HEIGHT_PX)
    _draw(chart, architectures, live_memory, "%{y:.3f} MiB alive")
    return chart


_DEPTH = "Relative depth (% of the layers with MACs)"
_HEIGHT_PX = 340


def _draw(
    chart: go.Figure,
    architectures: Sequence[Architecture],
    curve: Callable[[pd.DataFrame], pd.Series],
    hover: str,
) -> None:
    for architecture in architectures:
        values = curve(architecture.layers)
        changes = values[(values != values.shift()) | (values.index == values.index[-1])]
        depth = relative_depth(architecture.layers)[changes.index]
        names = architecture.layers.loc[changes.index, "name"]
        chart.add_scatter(
            x=depth,
            y=changes,
            mode="lines",
            name=architecture.title,
            line={
                "color": architecture.style.color,
                "dash": architecture.style.dash,
                "width": 2.5,
                "shape": "hv",
            },
            text=names,
            hovertemplate=f"<b>{architecture.title}</b><br>after %{{text}}<br>{hover}"
            "<br>depth %{x:.1f} %<extra></extra>",
        )
    chart.update_xaxes(range=[0, 102])


def _body(layers: pd.DataFrame) -> pd.DataFrame:
    """The lines before the head that work on a whole map or its tokens: no gate, nothing flattened or reshaped."""
    stage_height = layers["stage"].str.partition("x")[0]
    on_the_map = layers["height"].isna() | (layers["height"].astype("string") == stage_height)
    flattened = layers["output_shape"].str.count("x") < 2
    return layers[(layers["stage"] != HEAD) & (layers["kind"] != "reshape") & ~flattened & on_the_map]


def _powers_of_two(chart: go.Figure) -> go.Figure:
    chart.update_yaxes(type="log", tickvals=[2**power for power in range(13)])
    return chart
