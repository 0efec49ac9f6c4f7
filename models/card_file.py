"""The committed file of torchvision's cards: written from records, read without torch."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from models.records import ModelCard, PublishedWeights

CARD_FILE = Path(__file__).with_name("torchvision_cards.json")


def cards_to_json(cards: tuple[ModelCard, ...], torchvision_version: str) -> str:
    """The text of the card file: one JSON object with the torchvision release and the cards in order."""
    content = {"torchvision": torchvision_version, "cards": [asdict(card) for card in cards]}
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def cards_from_json(text: str) -> tuple[ModelCard, ...]:
    """The cards of a card file's text: 80 for torchvision 0.29.2, AlexNet first."""
    return tuple(_card(fields) for fields in json.loads(text)["cards"])


def _card(fields: dict[str, Any]) -> ModelCard:
    tuples = {"input_shape": tuple(fields["input_shape"]), "notes": tuple(fields["notes"])}
    weights = tuple(_weights(entry) for entry in fields["weights"])
    return ModelCard(**{**fields, **tuples, "weights": weights})


def _weights(fields: dict[str, Any]) -> PublishedWeights:
    return PublishedWeights(**{**fields, "input_shape": tuple(fields["input_shape"])})
