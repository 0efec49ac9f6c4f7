"""The section about the effective field: how strongly each pixel moves a unit, and how that grows with depth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import streamlit as st

from charts.receptive_field_effective import effective_chart
from charts.receptive_field_effective_growth import Measured, effective_growth_chart
from models import ModelCard
from ui import cache, effective_field_work, export, selection
from ui.effective_field_work import NOISE, PICTURE, Setting
from ui.export import view_url
from ui.figures import show_chart
from ui.headlines import show_headlines
from ui.messages import attempt
from ui.picture_file import Picture
from ui.receptive_field_effective_numbers import COLUMNS, headlines, sentences, title
from ui.receptive_field_effective_run import FRAGMENT, asked_for, measured
from ui.receptive_field_pick import chosen_units
from ui.receptive_field_scene import scene
from ui.weights_choice import weights

if TYPE_CHECKING:
    from analysis.effective_field import EffectiveField
    from analysis.effective_growth import StagePoint
    from analysis.records import Row

PAGE = "field"
_KEY = f"{PAGE}_effective"
_SOURCES = {NOISE: "Noise", PICTURE: "The picture and noise"}
_EXPLAINED = (
    "The box says which pixels *can* move a unit; how strongly they do is its gradient (Luo et al. 2016). The unit's "
    "channels y are added with random signs s, so that none hides another, and the absolute value is added over the "
    "colours c and averaged over N inputs."
)
_FORMULA = r"""
g_p = \frac{1}{N} \sum_{n=1}^{N} \sum_{c}
\left| \frac{\partial \, s_n \cdot y(x_n)}{\partial x_{n,c,p}} \right|
"""
CAPTIONS = (
    "The strength of each pixel, from transparent (nothing) to yellow (the most). A grid in it comes from strides, "
    "after which some pixels are read more often than others.",
    "The middle unit of the last layer of each stage, the theoretical field along the local path. The dotted line "
    "grows with the root of the theoretical field, as the effective one does in a stack of equal layers (Luo et al. "
    "2016, section 2); strides stretch both fields alike and lift it above that.",
)


@st.fragment(key=FRAGMENT)
def show_effective(card: ModelCard, size: int, row: Row, picture: Picture, report: dict[str, Any]) -> None:
    """Measure the chosen unit's effective field on a button, and that of one unit a stage on another.

    Results are kept, and shown whenever their setting is chosen again. What is drawn is left in ``report`` as
    "effective", the page's link as "url".
    """
    from analysis.effective_field import known_grid

    st.markdown("#### What moves the chosen unit, and how strongly?")
    st.caption(_EXPLAINED)
    st.latex(_FORMULA)
    unit, _ = chosen_units(PAGE, f"{card.name} {size} {row.name}", known_grid(row))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = selection.choice(PAGE, "source", "Inputs", _SOURCES, NOISE)
        inputs = selection.whole(PAGE, "inputs", "How many", 1, 32, 8)
    chosen = weights(PAGE, card)
    digest = picture.digest if source == PICTURE else ""
    setting = Setting(card.name, size, chosen, source, digest, inputs, ((row.index, unit),))
    points = _points(card.name, size)
    along = replace(setting, units=tuple((point.row.index, point.unit) for point in points))
    step = asked_for()
    drawn: list[go.Figure | None] = []
    if measured(setting, picture, "unit", "Measure the chosen unit", asked=step != "off"):
        drawn.append(attempt(_show_unit, setting, row, picture))
        if measured(along, picture, "depth", "Measure one unit a stage", asked=step == "depth"):
            drawn.append(attempt(_show_growth, along, points))
    report |= {"effective": tuple(filter(None, drawn)), "url": view_url()}


def _show_unit(setting: Setting, row: Row, picture: Picture) -> go.Figure:
    from analysis.field_measures import field_measures

    ((index, unit),) = setting.units
    field = _fields(setting)[index]
    numbers = field_measures(field, row, unit)
    grey = scene(picture, setting.size, 1)
    chart = effective_chart(
        grey, field.magnitude, numbers.box, numbers.centre, numbers.side, title(row, unit, numbers)
    )
    what = _SOURCES[setting.source].lower()
    with st.grid(2, min_column_width=340, gap="medium"):
        with st.container():
            show_chart(chart, key=f"{_KEY}_chart", caption=CAPTIONS[0])
        with st.container():
            sizes_and_shares = headlines(numbers)
            show_headlines(sizes_and_shares[:2])
            show_headlines(sizes_and_shares[2:])
            st.markdown("  \n".join(sentences(numbers, grey.size, field.inputs, what)))
    return chart


def _show_growth(setting: Setting, points: tuple[StagePoint, ...]) -> go.Figure:
    from analysis.effective_growth import effective_growth_table, growth_measures

    measures = growth_measures(points, _fields(setting))
    chart = effective_growth_chart(
        [
            Measured(point.row.name, point.depth, numbers.theoretical_side, numbers.side)
            for point, numbers in zip(points, measures, strict=True)
        ],
        setting.size,
    )
    with st.grid(2, min_column_width=340, gap="medium"):
        with st.container():
            show_chart(chart, key=f"{_KEY}_growth_chart", caption=CAPTIONS[1])
        with st.container():
            export.table(
                effective_growth_table(points, measures),
                key=f"{_KEY}_growth",
                file_name=f"convscope_{setting.name}_{setting.size}_effective.csv",
                column_config=COLUMNS,
                column_order=COLUMNS,
            )
    return chart


def _fields(setting: Setting) -> Mapping[int, EffectiveField]:
    fields = effective_field_work.kept(setting).fields
    assert fields is not None
    return fields


@st.cache_resource(max_entries=96, show_spinner=False)
def _points(name: str, size: int) -> tuple[StagePoint, ...]:
    from analysis.effective_growth import stage_points

    return stage_points(cache.report(name, size))
