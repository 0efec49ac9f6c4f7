"""The colour of each kind of operation, the same in every chart of one network."""

from __future__ import annotations

from charts.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, SKY

IMAGE = "image"
IMAGE_COLOUR = "#b5bac2"
MODULE_COLOUR = "#5f6773"

_LOOKS = {
    IMAGE: ("image", IMAGE_COLOUR),
    "convolution": ("convolution", BLUE),
    "linear": ("linear", PURPLE),
    "attention": ("attention", RED),
    "pooling": ("pooling, mean", GREEN),
    "reduction": ("pooling, mean", GREEN),
    "merge": ("merge (add, concatenate, gate)", ORANGE),
    "resampling": ("resampling", SKY),
}


def look(kind: str) -> tuple[str, str]:
    """Legend entry and colour of a kind: look("convolution") == ("convolution", "#1f77d0")."""
    return _LOOKS.get(kind, ("other", GREY))
