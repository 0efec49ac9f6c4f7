"""The frozen records that describe a model of the zoo before anything is built."""

from __future__ import annotations

from dataclasses import dataclass

InputShape = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class PublishedWeights:
    """One set of trained weights, with the figures that its publisher states for it.

    ``crop`` is the image size in pixels at which the figures hold and ``input_shape`` the same as
    ``(channels, height, width)``. ``params`` counts parameters as the publisher does; ``gmacs`` is
    10^9 multiply-accumulates of one image (torchvision calls it ``_ops``); ``top1`` and ``top5``
    are ImageNet-1K accuracies in percent, None where none is published; ``file_mib`` is the
    download in MiB; ``license`` is None where the publisher states none. ResNet-50
    ``IMAGENET1K_V2``: crop 224, params 25,557,032, gmacs 4.089, top1 80.858.
    """

    name: str
    crop: int
    input_shape: InputShape
    params: int
    gmacs: float
    top1: float | None
    top5: float | None
    file_mib: float
    license: str | None
    recipe_url: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of a model from its paper and its publisher.

    ``year`` is the year in which the paper first appeared. ``top1``, ``top5``, ``params``,
    ``gmacs`` and ``weights_license`` belong together: they are those of the most accurate weights
    published at ``input_shape``, the smallest image size with published weights; ``weights`` holds
    all of them, larger sizes too. ``size_step`` is None for a model that takes images of any
    size; a number says that its parameters depend on the image size, which must then be given to
    ``build`` and be a multiple of that number (ViT-B/16: 16). What the source does not state is
    None; timm states no year, paper or figures. A historical model (``source`` "papers") has no weights:
    its accuracy is the paper's, its ``params`` and ``gmacs`` follow from the paper's tables. ResNet-50:
    year 2015, params 25,557,032, gmacs 4.089.
    """

    name: str
    title: str
    family: str
    year: int | None
    paper: str | None
    paper_url: str | None
    authors: str | None
    source: str
    input_shape: InputShape
    top1: float | None
    top5: float | None
    params: int | None
    gmacs: float | None
    weights: tuple[PublishedWeights, ...]
    weights_license: str
    notes: tuple[str, ...]
    size_step: int | None = None
