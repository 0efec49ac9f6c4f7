"""What a historical model's card says beyond its family."""

from __future__ import annotations

from dataclasses import dataclass

from models.records import InputShape

IMAGENET: InputShape = (3, 224, 224)


@dataclass(frozen=True, slots=True)
class Entry:
    """One model: ``macs`` of one image; errors in percent on ImageNet's validation set, as the paper prints them.

    ``source`` names the tables of the paper; ``notes`` say how torchvision's version differs.
    """

    name: str
    title: str
    family: str
    params: int
    macs: int
    source: str
    notes: tuple[str, ...]
    top1_error: float | None = None
    top5_error: float | None = None
    input_shape: InputShape = IMAGENET
