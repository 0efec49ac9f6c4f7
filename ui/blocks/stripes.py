"""Stripes task: do a red and a blue stripe cross? Learned by one tower, not by two, by two that shuffle."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.experiments.stripes import Settings, Training
from analysis.experiments.stripes_task import ADDITIVE_BOUND, Task
from charts.blocks.stripes import accuracy_chart, pictures_chart
from ui import export, selection
from ui.blocks import stripes_argument, stripes_training
from ui.blocks import stripes_numbers as numbers
from ui.blocks.columns import columns
from ui.blocks.shown import Shown
from ui.figures import show_chart
from ui.headlines import show_headlines

PAGE = "blocks"
GRIDS = {"2": "2 x 2", "3": "3 x 3", "4": "4 x 4"}
WIDTHS = {"4": "4", "8": "8", "16": "16"}
TASK = (
    "A red stripe lies across, a blue one stands upright. **Do they cross?** Three networks of two 3 x 3 convolutions, "
    "global pooling and one linear unit, red in channel 0 and blue in channel 1, are the same but for the groups of "
    "their convolutions and, in the third, a channel shuffle between these."
)
CAPTIONS = (
    "Every network is tested on all pictures. Crossings weigh as much as all others together, so that always the "
    "same answer is worth 50 %. Each step of training sees all crossings and as many others.",
    "A stripe lies at one of the places of a grid: all pictures can be listed, and the accuracy is exact.",
    stripes_argument.CAPTION,
)


def show() -> Shown:
    """Draw the block: the task, the training, the argument beside the networks' answers, what they cost."""
    st.markdown(TASK)
    settings = _settings()
    run = stripes_training.button(settings)
    training = stripes_training.kept(settings)
    task, networks = numbers.task(settings.grid), numbers.built(settings.grid, settings.channels)
    head = st.empty()
    with st.grid(2, min_column_width=360, gap="medium"):
        course = st.empty()
        with st.container():
            examples = _examples(task)
            show_chart(examples, key="blocks_stripes_examples", caption=CAPTIONS[1])

    def draw(reached: Training | None) -> go.Figure:
        with head.container():
            show_headlines(numbers.headlines(reached, networks))
        chart = _course(reached, settings)
        step = "none" if reached is None else reached.steps[-1]
        with course.container():
            show_chart(chart, key=f"blocks_stripes_course_{step}", caption=CAPTIONS[0])
        return chart

    chart = draw(training)
    four, tables = stripes_argument.show(task, training)
    tables["The three networks"] = _network_table(training, networks, settings.channels)
    if run is not None:
        run(draw)  # and begins anew when it is finished
    return Shown(
        numbers.headlines(training, networks),
        (chart, examples, four),
        CAPTIONS,
        tables,
        (stripes_argument.ARGUMENT,),
    )


def _settings() -> Settings:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        grid = selection.choice(PAGE, "stripes_grid", "Grid of places", GRIDS, "3")
        width = selection.choice(PAGE, "stripes_channels", "Channels of a convolution", WIDTHS, "8")
    with st.grid(2, min_column_width=150):
        steps = selection.whole(PAGE, "stripes_steps", "Steps of training", 60, 600, 60, step=60)
        seed = selection.whole(
            PAGE,
            "stripes_seed",
            "Seed",
            0,
            99,
            0,
            help="Of the first weights and of the pictures of each step",
        )
    return Settings(int(grid), int(width), steps, seed)


def _course(training: Training | None, settings: Settings) -> go.Figure:
    nothing: tuple[tuple[float, ...], ...] = tuple(() for _ in numbers.NAMES)
    steps, accuracies = ((), nothing) if training is None else (training.steps, training.accuracies)
    return accuracy_chart(numbers.NAMES, steps, accuracies, ADDITIVE_BOUND, settings.steps)


def _examples(task: Task) -> go.Figure:
    last = task.places - 1
    crossing = [(place, place) for place in (0, 1, task.places // 2, last)]
    apart = [(0, last), (1, 0), (last, task.places // 2), (last // 2, 1 + last // 2)]
    chosen = [task.picture(red, blue) for red, blue in (*crossing, *apart)]
    return pictures_chart(
        f"Do they cross? {len(task.crossing):,} pictures, {task.places} crossings",
        task.pictures[chosen].numpy(),
        ["yes"] * len(crossing) + ["no"] * len(apart),
        columns=4,
    )


def _network_table(
    training: Training | None, networks: tuple[numbers.Built, ...], channels: int
) -> pd.DataFrame:
    table = numbers.network_table(training, networks, channels)
    st.markdown("#### The three networks")
    export.table(
        table,
        key="blocks_stripes_networks",
        file_name="convscope_stripes_networks.csv",
        column_config=columns(table, shares=[name for name in table if name == numbers.ACCURACY]),
    )
    return table
