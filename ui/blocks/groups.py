"""Groups and reach: which input channels can reach which output channel of a chain of layers, as a matrix."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

import models
from charts.blocks.reach import growth_chart, matrix_chart
from charts.format import exact, ratio_text
from ui import cache, export, selection
from ui.blocks import grouped_layers, row_choice
from ui.blocks.columns import columns
from ui.blocks.reach_answer import SHARE, Answer, headlines, tiles_caption, title, zoo_answer
from ui.blocks.reach_scenes import SCENES, Scene
from ui.blocks.shown import Shown
from ui.figures import show_chart
from ui.headlines import Headline, show_headlines
from ui.messages import attempt

PAGE = "blocks"
NETWORKS = {name: scene.label for name, scene in SCENES.items()} | {
    "layers": "Own grouped layers",
    "any": "Any network",
}
GROWTH_CAPTION = (
    "From the same trace: all pairs of a channel that enters the chain and one that leaves the row."
)


def show() -> Shown:
    """Draw the block: a network, a chain of its rows, the matrix, how the reach grows along the chain."""
    name = selection.choice(PAGE, "groups_of", "Network", NETWORKS, "alexnet")
    if name == "layers":
        return _own_layers()
    if name == "any":
        return _any_network()
    return _scene(name, SCENES[name])


def _scene(name: str, scene: Scene) -> Shown:
    labels = {key: chain.label for key, chain in scene.chains.items()}
    key = selection.choice(PAGE, f"groups_{name}", "Chain of layers", labels, next(iter(labels)))
    chain = scene.chains[key]
    card = models.card(scene.model)
    answer = zoo_answer(scene.model, card.input_shape[-1], chain.first, chain.last)
    return _shown(answer, headlines(answer), _growth(answer), GROWTH_CAPTION, chain.remark)


def _any_network() -> Shown:
    with st.grid(4, min_column_width=220, vertical_alignment="bottom"):
        card = selection.model(PAGE, "alexnet_2012")
        size = card.input_shape[-1]
        report = attempt(cache.report, card.name, size)
        if report is None:
            return Shown()
        first, last = row_choice.first_and_last(PAGE, report)
    answer = attempt(zoo_answer, card.name, size, first, last)
    if answer is None:
        return Shown()
    return _shown(
        answer, headlines(answer), _growth(answer), GROWTH_CAPTION, f"{card.title} at {size} pixels."
    )


def _own_layers() -> Shown:
    channels, groups, depth, shuffled = grouped_layers.controls(PAGE)
    found = attempt(grouped_layers.layers, channels, groups, depth, shuffled)
    if found is None:
        return Shown()
    weights = Headline(
        "Weights",
        exact(found.params),
        f"{ratio_text(found.full_params / found.params)} as many without groups",
        "A shuffle has no weights: it only moves channels about.",
    )
    lines = (*headlines(found.answer)[:-1], weights)
    return _shown(found.answer, lines, found.growth, grouped_layers.CAPTION, "")


def _growth(answer: Answer) -> go.Figure | None:
    """How the reach grows along a chain of more than one row."""
    if len(answer.chain) < 2:
        return None
    return growth_chart(answer.chain["Row"].tolist(), answer.chain[SHARE].tolist())


def _shown(
    answer: Answer, lines: tuple[Headline, ...], growth: go.Figure | None, caption: str, remark: str
) -> Shown:
    show_headlines(lines)
    notes = tuple(filter(None, (remark, answer.reason)))
    for note in notes:
        st.text(note)
    charts = [matrix_chart(answer.tiles, title(answer), answer.first, answer.last)]
    captions = [tiles_caption(answer)]
    if growth is not None:
        charts.append(growth)
        captions.append(caption)
    with st.grid(len(charts), min_column_width=360, gap="medium"):
        for number, (figure, words) in enumerate(zip(charts, captions, strict=True)):
            with st.container():
                show_chart(figure, key=f"blocks_groups_chart_{number}", caption=words)
    st.markdown("#### The chain, row by row")
    export.table(
        answer.chain,
        key="blocks_groups_table",
        file_name="convscope_reach.csv",
        column_config=columns(answer.chain, (SHARE,)),
    )
    return Shown(lines, tuple(charts), tuple(captions), {"The chain, row by row": answer.chain}, notes)
