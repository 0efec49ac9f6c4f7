"""The evolution from 1998 on: a line for each family, in the order of years."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import format as fmt
from charts.log_axis import log_axis
from charts.theme import family_style, figure

QUANTITIES = {"params": "parameters", "macs": "MACs", "top1": "accuracy"}
_AXES = {
    "params": "Parameters (log scale)",
    "macs": "MACs for one image (log scale)",
    "top1": "ImageNet-1K top-1 accuracy (%)",
}
_ROW_PX = 25


def timeline_chart(zoo: pd.DataFrame, quantity: str) -> go.Figure:
    """A line for each family, earliest at the top, its models as points over ``quantity``.

    ``zoo`` has the columns name, title, family, year, top1, params and macs; a model of which the
    quantity is not known has no point.
    """
    zoo = zoo[zoo[quantity].notna()]
    families = zoo.sort_values("year", kind="stable")["family"].unique()
    rows = [_row_name(int(zoo.loc[zoo["family"] == family, "year"].min()), family) for family in families]
    chart = figure(_title(zoo, quantity), _AXES[quantity], height=_ROW_PX * (len(rows) + 1) + 70)
    for family, row in zip(families, rows, strict=True):
        chart.add_trace(_family(str(family), row, zoo[zoo["family"] == family], quantity))
    chart.update_yaxes(categoryorder="array", categoryarray=rows[::-1], ticklabelstandoff=4)
    if quantity != "top1":
        chart.update_xaxes(log_axis(float(zoo[quantity].min()), float(zoo[quantity].max())))
    chart.update_layout(showlegend=False, clickmode="event+select")
    return chart


def _title(zoo: pd.DataFrame, quantity: str) -> str:
    least, most = zoo.nsmallest(1, quantity).iloc[0], zoo.nlargest(1, quantity).iloc[0]
    if quantity == "params":
        largest = f"{fmt.short(int(most['params']))} in {most['year']} ({most['title']})"
        return f"From {fmt.exact(int(least['params']))} parameters in {least['year']} ({least['family']}) to {largest}"
    if quantity == "macs":
        dearest = f"{fmt.short(int(most['macs']), 'MACs')} ({most['title']}, {most['year']})"
        return f"One image costs from {fmt.short(int(least['macs']), 'MACs')} ({least['title']}) to {dearest}"
    best = f"{most['top1']:.1f} % ({most['title']}, {most['year']})"
    first = zoo.nsmallest(1, "year").iloc[0]
    return f"Accuracy rose from {first['top1']:.1f} % ({first['title']}, {first['year']}) to {best}"


def _family(family: str, row: str, group: pd.DataFrame, quantity: str) -> go.Scatter:
    style = family_style(family)
    ordered = group.sort_values(quantity)
    return go.Scatter(
        x=ordered[quantity],
        y=[row] * len(ordered),
        mode="lines+markers",
        name=family,
        line={"color": style.color, "width": 2},
        marker={"size": 10, "symbol": style.symbol, "color": style.color},
        customdata=[[name] for name in ordered["name"]],
        hovertext=[_hover(line) for _, line in ordered.iterrows()],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )


def _row_name(year: int, family: str) -> str:
    return f"{family} {year}"


def _hover(line: pd.Series) -> str:
    top1 = "no ImageNet accuracy published" if pd.isna(line["top1"]) else f"top-1 {line['top1']:.3f} %"
    return (
        f"<b>{line['title']}</b> ({line['family']}, {line['year']})<br>{fmt.exact(int(line['params']))} parameters<br>"
        f"{fmt.short(int(line['macs']), 'MACs')}<br>{top1}<br><i>click to inspect</i>"
    )
