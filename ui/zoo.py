"""The zoo as one table of published figures: no model is built and torch is not imported."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

import models
from charts import format as fmt
from charts.overview_front import COSTS, pareto_front
from models import ModelCard
from ui.headlines import Headline

if TYPE_CHECKING:
    from streamlit.typing import DataframeState

EXTRA_DATA = "SWAG"
BUDGETS = {"any": "Any cost", "1": "1 GMACs", "5": "5 GMACs", "20": "20 GMACs"}
SOURCES = (
    "Source: the figures that torchvision publishes with its weights, the most accurate weights at the smallest "
    "published input size; years are those in which the papers first appeared. Accuracies depend on the training as "
    "much as on the network: old networks were trained with the recipes of their time, and SWAG weights saw more "
    "than ImageNet-1K. torchvision holds no architecture that appeared after 2022."
)


def build_table() -> pd.DataFrame:
    """One line a model, 80 of them, in the order of ``models.cards()``.

    Columns: name, title, family, year, top1, top5 (percent), params, macs, flops, input_size (pixels),
    weights, extra_data, licence, paper, paper_url. MACs are the published GMACs, rounded as published.
    """
    return pd.DataFrame(map(_line, models.cards()))


def evolution_table() -> pd.DataFrame:
    """The lines of :func:`build_table`, and of the historical models whose family torchvision lacks.

    These are LeNet (1998) and MobileNetV1 (2017); their figures are their papers', LeNet has no accuracy on ImageNet.
    """
    known = {card.family for card in models.cards()}
    return pd.DataFrame(
        map(_line, [*models.cards(), *(card for card in models.cards("papers") if card.family not in known)])
    )


def filtered(
    zoo: pd.DataFrame, families: Collection[str], years: tuple[int, int], budget: str
) -> pd.DataFrame:
    """The lines of some families (none given: of all), of these years (both included), within a budget."""
    bound = largest_macs(budget)
    keep = zoo["year"].between(*years)
    if families:
        keep &= zoo["family"].isin(families)
    if bound is not None:
        keep &= zoo["macs"] <= bound
    return zoo[keep]


def year_span(zoo: pd.DataFrame) -> tuple[int, int]:
    """The first and the last year of the table: (2012, 2022)."""
    return int(zoo["year"].min()), int(zoo["year"].max())


def largest_macs(budget: str) -> float | None:
    """The bound that a key of :data:`BUDGETS` stands for: largest_macs("5") == 5e9; None for any cost."""
    return None if budget == "any" else float(budget) * 1e9


def chosen_row(shown: pd.DataFrame, state: DataframeState) -> str | None:
    """The name of the model in the row that was chosen in a table of ``shown``; None without one."""
    rows = state.selection.rows
    return str(shown.iloc[rows[0]]["name"]) if rows else None


def headlines(shown: pd.DataFrame, cost: str) -> tuple[Headline, ...]:
    """What stands above the charts; ``shown`` holds at least one line, ``cost`` names a column of it."""
    best = shown.nlargest(1, "top1").iloc[0]
    smallest = shown.nsmallest(1, cost).iloc[0]
    front = pareto_front(shown, cost)
    first, last = shown["year"].min(), shown["year"].max()
    families = shown["family"].nunique()
    return (
        Headline(
            "Models",
            str(len(shown)),
            f"{families} {'family' if families == 1 else 'families'}, {first} to {last}",
        ),
        Headline("On the Pareto front", str(len(front)), "none cheaper is as accurate"),
        Headline("Most accurate", f"{best['top1']:.1f} %", best["title"]),
        Headline(
            f"Fewest {COSTS[cost]}",
            fmt.short(float(smallest[cost])),
            f"{smallest['title']}, {smallest['top1']:.1f} %",
        ),
    )


def _line(card: ModelCard) -> dict[str, object]:
    weights = next(
        (
            entry.name
            for entry in card.weights
            if entry.input_shape == card.input_shape and entry.top1 == card.top1
        ),
        "",
    )
    macs = None if card.gmacs is None else round(card.gmacs * 1e9)
    return {
        "name": card.name,
        "title": card.title,
        "family": card.family,
        "year": card.year,
        "top1": card.top1,
        "top5": card.top5,
        "params": card.params,
        "macs": macs,
        "flops": None if macs is None else 2 * macs,
        "input_size": card.input_shape[-1],
        "weights": weights,
        "extra_data": EXTRA_DATA in weights,
        "licence": card.weights_license,
        "paper": card.paper,
        "paper_url": card.paper_url,
    }
