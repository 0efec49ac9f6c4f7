"""The names and cards of the zoo. Nothing here imports torch; timm is imported only when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache

from models.card_file import CARD_FILE, cards_from_json
from models.papers.cards import paper_cards
from models.records import ModelCard

TIMM_PREFIX = "timm/"


def cards(source: str | None = None) -> tuple[ModelCard, ...]:
    """Cards of torchvision's 80 classifiers, by year, family and parameters; AlexNet's is first.

    ``source`` "papers" gives those of the historical models, LeNet-5 of 1998 first. Read in a few
    milliseconds: no model is built and torch is not imported. Raises ValueError for another source.
    """
    if source in (None, "torchvision"):
        return _torchvision_cards()
    if source == "papers":
        return paper_cards()
    raise ValueError(f"Unknown source {source!r} of cards: choose torchvision or papers")


@cache
def _torchvision_cards() -> tuple[ModelCard, ...]:
    return cards_from_json(CARD_FILE.read_text(encoding="utf-8"))


@cache
def _cards_by_name() -> dict[str, ModelCard]:
    return {entry.name: entry for entry in (*cards(), *cards("papers"))}


def names(source: str | None = None) -> tuple[str, ...]:
    """Names of the zoo in alphabetical order, "alexnet" first.

    ``source`` "torchvision" or None gives the 80 of torchvision, "papers" the historical models
    ("lenet5"), "timm" those of the installed timm as "timm/<name>". Raises ValueError for another
    source, and for "timm" without timm.
    """
    if source in (None, "torchvision", "papers"):
        return tuple(sorted(entry.name for entry in cards(source)))
    if source == "timm":
        from models.timm_source import timm_names

        return timm_names()
    raise ValueError(f"Unknown source {source!r}: choose torchvision, papers or timm")


def card(name: str) -> ModelCard:
    """The card of one model: card("resnet50").params == 25557032.

    "timm/<name>" needs timm; its card has None where timm states nothing. Raises ValueError for an
    unknown name, with the closest known ones.
    """
    if name.startswith(TIMM_PREFIX):
        from models.timm_source import timm_card

        return timm_card(name)
    try:
        return _cards_by_name()[name]
    except KeyError:
        raise ValueError(unknown_model(name, (*names(), *names("papers")))) from None


def unknown_model(name: str, known: Sequence[str]) -> str:
    """The sentence for a name that is not in the zoo, with up to three of the ``known`` that resemble it."""
    matches = get_close_matches(name, known, n=3)
    if matches:
        return f"Unknown model {name!r}: did you mean {', '.join(matches)}?"
    return f"Unknown model {name!r}: choose one of the {len(known)} names of the zoo, such as {known[0]}"
