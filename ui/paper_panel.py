"""The panel "Paper or torchvision?": a historical model beside its modern version, every difference named."""

from __future__ import annotations

import streamlit as st

import models
from models.papers.counterparts import Counterpart, counterparts
from ui import cache, comparison, export, layer_pairs, selection
from ui.comparison import Compared
from ui.messages import plain

_WIDE = st.column_config.TextColumn(width=200)


@st.fragment
def show_paper_panel(page: str, name: str) -> None:
    """An expander for a model with a version from its paper and a modern one; nothing for any other."""
    pairs = {pair.modern if pair.paper == name else pair.paper: pair for pair in counterparts(name)}
    if not pairs:
        return
    panel = st.expander(
        f"Paper or {_modern(next(iter(pairs.values())))}? {models.card(name).title} in both versions",
        key=f"{page}_paper_{name}",
        on_change="rerun",
        icon=":material/history_edu:",
    )
    if not panel.open:
        return
    with panel:
        chosen = next(iter(pairs))
        if len(pairs) > 1:
            titles = {other: models.card(other).title for other in pairs}
            chosen = selection.choice(page, f"beside_{name}", "Beside", titles, chosen)
        _show_pair(page, pairs[chosen])


def _modern(pair: Counterpart) -> str:
    return "torchvision" if models.card(pair.modern).source == "torchvision" else "textbooks"


def _show_pair(page: str, pair: Counterpart) -> None:
    cards = [models.card(pair.paper), models.card(pair.modern)]
    sizes = [card.input_shape[-1] for card in cards]
    compared = [
        Compared(card, size, cache.report(card.name, size)) for card, size in zip(cards, sizes, strict=True)
    ]
    keys = comparison.key_of(compared)
    pairs = cache.layer_pairs(*keys)
    differing = [entry for entry in pairs if entry.differs]
    st.markdown(
        f"{plain(cards[0].title)} at {sizes[0]} x {sizes[0]} pixels beside {plain(cards[1].title)} of {_modern(pair)} "
        f"at {sizes[1]} x {sizes[1]}: **{len(differing)} of {len(pairs)} layers differ.**"
    )
    sources = ("the paper", _modern(pair))
    st.markdown("\n".join(f"- {plain(reason)}" for reason in pair.reasons))
    numbers, text = comparison.difference_tables(compared)
    different = text[numbers.iloc[:, 1].astype(object).ne(numbers.iloc[:, 2].astype(object)).to_numpy()]
    if different.empty:
        st.markdown("In the totals the two are the same to the last digit.")
    else:
        export.table(
            different,
            key=f"{page}_paper_totals",
            csv=numbers,
            file_name=f"convscope_{pair.paper}_{pair.modern}_totals.csv",
        )
    every = (
        st.toggle("Show the layers that do not differ too", key=f"{page}_paper_every") if differing else True
    )
    shown = pairs if every else differing
    export.table(
        layer_pairs.text_table(shown, *sources),
        key=f"{page}_paper_layers",
        csv=layer_pairs.number_table(pairs, *sources),
        column_config={"Output": _WIDE, "Parameters": _WIDE, "MACs": _WIDE, "Settings": _WIDE},
        file_name=f"convscope_{pair.paper}_{pair.modern}_layers.csv",
    )
    st.page_link(
        "pages/compare.py",
        label="Both over their depth, in Compare",
        icon=":material/compare_arrows:",
        query_params={"models": f"{pair.paper},{pair.modern}", "sizes": "published"},
    )
