"""The shift test of the Aliasing page: the picture moves pixel by pixel; with and without BlurPool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from charts.aliasing_shift import MEASURES, distances, shift_curve_chart, shift_map_charts
from charts.format import share_text
from models import ModelCard
from ui import aliasing_blur, cache, layer_choice, selection
from ui.aliasing_shift_run import AS_IT_IS, BLURRED, MAP, SCORES, Settings, kept, layers, run_button
from ui.blocks.shown import Shown
from ui.figures import show_chart
from ui.headlines import Headline, show_headlines
from ui.messages import attempt
from ui.real_models import RANDOM

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from analysis.clean_units import Units
    from analysis.shift_test import ShiftTest
    from ui.picture_file import Picture

PAGE = "aliasing"
PATHS = {"diagonal": "Diagonal", "right": "Right", "down": "Down"}
EDGES = {"cropped": "Cropped", "wrapped": "Wrapped around"}
_INTRODUCTION = (
    "If nothing were aliased, a picture moved by d pixels would give maps moved by d / J, J the effective stride. "
    "Here the window over the picture moves by 0, 1, ... 32 pixels, and each output is compared with the first one "
    "moved along. Beside it runs the same network with a binomial blur before each subsampling, BlurPool (Zhang 2019): "
    "max pooling becomes a dense maximum and a blur, a strided convolution a dense one with a blur behind its "
    "activation, an average pooling a blur. All weights stay as they are."
)
_EDGES = {
    "cropped": "Cropped: a window is cut out of a picture larger by 32 pixels, so no border enters it. {units}",
    "wrapped": "Wrapped around: the picture has no border, and neither has any layer, so at multiples of J the maps "
    "are the same to the last bits and all that remains in between is what the strides do. A network that is trained "
    "with zeros around its maps is another one, though a close one.",
}
_CLEAN = (
    "Compared are the units that see no padding, {rows} x {columns} of {of_rows} x {of_columns}, as far as both maps "
    "show them: so at multiples of J, where the strides pick the same places of the picture again, the distance is 0."
)
_NOT_CLEAN = (
    "Nearly all units of this layer see padding, which moves along with the window, so all units that both maps show "
    "are compared, and even at multiples of J the distance is not 0: choose an earlier layer, or wrap around."
)
_CURVE_CAPTION = (
    "0 is an output that has moved along exactly, {unrelated} one that has nothing to do with the first. {period} "
    "Between multiples of J the first map is moved as if each value were J pixels wide."
)
_MAP_CAPTION = (
    "Every fourth pixel right and down, on one scale. Places where the maps agree lie J pixels apart."
)


def show_shift_test(card: ModelCard, size: int, picture: Picture, weights: str = RANDOM) -> Shown:
    """Draw the controls, the cost of the blurs, and what a run on the button has found."""
    st.subheader("What does a shift of one pixel do?")
    st.markdown(_INTRODUCTION)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        blurs = aliasing_blur.choose_blurs()
    costs = attempt(aliasing_blur.headlines, card, size, blurs)
    if costs is None:
        return Shown()
    show_headlines(costs)
    st.text(aliasing_blur.surgery(card.name, size, blurs).explanation)
    changes = aliasing_blur.show_changes(card, size, blurs)
    clean = layers(card.name, size, blurs)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = layer_choice.layer(PAGE, "shift_layer", "Compared output", [*clean, SCORES])
        edges = selection.choice(PAGE, "edges", "Borders", EDGES, "cropped")
        path = selection.choice(PAGE, "path", "Direction", PATHS, "diagonal")
        measure = selection.choice(PAGE, "measure", "Distance", MEASURES, "cosine")
    st.caption(_EDGES[edges].format(units=_compared(card, size, layer, clean.get(layer))))

    def settings(moves: str) -> Settings:
        return Settings(card.name, size, weights, picture.digest, layer, edges == "wrapped", blurs, moves)

    tests = run_button(settings(path), picture, "Move the picture: 33 windows, 2 networks")
    if tests is None:
        return Shown(costs, tables={"BlurPool": changes})
    numbers = _headlines(tests, kept(settings(MAP)) or tests, measure)
    show_headlines(numbers)
    caption = _curve_caption(tests[AS_IT_IS], measure)
    curve = shift_curve_chart(tests, path, measure)
    show_chart(curve, key="aliasing_shift_curve", caption=caption)
    over_map = run_button(settings(MAP), picture, "Both directions: 81 windows, 2 networks")
    maps = () if over_map is None else _show_maps(over_map, measure)
    note = _consistency_note(weights)
    st.caption(note)
    return Shown(
        (*costs, *numbers),
        (curve, *maps),
        (caption, _MAP_CAPTION if maps else ""),
        {"BlurPool": changes},
        (note,),
    )


def _show_maps(tests: Mapping[str, ShiftTest], measure: str) -> tuple[go.Figure, ...]:
    charts = shift_map_charts(tests, measure)
    st.caption(_MAP_CAPTION)
    with st.grid(2, min_column_width=320, gap="medium"):
        for number, chart in enumerate(charts):
            with st.container():
                show_chart(chart, key=f"aliasing_shift_map_{number}", legend=False)
    return charts


def _headlines(
    tests: Mapping[str, ShiftTest], widest: Mapping[str, ShiftTest], measure: str
) -> tuple[Headline, ...]:
    """One pixel, the mean of the path, and the consistency of the test with the most shifts."""
    lines = []
    for name, test in tests.items():
        known = [value for value in distances(test, measure)[1:] if value is not None]
        one = distances(test, measure)[1]
        lines.append(
            Headline(
                f"One pixel, {name}",
                "-" if one is None else f"{one:.3g}",
                f"{sum(known) / len(known):.3g} on the mean of the path" if known else "nothing to compare",
            )
        )
    pairs = len(widest[AS_IT_IS].shifts) * (len(widest[AS_IT_IS].shifts) - 1) // 2
    lines += [
        Headline(
            f"Consistency, {name}",
            share_text(widest[name].consistency),
            f"of {pairs:,} pairs of shifts agree",
        )
        for name in (AS_IT_IS, BLURRED)
    ]
    return tuple(lines)


def _compared(card: ModelCard, size: int, layer: str, units: Units | None) -> str:
    """Which units of a layer are compared in cropped pictures."""
    if layer == SCORES:
        return "Scores have no positions."
    row = next(row for row in cache.report(card.name, size).rows if row.name == layer)
    if units is None or row.map_size is None:
        return _NOT_CLEAN
    rows, columns = (stop - first for first, stop in units)
    return _CLEAN.format(rows=rows, columns=columns, of_rows=row.map_size[0], of_columns=row.map_size[1])


def _curve_caption(test: ShiftTest, measure: str) -> str:
    unrelated = {"cosine": "1", "relative": "1.41"}[measure]
    if test.stride is None:
        period = "Scores have no positions, so they are compared as they are."
    else:
        period = (
            f"The dotted lines are multiples of J = {float(max(test.stride)):g} pixels, the effective stride."
        )
    return _CURVE_CAPTION.format(unrelated=unrelated, period=period)


def _consistency_note(weights: str) -> str:
    what = "Consistency (Zhang 2019): the share of pairs of shifts at which the same score is the highest."
    if weights == RANDOM:
        return (
            f"{what} With random weights a score names no class: it is one random sum over features, and this says how "
            "steady the features are. Such scores depend little on the picture, so 100 % is common."
        )
    return (
        f"{what} Trained weights were trained without blurs: they lose accuracy with them until they are trained on, "
        "which the paper does; the features' distances hold as they are."
    )
