"""The reconciliation panel: ConvScope's counts beside everyone else's, and what a difference consists of."""

from __future__ import annotations

import streamlit as st

from ui import cache, export, messages

_COLUMNS = {
    "witness": st.column_config.TextColumn("Who counts", pinned=True),
    "quantity": "Quantity",
    "count": st.column_config.NumberColumn("Count", format="localized"),
    "difference": st.column_config.NumberColumn("Difference to ConvScope", format="localized"),
    "explanation": st.column_config.TextColumn("Explanation", width="large"),
}


@st.fragment
def show_witnesses(name: str, size: int) -> None:
    """An expander; the other counters run when it is opened."""
    panel = st.expander(
        "Do other counters agree? fvcore, PyTorch's FLOP counter and the published figures",
        key="inspect_witnesses",
        on_change="rerun",
        icon=":material/balance:",
    )
    if not panel.open:
        return
    with panel:
        table = messages.attempt(cache.reconciliation_table, name, size)
        if table is None:
            return
        st.caption(
            "Each witness with its own total, then the parts in which it differs from ConvScope. "
            "Published figures hold at the size at which the weights were evaluated and are shown there only."
        )
        export.table(
            table,
            key="inspect_reconciliation",
            file_name=f"convscope_{name}_{size}_witnesses.csv",
            column_config=_COLUMNS,
        )
