"""The numbers of an effective field in words, and the columns of the table of its growth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from charts.box_shapes import overlap
from charts.format import share_text
from ui.headlines import Headline

if TYPE_CHECKING:
    from analysis.field_measures import FieldMeasures
    from analysis.records import Pair, Row

COLUMNS: dict[str, Any] = {
    "name": st.column_config.TextColumn("Layer", pinned=True),
    "depth": st.column_config.NumberColumn("Depth", help="Layers on the longest way from the image to it"),
    "theoretical_side": st.column_config.NumberColumn("Theoretical (px)", format="%.1f"),
    "effective_side": st.column_config.NumberColumn("Effective (px)", format="%.1f"),
    "ratio": st.column_config.NumberColumn("Ratio", format="percent"),
    "central_half": st.column_config.NumberColumn(
        "Central half", format="percent", help="Share of the energy in half the height and width"
    ),
    "energy_side": st.column_config.NumberColumn(
        "95.45 % (px)", format="%.1f", help="Side of the fewest pixels that hold this share of the energy"
    ),
    "radius": st.column_config.NumberColumn("Radius (px)", format="%.1f"),
    "stage": "Stage",
    "unit_row": st.column_config.NumberColumn("Unit, row"),
    "unit_column": st.column_config.NumberColumn("Unit, column"),
}


def title(row: Row, unit: Pair, numbers: FieldMeasures) -> str:
    """The finding: "Unit (3, 3) of layer4.2.relu:3 uses 204 of 427 pixels a side"."""
    return (
        f"Unit {unit} of {row.name} uses {numbers.side:,.0f} of {numbers.theoretical_side:,.0f} pixels a side"
    )


def headlines(numbers: FieldMeasures) -> tuple[Headline, ...]:
    """Side, radius, and where the energy of the gradient lies."""
    vertical, horizontal = numbers.deviation
    inside = f"{100 * numbers.inside:.10g}\N{NO-BREAK SPACE}%"
    return (
        Headline(
            "Effective side",
            f"{numbers.side:,.1f} px",
            f"{share_text(numbers.ratio)} of the theoretical {numbers.theoretical_side:,.0f} px",
            "The root of the number of pixels whose strength is above 1 - 0.9545 = 4.55 % of the largest: two standard "
            "deviations (Luo et al. 2016, section 3.1). With few inputs the largest is an outlier and the side a few "
            "per cent too small.",
        ),
        Headline(
            "Radius",
            f"{numbers.radius:,.1f} px",
            f"standard deviations {vertical:,.1f} down, {horizontal:,.1f} across",
            "The root of the second moment of the strength, taken as a distribution over the picture.",
        ),
        Headline(
            "Central half",
            share_text(numbers.central_half),
            "of the energy, in half the height and width",
            "Energy is the squared gradient, the half that of the theoretical field. Spread evenly, a quarter of it "
            "would lie there. "
            f"95.45 % of it lie on {numbers.energy_side:,.0f} x {numbers.energy_side:,.0f} pixels.",
        ),
        Headline(
            "Theoretical box",
            inside,
            "of the energy: nothing outside moves it",
            "The box comes from the trace, the energy from a gradient of the real network: two independent ways.",
        ),
    )


def sentences(numbers: FieldMeasures, size: Pair, inputs: int, what: str) -> list[str]:
    """On how many inputs it was measured; what the border cuts; what comes through gates and attention."""
    found = [f"Averaged over {inputs} {'input' if inputs == 1 else 'inputs'} ({what})."]
    if overlap(numbers.box, size) != numbers.box:
        found.append("The theoretical field reaches beyond the picture, where there is nothing to measure.")
    if numbers.local_inside < 1 - 1e-9:
        found.append(
            f"Gates and attention let the unit see everything, but {share_text(numbers.local_inside)} of the energy "
            "lies in the field along the local path, which is the box drawn here."
        )
    return found
