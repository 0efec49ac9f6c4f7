"""BlurPool surgery on the Aliasing page: the control of the blurs, what was changed, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

import models
from analysis import low_pass_filters
from charts import format as fmt
from models import ModelCard
from ui import cache, export, selection
from ui.headlines import Headline

if TYPE_CHECKING:
    from analysis.records import Report
    from models.blur_pooling import BlurPoolResult

PAGE = "aliasing"
_TAPS = {"3": "3 x 3", "4": "4 x 4", "5": "5 x 5"}
COLUMNS: dict[str, Any] = {
    "layer": st.column_config.TextColumn("Layer", pinned=True),
    "kind": "Kind",
    "stride": "S",
    "blur": st.column_config.TextColumn("Blur", help="The module that blurs, in the changed network"),
    "limit_response": st.column_config.NumberColumn(
        "|H(f*)|",
        format="%.3f",
        help="What the blur leaves of a wave at the limit f* = 1 / (2 S): cos(π f*)^(n - 1)",
    ),
    "macs_before": st.column_config.NumberColumn("MACs before", format="localized"),
    "macs_after": st.column_config.NumberColumn(
        "MACs after", format="localized", help="Of the layer and its blur"
    ),
    "reason": st.column_config.TextColumn("Left as before, because it", width="medium"),
}


@dataclass(frozen=True, slots=True)
class Blurs:
    """How a network is changed: values a side of each blur, and whether a strided first layer stays."""

    taps: int
    keep_first: bool


def choose_blurs() -> Blurs:
    """The controls; ?blur=3&first=off."""
    taps = selection.choice(PAGE, "blur", "Blur before each subsampling", _TAPS, "3")
    keep_first = selection.switch(
        PAGE,
        "keep_first",
        "Leave a strided first layer",
        help="As Zhang (2019) does in ResNet: at stride 1 it costs S² times as much, on the largest map.",
    )
    return Blurs(int(taps), keep_first)


@st.cache_resource(max_entries=32, show_spinner="Putting blurs in ...")
def surgery(name: str, size: int, blurs: Blurs) -> BlurPoolResult:
    """A zoo model without weights after BlurPool surgery: see models.blur_pooling."""
    from models.blur_pooling import blur_pooling

    return blur_pooling(models.build(name, size), blurs.taps, _shape(name, size), keep_first=blurs.keep_first)


@st.cache_resource(max_entries=32, show_spinner=False)
def report_after(name: str, size: int, blurs: Blurs) -> Report:
    """The report of ``surgery(name, size, blurs).model``."""
    from analysis import analyze

    return analyze(surgery(name, size, blurs).model, _shape(name, size), name=name)


def headlines(card: ModelCard, size: int, blurs: Blurs) -> tuple[Headline, ...]:
    """What the surgery costs; parameters are those of before."""
    before, after = cache.report(card.name, size).totals, report_after(card.name, size, blurs).totals
    result = surgery(card.name, size, blurs)
    return (
        Headline(
            "Behind a blur",
            f"{len(result.blurred)} of {len(result.blurred) + len(result.left_alone)}",
            f"subsamplings; {fmt.exact(after.params)} parameters, as before",
        ),
        Headline(
            "MACs with blurs",
            fmt.short(after.macs),
            f"{fmt.exact(after.macs)} instead of {fmt.exact(before.macs)}: {after.macs / before.macs - 1:+.1%}",
        ),
        Headline(
            "Activations with blurs",
            fmt.bytes_text(after.activation_bytes),
            f"instead of {fmt.bytes_text(before.activation_bytes)}",
        ),
    )


def show_changes(card: ModelCard, size: int, blurs: Blurs) -> pd.DataFrame:
    """Draw the table of what was changed, with its cost, and of what was not."""
    table = _changes(card.name, size, blurs)
    export.table(
        table,
        key="aliasing_blurs",
        file_name=f"convscope_{card.name}_{size}_blurpool.csv",
        column_config=COLUMNS,
        column_order=[name for name in map(str, table) if name != "reason" or table["reason"].any()],
    )
    return table


@st.cache_resource(max_entries=32, show_spinner=False)
def _changes(name: str, size: int, blurs: Blurs) -> pd.DataFrame:
    result = surgery(name, size, blurs)
    before = {module.name: module.macs for module in cache.report(name, size).modules}
    after = {module.name: module.macs for module in report_after(name, size, blurs).modules}
    changed = [
        {
            "layer": line.path,
            "kind": str(line.kind),
            "stride": fmt.pair_text(line.stride),
            "blur": ", ".join(line.blurs),
            "limit_response": _limit_response(blurs.taps, max(line.stride)),
            "macs_before": before.get(line.path),
            "macs_after": sum(after[path] for path in _outermost((line.path, *line.blurs))),
            "reason": "",
        }
        for line in result.blurred
    ]
    alone = [
        {
            "layer": line.path or "the network's own forward pass",
            "kind": "left as before",
            "stride": "",
            "blur": "",
            "limit_response": None,
            "macs_before": None,
            "macs_after": None,
            "reason": line.reason,
        }
        for line in result.left_alone
    ]
    return pd.DataFrame([*changed, *alone], columns=list(COLUMNS))


def _outermost(paths: tuple[str, ...]) -> list[str]:
    """Paths that lie in none of the others: their costs may be added up."""
    return [path for path in dict.fromkeys(paths) if not any(path.startswith(f"{other}.") for other in paths)]


def _limit_response(taps: int, stride: int) -> float:
    """How much of a wave at the limit of a stride the blur leaves along one axis: 0.5 for 3 taps and a stride of 2."""
    return float(low_pass_filters.binomial_response(taps, np.array([0.5 / stride]))[0])


def _shape(name: str, size: int) -> tuple[int, int, int]:
    return models.card(name).input_shape[0], size, size
