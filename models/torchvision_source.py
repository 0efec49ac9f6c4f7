"""Model cards from the figures that torchvision publishes with its weights.

Reads the weights' metadata only: no model is built and nothing is downloaded. The result is
committed as ``torchvision_cards.json`` so that reading the cards needs neither torch nor torchvision.
"""

from __future__ import annotations

import math
from typing import Any

import torchvision.models

from models.families import FAMILIES, Family
from models.records import ModelCard, PublishedWeights
from models.remarks import REMARKS, SIZE_STEPS

# torchvision links to this file from the weights concerned, and names the licence in its README.
SWAG_LICENCE_URL = "https://github.com/facebookresearch/SWAG/blob/main/LICENSE"
SWAG_LICENCE = "CC-BY-NC 4.0"
NO_LICENCE = "not stated by torchvision (trained on ImageNet-1K)"


def read_cards() -> tuple[ModelCard, ...]:
    """Cards of all classifiers of the installed torchvision, by year, family and parameters.

    Raises ValueError when torchvision has a classifier that ``families.py`` does not describe, or
    the other way round. torchvision 0.29.2 gives 80 cards with 115 sets of weights; the first is
    AlexNet's, 61,100,840 parameters.
    """
    described = {name: family for family in FAMILIES for name in family.titles}
    published = set(torchvision.models.list_models(module=torchvision.models))
    if published != set(described):
        differing = ", ".join(sorted(published.symmetric_difference(described)))
        raise ValueError(f"torchvision and models/families.py disagree on {differing}: correct families.py")
    cards = [_card(name, family) for name, family in described.items()]
    return tuple(sorted(cards, key=lambda card: (described[card.name].year, card.family, card.params or 0)))


def _card(name: str, family: Family) -> ModelCard:
    weights = tuple(_published(entry) for entry in torchvision.models.get_model_weights(name))
    best = best_at_smallest_crop(weights)
    return ModelCard(
        name=name,
        title=family.titles[name],
        family=family.name,
        year=family.year,
        paper=family.paper,
        paper_url=family.paper_url,
        authors=family.authors,
        source="torchvision",
        input_shape=best.input_shape,
        top1=best.top1,
        top5=best.top5,
        params=best.params,
        gmacs=best.gmacs,
        weights=weights,
        weights_license=best.license or NO_LICENCE,
        notes=REMARKS.get(name, ()) + _notes(name, best, weights),
        size_step=SIZE_STEPS.get(name),
    )


def best_at_smallest_crop(weights: tuple[PublishedWeights, ...]) -> PublishedWeights:
    """The most accurate of the weights published at the smallest image size.

    ViT-H/14 has weights for 518 (its default) and 224 pixels: those for 224 are returned.
    """
    smallest = min(entry.crop for entry in weights)
    candidates = [entry for entry in weights if entry.crop == smallest]
    return max(candidates, key=lambda entry: -math.inf if entry.top1 is None else entry.top1)


def _published(entry: Any) -> PublishedWeights:
    meta = entry.meta
    accuracies = meta["_metrics"]["ImageNet-1K"]
    crop = entry.transforms.keywords["crop_size"]
    return PublishedWeights(
        name=entry.name,
        crop=crop,
        input_shape=(3, crop, crop),
        params=meta["num_params"],
        gmacs=meta["_ops"],
        top1=_known(accuracies["acc@1"]),
        top5=_known(accuracies["acc@5"]),
        file_mib=meta["_file_size"],
        license=_licence(meta.get("license")),
        recipe_url=meta["recipe"],
    )


def _known(percent: float) -> float | None:
    return None if math.isnan(percent) else percent


def _licence(url: str | None) -> str | None:
    return SWAG_LICENCE if url == SWAG_LICENCE_URL else url


def _notes(name: str, best: PublishedWeights, weights: tuple[PublishedWeights, ...]) -> tuple[str, ...]:
    notes = []
    if name in SIZE_STEPS:
        notes.append(
            "Its parameters depend on the image size: it is built for one size, a multiple of "
            f"{SIZE_STEPS[name]} pixels."
        )
    if "SWAG" in best.name:
        others = [entry for entry in weights if entry.crop == best.crop and "SWAG" not in entry.name]
        alone = "".join(f"; without them {entry.name} reaches {entry.top1} %" for entry in others)
        notes.append(f"The accuracy is that of {best.name}, pre-trained on images from Instagram{alone}.")
    notes += [
        f"At {entry.crop} x {entry.crop} pixels {entry.name} reaches {entry.top1} % top-1."
        for entry in weights
        if entry.crop != best.crop
    ]
    return tuple(notes)
