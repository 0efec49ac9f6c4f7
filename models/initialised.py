"""Models of the zoo with real weights, for what has to be measured on values: random ones, or those on this disk.

Random weights are those of the constructor's own initialisation, drawn from a generator of this
call: the same seed gives the same weights, and the caller's generators are neither used nor moved.
Nothing is ever downloaded here.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from models.catalogue import card
from models.construction import constructor_of
from models.weightless import RANDOM

_DRAWING = RANDOM | {torch.rand, torch.randn, torch.randint}


class _SeededMode(TorchFunctionMode):
    """Gives every random function of the calling thread one generator."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._generator = torch.Generator().manual_seed(seed)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        kwargs = dict(kwargs or {})
        is_filling = getattr(func, "__module__", None) == "torch.nn.init"
        if func in _DRAWING or (is_filling and "generator" in signature(func).parameters):
            kwargs["generator"] = self._generator
        return func(*args, **kwargs)


def build_initialised(name: str, image_size: int | None = None, *, seed: int = 0) -> nn.Module:
    """The model on the CPU in evaluation mode with random weights; they take memory, 4 bytes a parameter.

    ``image_size`` is as in :func:`models.build`. No parameter requires a gradient. Safe to call from several
    threads. Raises ValueError for an unknown name and for a size that the model cannot have.
    """
    construct = constructor_of(name, image_size)
    with torch.no_grad(), _SeededMode(seed):
        model = construct()
    return model.eval().requires_grad_(False)


def trained_weights(name: str) -> tuple[str, ...]:
    """Names of the published weights of a model whose files are on this disk ("IMAGENET1K_V1"), the card's order.

    torchvision keeps what it has downloaded in ``torch.hub.get_dir()``, which TORCH_HOME moves.
    """
    return tuple(entry.name for entry in card(name).weights if _file(name, entry.name).is_file())


def build_trained(name: str, weights: str) -> nn.Module:
    """The model with weights from this disk: one of :func:`trained_weights`; otherwise as :func:`build_initialised`.

    Raises ValueError when the file is not there, or does not hold the weights of this model.
    """
    file = _file(name, weights)
    wanted = next(entry for entry in card(name).weights if entry.name == weights)
    model = build_initialised(name, wanted.crop if card(name).size_step else None)
    try:
        state: dict[str, Tensor] = torch.load(file, map_location="cpu", weights_only=True)
        model.load_state_dict(state)
    except (EOFError, OSError, RuntimeError, TypeError, UnpicklingError, ValueError) as error:
        raise ValueError(
            f"{file} does not hold the weights {weights} of {name}: delete it, so that it is fetched anew."
        ) from error
    return model


def _file(name: str, weights: str) -> Path:
    """Where torchvision keeps the file of published weights."""
    import torchvision.models

    entry = torchvision.models.get_model_weights(name)[weights]
    return Path(torch.hub.get_dir()) / "checkpoints" / Path(entry.url).name
