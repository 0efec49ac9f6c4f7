"""The Aliasing page's table of subsamplings and the numbers at its head."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from models import ModelCard
from ui import aliasing_cache, export
from ui.blocks.shown import Shown
from ui.headlines import Headline

if TYPE_CHECKING:
    from analysis.subsampling import Subsampling

COLUMNS: dict[str, Any] = {
    "name": st.column_config.TextColumn("Layer", pinned=True),
    "operator": "Operation",
    "kernel": "Kernel",
    "factor": st.column_config.TextColumn("S", help="Every S-th value is kept"),
    "overlap": st.column_config.NumberColumn(
        "Kernel / S", format="%.3g", help="Above 1 windows overlap; below 1 values are never read"
    ),
    "limit": st.column_config.NumberColumn(
        "f*, own grid", format="%.6g", help="1 / (2 S), in cycles per sample of the map that the layer reads"
    ),
    "limit_image": st.column_config.NumberColumn(
        "f*, image",
        format="%.4g",
        help="1 / (2 J), in cycles per pixel; J is the stride of all layers so far",
    ),
    "period_px": st.column_config.NumberColumn(
        "Period (px)", format="%.4g", help="The finest pattern of the image that is kept: 2 J pixels a period"
    ),
    "low_pass": "Low-pass",
    "reason": "Remark",
}
_CAPTION = (
    "Every S-th value of a map can carry patterns of up to f* = 1 / (2 S) cycles per sample of that map. Referred to "
    "the image that is 1 / (2 J) cycles per pixel, J the product of all strides so far. Finer patterns come back as "
    "false, coarser ones if nothing has damped them before. This is a limit, not a verdict: what is lost depends on "
    "what lies above it when values are dropped, which is measured below."
)
_OPERATIONS = {
    "conv2d": "convolution", "max_pool2d": "max pooling", "max_pool2d_with_indices": "max pooling",
    "avg_pool2d": "average pooling", "adaptive_avg_pool2d": "average pooling", "slice": "slice",
}  # fmt: skip


def headlines(found: tuple[Subsampling, ...]) -> tuple[Headline, ...]:
    """How many subsamplings there are, the first and the last limit, and how many have no low-pass."""
    from analysis.subsampling_low_pass import Verdict

    kinds = Counter(operation(entry) for entry in found)
    known = [entry for entry in found if entry.pixels_per_sample]
    shown = [
        Headline(
            "Subsamplings",
            str(len(found)),
            ", ".join(f"{n} {kind}{'' if n == 1 else 's'}" for kind, n in kinds.items()),
        )
    ]
    if known:
        first, last = _limit(known[0]), min(map(_limit, known))
        shown += [
            Headline(
                "First limit f*",
                f"{first:g}",
                f"cycles per pixel, {known[0].name}, S = {_pair(known[0].factor)}",
                "1 / (2 J), J the effective stride after the layer",
            ),
            Headline("Last limit f*", f"{last:g}", f"cycles per pixel: one period in {1 / last:g} px"),
        ]
    verdicts = Counter(entry.low_pass.verdict for entry in found)
    if found:
        shown.append(
            Headline(
                "No low-pass",
                f"{verdicts[Verdict.ABSENT] + verdicts[Verdict.NONLINEAR]} of {len(found)}",
                f"{verdicts[Verdict.NONLINEAR]} of them maxima; {verdicts[Verdict.LEARNABLE]} more could learn one",
                "Neither a mean nor a fixed filter, nor a kernel as wide as its stride.",
            )
        )
    return tuple(shown)


def show_table(card: ModelCard, size: int) -> Shown:
    """Draw the table of subsamplings; its CSV has numbers for both axes."""
    st.markdown("#### Where are values dropped, and what stands before?")
    st.caption(_CAPTION)
    found = aliasing_cache.subsamplings(card.name, size)
    if not found:
        st.text("Nothing in this network subsamples: every map is as fine as the image.")
        return Shown()
    table = pd.DataFrame(list(map(_line, found)))
    export.table(
        table,
        key="aliasing_table",
        file_name=f"convscope_{card.name}_{size}_aliasing.csv",
        csv=aliasing_cache.subsampling_table(card.name, size),
        column_config=COLUMNS,
        column_order=[name for name in map(str, table) if name != "reason" or table[name].any()],
    )
    notes = [
        f"{kind.value[0].upper()}{kind.value[1:]}: {kind.sentence}"
        for kind in dict.fromkeys(e.low_pass for e in found)
    ]
    st.caption("  \n".join(notes))
    return Shown(tables={"Where values are dropped": table}, notes=tuple(notes))


def operation(entry: Subsampling) -> str:
    """What a subsampling is called: "max pooling"."""
    return _OPERATIONS.get(entry.operator, entry.operator)


def _line(entry: Subsampling) -> dict[str, object]:
    from analysis.subsampling import finest

    coarsest = finest(entry.aliasing_frequency_image)
    return {
        "name": entry.name,
        "operator": operation(entry),
        "kernel": "" if entry.kernel is None else f"{entry.kernel[0]} x {entry.kernel[1]}",
        "factor": _pair(entry.factor),
        "overlap": None if entry.overlap is None else min(entry.overlap),
        "limit": finest(entry.aliasing_frequency),
        "limit_image": coarsest,
        "period_px": None if coarsest is None else 1 / coarsest,
        "low_pass": entry.low_pass.value,
        "reason": entry.reason,
    }


def _limit(entry: Subsampling) -> float:
    from analysis.subsampling import finest

    return finest(entry.aliasing_frequency_image) or 0.0


def _pair(pair: tuple[object, object]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]} x {pair[1]}"
