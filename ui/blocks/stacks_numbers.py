"""The numbers of the block "Stacks of 3 x 3": headlines, formulas with the numbers put in, the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from analysis.stack_comparison import StackComparison
from charts.format import exact, ratio_text, short
from ui.blocks.formulas import digits, three_lines
from ui.headlines import Headline


def headlines(compared: StackComparison) -> tuple[Headline, ...]:
    """The stack beside the one kernel: parameters, MACs, non-linearities, and where they break even."""
    one, stack = compared.one, compared.stack
    return (
        Headline(
            "Parameters of the stack",
            ratio_text(compared.params_ratio),
            f"{exact(stack.params)} beside {exact(one.params)}",
        ),
        Headline(
            "MACs of the stack",
            ratio_text(compared.macs_ratio),
            f"{short(stack.macs)} beside {short(one.macs)}",
            f"{exact(stack.macs)} beside {exact(one.macs)}. A stack strides in its last layer, so that the ones "
            "before it work at the full size.",
        ),
        Headline(
            "Non-linearities",
            str(stack.non_linearities),
            f"instead of {one.non_linearities}",
            "One activation after each convolution.",
        ),
        Headline(
            "Break-even",
            f"{float(compared.break_even_channels):,.3g}",
            f"channels in for {compared.out_channels} out",
            "Above it the stack has fewer weights, below it more; biases are left out.",
        ),
    )


def verdict(compared: StackComparison) -> str:
    """What the stack costs here, in a sentence."""
    layers = compared.stack.layers
    return (
        f"{layers} layers of 3 x 3 in place of one {compared.kernel} x {compared.kernel} cost "
        f"{_times(compared.params_ratio)} the parameters and {_times(compared.macs_ratio)} the MACs, "
        f"and bring {layers} non-linearities."
    )


def formulas(compared: StackComparison) -> tuple[str, str, str]:
    """Parameters of the one kernel, those of the stack, and the break-even, in LaTeX with the numbers put in."""
    kernel, layers = compared.kernel, compared.stack.layers
    channels, maps = compared.channels, compared.out_channels
    one, stack = (digits(cost.params) for cost in (compared.one, compared.stack))
    even = compared.break_even
    return (
        three_lines("K^2 C M + M", rf"{kernel}^2 \cdot {channels} \cdot {maps} + {maps}", one),
        three_lines(
            r"9 C M + (n - 1)\, 9 M^2 + n M",
            rf"9 \cdot {channels} \cdot {maps} + {layers - 1} \cdot 9 \cdot {maps}^2 + {layers} \cdot {maps}",
            stack,
        ),
        three_lines(
            r"\frac{C}{M} = \frac{9 (n - 1)}{K^2 - 9}",
            rf"\frac{{9 \cdot {layers - 1}}}{{{kernel}^2 - 9}}",
            rf"\frac{{{even.numerator}}}{{{even.denominator}}}",
            gap="12pt",
        ),
    )


def depth_table(series: Sequence[StackComparison]) -> pd.DataFrame:
    """One line for each kernel: what it costs, and what its stack costs."""
    return pd.DataFrame(
        {
            "One kernel": [f"{compared.kernel} x {compared.kernel}" for compared in series],
            "Stack": [f"{compared.stack.layers} of 3 x 3" for compared in series],
            "Parameters, one": [compared.one.params for compared in series],
            "Parameters, stack": [compared.stack.params for compared in series],
            "MACs, one": [compared.one.macs for compared in series],
            "MACs, stack": [compared.stack.macs for compared in series],
            "Parameters, ratio": [compared.params_ratio for compared in series],
            "MACs, ratio": [compared.macs_ratio for compared in series],
        }
    )


def column_config(table: pd.DataFrame) -> dict[str, Any]:
    """Counts in groups of three digits, ratios with three digits."""
    return {
        name: st.column_config.NumberColumn(format="%.3f" if "ratio" in name else "localized")
        for name in table.columns[2:]
    }


def _times(ratio: float) -> str:
    digits = 1 if ratio >= 100 else 2
    return f"{ratio:,.{digits}f} times"
