"""The numbers of the block "Output size": its headlines, its formula with the numbers put in, its table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.window_arithmetic import WindowPlan, fitting_sizes, window_plan
from analysis.window_walk import WindowStep
from ui.headlines import Headline

# The operators of a walk, in words.
OPERATORS = {"conv2d": "convolution", "max_pool2d": "max pooling", "avg_pool2d": "average pooling"}
_MOST_NAMED = 4


def headlines(plan: WindowPlan) -> tuple[Headline, ...]:
    """Output size, span of a window, values that no window reads, sizes without a rest."""
    below, above = fitting_sizes(plan.size, plan.kernel, plan.stride, plan.padding, plan.dilation)
    fits = above == plan.size
    return (
        Headline("Output size", f"{plan.output_size:,}", "one value for each window"),
        Headline(
            "A window spans",
            _values(plan.span),
            f"{plan.kernel} taps, {plan.dilation} apart" if plan.kernel > 1 else "a single tap",
            "From its first tap to its last: D (K - 1) + 1.",
        ),
        Headline(
            "Read by no window",
            _values(len(plan.unread)),
            _named(plan.unread),
            "Values of the input that cannot influence the output: those behind the last window, and those that a "
            "stride or a dilation steps over.",
        ),
        Headline(
            "Fits without a rest",
            f"{above}" if fits or below is None else f"{below} or {above}",
            "this size: floor and ceil agree" if fits else f"the nearest sizes to {plan.size}",
            "Sizes for which N + 2P - D (K - 1) - 1 is a multiple of the stride.",
        ),
    )


def formula(plan: WindowPlan) -> tuple[str, str]:
    """The formula of the output size in LaTeX, and the same with the numbers put in and its result."""
    left, right = (r"\left\lceil", r"\right\rceil") if plan.ceil_mode else (r"\left\lfloor", r"\right\rfloor")
    minus = " - 1" if plan.dropped is not None else ""
    numbers = rf"{plan.size} + 2 \cdot {plan.padding} - {plan.dilation} \cdot ({plan.kernel} - 1) - 1"
    return (
        rf"{left}\frac{{N + 2P - D\,(K - 1) - 1}}{{S}}{right} + 1",
        rf"{left}\frac{{{numbers}}}{{{plan.stride}}}{right} + 1{minus} = {plan.output_size}",
    )


def remark(plan: WindowPlan) -> str:
    """What ceil_mode has done here, in a sentence; "" where it is off."""
    if not plan.ceil_mode:
        return ""
    if plan.dropped is not None:
        return (
            f"Rounding up adds window {plan.dropped.index}, which would start at {plan.dropped.start}, in the right "
            "padding. PyTorch drops such a window, hence the last - 1."
        )
    outside = plan.windows[-1].outside_taps
    if outside:
        lie = "lies past the padding and is" if outside == 1 else "lie past the padding and are"
        return f"Rounding up adds a last window: {outside} of its {plan.kernel} taps {lie} left out."
    return "The windows fit without a rest: rounding up changes nothing here."


def walk_table(steps: Sequence[WindowStep]) -> pd.DataFrame:
    """One line for each step of a walk; "Unread" counts the values of one axis that no window reads."""
    plans = [
        window_plan(
            step.size, step.kernel, step.stride, step.padding, step.dilation, ceil_mode=step.ceil_mode
        )
        for step in steps
    ]
    return pd.DataFrame(
        {
            "Layer": [step.layer for step in steps],
            "Kind": [OPERATORS[step.operator] for step in steps],
            "Reads": [step.size for step in steps],
            "Kernel": [step.kernel for step in steps],
            "Stride": [step.stride for step in steps],
            "Padding": [step.padding for step in steps],
            "Gives": [step.output_size for step in steps],
            "Unread": [len(plan.unread) for plan in plans],
        }
    )


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count:,} values"


def _named(values: Sequence[int]) -> str:
    if not values:
        return "all of them count"
    if len(values) == 1:
        return f"number {values[0]}, counted from 0"
    more = ", ..." if len(values) > _MOST_NAMED else ""
    return f"numbers {', '.join(map(str, values[:_MOST_NAMED]))}{more}, counted from 0"
