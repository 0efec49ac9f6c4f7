"""Which layer and which of its units the page looks through: one place that charts, sliders and the URL share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from charts.format import pair_text
from ui.url_state import publish, seed

if TYPE_CHECKING:
    from analysis.receptive_field.units import UnitGrid
    from analysis.records import Pair, Report, Row

Units = tuple[tuple[int, int], tuple[int, int]]
_KINDS = ("convolution", "pooling", "attention", "linear", "resampling", "merge", "reduction")


def chosen_layer(page: str, report: Report) -> Row:
    """A search box over the rows that see the image, ?layer=layer3.0.conv2; a point of the curve sets it too.

    It starts at the last layer that sees at most half of the input; so does another network.
    """
    rows = {row.name: row for row in report.rows if _listed(row)}
    start = _start(list(rows.values()), report.input_shapes[0][-1])
    key = f"{page}_layer"
    _forget(key, "layer", report.name, start)
    seed(key, "layer", lambda text: _known(text, rows, report.name), start)
    if st.session_state[key] not in rows:
        st.session_state[key] = start
    chosen = st.selectbox(
        "Layer", list(rows), format_func=lambda name: _described(rows[name]), key=key, required=True
    )
    publish(key, "layer", chosen, chosen, start)
    return rows[chosen]


def set_layer(page: str, name: str) -> None:
    """Choose a layer from a callback."""
    st.session_state[f"{page}_layer"] = name


def chosen_units(page: str, of: str, grid: UnitGrid) -> Units:
    """The first and the last unit, ?unit=3,4 or ?unit=3,4,5,6; the unit in the middle to begin with.

    ``of`` names what the units belong to: with another one the choice starts anew.
    """
    from analysis.receptive_field.units import middle_unit

    key = f"{page}_unit"
    middle = (middle_unit(grid), middle_unit(grid))
    _forget(key, "unit", of, middle)
    seed(key, "unit", lambda text: _units(text, grid), middle)
    units: Units = st.session_state[key]
    publish(key, "unit", units, _text(units), _text(middle))
    return units


def set_units(page: str, first: Pair, last: Pair) -> None:
    """Choose units from a callback: those of the rectangle between two of them."""
    rows, columns = sorted((first[0], last[0])), sorted((first[1], last[1]))
    st.session_state[f"{page}_unit"] = ((rows[0], columns[0]), (rows[1], columns[1]))


def units_text(units: Units) -> str:
    """How a sentence names units: "Unit (3, 4)", "Units (3, 4) to (5, 6)"."""
    first, last = units
    return f"Unit {first}" if first == last else f"Units {first} to {last}"


def _forget(key: str, parameter: str, of: str, default: object) -> None:
    """Back to the default where the choice belongs to something else, unless a new link says otherwise."""
    state = st.session_state
    told = st.query_params.get(parameter, "") not in ("", state.get(f"{key}.published"))
    if state.get(f"{key}.of", of) != of and not told:
        state[key] = default
    state[f"{key}.of"] = of


def _listed(row: Row) -> bool:
    field = row.local_field
    return row.kind.value in _KINDS and field is not None and field.h.lo.size > 0 and field.w.lo.size > 0


def _start(rows: Sequence[Row], size: int) -> str:
    half = [
        row
        for row in rows
        if row.map_size not in {None, (1, 1)}
        and row.local_receptive_field is not None
        and max(row.local_receptive_field) <= size // 2
    ]
    return (half or list(rows))[-1 if half else 0].name


def _described(row: Row) -> str:
    units = "tokens" if row.map_size is None else f"{pair_text(row.map_size)} units"
    return f"{row.name} · {row.kind.value} · {units} · {pair_text(row.local_receptive_field)} px"


def _known(text: str, rows: dict[str, Row], network: str) -> str:
    if text not in rows:
        raise ValueError(f"{network} has no layer {text[:60]!r} that sees the image")
    return text


def _units(text: str, grid: UnitGrid) -> Units:
    try:
        numbers = [int(number) for number in text.split(",")]
    except ValueError:
        raise ValueError(f"{text[:20]!r} is not a row and a column") from None
    if len(numbers) not in {2, 4}:
        raise ValueError(f"{text[:20]!r} names neither one unit (row,column) nor two")
    first, last = (numbers[0], numbers[1]), (numbers[-2], numbers[-1])
    for low, high, count in zip(first, last, grid.shape, strict=True):
        if not 0 <= low <= high < count:
            raise ValueError(f"The layer has {grid.shape[0]} x {grid.shape[1]} units, counted from 0")
    return first, last


def _text(units: Units) -> str:
    first, last = units
    return ",".join(map(str, first if first == last else (*first, *last)))
