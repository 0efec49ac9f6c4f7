"""``python -m analysis list``: the cards of the zoo, filtered and sorted."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.command_line_output import FORMATS, table_text

if TYPE_CHECKING:
    from models import ModelCard

_COLUMNS = (
    "name",
    "title",
    "family",
    "year",
    "input_shape",
    "params",
    "gmacs",
    "top1",
    "top5",
    "weights_license",
)
_SORTABLE = ("name", "family", "year", "params", "gmacs", "top1")


def add_list_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the filters of ``list``."""
    parser.add_argument("--search", metavar="TEXT", help="part of the name, the title or the family")
    parser.add_argument("--family", help="such as ResNet")
    parser.add_argument("--year", metavar="YEAR|FROM-TO", help="such as 2015 or 2012-2015")
    parser.add_argument("--max-params", type=float, metavar="N", help="such as 30e6")
    parser.add_argument("--max-gmacs", type=float, metavar="N", help="10^9 multiply-accumulates of one image")
    parser.add_argument("--min-top1", type=float, metavar="PERCENT", help="ImageNet top-1 accuracy")
    parser.add_argument(
        "--source", choices=("torchvision", "papers", "timm"), default="torchvision",
        help="papers: the historical models as their papers describe them; default: torchvision",
    )  # fmt: skip
    parser.add_argument("--sort", choices=_SORTABLE, help="default: by year and family")
    parser.add_argument("--format", choices=FORMATS, default="table", help="default: table")


def zoo_text(options: argparse.Namespace) -> str:
    """The cards that pass all filters, in the chosen format. Raises ValueError for a filter that cannot be read."""
    import models

    names = models.names("timm") if options.source == "timm" else None
    if options.search and names is not None:
        names = tuple(name for name in names if options.search.lower() in name)
    cards = models.cards(options.source) if names is None else tuple(map(models.card, names))
    chosen = [card for card in cards if _passes(card, options)]
    if options.sort:
        chosen.sort(key=lambda card: (getattr(card, options.sort) is None, getattr(card, options.sort)))
    return table_text(pd.DataFrame([_line(card) for card in chosen], columns=list(_COLUMNS)), options.format)


def _passes(card: ModelCard, options: argparse.Namespace) -> bool:
    first, last = _years(options.year)
    words = f"{card.name} {card.title} {card.family}".lower()
    return (
        (not options.search or options.search.lower() in words)
        and (not options.family or options.family.lower() == card.family.lower())
        and (options.year is None or (card.year is not None and first <= card.year <= last))
        and _at_most(card.params, options.max_params)
        and _at_most(card.gmacs, options.max_gmacs)
        and (options.min_top1 is None or (card.top1 is not None and card.top1 >= options.min_top1))
    )


def _years(text: str | None) -> tuple[int, int]:
    if text is None:
        return 0, 0
    first, _, last = text.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal():
        raise ValueError(f"--year {text!r} is not a year: write 2015, or 2012-2015")
    return int(first), int(last or first)


def _at_most(value: float | None, limit: float | None) -> bool:
    return limit is None or (value is not None and value <= limit)


def _line(card: ModelCard) -> dict[str, Any]:
    return {column: getattr(card, column) for column in _COLUMNS} | {
        "input_shape": "x".join(map(str, card.input_shape))
    }
