"""Build a model of the zoo for analysis: shapes without weights."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from models.catalogue import card
from models.records import ModelCard

if TYPE_CHECKING:
    from torch import nn

# These two warn that their default initialisation will change, unless it is chosen; none is wanted.
_WITHOUT_INITIALISATION = ("googlenet", "inception_v3")


def build(name: str, image_size: int | None = None) -> nn.Module:
    """The model in evaluation mode on the meta device: no memory for weights, nothing downloaded.

    It runs at its card's input shape. ``image_size`` (pixels, square) builds it for another size;
    it matters only to models whose parameters depend on it (``card.size_step``), others ignore it.
    Auxiliary heads are there as torchvision builds them by default. Deterministic, and safe to call
    from several threads; the caller's random generator is not used. Raises ValueError for an unknown
    name and for a size that the model cannot have. build("vit_h_14"): 632,045,800 parameters.
    """
    constructor = constructor_of(name, image_size)
    from models.weightless import construct_without_weights

    try:
        return construct_without_weights(constructor).eval()
    except (ArithmeticError, AssertionError, RuntimeError, TypeError, ValueError) as error:
        if image_size is None:
            raise
        raise ValueError(_refusal(card(name), image_size, str(error))) from error


def constructor_of(name: str, image_size: int | None = None) -> Callable[[], nn.Module]:
    """A call without arguments that makes a model of the zoo as its source does; raises as :func:`build` does."""
    wanted = card(name)
    if image_size is not None and image_size < 1:
        raise ValueError(_refusal(wanted, image_size, "choose 1 or more"))
    return _CONSTRUCTORS[wanted.source](wanted, image_size)


def _torchvision_constructor(wanted: ModelCard, image_size: int | None) -> Callable[[], nn.Module]:
    arguments: dict[str, Any] = {}
    if wanted.name in _WITHOUT_INITIALISATION:
        arguments["init_weights"] = False
    if wanted.size_step is not None:
        size = wanted.input_shape[-1] if image_size is None else image_size
        if size < wanted.size_step or size % wanted.size_step:
            raise ValueError(_refusal(wanted, size, f"choose a multiple of {wanted.size_step}"))
        if wanted.family == "MaxViT":
            arguments["input_size"] = (size, size)
        else:
            arguments["image_size"] = size
    import torchvision.models

    return partial(torchvision.models.get_model_builder(wanted.name), weights=None, **arguments)


def _timm_constructor(wanted: ModelCard, image_size: int | None) -> Callable[[], nn.Module]:
    from models.timm_source import timm_constructor

    return timm_constructor(wanted.name, image_size)


def _paper_constructor(wanted: ModelCard, image_size: int | None) -> Callable[[], nn.Module]:
    from models.papers.construction import paper_constructor

    return paper_constructor(wanted)


_CONSTRUCTORS = {
    "torchvision": _torchvision_constructor,
    "papers": _paper_constructor,
    "timm": _timm_constructor,
}


def _refusal(wanted: ModelCard, size: int, reason: str) -> str:
    return f"{wanted.title} cannot be built for images of {size} pixels: {reason}"
