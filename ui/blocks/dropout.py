"""Dropout: what a mask does to a layer, and why somebody has to scale."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.experiments.dropout import (
    Convention,
    Outcome,
    drawn_layer,
    kept,
    outcome,
    received,
    seen,
)
from charts.blocks.dropout import mask_chart, received_chart
from charts.format import exact
from ui import export, selection
from ui.blocks.dropout_places import CAPTION as PLACES_CAPTION
from ui.blocks.dropout_places import places
from ui.blocks.shown import Shown
from ui.figures import show_chart
from ui.headlines import Headline, show_headlines

PAGE = "blocks"
MASKS = 2000
CONVENTIONS = {
    Convention.CLASSIC.value: "AlexNet: evaluation scales",
    Convention.INVERTED.value: "PyTorch: training scales",
    Convention.UNSCALED.value: "Nobody scales",
}
_FORMULA = r"\mathrm{E} = q \sum_i w_i a_i \qquad \mathrm{Var} = p\,q \sum_i (w_i a_i)^2 \qquad q = 1 - p"
_MASK_CAPTION = (
    "The activations are drawn, not a trained network's: ReLU of normal numbers, so about half are 0. In training a "
    "network gets a new mask with every picture."
)
_SUM_CAPTION = (
    f"One unit of the next layer, which reads the layer by normal weights, over {exact(MASKS)} masks. What training "
    "lets it expect is the mean; evaluation drops nothing and must give it the same."
)


def show() -> Shown:
    """Draw the block: one mask, the sums over many masks, the three conventions, where AlexNet has its dropout."""
    convention = Convention(
        selection.choice(PAGE, "dropout_rule", "Who scales?", CONVENTIONS, Convention.CLASSIC.value)
    )
    with st.grid(3, min_column_width=200):
        percent = selection.whole(PAGE, "dropout_rate", "Rate p (%)", 0, 90, 50, step=5)
        units = selection.whole(PAGE, "dropout_units", "Units of the layer", 8, 128, 48, step=8)
        seed = selection.whole(
            PAGE, "dropout_mask", "Mask", 1, 100, 1, help="Another number draws another mask."
        )
    rate = percent / 100
    layer = drawn_layer(units, 0)
    mask, masks = kept(units, rate, 1, seed)[0], kept(units, rate, MASKS, 0)
    found = {rule: outcome(layer, masks, rate, rule) for rule in Convention}
    headlines = _headlines(found[convention])
    show_headlines(headlines)
    st.latex(_FORMULA)
    charts = (
        mask_chart(layer.activations, mask, seen(layer, mask, rate, convention)),
        received_chart(
            received(layer, masks, rate, convention),
            found[convention].mean,
            found[convention].evaluation,
            _title(found[convention], rate),
        ),
    )
    captions = (_MASK_CAPTION, _SUM_CAPTION)
    with st.grid(2, min_column_width=360, gap="medium"):
        for number, (chart, caption) in enumerate(zip(charts, captions, strict=True)):
            with st.container():
                show_chart(chart, key=f"blocks_dropout_chart_{number}", caption=caption)
    table = _table(found)
    st.markdown("#### Three conventions, the same masks")
    export.table(table, key="blocks_dropout_table", file_name="convscope_dropout.csv")
    where = places()
    st.markdown("#### Where does it stand in AlexNet?")
    st.caption(PLACES_CAPTION)
    export.table(where, key="blocks_dropout_places", file_name="convscope_dropout_places.csv")
    return Shown(
        headlines,
        charts,
        captions,
        {"Three conventions, the same masks": table, "Where it stands in AlexNet": where},
    )


def _headlines(found: Outcome) -> tuple[Headline, ...]:
    return (
        Headline("Training, mean", f"{found.mean:.4f}", f"measured {found.measured_mean:.4f}"),
        Headline(
            "Training, standard deviation",
            f"{found.deviation:.4f}",
            f"measured {found.measured_deviation:.4f}",
        ),
        Headline("Evaluation", f"{found.evaluation:.4f}", _off(found)),
    )


def _off(found: Outcome) -> str:
    if abs(found.evaluation - found.mean) <= 1e-12 * abs(found.mean):
        return "what training led it to expect"
    return f"{found.evaluation / found.mean:.3g} times what training led it to expect"


def _title(found: Outcome, rate: float) -> str:
    if rate and found.convention is Convention.UNSCALED:
        return f"Unscaled, evaluation is off by the factor 1 / {1 - rate:.3g}"
    return "Evaluation gives the mean of training"


def _table(found: dict[Convention, Outcome]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Convention": [CONVENTIONS[rule.value] for rule in found],
            "Mean in training": [line.mean for line in found.values()],
            "Measured mean": [line.measured_mean for line in found.values()],
            "Standard deviation": [line.deviation for line in found.values()],
            "Measured deviation": [line.measured_deviation for line in found.values()],
            "Evaluation": [line.evaluation for line in found.values()],
            "Evaluation is": [_off(line) for line in found.values()],
        }
    )
