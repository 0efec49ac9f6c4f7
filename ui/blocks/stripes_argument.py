"""Why two towers cannot tell a crossing: the argument, its four pictures, and what the networks answer to them."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.experiments.stripes import Training
from analysis.experiments.stripes_task import Task
from charts.blocks.stripes import pictures_chart
from ui import export
from ui.blocks import stripes_numbers as numbers
from ui.figures import show_chart

ARGUMENT = (
    "With groups = 2 red and blue meet only in the last sum: picture (p, q), its red stripe at p and its blue one at "
    "q, has the score f(p) + g(q), and a score above 0 says “they cross”. To answer all four pictures of two places p "
    "and q rightly, the left side would have to be above 0 and the right side not. So one of the four at least is "
    "wrong, whatever the weights. The balanced accuracy is the mean, over all pairs of places, of the share of their "
    "four pictures that is right: 3 of 4 at most. f(p) = -p, g(q) = q + 1/2 would reach it."
)
IDENTITY = r"\begin{aligned} s(p, q) &= f(p) + g(q) \\ s(p, p) + s(q, q) &= s(p, q) + s(q, p) \end{aligned}"
CAPTION = "Here p is the first place of the grid and q the last."


def show(task: Task, training: Training | None) -> tuple[go.Figure, dict[str, pd.DataFrame]]:
    """Draw the argument beside the four pictures and, after a training, the networks' scores of these."""
    st.markdown("#### Why can two towers not learn it?")
    four = _four(task)
    with st.grid(2, min_column_width=360, gap="medium"):
        with st.container():
            st.latex(IDENTITY)
            st.markdown(ARGUMENT)
        with st.container():
            show_chart(four, key="blocks_stripes_four", caption=CAPTION)
            if training is None:
                st.text("Train the networks: their scores of these four pictures will stand here.")
                return four, {}
            st.caption("The scores of groups = 2, as it was trained:")
            st.latex(numbers.equation(training, task))
    scores, answers = numbers.four_tables(training, task)
    st.markdown("#### What the networks answer")
    export.table(answers, csv=scores, key="blocks_stripes_answers", file_name="convscope_stripes_answers.csv")
    return four, {"What the networks answer": answers}


def _four(task: Task) -> go.Figure:
    last = task.places - 1
    chosen = [task.picture(red, blue) for red, blue in ((0, 0), (last, last), (0, last), (last, 0))]
    return pictures_chart(
        "Two towers answer at most three of these four rightly",
        task.pictures[chosen].numpy(),
        ["(p, p)<br>cross", "(q, q)<br>cross", "(p, q)<br>apart", "(q, p)<br>apart"],
        columns=4,
    )
