"""A page as one HTML file that needs nothing else: numbers, charts, tables, versions, date, link."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from importlib.metadata import PackageNotFoundError, version
from itertools import zip_longest
from numbers import Integral
from typing import Any

import pandas as pd
import plotly.graph_objects as go

_PACKAGES = ("torch", "torchvision", "streamlit", "plotly", "pandas")
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 1200px; margin: 2rem auto; padding: 0 1rem;
  color: #222; background: #fff; }
dl { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; } dt { color: #666; font-size: .85rem; }
dd { margin: 0; font-size: 1.5rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid #ddd; text-align: left; white-space: nowrap; }
.number { text-align: right; } footer { color: #666; font-size: .85rem; overflow-wrap: anywhere; }
"""
_NUMBER = re.compile(r"[-\d.,e+]*( x)?")
_GROUPED_FROM = 10_000


def html_report(
    title: str,
    *,
    url: str,
    headlines: Mapping[str, str],
    charts: Sequence[go.Figure],
    tables: Mapping[str, pd.DataFrame],
    captions: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> str:
    """The text of the file: about 5 MB, nearly all of it plotly.js, which it carries along.

    ``captions`` explain the charts, one each, where they are given; ``notes`` the whole page.
    """
    body = [f"<h1>{escape(title)}</h1>", _headlines(headlines)]
    body += [f"<p>{escape(note)}</p>" for note in notes]
    for number, (figure, caption) in enumerate(zip_longest(charts, captions[: len(charts)], fillvalue="")):
        body.append(_chart(figure, caption, first=number == 0))
    body += [_table(name, table) for name, table in tables.items()]
    body.append(f"<footer><p>{_origin(url)}</p></footer>")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} - ConvScope</title><style>{_STYLE}</style></head>\n"
        f"<body>{''.join(body)}</body></html>\n"
    )


def versions() -> dict[str, str]:
    """The versions that a report states: Python's and those of the installed packages."""
    found = {"Python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def _headlines(headlines: Mapping[str, str]) -> str:
    items = (
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in headlines.items()
    )
    return f"<dl>{''.join(items)}</dl>"


def _chart(figure: go.Figure, caption: str, *, first: bool) -> str:
    printed = go.Figure(figure)
    printed.update_layout(title=None, template="plotly_white", font={"color": "#222"})
    drawing = printed.to_html(
        full_html=False, include_plotlyjs=first, config={"displaylogo": False, "responsive": True}
    )
    return f"<h2>{escape(figure.layout.title.text or '')}</h2><p>{escape(caption)}</p>{drawing}"


def _table(name: str, table: pd.DataFrame) -> str:
    columns = {str(label): [_cell(value) for value in values] for label, values in table.items()}
    kinds = ["number" if all(map(_NUMBER.fullmatch, cells)) else "text" for cells in columns.values()]
    head = "".join(
        f'<th class="{kind}">{escape(label)}</th>' for label, kind in zip(columns, kinds, strict=True)
    )
    rows = (
        "".join(f'<td class="{kind}">{escape(cell)}</td>' for cell, kind in zip(cells, kinds, strict=True))
        for cells in zip(*columns.values(), strict=True)
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f'<h2>{escape(name)}</h2><div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(value: Any) -> str:
    """A value in full; whole numbers of five digits or more in groups of three (a year has four)."""
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, Integral) and abs(int(value)) >= _GROUPED_FROM:
        return f"{int(value):,}"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _origin(url: str) -> str:
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    with_versions = ", ".join(f"{name} {number}" for name, number in versions().items())
    link = f'<a href="{escape(url, quote=True)}">{escape(url)}</a>'
    return f"Made by ConvScope on {now} with {escape(with_versions)}. The same view: {link}"
