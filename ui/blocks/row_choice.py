"""The controls that choose a first and a last row of a network, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from ui import selection
from ui.url_state import publish, seed

if TYPE_CHECKING:
    from analysis.records import Report, Row

# What mixes channels or puts them together: the short list.
_SHORT_LIST = ("convolution", "linear", "attention", "merge")


def first_and_last(page: str, report: Report) -> tuple[str, str]:
    """Two search boxes over the rows, ?groups_first=conv2&groups_last=conv3; ?groups_all=on lists every row.

    They start at the first grouped convolution of the network, or at its first convolution; a link that
    names only the first row starts with that row alone. Another network starts anew.
    """
    place_of_first, place_of_last = st.container(), st.container()
    everything = selection.switch(
        page,
        "groups_all",
        "All rows",
        help="List every row of the trace, not only convolutions, linear layers, attention and merges.",
    )
    rows = [row for row in report.rows if everything or row.kind.value in _SHORT_LIST] or list(report.rows)
    start = _start(report.rows)
    with place_of_first:
        first = _row(page, "groups_first", "From what enters", report, rows, start)
    names = [row.name for row in report.rows]
    with place_of_last:
        last = _row(page, "groups_last", "to what leaves", report, rows, max(start, first, key=names.index))
    return first, last


def _start(rows: Sequence[Row]) -> str:
    convolutions = [row for row in rows if row.kind.value == "convolution"]
    grouped = [row for row in convolutions if dict(row.attributes).get("groups", 1) > 1]
    return (grouped or convolutions or list(rows))[0].name


def _row(page: str, parameter: str, label: str, report: Report, rows: Sequence[Row], start: str) -> str:
    """A search box over ``rows``, and the chosen one where it is not among them."""
    key = f"{page}_{parameter}"
    state = st.session_state
    told = st.query_params.get(parameter, "") not in ("", state.get(f"{key}.published"))
    if state.get(f"{key}.network", report.name) != report.name and not told:
        state[key] = start
    seed(key, parameter, lambda text: _known(text, report), start)
    if state[key] not in {row.name for row in report.rows}:  # the network was another when it was chosen
        state[key] = start
    state[f"{key}.network"] = report.name
    listed = {row.name for row in rows} | {state[key], start}
    options = {row.name: _described(row) for row in report.rows if row.name in listed}
    chosen = st.selectbox(label, list(options), format_func=options.__getitem__, key=key, required=True)
    publish(key, parameter, chosen, chosen, start)
    return chosen


def _described(row: Row) -> str:
    groups = dict(row.attributes).get("groups", 1)
    in_groups = f", {groups} groups" if groups > 1 else ""
    return f"{row.name} · {row.operator} to {' x '.join(map(str, row.output_shape[1:]))}{in_groups}"


def _known(text: str, report: Report) -> str:
    if all(row.name != text for row in report.rows):
        raise ValueError(f"{report.name} has no row {text[:60]!r}")
    return text
