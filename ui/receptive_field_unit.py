"""The section about a unit: it is chosen on the picture, which then shows what it sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import streamlit as st

from charts.receptive_field_units import Sight, UnitPlaces, unit_chart, unit_legend
from ui import receptive_field_numbers as numbers
from ui import selection
from ui.export import view_url
from ui.figures import show_untitled
from ui.receptive_field_effective_run import follow
from ui.receptive_field_pick import Units, chosen_units, set_units

if TYPE_CHECKING:
    from analysis.receptive_field.units import Seen, UnitGrid
    from analysis.records import Row
    from charts.receptive_field_picture import Scene

PAGE = "field"
_FRAGMENT = "field_unit_section"
_MODES = {"one": "One unit", "several": "Several units"}
_CLICK = "Click the picture, or tap it twice: the nearest unit is chosen. Dots are units, where they look."
_DRAG = (
    "Drag a rectangle over the picture: the units that look into it are chosen, and what they see together."
)


@st.fragment(key=_FRAGMENT)
def show_unit(of: str, row: Row, scene: Scene, report: dict[str, Any]) -> None:
    """Draw the picture with the chosen units of a row; a click runs this function alone.

    ``of`` names network and layer; what is drawn is left in ``report`` as "unit", the page's link as "url".
    """
    from analysis.receptive_field.units import unit_grid

    grid = unit_grid(row)
    assert grid is not None and row.local_field is not None and row.field is not None
    units = chosen_units(PAGE, of, grid)
    several = _mode(units, grid)
    if not several and units[0] != units[1]:
        units = (units[0], units[0])
    seen, strict = _seen(row, grid, units)
    sight = Sight(*units, seen.box, seen.unbounded, None if strict is None else strict.box)
    chart = unit_chart(scene, _places(row, grid, scene.size), sight, drags=several)
    title, legend = numbers.title(row, units, seen), go.Figure(unit_legend(sight))
    table = numbers.box_table(seen, strict, scene.size)
    lines = numbers.sentences(row, units, seen, strict, scene.size)
    with st.grid(2, min_column_width=340, gap="medium"):
        with st.container():
            show_untitled(
                chart,
                title,
                legend=legend,
                key="field_unit_chart",
                caption=_DRAG if several else _CLICK,
                on_select=lambda: _selected(grid, row),
                selection_mode="box" if several else "points",
            )
        with st.container():
            _sliders(grid, units, several=several)
            st.markdown(table)
            st.markdown("  \n".join(lines))
    report |= {"unit": (chart, title, legend, " ".join(lines)), "url": view_url()}


def _mode(units: Units, grid: UnitGrid) -> bool:
    """Whether several units are chosen at once, which takes a map of more than one."""
    if grid.dims is None or grid.shape == (1, 1):
        return False
    default = "one" if units[0] == units[1] else "several"
    return selection.choice(PAGE, "pick", "Look through", _MODES, default) == "several"


def _seen(row: Row, grid: UnitGrid, units: Units) -> tuple[Seen, Seen | None]:
    """What the units see along the local path and, where that is another box, strictly."""
    from analysis.receptive_field.units import seen_by

    assert row.local_field is not None and row.field is not None
    seen = seen_by(row.local_field, grid, *units)
    strict = seen_by(row.field, grid, *units)
    return seen, None if strict.box == seen.box else strict


def _places(row: Row, grid: UnitGrid, size: tuple[int, int]) -> UnitPlaces:
    from analysis.receptive_field.units import centres, reach_padding

    assert row.local_field is not None
    return UnitPlaces(
        *centres(row.local_field, grid),
        *reach_padding(row.local_field, grid, size),
        grid.dims is not None or grid.shape == (1, 1),
    )


def _selected(grid: UnitGrid, row: Row) -> None:
    """Take over what was clicked or dragged over in the chart."""
    from analysis.receptive_field.questions import units_within

    chosen = st.session_state["field_unit_chart"].selection
    if chosen.points:
        unit = chosen.points[0]["customdata"]
        at = (int(unit["0"]), int(unit["1"])) if isinstance(unit, dict) else (int(unit[0]), int(unit[1]))
        set_units(PAGE, at, at)
    if chosen.box and row.local_field is not None:
        rows, columns = sorted(chosen.box[0]["y"]), sorted(chosen.box[0]["x"])
        set_units(PAGE, *units_within(row.local_field, grid, (rows[0], columns[0], rows[1], columns[1])))
    follow(_FRAGMENT)


def _sliders(grid: UnitGrid, units: Units, *, several: bool) -> None:
    """Row and column of the chosen units, exactly."""
    for axis, name in enumerate(("Row of units", "Column of units" if grid.dims else "Unit")):
        count = grid.shape[axis]
        if count == 1:
            continue
        key = f"{PAGE}_unit_{axis}_{'several' if several else 'one'}_{count}"
        low, high = units[0][axis], units[1][axis]
        st.session_state[key] = (low, high) if several else low
        st.slider(name, 0, count - 1, key=key, on_change=_moved, args=(key, axis, units))


def _moved(key: str, axis: int, units: Units) -> None:
    """Take over a slider."""
    value = st.session_state[key]
    low, high = value if isinstance(value, tuple) else (value, value)
    first, last = list(units[0]), list(units[1])
    first[axis], last[axis] = low, high
    set_units(PAGE, (first[0], first[1]), (last[0], last[1]))
    follow(_FRAGMENT)
