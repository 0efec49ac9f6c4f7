"""Accuracy against cost: the bubble chart of the zoo and its Pareto front."""

from __future__ import annotations

from math import log10

import pandas as pd
import plotly.graph_objects as go

from charts import format as fmt
from charts.log_axis import log_axis
from charts.theme import family_style, figure

COSTS = {"macs": "MACs", "flops": "FLOPs", "params": "parameters"}
AREAS = {"macs": "parameters", "flops": "parameters", "params": "MACs"}
_AXES = {
    "macs": "MACs for one image (log scale)",
    "flops": "FLOPs for one image, 2 x MACs (log scale)",
    "params": "Parameters (log scale)",
}
_LARGEST_BUBBLE_PX = 38


def pareto_front(zoo: pd.DataFrame, cost: str) -> pd.DataFrame:
    """The lines that no other line beats: none that costs no more is as accurate; cheapest first.

    ``zoo`` has a column top1 (percent) and the column that ``cost`` names; equal lines are both kept
    out but the first.
    """
    ordered = zoo.sort_values([cost, "top1"], ascending=[True, False], kind="stable")
    best_before = ordered["top1"].astype(float).cummax().shift(fill_value=float("-inf"))
    return ordered[ordered["top1"] > best_before]


def front_chart(zoo: pd.DataFrame, cost: str) -> go.Figure:
    """A bubble for each model: cost across (log), top-1 accuracy up, area the other cost.

    ``zoo`` has the columns name, title, family, year, top1, params, macs, flops, input_size and
    extra_data; ``cost`` is one of :data:`COSTS`. The front is a line; each point's customdata holds
    the model's name.
    """
    front = pareto_front(zoo, cost)
    area = "macs" if cost == "params" else "params"
    title = f"{len(front)} of {len(zoo)} models give the most accuracy for their {COSTS[cost]}"
    chart = figure(title, _AXES[cost], "ImageNet-1K top-1 accuracy (%)", height=520)
    chart.add_scatter(
        x=front[cost],
        y=front["top1"],
        mode="lines",
        line={"shape": "hv", "color": "rgba(128,128,128,0.9)", "width": 2, "dash": "dot"},
        name="Pareto front",
        hoverinfo="skip",
    )
    largest = float(zoo[area].max())
    for family, group in zoo.groupby("family", sort=False):
        chart.add_trace(_bubbles(str(family), group, cost, area, largest))
    _label_front(chart, front, cost)
    chart.update_xaxes(log_axis(float(zoo[cost].min()), float(zoo[cost].max())))
    chart.update_layout(clickmode="event+select")
    return chart


def _bubbles(family: str, group: pd.DataFrame, cost: str, area: str, largest: float) -> go.Scatter:
    style = family_style(family)
    return go.Scatter(
        x=group[cost],
        y=group["top1"],
        mode="markers",
        name=family,
        customdata=[[name] for name in group["name"]],
        hovertext=[_hover(line) for _, line in group.iterrows()],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={
            "size": group[area],
            "sizemode": "area",
            "sizeref": 2 * largest / _LARGEST_BUBBLE_PX**2,
            "sizemin": 4,
            "color": style.color,
            "symbol": style.symbol,
            "opacity": 0.8,
            "line": {"width": 1, "color": "rgba(128,128,128,0.9)"},
        },
        # Without these, choosing one bubble fades all others, also after the choice was followed.
        selected={"marker": {"opacity": 0.8}},
        unselected={"marker": {"opacity": 0.8}},
    )


def _label_front(chart: go.Figure, front: pd.DataFrame, cost: str) -> None:
    """Name three of the front, above it where no bubble can be; the names of all would cover each other."""
    last = len(front) - 1
    for number in sorted({last // 3, 2 * last // 3, last}):
        line = front.iloc[number]
        chart.add_annotation(
            x=log10(line[cost]),
            y=line["top1"],
            text=line["title"],
            ax=-44,
            ay=-30,
            arrowwidth=1,
            arrowcolor="rgba(128,128,128,0.9)",
        )


def _hover(line: pd.Series) -> str:
    extra = "<br>trained on more than ImageNet-1K" if line["extra_data"] else ""
    return (
        f"<b>{line['title']}</b> ({line['family']}, {line['year']})<br>"
        f"top-1 {line['top1']:.3f} %<br>{fmt.exact(int(line['params']))} parameters<br>"
        f"{fmt.short(int(line['macs']), 'MACs')} = {fmt.short(int(line['flops']), 'FLOPs')} "
        f"at {line['input_size']} x {line['input_size']}{extra}<br><i>click to inspect</i>"
    )
