"""Cards of the historical models: who published what, with which accuracy. Read without torch.

``params`` and ``gmacs`` follow from the paper's tables (the tests derive them layer by layer);
``top1`` and ``top5`` are accuracies on ImageNet's validation set that the paper prints, None where it
prints none, as for networks that were trained on other pictures. The first note of a card says where
its figures come from.
"""

from __future__ import annotations

from functools import cache

from models.families import FAMILIES, Family
from models.papers.cards.chains import CHAIN_ENTRIES
from models.papers.cards.entry import Entry
from models.papers.cards.later import LATER_ENTRIES
from models.papers.cards.residual import RESIDUAL_ENTRIES
from models.records import ModelCard

_LICENSE = "no weights: the architecture alone"
_OWN_FAMILIES = (
    Family(
        "LeNet",
        1998,
        "Gradient-Based Learning Applied to Document Recognition",
        "https://doi.org/10.1109/5.726791",
        "Yann LeCun, Léon Bottou, Yoshua Bengio, Patrick Haffner",
        {},
    ),
    Family(
        "MobileNetV1",
        2017,
        "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications",
        "https://arxiv.org/abs/1704.04861",
        "Andrew G. Howard, Menglong Zhu, Bo Chen, Dmitry Kalenichenko, Weijun Wang, Tobias Weyand, "
        "Marco Andreetto, Hartwig Adam",
        {},
    ),
)


@cache
def paper_cards() -> tuple[ModelCard, ...]:
    """Cards of the historical models by year, family and parameters: LeNet-5 of 1998 first."""
    families = {family.name: family for family in (*FAMILIES, *_OWN_FAMILIES)}
    entries = (*CHAIN_ENTRIES, *RESIDUAL_ENTRIES, *LATER_ENTRIES)
    cards = [_card(entry, families[entry.family]) for entry in entries]
    return tuple(sorted(cards, key=lambda card: (card.year, card.family, card.params)))


def _card(entry: Entry, family: Family) -> ModelCard:
    return ModelCard(
        name=entry.name,
        title=entry.title,
        family=family.name,
        year=family.year,
        paper=family.paper,
        paper_url=family.paper_url,
        authors=family.authors,
        source="papers",
        input_shape=entry.input_shape,
        top1=_accuracy(entry.top1_error),
        top5=_accuracy(entry.top5_error),
        params=entry.params,
        gmacs=entry.macs / 1e9,
        weights=(),
        weights_license=_LICENSE,
        notes=(entry.source, *entry.notes),
    )


def _accuracy(error: float | None) -> float | None:
    return None if error is None else round(100 - error, 2)
