"""The operation on the Parameters page: a fully connected head replaced by global average pooling."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from charts import format as fmt
from charts.parameters_heads import heads_chart
from models import ModelCard
from ui import cache, export, selection
from ui.figures import show_chart
from ui.headlines import Headline, show_headlines
from ui.messages import plain

if TYPE_CHECKING:
    from analysis.records import Report, Totals
    from models.head_surgery import HeadChoice, SurgeryResult

PAGE = "parameters"
HEADS = {
    "gap_linear": "Pool, then one linear layer",
    "conv_gap": "1 x 1 convolution, then pool",
}
_EXPLAINED = (
    "A head that flattens a map of C x h x w has weights for every position, C h w for each unit of its first layer. "
    "Global average pooling takes the mean over the positions first: C weights a class are left, whatever the size. "
    "Lin, Chen and Yan (Network In Network, 2013, section 3.2) take one map a class and pool it; GoogLeNet and ResNet "
    "pool first. The trunk keeps its tensors. The new head is untrained: this says what it costs, not how well it "
    "classifies."
)


def show_surgery(card: ModelCard, size: int) -> list[go.Figure]:
    """Operate on the network and show both versions; a network without such a head says so. Gives the charts."""
    st.markdown("#### What if the head pooled instead of flattening?")
    st.caption(_EXPLAINED)
    head = _head()
    result = cache.surgery(card.name, size, head)
    if not result.changed:
        st.markdown(f"**Nothing to replace:** {plain(result.explanation)}")
        return []
    before, after = cache.report(card.name, size), cache.report_after_surgery(card.name, size, head, size)
    st.markdown(plain(result.explanation))
    show_headlines(_changes(before.totals, after.totals))
    from analysis.parameter_census import parameter_census

    chart = heads_chart(cache.census(card.name, size), parameter_census(after))
    show_chart(chart, key="parameters_heads_chart")
    _show_other_sizes(card, size, head)
    with st.expander("Which modules were taken out and put in", icon=":material/swap_horiz:"):
        export.table(
            _modules(result), key="parameters_modules", file_name=f"convscope_{card.name}_{head}_modules.csv"
        )
    return [chart]


def _head() -> HeadChoice:
    chosen = selection.choice(PAGE, "head", "New head", HEADS, "gap_linear")
    return "conv_gap" if chosen == "conv_gap" else "gap_linear"


def _changes(before: Totals, after: Totals) -> tuple[Headline, ...]:
    return (
        Headline(
            "Parameters",
            fmt.short(after.params),
            f"{fmt.exact(after.params)} instead of {fmt.exact(before.params)}",
        ),
        Headline(
            "MACs",
            fmt.short(after.macs),
            f"{fmt.exact(after.macs)} instead of {fmt.exact(before.macs)}: {after.macs / before.macs - 1:+.1%}",
        ),
        Headline(
            "Weights",
            fmt.bytes_text(after.param_bytes),
            f"instead of {fmt.bytes_text(before.param_bytes)}",
        ),
        Headline(
            "Peak of activations",
            fmt.bytes_text(after.peak_live_bytes),
            "as before"
            if after.peak_live_bytes == before.peak_live_bytes
            else f"instead of {fmt.bytes_text(before.peak_live_bytes)}",
        ),
    )


def _show_other_sizes(card: ModelCard, size: int, head: HeadChoice) -> None:
    other = selection.whole(
        PAGE, "other", "Run both at another size (pixels)", selection.SMALLEST_SIZE, 512, 288,
        help="A flattened map fits the first linear layer at one size alone.",
    )  # fmt: skip
    lines = {
        "As it is": _outcome(lambda: cache.report(card.name, other)),
        "Pooled": _outcome(lambda: cache.report_after_surgery(card.name, size, head, other)),
    }
    for version, outcome in lines.items():
        st.markdown(f"**{version}** at {other} x {other}: {plain(outcome)}")


def _outcome(run: Callable[[], Report]) -> str:
    try:
        totals = run().totals
    except ValueError as error:
        return str(error)
    return f"{fmt.exact(totals.macs)} MACs, {fmt.exact(totals.params)} parameters"


def _modules(result: SurgeryResult) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (what, module.path, module.description, module.params)
            for what, modules in (("taken out", result.removed), ("put in", result.added))
            for module in modules
        ],
        columns=["change", "path", "module", "parameters"],
    )
